/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include "checkpoint.h"

#define MAX_LAYERS 64

/* The words that end a name of weights, and of biases, the stem before them. */
static const char *const weight_words[] = { "weight", "kernel", "w", NULL };
static const char *const bias_words[] = { "bias", "b", NULL };

/* The length of the name without ":0", which TensorFlow adds. */
static size_t
plain_length(const char *name)
{
    size_t n = strlen(name);

    return n > 2 && strcmp(name + n - 2, ":0") == 0 ? n - 2 : n;
}

/* stem := what is left of a name like "fc1.weight", "dense/kernel:0", "W_1" when the word and
   what joins it are taken away; 0 if it ends (or, before a number, begins) with no such word. */
static int
take_stem(char *stem, size_t size, const char *name, const char *const *words)
{
    size_t n = plain_length(name), w;

    for (; *words != NULL; words++)
    {
        w = strlen(*words);
        if (n < w || n >= size)
            continue;
        if (strncasecmp(name + n - w, *words, w) == 0 && (n == w || strchr("._/", name[n - w - 1]) != NULL))
        {
            snprintf(stem, size, "%.*s", (int) (n == w ? 0 : n - w - 1), name);
            return 1;
        }
        if (strncasecmp(name, *words, w) == 0)
        {   /* W1, W_1, weights_1, weight1 */
            const char *rest = name + w;
            rest += *rest == 's';
            rest += *rest == '_' || *rest == '.';
            if (isdigit((unsigned char) *rest) && rest[strspn(rest, "0123456789")] == '\0')
            {
                snprintf(stem, size, "%s", rest);
                return 1;
            }
        }
    }
    return 0;
}

/* Names in the order of their numbers: fc2 before fc10. */
static int
natural_order(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0')
    {
        if (isdigit((unsigned char) *a) && isdigit((unsigned char) *b))
        {
            long x = strtol(a, (char **) &a, 10), y = strtol(b, (char **) &b, 10);
            if (x != y)
                return x < y ? -1 : 1;
        }
        else if (*a != *b)
            return *a < *b ? -1 : 1;
        else
        {
            a++;
            b++;
        }
    }
    return (*a != '\0') - (*b != '\0');
}

static int
by_name(const void *x, const void *y)
{
    return natural_order(((const layer_t *) x)->weight->name, ((const layer_t *) y)->weight->name);
}

slong
layer_inputs(const checkpoint_t *c, slong k)
{
    return c->layer[k].weight->shape[!c->transposed];
}

slong
layer_outputs(const checkpoint_t *c, slong k)
{
    return c->layer[k].weight->shape[c->transposed];
}

/* The number of entries of a vector, or of a matrix of one row or column; 0: neither. */
static slong
vector_length(const listed_t *a)
{
    if (a->dimensions == 1)
        return a->shape[0];
    return a->dimensions == 2 && (a->shape[0] == 1 || a->shape[1] == 1) ? a->shape[0] * a->shape[1] : 0;
}

/* The shapes make a chain in the present order and orientation. */
static int
is_chain(const checkpoint_t *c)
{
    slong k;

    for (k = 0; k < c->n; k++)
        if ((k > 0 && layer_inputs(c, k) != layer_outputs(c, k - 1))
            || (c->layer[k].bias != NULL && vector_length(c->layer[k].bias) != layer_outputs(c, k)))
            return 0;
    return 1;
}

/* Puts the layers from k on into an order that makes a chain; the number of ways, at most 2, the
   first of them kept in best. */
static int
order_from(checkpoint_t *c, slong k, layer_t *best, int ways, slong *steps)
{
    slong j;

    if (k == c->n)
    {
        if (is_chain(c) && ways++ == 0)
            memcpy(best, c->layer, c->n * sizeof *best);
        return ways;
    }
    for (j = k; j < c->n && ways < 2 && --*steps > 0; j++)
    {
        layer_t swap = c->layer[k];
        c->layer[k] = c->layer[j];
        c->layer[j] = swap;
        if (k == 0 || layer_inputs(c, k) == layer_outputs(c, k - 1))
            ways = order_from(c, k + 1, best, ways, steps);
        c->layer[j] = c->layer[k];
        c->layer[k] = swap;
    }
    return ways;
}

/* By their names, as stored or turned; otherwise in the order that the shapes ask for. */
static int
arrange(checkpoint_t *c, int keras)
{
    layer_t best[MAX_LAYERS];
    int turn, ways;
    slong steps;

    for (turn = 0; turn < 2; turn++)
    {
        c->transposed = keras ^ turn;
        if (is_chain(c))
        {
            c->transposed ^= 1;
            c->ambiguous = turn == 0 && is_chain(c);
            c->transposed ^= 1;
            return 1;
        }
    }
    for (turn = 0; turn < 2; turn++)
    {
        c->transposed = keras ^ turn;
        steps = 100000;
        ways = order_from(c, 0, best, 0, &steps);
        if (ways > 0)
        {
            memcpy(c->layer, best, c->n * sizeof *best);
            c->ambiguous = ways > 1;
            return 1;
        }
    }
    return 0;
}

static const listed_t *
find_bias(const checkpoint_t *c, const char *stem)
{
    char other[200];
    slong i;

    for (i = 0; i < c->arrays.n; i++)
        if (take_stem(other, sizeof other, c->arrays.array[i].name, bias_words) && strcmp(stem, other) == 0
            && vector_length(c->arrays.array + i) > 0)
            return c->arrays.array + i;
    return NULL;
}

static int
collect(checkpoint_t *c, int *keras, const char *path, fault_t *err)
{
    char stem[200], shape[200];
    slong i, used = 0;

    c->layer = flint_calloc(MAX_LAYERS, sizeof *c->layer);
    for (i = 0; i < c->arrays.n; i++)
    {
        const listed_t *a = c->arrays.array + i;
        if (!take_stem(stem, sizeof stem, a->name, weight_words) || a->dimensions < 2)
            continue;
        listed_shape(shape, sizeof shape, a);
        if (a->dimensions > 2)
            return error_set(err, EX_DATAERR, "%s: %.80s is %s: convolutions are not treated, only layers "
                             "whose weights are matrices", path, a->name, shape);
        if (c->n == MAX_LAYERS)
            return error_set(err, EX_DATAERR, "%s: more than %d layers", path, MAX_LAYERS);
        *keras |= strstr(a->name, "kernel") != NULL;
        c->layer[c->n].weight = a;
        c->layer[c->n].bias = find_bias(c, stem);
        used += 1 + (c->layer[c->n].bias != NULL);
        c->n++;
    }
    c->others = c->arrays.n - used;
    return c->n > 0 || error_set(err, EX_DATAERR, "%s: no layers are found: names like fc1.weight and fc1.bias, "
                                 "dense.kernel, W1 and b1 are known; certify bounds %s lists those there", path, path);
}

int
checkpoint_find(checkpoint_t *c, const char *path, fault_t *err)
{
    const file_kind_t *kind = file_kind_of(path);
    int keras = 0;

    memset(c, 0, sizeof *c);
    listing_init(&c->arrays);
    if (!file_kind_refuse(path, err))
        return 0;
    if (kind == NULL || kind->list == NULL)
        return error_set(err, EX_USAGE, "%s: a checkpoint is an .npz or a .safetensors file", path);
    if (!kind->list(&c->arrays, path, path, err) || !collect(c, &keras, path, err))
        return 0;
    qsort(c->layer, c->n, sizeof *c->layer, by_name);
    return arrange(c, keras)
        || error_set(err, EX_DATAERR, "%s: the shapes of the %ld layers fit in no order: %.80s is %ld x %ld", path,
                     (long) c->n, c->layer[0].weight->name, c->layer[0].weight->shape[0],
                     c->layer[0].weight->shape[1]);
}

void
checkpoint_clear(checkpoint_t *c)
{
    listing_clear(&c->arrays);
    flint_free(c->layer);
}
