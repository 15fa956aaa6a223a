/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matrices as files hold them: the readers of every kind, and the part of one that is meant. */
#ifndef CERTIFY_ARRAY_H
#define CERTIFY_ARRAY_H

#include "problem_file.h"

/* Entries of one array, numbers of one list: what is beyond is refused before memory is taken. */
#define ARRAY_MAX_ENTRIES 20000000

/* Exact numbers, row by row.  Of a table of text only what is selected is kept. */
typedef struct
{
    slong rows, columns, room;
    fmpq *entry;
    slong *row, *column;        /* their numbers in the file, from 1, rising; NULL: all of them */
} array_t;

void array_init(array_t *A);
void array_clear(array_t *A);
/* Room for one more row after rows; the entries are 0. */
void array_add_row(array_t *A);

/* An item type of binary files: 'i' signed, 'u' unsigned, 'f' IEEE, 'g' bfloat16, 'b' boolean. */
typedef struct
{
    char kind;
    int size;                   /* bytes: 1, 2, 4 or 8 */
    int big_endian;
} item_type_t;

/* A stored array: its name in the container, type as the format spells it, and shape. */
#define ARRAY_MAX_DIMENSIONS 8
typedef struct
{
    char *name;
    char type[32];
    int dimensions;
    long shape[ARRAY_MAX_DIMENSIONS];
} listed_t;

typedef struct
{
    slong n;
    listed_t *array;
} listing_t;

void listing_init(listing_t *l);
void listing_clear(listing_t *l);
listed_t *listing_add(listing_t *l, const char *name);
/* "3 x 4"; "no dimensions". */
void listed_shape(char *text, size_t size, const listed_t *a);
/* The array of that name, or NULL. */
const listed_t *listing_find(const listing_t *l, const char *name);

/* A := data, rows * columns items that have been compared with the length of the data, row by
   row or (fortran) column by column.  0 with a fault that names the entry which is no number. */
int array_from_items(array_t *A, const unsigned char *data, const item_type_t *type, int fortran,
                     const char *what, fault_t *err);
/* A := rows x columns zeros for an array of that shape (vectors are columns); 0 with a fault
   unless it has one or two dimensions, entries, and not too many of them. */
int array_shape(array_t *A, const listed_t *shape, const char *what, fault_t *err);

/* Numbers from 1: a range (first 0: all there are), or a list, or the names of columns. */
typedef struct
{
    slong first, last;
    slong *item, *sorted, n;
    char **name;
} indices_t;

typedef struct
{
    const char *key;            /* of a container */
    indices_t rows, columns;
    const char *slice;          /* as Python's A[...], or NULL */
    int transpose;
    slong classes;              /* one-hot: how many; 0: off */
    char **label;               /* ... the words that stand for them, or NULL */
    /* of tables of text */
    slong skip_rows;
    int header;                 /* the first row has names */
    char delimiter;             /* ',', ';', '\t'; ' ' any blanks */
} selection_t;

void selection_init(selection_t *s);
void selection_clear(selection_t *s);
/* The list of n numbers, or names, is complete. */
void indices_sort(indices_t *x);
int indices_include(const indices_t *x, slong k);
/* The largest number, or 0: no limit. */
slong indices_last(const indices_t *x);

/* Every reader: A := what the file holds, what naming it in messages; 0 with a fault. */
typedef int (*array_read_f)(array_t *A, const char *path, selection_t *s, const char *what,
                            fault_t *err);
typedef int (*array_list_f)(listing_t *l, const char *path, const char *what, fault_t *err);

int npy_read(array_t *A, const char *path, selection_t *s, const char *what, fault_t *err);
int npz_read(array_t *A, const char *path, selection_t *s, const char *what, fault_t *err);
int npz_list(listing_t *l, const char *path, const char *what, fault_t *err);
int safetensors_read(array_t *A, const char *path, selection_t *s, const char *what, fault_t *err);
int safetensors_list(listing_t *l, const char *path, const char *what, fault_t *err);
int csv_read(array_t *A, const char *path, selection_t *s, const char *what, fault_t *err);
int matrix_market_read(array_t *A, const char *path, selection_t *s, const char *what, fault_t *err);

/* The header of an NPY array at the start of data: its shape, item type and order, and where
   the items begin. */
typedef struct
{
    listed_t listed;
    item_type_t type;
    int fortran;
    size_t begin;
} npy_header_t;
#define NPY_MAX_HEADER 65536
int npy_header(npy_header_t *h, const unsigned char *data, size_t length, const char *what,
               fault_t *err);

/* A kind of file: its key in problem files and its extensions. */
typedef struct
{
    const char *key;
    const char *const *extensions;
    const char *example;        /* {key: ...} in messages */
    array_read_f read;
    array_list_f list;          /* containers */
    int text;                   /* a table of text: delimiter, header, skip-rows */
    char delimiter;             /* ... that it has unless one is given */
} file_kind_t;

extern const file_kind_t file_kinds[];          /* ended by key NULL */
/* The kind with a key, or of a file by its name; NULL if none. */
const file_kind_t *file_kind_named(const char *key);
const file_kind_t *file_kind_of(const char *path);

/* 0 with a fault for files of other programs, by their names, that says what to do. */
int file_kind_refuse(const char *path, fault_t *err);

/* M := the part of A that is selected, transposed or one-hot as it says. */
int array_select(qmat_t M, array_t *A, const selection_t *s, const char *what, fault_t *err);
/* The two steps together. */
int matrix_from_file(qmat_t M, const file_kind_t *kind, const char *path, selection_t *s,
                     const char *what, fault_t *err);

#endif
