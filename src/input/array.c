/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays of exact numbers, from the items of binary files. */
#include "config.h"
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "array.h"

void
array_init(array_t *A)
{
    memset(A, 0, sizeof *A);
}

void
array_clear(array_t *A)
{
    slong i;

    for (i = 0; i < A->room; i++)
        fmpq_clear(A->entry + i);
    flint_free(A->entry);
    flint_free(A->row);
    flint_free(A->column);
    array_init(A);
}

static void
reserve(array_t *A, slong entries)
{
    slong i, old = A->room;

    if (entries <= old)
        return;
    A->room = FLINT_MAX(entries, 2 * old);
    A->entry = flint_realloc(A->entry, A->room * sizeof *A->entry);
    for (i = old; i < A->room; i++)
        fmpq_init(A->entry + i);
}

void
array_add_row(array_t *A)
{
    reserve(A, (A->rows + 1) * A->columns);
    A->rows++;
}

void
listing_init(listing_t *l)
{
    l->n = 0;
    l->array = NULL;
}

void
listing_clear(listing_t *l)
{
    slong i;

    for (i = 0; i < l->n; i++)
        flint_free(l->array[i].name);
    flint_free(l->array);
    listing_init(l);
}

listed_t *
listing_add(listing_t *l, const char *name)
{
    listed_t *a;

    if ((l->n & (l->n - 1)) == 0)
        l->array = flint_realloc(l->array, (2 * l->n + 1) * sizeof *l->array);
    a = l->array + l->n++;
    memset(a, 0, sizeof *a);
    a->name = flint_malloc(strlen(name) + 1);
    strcpy(a->name, name);
    return a;
}

const listed_t *
listing_find(const listing_t *l, const char *name)
{
    slong i;

    for (i = 0; i < l->n; i++)
        if (strcmp(l->array[i].name, name) == 0)
            return l->array + i;
    return NULL;
}

void
listed_shape(char *text, size_t size, const listed_t *a)
{
    int i;
    size_t at = 0;

    snprintf(text, size, "no dimensions");
    for (i = 0; i < a->dimensions && at < size; i++)
        at += snprintf(text + at, size - at, "%s%ld", i == 0 ? "" : " x ", a->shape[i]);
}

int
array_shape(array_t *A, const listed_t *a, const char *what, fault_t *err)
{
    char shape[200];

    if (a->dimensions == 0)
        return error_set(err, EX_DATAERR, "%s: a single number, not a matrix", what);
    listed_shape(shape, sizeof shape, a);
    if (a->dimensions > 2)
        return error_set(err, EX_DATAERR, "%s: an array of %d dimensions (%s); a matrix has two, and "
                         "a vector, one, is read as a column", what, a->dimensions, shape);
    A->rows = a->shape[0];
    A->columns = a->dimensions == 2 ? a->shape[1] : 1;
    if (A->rows == 0 || A->columns == 0)
        return error_set(err, EX_DATAERR, "%s: the array is empty (%s)", what, shape);
    if (A->rows > ARRAY_MAX_ENTRIES / A->columns)
        return error_set(err, EX_DATAERR, "%s: %s entries, more than the %d that are read", what, shape,
                         ARRAY_MAX_ENTRIES);
    return 1;
}

/* x := v, which is finite. */
static void
set_double(fmpq_t x, double v)
{
    int e;

    v = frexp(v, &e);
    fmpz_set_d(fmpq_numref(x), ldexp(v, 53));
    fmpz_one(fmpq_denref(x));
    e -= 53;
    if (e >= 0)
        fmpq_mul_2exp(x, x, e);
    else
        fmpq_div_2exp(x, x, -e);
}

/* An IEEE number of 16 bits. */
static double
half(unsigned u)
{
    double sign = u & 0x8000 ? -1 : 1;
    int exponent = u >> 10 & 31;
    unsigned fraction = u & 1023;

    if (exponent == 31)
        return NAN;             /* or infinite: refused alike */
    return sign * (exponent == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, exponent - 25));
}

static double
single(uint32_t u)
{
    float f;

    memcpy(&f, &u, sizeof f);
    return f;
}

/* x := the number whose bits are u; 0 if it is none. */
static int
set_bits(fmpq_t x, uint64_t u, const item_type_t *type)
{
    int shift = 64 - 8 * type->size;
    double v;

    fmpz_one(fmpq_denref(x));
    switch (type->kind)
    {
        case 'b':
            fmpz_set_ui(fmpq_numref(x), u);
            return u <= 1;
        case 'u':
            fmpz_set_ui(fmpq_numref(x), u);
            return 1;
        case 'i':
            fmpz_set_si(fmpq_numref(x), (int64_t) (u << shift) >> shift);
            return 1;
        case 'g':
            v = single((uint32_t) u << 16);
            break;
        default:
            if (type->size == 8)
                memcpy(&v, &u, sizeof v);
            else
                v = type->size == 4 ? single((uint32_t) u) : half((unsigned) u);
    }
    if (!isfinite(v))
        return 0;
    set_double(x, v);
    return 1;
}

static uint64_t
item_bits(const unsigned char *p, const item_type_t *type)
{
    uint64_t u = 0;
    int i;

    for (i = 0; i < type->size; i++)
        u = u << 8 | p[type->big_endian ? i : type->size - 1 - i];
    return u;
}

int
array_from_items(array_t *A, const unsigned char *data, const item_type_t *type, int fortran,
                 const char *what, fault_t *err)
{
    slong i, j, r = A->rows, c = A->columns;

    reserve(A, r * c);
    for (i = 0; i < r; i++)
        for (j = 0; j < c; j++)
        {
            const unsigned char *p = data + (fortran ? j * r + i : i * c + j) * type->size;
            if (!set_bits(A->entry + i * c + j, item_bits(p, type), type))
                return error_set(err, EX_DATAERR, "%s: entry (%ld, %ld) is %s", what, (long) i + 1,
                                 (long) j + 1, type->kind == 'b' ? "neither true nor false"
                                 : "not a finite number");
        }
    return 1;
}
