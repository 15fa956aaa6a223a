/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values of a claim's parameters and of a conclusion's constants, by
   description: what may stand in a certificate, in a problem file and in JSON is
   read and written from the tables of fields of the rules. */
#ifndef CERTIFY_VALUE_H
#define CERTIFY_VALUE_H

#include "kernel/cursor.h"
#include "network/problem.h"
#include "text/text.h"

typedef struct value_type value_type_t;

/* Flags of a field. */
enum
{
    FIELD_MAY_BE_ABSENT = 1,    /* a certificate need not have it */
    FIELD_ASKED = 2,            /* never in a certificate: chooses other values */
    FIELD_CHOSEN = 4,           /* a problem file may leave it out: it is then chosen */
    FIELD_UP = 8,               /* a proved decimal is rounded up (a refuted one down) */
    FIELD_BARE = 16,            /* its name is not written: the value says what it is */
    FIELD_PROVED = 32,          /* a constant of proved claims only */
    FIELD_FRACTION = 64,        /* 0 < x < 1 */
    FIELD_POSITIVE = 128,       /* x > 0 */
    FIELD_FROM_ONE = 256,       /* x >= 1 */
    FIELD_WHOLE = 512           /* an integer */
};                              /* numbers are >= 0 in any case */

typedef struct
{
    const char *name;           /* the word before it and its key; NULL ends a list */
    const value_type_t *type;
    unsigned flags;
    const char *const *words;   /* ended by NULL.  A choice: what may be chosen.  A number or
                                   list: what may stand in a problem file in its place, best or
                                   paper; or NULL.  A type with read_text: an example */
    const char *alias;          /* a second name in JSON of a list of equal numbers, or NULL */
    int standard;               /* of a choice: the index of the default */
} field_t;

/* The end of a list of fields. */
#define FIELD_END { .name = NULL }

typedef struct
{
    int given;
    int word;                   /* in a problem file: 1 + the index of the word given, or 0 */
    int spread;                 /* in a problem file: a list of one number for as many as there are */
    fmpq_t x;                   /* a number */
    slong n;                    /* a choice: its index; a list: its length */
    fmpq *list;
    void *object;               /* of a type of a family's own */
} value_t;

struct value_type
{
    /* Reads what stands behind the name in a certificate. */
    int (*read)(cursor_t *r, value_t *v, const field_t *f, const problem_t *P);
    /* Reads what a person writes as one text; NULL, or what is wrong (static
       buffer).  NULL: the type is read by the reader of problem files itself. */
    const char *(*read_text)(value_t *v, const char *text, const problem_t *P);
    /* Writes a space and what read reads. */
    void (*write)(text_t *t, const value_t *v, const field_t *f, const problem_t *P);
    int (*equal)(const value_t *a, const value_t *b, const problem_t *P);
    /* Frees the object; NULL if there is none. */
    void (*clear)(void *object);
    /* Keys and values for JSON, beginning with ", "; NULL: written by its reader. */
    void (*json)(text_t *t, const value_t *v, const field_t *f, const problem_t *P);
};

/* A rational number; one of the words; a list of rationals >= 0, or of whole numbers (FIELD_WHOLE), which may be empty. */
extern const value_type_t value_number, value_choice, value_list;

void value_init(value_t *v);
void value_clear(value_t *v, const field_t *f);
/* Room for n numbers, all 0. */
void value_set_list(value_t *v, slong n);
/* v := a copy of w; not for objects. */
void value_set(value_t *v, const value_t *w);

/* NULL, or why the number does not lie where the field wants it: "is negative". */
const char *value_misfit(const fmpq_t x, const field_t *f);

slong fields_count(const field_t *f);
value_t *values_init(const field_t *f);
void values_clear(value_t *v, const field_t *f);

#endif
