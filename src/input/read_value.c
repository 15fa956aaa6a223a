/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of a problem file: keys, numbers, activations. */
#include "config.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "reader.h"
#include "kernel/limits.h"

int
yaml_bad(ctx_t *c, const ynode_t *n, const char *key, const char *format, ...)
{
    va_list ap;
    char what[600], claim[32] = "";

    va_start(ap, format);
    vsnprintf(what, sizeof what, format, ap);
    va_end(ap);
    if (c->claim > 0)
        snprintf(claim, sizeof claim, "claim %ld: ", (long) c->claim);
    if (c->err->status == 0)
    {
        c->err->line = n == NULL ? 1 : n->line;
        snprintf(c->err->key, sizeof c->err->key, "%s", key);
    }
    return error_set(c->err, EX_DATAERR, "%s:%ld: %s%s: %s", c->path, n == NULL ? 1 : n->line, claim, key,
                     what);
}

/* How many letters must be put in, left out or replaced to make b of a (Levenshtein 1966). */
static int
distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    int row[LONGEST + 1], i, j, m = (int) strlen(a), n = (int) strlen(b);

    if (m > LONGEST || n > LONGEST)
        return LONGEST;
    for (j = 0; j <= n; j++)
        row[j] = j;
    for (i = 1; i <= m; i++)
    {
        int corner = row[0];
        row[0] = i;
        for (j = 1; j <= n; j++)
        {
            int other = FLINT_MIN(row[j], row[j - 1]) + 1, same = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            row[j] = FLINT_MIN(other, same);
        }
    }
    return row[n];
}

const char *
yaml_nearest(const char *word, const char *const *known)
{
    const char *best = NULL;
    int least = 1 + (int) FLINT_MIN(strlen(word), 40) / 3;

    for (; *known != NULL; known++)
        if (distance(word, *known) <= least && (best == NULL || distance(word, *known) < distance(word, best)))
            best = *known;
    return best;
}

int
yaml_unknown(ctx_t *c, const ynode_t *n, const char *key, const char *word, const char *what,
             const char *const *known)
{
    const char *near = yaml_nearest(word, known), *const *k;
    char list[400] = "", hint[80] = "";

    for (k = known; *k != NULL; k++)
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", list[0] ? ", " : "", *k);
    if (near != NULL)
        snprintf(hint, sizeof hint, "; did you mean \"%s\"?", near);
    return yaml_bad(c, n, key, "%s%s (known: %s)", what, hint, list);
}

int
yaml_keys(ctx_t *c, const ynode_t *map, const char *where, const char *const *allowed)
{
    size_t i;
    const char *const *a;
    char what[100];

    if (map->kind != YAML_MAP)
        return yaml_bad(c, map, where, "keys and values are expected here");
    for (i = 0; i < map->count; i += 2)
    {
        for (a = allowed; *a != NULL && strcmp(*a, map->item[i]->text) != 0; a++)
            ;
        if (*a != NULL)
            continue;
        if (allowed[0] == NULL)
            return yaml_bad(c, map->item[i], map->item[i]->text, "%s takes no parameters", where);
        snprintf(what, sizeof what, "unknown key under %s", where);
        return yaml_unknown(c, map->item[i], map->item[i]->text, map->item[i]->text, what, allowed);
    }
    return 1;
}

int
yaml_number(ctx_t *c, const ynode_t *n, const char *key, fmpq_t x)
{
    const char *wrong;

    if (n->kind != YAML_SCALAR)
        return yaml_bad(c, n, key, "a number is expected here");
    wrong = number_from_text(x, n->text);
    return wrong == NULL || yaml_bad(c, n, key, "\"%.60s\": %s", n->text, wrong);
}

int
yaml_whole(ctx_t *c, const ynode_t *n, const char *key, slong min, slong max, slong *v)
{
    fmpq_t x;
    int ok;

    fmpq_init(x);
    ok = yaml_number(c, n, key, x);
    if (ok && (!fmpz_is_one(fmpq_denref(x)) || fmpq_cmp_si(x, min) < 0 || fmpq_cmp_si(x, max) > 0))
        ok = yaml_bad(c, n, key, "a whole number from %ld to %ld is expected", (long) min, (long) max);
    if (ok)
        *v = fmpz_get_si(fmpq_numref(x));
    fmpq_clear(x);
    return ok;
}

/* n entries of a list. */
int
yaml_numbers(ctx_t *c, const ynode_t *n, const char *key, fmpq *x)
{
    size_t i;

    for (i = 0; i < n->count; i++)
        if (!yaml_number(c, n->item[i], key, x + i))
            return 0;
    return 1;
}

/* The names that frameworks have for an activation, in small letters without - and _. */
static const struct { const char *name; int kind; } activation_names[] = {
    { "identity", ACT_IDENTITY }, { "linear", ACT_IDENTITY }, { "none", ACT_IDENTITY },
    { "relu", ACT_RELU }, { "leakyrelu", ACT_LEAKY_RELU }, { "prelu", ACT_LEAKY_RELU },
    { "parametricrelu", ACT_LEAKY_RELU }, { "tanh", ACT_TANH }, { "sigmoid", ACT_SIGMOID },
    { "logistic", ACT_SIGMOID }, { "softplus", ACT_SOFTPLUS }, { "smoothleaky", ACT_SMOOTH_LEAKY }
};

/* The kind that a word names, or ACT_KINDS. */
static int
activation_named(const char *word)
{
    char plain[32];
    size_t n = 0, i;

    for (; *word != '\0' && n + 1 < sizeof plain; word++)
        if (*word != '-' && *word != '_')
            plain[n++] = (char) tolower((unsigned char) *word);
    plain[n] = '\0';
    for (i = 0; i < sizeof activation_names / sizeof *activation_names; i++)
        if (strcmp(plain, activation_names[i].name) == 0)
            return activation_names[i].kind;
    return ACT_KINDS;
}

/* "leaky-relu 1/10", "LeakyReLU(negative_slope=0.01)", "ReLU()": the word, and the number or "". */
static void
split_activation(char *word, char *slope, size_t size, const char *text)
{
    static const char name[] = "negative_slope=";
    size_t n = strcspn(text, " (");
    const char *rest = text + n + strspn(text + n, " (");

    snprintf(word, size, "%.*s", (int) n, text);
    if (strncmp(rest, name, sizeof name - 1) == 0)
        rest += sizeof name - 1;
    snprintf(slope, size, "%s", rest);
    n = strlen(slope);
    if (n > 0 && slope[n - 1] == ')' && strchr(text, '(') != NULL)
        slope[n - 1] = '\0';
}

int
yaml_activation(ctx_t *c, const ynode_t *n, activation_t *a)
{
    char word[200], slope[200];
    const char *wrong;
    int k;

    if (n->kind != YAML_SCALAR || strlen(n->text) >= sizeof word)
        return yaml_bad(c, n, "activation", "the name of an activation is expected here");
    split_activation(word, slope, sizeof word, n->text);
    k = activation_named(word);
    if (k == ACT_KINDS)
        return yaml_bad(c, n, "activation", "\"%s\" is not known (identity, relu, leaky-relu SLOPE, tanh, "
                   "sigmoid, softplus, smooth-leaky SLOPE)", n->text);
    a->kind = k;
    if (!activation_has_slope(k))
        return slope[0] == '\0' || yaml_bad(c, n, "activation", "%s takes no number", word);
    if (slope[0] == '\0')
        return yaml_bad(c, n, "activation", "%s needs a slope, as in \"%s 1/10\"%s", word, word,
                        k == ACT_LEAKY_RELU ? " (PyTorch's default is 0.01)" : "");
    wrong = number_from_text(a->slope, slope);
    return wrong == NULL || yaml_bad(c, n, "activation", "\"%s\": %s", slope, wrong);
}

int
yaml_features_in_range(ctx_t *c, const ynode_t *n)
{
    const problem_t *P = &c->F->P;
    slong i, j;
    fmpq_t x;

    fmpq_init(x);
    for (i = 0; i < qmat_rows(P->features); i++)
        for (j = 0; j < qmat_cols(P->features); j++)
        {
            int ok = 1;
            qmat_get_entry(x, P->features, i, j);
            if (P->act->kind == ACT_TANH)
                ok = fmpq_cmp_si(x, 1) < 0 && fmpq_cmp_si(x, -1) > 0;
            else if (P->act->kind == ACT_SIGMOID)
                ok = fmpq_sgn(x) > 0 && fmpq_cmp_si(x, 1) < 0;
            else if (P->act->kind == ACT_SOFTPLUS || fmpq_is_zero(P->act->slope))
                ok = fmpq_sgn(x) > 0;
            if (!ok)
            {
                fmpq_clear(x);
                return yaml_bad(c, n, "features", "entry %ld, %ld is not a value of %s", (long) i + 1,
                           (long) j + 1, activation_name[P->act->kind]);
            }
        }
    fmpq_clear(x);
    return 1;
}
