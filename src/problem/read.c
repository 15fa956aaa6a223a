/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the YAML tree to an exact problem and its claims. */
#include "config.h"
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "problem_file.h"
#include "../certificate/certificate.h"
#include "../kernel/limits.h"

typedef struct
{
    const char *path;
    char folder[PATH_MAX];
    fault_t *err;
    problem_file_t *F;
    int moments;                /* the data are covariances */
} ctx_t;

/* "file:line: key: what was expected". */
static int
bad(ctx_t *c, const ynode_t *n, const char *key, const char *format, ...)
{
    va_list ap;
    char what[600];

    va_start(ap, format);
    vsnprintf(what, sizeof what, format, ap);
    va_end(ap);
    return error_set(c->err, EX_DATAERR, "%s:%ld: %s: %s", c->path, n == NULL ? 1 : n->line, key, what);
}

static int
check_keys(ctx_t *c, const ynode_t *map, const char *where, const char *const *allowed)
{
    size_t i;
    const char *const *a;

    if (map->kind != YAML_MAP)
        return bad(c, map, where, "keys and values are expected here");
    for (i = 0; i < map->count; i += 2)
    {
        for (a = allowed; *a != NULL && strcmp(*a, map->item[i]->text) != 0; a++)
            ;
        if (*a == NULL)
        {
            char list[300] = "";
            for (a = allowed; *a != NULL; a++)
                snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
                         list[0] ? ", " : "", *a);
            return bad(c, map->item[i], map->item[i]->text, "unknown key under %s (known: %s)",
                       where, list);
        }
    }
    return 1;
}

static int
number(ctx_t *c, const ynode_t *n, const char *key, fmpq_t x)
{
    const char *wrong;

    if (n->kind != YAML_SCALAR)
        return bad(c, n, key, "a number is expected here");
    wrong = number_from_text(x, n->text);
    return wrong == NULL || bad(c, n, key, "\"%.60s\": %s", n->text, wrong);
}

static int
whole(ctx_t *c, const ynode_t *n, const char *key, slong min, slong max, slong *v)
{
    fmpq_t x;
    int ok;

    fmpq_init(x);
    ok = number(c, n, key, x);
    if (ok && (!fmpz_is_one(fmpq_denref(x)) || fmpq_cmp_si(x, min) < 0 || fmpq_cmp_si(x, max) > 0))
        ok = bad(c, n, key, "a whole number from %ld to %ld is expected", (long) min, (long) max);
    if (ok)
        *v = fmpz_get_si(fmpq_numref(x));
    fmpq_clear(x);
    return ok;
}

/* n entries of a list. */
static int
numbers(ctx_t *c, const ynode_t *n, const char *key, fmpq *x)
{
    size_t i;

    for (i = 0; i < n->count; i++)
        if (!number(c, n->item[i], key, x + i))
            return 0;
    return 1;
}

/* The path of a data file: relative, and inside the folder of the problem. */
static int
data_path(ctx_t *c, const ynode_t *n, const char *key, char full[PATH_MAX])
{
    char joined[PATH_MAX];
    size_t len = strlen(c->folder);

    if (n->kind != YAML_SCALAR || n->text[0] == '\0')
        return bad(c, n, key, "a file name is expected here");
    if (n->text[0] == '/' || strstr(n->text, "..") != NULL)
        return bad(c, n, key, "\"%s\" leaves the folder of the problem file", n->text);
    if (snprintf(joined, sizeof joined, "%s/%s", c->folder, n->text) >= (int) sizeof joined)
        return bad(c, n, key, "the path is too long");
    if (realpath(joined, full) == NULL)
        return error_set(c->err, EX_NOINPUT, "%s:%ld: %s: there is no file \"%s\" beside the problem",
                         c->path, n->line, key, n->text);
    if (strcmp(c->folder, "/") != 0 && (strncmp(full, c->folder, len) != 0 || full[len] != '/'))
        return bad(c, n, key, "\"%s\" leaves the folder of the problem file", n->text);
    return 1;
}

static int
range(ctx_t *c, const ynode_t *n, const char *key, slong *first, slong *last)
{
    char *end;
    long a = 0, b = 0;

    if (n->kind == YAML_SCALAR && n->text[0] >= '0' && n->text[0] <= '9')
    {
        a = b = strtol(n->text, &end, 10);
        if (*end == '-' && end[1] >= '0' && end[1] <= '9')
            b = strtol(end + 1, &end, 10);
        if (*end != '\0')
            a = 0;
    }
    if (a < 1 || b < a || b > 100000000)
        return bad(c, n, key, "a range like 1-4 is expected here");
    *first = a;
    *last = b;
    return 1;
}

static int
matrix_csv(ctx_t *c, const ynode_t *n, const char *key, qmat_t A)
{
    static const char *const keys[] = { "csv", "columns", "column", "skip-rows", "rows",
                                        "transpose", "one-hot", NULL };
    csv_options_t opt;
    const ynode_t *v;
    char full[PATH_MAX], where[PATH_MAX + 100];
    slong i, first, last;
    size_t k;
    int ok = 0;

    memset(&opt, 0, sizeof opt);
    opt.first_row = 1;
    if (!check_keys(c, n, "csv", keys) || !data_path(c, ynode_get(n, "csv"), "csv", full))
        return 0;
    if (ynode_get(n, "column") != NULL && ynode_get(n, "columns") != NULL)
        return bad(c, n, key, "column and columns exclude each other");
    v = ynode_get(n, "column");
    if (v == NULL)
        v = ynode_get(n, "columns");
    if (v != NULL && v->kind == YAML_LIST)
    {
        opt.column = flint_malloc((v->count + 1) * sizeof(slong));
        for (k = 0; k < v->count; k++)
            if (!whole(c, v->item[k], "columns", 1, 1000000, opt.column + k))
                goto done;
        opt.columns = v->count;
        if (opt.columns == 0)
        {
            bad(c, v, "columns", "no columns are named");
            goto done;
        }
    }
    else if (v != NULL)
    {
        if (!range(c, v, "columns", &first, &last))
            goto done;
        if (last - first > 1000000)
        {
            bad(c, v, "columns", "more than a million columns");
            goto done;
        }
        opt.columns = last - first + 1;
        opt.column = flint_malloc(opt.columns * sizeof(slong));
        for (i = 0; i < opt.columns; i++)
            opt.column[i] = first + i;
    }
    v = ynode_get(n, "skip-rows");
    if (v != NULL && !whole(c, v, "skip-rows", 0, 100000000, &opt.skip_rows))
        goto done;
    v = ynode_get(n, "rows");
    if (v != NULL && !range(c, v, "rows", &opt.first_row, &opt.last_row))
        goto done;
    v = ynode_get(n, "one-hot");
    if (v != NULL && !whole(c, v, "one-hot", 1, 100000, &opt.one_hot))
        goto done;
    v = ynode_get(n, "transpose");
    if (v != NULL)
    {
        if (v->kind != YAML_SCALAR || (strcmp(v->text, "true") != 0 && strcmp(v->text, "false") != 0))
        {
            bad(c, v, "transpose", "true or false is expected here");
            goto done;
        }
        opt.transpose = v->text[0] == 't';
    }
    snprintf(where, sizeof where, "%s:%ld: %s", c->path, n->line, key);
    ok = csv_read(A, full, &opt, where, c->err);
done:
    flint_free(opt.column);
    return ok;
}

/* One of the matrix forms of the format; a flat list is a column if allowed. */
static int
matrix(ctx_t *c, const ynode_t *n, const char *key, int column, qmat_t A)
{
    static const char expected[] = "a matrix is expected here: [[1, 2], [3, 4]], {identity: 3}, "
        "{diagonal: [2, 1]}, {zeros: [2, 3]}, {npy: file} or {csv: file, ...}";
    const ynode_t *v;
    char full[PATH_MAX], where[PATH_MAX + 100];
    slong i, j, r, w;
    fmpq *x;
    int ok = 1;

    if (n == NULL)
        return bad(c, NULL, key, "is missing");
    if (n->kind == YAML_LIST)
    {
        r = n->count;
        if (r == 0)
            return bad(c, n, key, "a matrix needs at least one row");
        if (n->item[0]->kind == YAML_SCALAR && column)
        {
            x = _fmpq_vec_init(r);
            ok = numbers(c, n, key, x);
            if (ok)
                qmat_set_entries(A, r, 1, x);
            _fmpq_vec_clear(x, r);
            return ok;
        }
        for (i = 0; i < r; i++)
        {
            if (n->item[i]->kind != YAML_LIST)
                return bad(c, n->item[i], key, "%s", expected);
            if (n->item[i]->count == 0)
                return bad(c, n->item[i], key, "a row has no entries");
            if (n->item[i]->count != n->item[0]->count)
                return bad(c, n->item[i], key, "row %ld has %ld entries, row 1 has %ld",
                           (long) i + 1, (long) n->item[i]->count, (long) n->item[0]->count);
        }
        w = n->item[0]->count;
        x = _fmpq_vec_init(r * w);
        for (i = 0; i < r && ok; i++)
            ok = numbers(c, n->item[i], key, x + i * w);
        if (ok)
            qmat_set_entries(A, r, w, x);
        _fmpq_vec_clear(x, r * w);
        return ok;
    }
    if (n->kind != YAML_MAP)
        return bad(c, n, key, "%s", expected);
    if ((v = ynode_get(n, "csv")) != NULL)
        return matrix_csv(c, n, key, A);
    if (n->count != 2)
        return bad(c, n, key, "%s", expected);
    v = n->item[1];
    if (strcmp(n->item[0]->text, "identity") == 0)
    {
        if (!whole(c, v, "identity", 1, limit(LIMIT_ROWS), &r))
            return 0;
        qmat_set_one(A, r);
        return 1;
    }
    if (strcmp(n->item[0]->text, "diagonal") == 0)
    {
        if (v->kind != YAML_LIST || v->count == 0 || v->count > (size_t) limit(LIMIT_ROWS))
            return bad(c, v, "diagonal", "a list of numbers is expected here");
        r = v->count;
        x = _fmpq_vec_init(r);
        ok = numbers(c, v, "diagonal", x);
        if (ok)
        {
            qmat_set_one(A, r);
            qmat_scale_columns(A, A, x);
        }
        _fmpq_vec_clear(x, r);
        return ok;
    }
    if (strcmp(n->item[0]->text, "zeros") == 0)
    {
        qmat_t t;
        if (v->kind != YAML_LIST || v->count != 2)
            return bad(c, v, "zeros", "[rows, columns] is expected here");
        if (!whole(c, v->item[0], "zeros", 1, limit(LIMIT_ROWS), &i) || !whole(c, v->item[1], "zeros", 1, limit(LIMIT_COLUMNS), &j))
            return 0;
        qmat_init(t, i, j);
        qmat_swap(A, t);
        qmat_clear(t);
        return 1;
    }
    if (strcmp(n->item[0]->text, "npy") == 0)
    {
        if (!data_path(c, v, "npy", full))
            return 0;
        snprintf(where, sizeof where, "%s:%ld: %s", c->path, n->line, key);
        return npy_read(A, full, where, c->err);
    }
    return bad(c, n, n->item[0]->text, "unknown matrix form; %s", expected);
}

static int
read_activation(ctx_t *c, const ynode_t *n, activation_t *a)
{
    char word[32];
    const char *rest, *wrong;
    int k;

    if (n->kind != YAML_SCALAR || strlen(n->text) >= 200)
        return bad(c, n, "activation", "the name of an activation is expected here");
    rest = strchr(n->text, ' ');
    snprintf(word, sizeof word, "%.*s", rest == NULL ? 31 : (int) FLINT_MIN(31, rest - n->text), n->text);
    for (k = 0; k < ACT_KINDS && strcmp(word, activation_name[k]) != 0; k++)
        ;
    if (k == ACT_KINDS)
        return bad(c, n, "activation", "\"%s\" is not known (identity, relu, leaky-relu SLOPE, tanh, "
                   "sigmoid, softplus, smooth-leaky SLOPE)", n->text);
    a->kind = k;
    if (!activation_has_slope(k))
        return rest == NULL || bad(c, n, "activation", "%s takes no number", word);
    if (rest == NULL)
        return bad(c, n, "activation", "%s needs a slope, as in \"%s 1/10\"", word, word);
    while (*rest == ' ')
        rest++;
    wrong = number_from_text(a->slope, rest);
    return wrong == NULL || bad(c, n, "activation", "\"%s\": %s", rest, wrong);
}

static int
read_loss(ctx_t *c, const ynode_t *n, problem_t *P)
{
    static const char *const keys[] = { "kind", "scale", "power", "weights", NULL };
    const ynode_t *kind = n, *v;
    int k;

    if (n == NULL)
        return 1;
    if (n->kind != YAML_SCALAR)
    {
        if (!check_keys(c, n, "loss", keys))
            return 0;
        kind = ynode_get(n, "kind");
        if (kind == NULL)
            return bad(c, n, "loss", "kind is missing");
    }
    for (k = 0; k < LOSS_KINDS; k++)
        if (kind->kind == YAML_SCALAR && strcmp(kind->text, loss_name[k]) == 0)
            break;
    if (k == LOSS_KINDS)
        return bad(c, kind, "loss", "square, cross-entropy or smooth-hinge is expected here");
    P->loss = k;
    fmpq_set_si(P->scale, 1, k == LOSS_SQUARE ? 2 : 1);
    v = ynode_get(n, "scale");
    if (v != NULL && !number(c, v, "scale", P->scale))
        return 0;
    if (fmpq_sgn(P->scale) <= 0)
        return bad(c, v, "scale", "a positive number is expected here");
    v = ynode_get(n, "power");
    if (v != NULL && k != LOSS_SMOOTH_HINGE)
        return bad(c, v, "power", "only the smooth hinge has a power");
    return v == NULL || whole(c, v, "power", 1, 1000, &P->power);
}

static int
read_weights(ctx_t *c, const ynode_t *loss, problem_t *P)
{
    const ynode_t *v = ynode_get(loss, "weights");
    slong i, m = qmat_cols(P->X), any = 0;

    if (v == NULL)
        return 1;
    if (v->kind != YAML_LIST || (slong) v->count != m)
        return bad(c, v, "weights", "a list of %ld numbers is expected here, one per sample", (long) m);
    if (!numbers(c, v, "weights", P->weights))
        return 0;
    for (i = 0; i < m; i++)
    {
        if (fmpq_sgn(P->weights + i) < 0)
            return bad(c, v->item[i], "weights", "a weight is negative");
        any |= !fmpq_is_zero(P->weights + i);
    }
    return any || bad(c, v, "weights", "every weight is zero");
}

static int
is_solve(const ynode_t *n)
{
    return n != NULL && ((n->kind == YAML_SCALAR && strcmp(n->text, "solve") == 0)
        || (n->kind == YAML_MAP && ynode_get(n, "solve") != NULL));
}

/* One block of the point, "solve" included. */
static int
read_block(ctx_t *c, const ynode_t *n, const char *name, slong i)
{
    problem_file_t *F = c->F;

    if (!is_solve(n))
        return matrix(c, n, name, 0, F->P.W + i);
    if (F->solved >= 0)
        return bad(c, n, name, "only one layer can be written solve");
    F->solved = i;
    if (n->kind == YAML_SCALAR)
        return 1;
    F->has_given = 1;
    return (n->count == 2 || bad(c, n, name, "solve stands alone"))
        && matrix(c, ynode_get(n, "solve"), name, 0, F->given);
}

/* Every feature is a value of the activation. */
static int
in_range(ctx_t *c, const ynode_t *n, const problem_t *P)
{
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
                return bad(c, n, "features", "entry %ld, %ld is not a value of %s", (long) i + 1,
                           (long) j + 1, activation_name[P->act->kind]);
            }
        }
    fmpq_clear(x);
    return 1;
}

/* point: {features: Phi, W_2: W_2}: W_1 = s^{-1}(Phi) X^+ is not rational. */
static int
read_features(ctx_t *c, const ynode_t *net, const ynode_t *point)
{
    problem_t *P = &c->F->P;
    const ynode_t *v = ynode_get(net, "activation");
    qmat_t zero;

    problem_set_network(P, NET_FEEDFORWARD, 2, 1);
    if (v == NULL)
        return bad(c, net, "activation", "is missing");
    if (v->kind == YAML_LIST && v->count != 1)
        return bad(c, v, "activation", "1 hidden layer needs 1 entry");
    if (!read_activation(c, v->kind == YAML_LIST ? v->item[0] : v, P->act)
        || !matrix(c, ynode_get(point, "features"), "features", 0, P->features))
        return 0;
    if (!activation_has_inverse(P->act))
        return bad(c, ynode_get(point, "features"), "features", "%s; give W instead",
                   activation_is_rational(P->act->kind) ? "they are for smooth activations"
                   : "this activation has no inverse, its slope is negative");
    if (!in_range(c, ynode_get(point, "features"), P))
        return 0;
    if (ynode_get(point, "W_2") == NULL)
        return bad(c, point, "W_2", "is missing");
    if (is_solve(ynode_get(point, "W_2")))
        return bad(c, ynode_get(point, "W_2"), "W_2", "solve is not possible beside features");
    if (!matrix(c, ynode_get(point, "W_2"), "W_2", 0, P->W + 1))
        return 0;
    qmat_init(zero, qmat_rows(P->features), qmat_rows(P->X));
    qmat_swap(P->W, zero);
    qmat_clear(zero);
    return 1;
}

static int
read_network_and_point(ctx_t *c, const ynode_t *root)
{
    static const char *const network_keys[] = { "kind", "activation", NULL };
    static const char *const w_keys[] = { "W", NULL }, *const a_keys[] = { "A", NULL };
    static const char *const wb_keys[] = { "W", "b", NULL };
    static const char *const features_keys[] = { "features", "W_2", NULL };
    const ynode_t *net = ynode_get(root, "network"), *point = ynode_get(root, "point"), *v, *list;
    problem_t *P = &c->F->P;
    slong i, l, r = 1;
    size_t k;
    int kind;
    char name[32];

    if (net == NULL)
        return bad(c, root, "network", "is missing");
    if (!check_keys(c, net, "network", network_keys))
        return 0;
    v = ynode_get(net, "kind");
    for (kind = 0; kind < NET_KINDS; kind++)
        if (v != NULL && v->kind == YAML_SCALAR && strcmp(v->text, network_name[kind]) == 0)
            break;
    if (kind == NET_KINDS)
        return bad(c, v == NULL ? net : v, "kind", "linear, residual or feedforward is expected here");
    if (point == NULL)
        return bad(c, root, "point", "is missing");
    if (!check_keys(c, point, "point", kind == NET_RESIDUAL ? a_keys
                    : kind != NET_FEEDFORWARD ? w_keys
                    : ynode_get(point, "features") != NULL ? features_keys : wb_keys))
        return 0;
    if (ynode_get(point, "features") != NULL)
        return read_features(c, net, point);
    list = ynode_get(point, kind == NET_RESIDUAL ? "A" : "W");
    if (list == NULL || list->kind != YAML_LIST || list->count == 0)
        return bad(c, list == NULL ? point : list, kind == NET_RESIDUAL ? "A" : "W",
                   "a list of %s is expected here", kind == NET_RESIDUAL ? "units" : "matrices");
    l = list->count;
    if (kind == NET_RESIDUAL)
    {
        for (k = 0; k < list->count; k++)
            if (list->item[k]->kind != YAML_LIST || list->item[k]->count == 0
                || list->item[k]->count != list->item[0]->count)
                return bad(c, list->item[k], "A", "each unit is a list of matrices, "
                           "all units equally long: A: [[A_11, A_12], [A_21, A_22]]");
        r = list->item[0]->count;
    }
    if (l > limit(LIMIT_LAYERS) || r > limit(LIMIT_LAYERS) || l * r > limit(LIMIT_LAYERS))
        return bad(c, list, "W", "more than %ld layers", (long) limit(LIMIT_LAYERS));
    problem_set_network(P, kind, l, r);
    for (i = 0; i < l * r; i++)
    {
        problem_block_name(name, sizeof name, P, i);
        if (!read_block(c, kind == NET_RESIDUAL ? list->item[i / r]->item[i % r] : list->item[i],
                        name, i))
            return 0;
    }
    v = ynode_get(net, "activation");
    if (kind != NET_FEEDFORWARD)
    {
        if (v != NULL)
            return bad(c, v, "activation", "a %s network has none", network_name[kind]);
        return 1;
    }
    if (v == NULL && l > 1)
        return bad(c, net, "activation", "is missing");
    if (v != NULL && v->kind == YAML_LIST && (slong) v->count != l - 1)
        return bad(c, v, "activation", "%ld hidden layers need %ld entries", (long) l - 1, (long) l - 1);
    for (i = 0; i < l - 1; i++)
        if (!read_activation(c, v->kind == YAML_LIST ? v->item[i] : v, P->act + i))
            return 0;
    v = ynode_get(point, "b");
    if (v == NULL)
        return 1;
    if (v->kind != YAML_LIST || (slong) v->count != l)
        return bad(c, v, "b", "a list of %ld biases is expected here, one per layer", (long) l);
    problem_add_biases(P);
    for (i = 0; i < l; i++)
    {
        snprintf(name, sizeof name, "b_%ld", (long) i + 1);
        if (!matrix(c, v->item[i], name, 1, P->b + i))
            return 0;
    }
    return 1;
}

static int
read_radius(ctx_t *c, const ynode_t *v, claim_spec_t *s)
{
    size_t k;

    if (v->kind == YAML_SCALAR && strcmp(v->text, "paper") == 0)
    {
        s->radius_paper = 1;
        return 1;
    }
    s->nradius = v->kind == YAML_LIST ? (slong) v->count : 1;
    if (s->nradius == 0)
        return bad(c, v, "radius", "the list is empty");
    s->radius = _fmpq_vec_init(s->nradius);
    s->has_radius = 1;
    for (k = 0; k < (size_t) s->nradius; k++)
    {
        const ynode_t *n = v->kind == YAML_LIST ? v->item[k] : v;
        if (!number(c, n, "radius", s->radius + k))
            return 0;
        if (fmpq_sgn(s->radius + k) < 0)
            return bad(c, n, "radius", "a number >= 0 is expected here");
    }
    /* a list of one radius for one block is the same as a scalar */
    if (v->kind == YAML_LIST && s->nradius != claim_radius_count(&c->F->P, s->kind))
        return bad(c, v, "radius", "%ld radii are needed, one per %s",
                   (long) claim_radius_count(&c->F->P, s->kind),
                   c->F->P.kind == NET_FEEDFORWARD && s->kind == CLAIM_GRADIENT_DOMINANCE
                   ? "hidden layer" : "block");
    return 1;
}

static int
names_data(const product_t *s)
{
    slong i, j;

    for (i = 0; i < s->n; i++)
        for (j = 0; j < s->term[i].n; j++)
            if (s->term[i].factor[j] < 0)
                return 1;
    return 0;
}

static int
is_word(char ch)
{
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_';
}

/* inequality: "eta_min(W_2 * W_1) >= 3/5". */
static int
read_inequality(ctx_t *c, const ynode_t *n, const ynode_t *v, claim_spec_t *s)
{
    const char *p, *from, *wrong;
    char *out;
    int k;

    if (v == NULL || v->kind != YAML_SCALAR)
        return bad(c, v == NULL ? n : v, "inequality", "a text like \"eta_min(W_2 * W_1) >= 3/5\" is "
                   "expected here");
    p = v->text + strcspn(v->text, "<>=");
    for (k = 0; k < 3; k++)
        s->inequality[k] = flint_calloc(strlen(v->text) + 1, 1);
    for (from = v->text + 1; v->text[0] != '\0' && *from != '\0'; from++)
        if (*from == ' ' && is_word(from[-1]) && is_word(from[strspn(from, " ")]))
            return bad(c, v, "inequality", "an operator is missing between two words");
    for (from = v->text, out = s->inequality[0]; from < p; from++)
        if (*from != ' ')
            *out++ = *from;
    for (out = s->inequality[1]; *p != '\0' && strchr("<>=", *p) != NULL; p++)
        *out++ = *p;
    for (out = s->inequality[2]; *p != '\0'; p++)
        if (*p != ' ')
            *out++ = *p;
    for (k = 0; k < REL_KINDS; k++)
        if (strcmp(s->inequality[1], relation_name[k]) == 0)
            break;
    if (k == REL_KINDS)
        return bad(c, v, "inequality", "one of >=, >, <=, <, = is expected between the two sides");
    for (k = 0; k < 3; k += 2)
    {
        inequality_t q;
        inequality_init(&q);
        wrong = inequality_parse_side(q.side, s->inequality[k], strlen(s->inequality[k]), &c->F->P);
        if (wrong == NULL && c->moments && names_data(q.side))
            wrong = "X and Y are not given, only covariances";
        inequality_clear(&q);
        if (wrong != NULL)
            return bad(c, v, "inequality", "%s side: %s", k == 0 ? "left" : "right", wrong);
    }
    return 1;
}

/* A number >= 0, if present. */
static int
read_constant(ctx_t *c, const ynode_t *v, const char *key, int *has, fmpq_t x)
{
    if (v == NULL)
        return 1;
    *has = 1;
    return number(c, v, key, x)
        && (fmpq_sgn(x) >= 0 || bad(c, v, key, "a number >= 0 is expected here"));
}

static int
read_claim(ctx_t *c, const ynode_t *n, claim_spec_t *s)
{
    static const char *const gd_keys[] = { "radius", "norm", "lambda", NULL };
    static const char *const rc_keys[] = { "radius", "norm", "delta", "gamma", "alpha", "beta", NULL };
    static const char *const gm_keys[] = { "gap", NULL }, *const cp_keys[] = { "gradient", NULL };
    static const char *const no_keys[] = { NULL };
    const ynode_t *name = n, *map = NULL, *v;
    int k;

    if (n->kind == YAML_MAP && n->count == 2)
    {
        name = n->item[0];
        map = n->item[1];
    }
    for (k = 0; k < CLAIM_KINDS; k++)
        if (name->kind == YAML_SCALAR && strcmp(name->text, claim_name[k]) == 0)
            break;
    if (k == CLAIM_KINDS)
    {
        char known[400] = "";
        for (k = 0; k < CLAIM_KINDS; k++)
            snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", k == 0 ? "" : ", ",
                     claim_name[k]);
        return bad(c, n, "claims", "\"%s\" is not a claim (%s)",
                   name->kind == YAML_SCALAR ? name->text : "...", known);
    }
    s->kind = k;
    s->line = n->line;
    if (c->moments && (k == CLAIM_FULL_RANK || k == CLAIM_DISTINCT_EIGENVALUES))
        return bad(c, n, "claims", "%s is about samples, the data are covariances", claim_name[k]);
    if (k == CLAIM_REGULARITY)
        s->norm = NORM_FROBENIUS;
    if (k == CLAIM_INEQUALITY)
        return read_inequality(c, n, map, s);
    if (map == NULL)
        return 1;
    if (!check_keys(c, map, claim_name[k], k == CLAIM_GRADIENT_DOMINANCE ? gd_keys
                    : k == CLAIM_REGULARITY ? rc_keys
                    : k == CLAIM_GLOBAL_MINIMIZER ? gm_keys : k == CLAIM_CRITICAL_POINT ? cp_keys : no_keys))
        return 0;
    v = ynode_get(map, "radius");
    if (v != NULL && !read_radius(c, v, s))
        return 0;
    if (s->radius_paper && s->kind == CLAIM_REGULARITY)
        return bad(c, v, "radius", "Theorems 4 to 6 give no number; leave radius out for the largest "
                   "that can be certified");
    v = ynode_get(map, "norm");
    if (v != NULL)
    {
        for (k = 0; k < NORM_KINDS; k++)
            if (v->kind == YAML_SCALAR && strcmp(v->text, norm_name[k]) == 0)
                break;
        if (k == NORM_KINDS)
            return bad(c, v, "norm", "spectral, frobenius or feature is expected here");
        if (s->kind == CLAIM_REGULARITY && k != NORM_FROBENIUS)
            return bad(c, v, "norm", "the theorem is about the frobenius norm");
        s->norm = k;
    }
    v = ynode_get(map, s->kind == CLAIM_CRITICAL_POINT ? "gradient" : "gap");
    if (v != NULL && v->kind == YAML_SCALAR && strcmp(v->text, "best") == 0)
        s->tolerance_best = 1;
    else if (!read_constant(c, v, s->kind == CLAIM_CRITICAL_POINT ? "gradient" : "gap", &s->has_tolerance, s->tolerance))
        return 0;
    v = ynode_get(map, "alpha");
    if (v != NULL && v->kind == YAML_SCALAR && strcmp(v->text, "best") == 0)
        s->alpha_best = 1;
    else if (!read_constant(c, v, "alpha", &s->has_alpha, s->alpha))
        return 0;
    if (!read_constant(c, ynode_get(map, "delta"), "delta", &s->has_delta, s->delta)
        || !read_constant(c, ynode_get(map, "beta"), "beta", &s->has_beta, s->beta)
        || !read_constant(c, ynode_get(map, "gamma"), "gamma", &s->has_gamma, s->gamma))
        return 0;
    if (s->has_gamma && (fmpq_sgn(s->gamma) <= 0 || fmpq_cmp_si(s->gamma, 1) >= 0))
        return bad(c, ynode_get(map, "gamma"), "gamma", "a number between 0 and 1 is expected here");
    if (s->has_gamma && s->has_alpha && s->has_beta)
        return bad(c, ynode_get(map, "gamma"), "gamma", "only chooses alpha and beta, which are both given");
    v = ynode_get(map, "lambda");
    if (v != NULL)
    {
        s->has_lambda = 1;
        if (!number(c, v, "lambda", s->lambda))
            return 0;
        if (fmpq_sgn(s->lambda) < 0)
            return bad(c, v, "lambda", "a number >= 0 is expected here");
    }
    return 1;
}

/* data: {Sxx: .., Syx: .., Syy: ..}. */
static int
read_moments(ctx_t *c, const ynode_t *root, const ynode_t *data, problem_t *P)
{
    qmat_t S, N, V;
    int ok;
    const ynode_t *loss = ynode_get(root, "loss");
    const char *wrong, *key;

    if (loss != NULL && !(loss->kind == YAML_SCALAR && strcmp(loss->text, "square") == 0))
        return bad(c, loss, "loss", "covariances stand for 1/2 E ||f(x) - y||^2; leave loss out");
    qmat_init(S, 0, 0);
    qmat_init(N, 0, 0);
    qmat_init(V, 0, 0);
    ok = matrix(c, ynode_get(data, "Sxx"), "Sxx", 0, S) && matrix(c, ynode_get(data, "Syx"), "Syx", 0, N)
        && matrix(c, ynode_get(data, "Syy"), "Syy", 0, V);
    wrong = ok ? problem_from_moments(P, S, N, V, &key) : NULL;
    if (wrong != NULL)
        ok = bad(c, ynode_get(data, key), key, "%s", wrong);
    qmat_clear(S);
    qmat_clear(N);
    qmat_clear(V);
    return ok;
}

static int
read_root(ctx_t *c, const ynode_t *root)
{
    static const char *const keys[] = { "certify", "title", "network", "loss", "regularization",
                                        "data", "point", "claims", NULL };
    static const char *const data_keys[] = { "X", "Y", NULL };
    static const char *const moment_keys[] = { "Sxx", "Syx", "Syy", NULL };
    static const char *const reg_keys[] = { "weight-decay", NULL };
    problem_file_t *F = c->F;
    problem_t *P = &F->P;
    const ynode_t *v, *data = ynode_get(root, "data"), *claims;
    const char *wrong;
    slong version, i;
    qmat_t X;

    if (!check_keys(c, root, "the file", keys))
        return 0;
    v = ynode_get(root, "certify");
    if (v == NULL)
        return bad(c, root, "certify", "is missing; write \"certify: 1\", the format version");
    if (!whole(c, v, "certify", 1, 1, &version))
        return 0;
    v = ynode_get(root, "title");
    if (v != NULL && v->kind != YAML_SCALAR)
        return bad(c, v, "title", "a text is expected here");
    if (v != NULL)
    {
        F->title = flint_malloc(strlen(v->text) + 1);
        strcpy(F->title, v->text);
    }
    if (!read_loss(c, ynode_get(root, "loss"), P))
        return 0;
    v = ynode_get(root, "regularization");
    if (v != NULL)
    {
        if (!check_keys(c, v, "regularization", reg_keys))
            return 0;
        v = ynode_get(v, "weight-decay");
        if (v != NULL && !number(c, v, "weight-decay", P->weight_decay))
            return 0;
        if (fmpq_sgn(P->weight_decay) < 0)
            return bad(c, v, "weight-decay", "a number >= 0 is expected here");
    }
    if (data == NULL)
        return bad(c, root, "data", "is missing");
    c->moments = data->kind == YAML_MAP && (ynode_get(data, "Sxx") != NULL
        || ynode_get(data, "Syx") != NULL || ynode_get(data, "Syy") != NULL);
    if (c->moments)
    {
        static const char *const needed[] = { "Sxx", "Syx", "Syy" };
        for (i = 0; i < 3; i++)
            if (ynode_get(data, needed[i]) == NULL)
                return bad(c, data, needed[i], "is missing");
        if (!check_keys(c, data, "data", moment_keys) || !read_moments(c, root, data, P))
            return 0;
    }
    else
    {
        if (!check_keys(c, data, "data", data_keys))
            return 0;
        qmat_init(X, 0, 0);
        if (!matrix(c, ynode_get(data, "X"), "X", 0, X))
        {
            qmat_clear(X);
            return 0;
        }
        qmat_swap(P->X, X);
        qmat_clear(X);
        problem_set_samples(P, qmat_cols(P->X));
        if (!matrix(c, ynode_get(data, "Y"), "Y", 0, P->Y))
            return 0;
        if (!read_weights(c, ynode_get(root, "loss"), P))
            return 0;
    }
    if (!read_network_and_point(c, root))
        return 0;
    if (c->moments && P->kind == NET_FEEDFORWARD)
        return bad(c, data, "Sxx", "covariances determine the loss of linear and residual networks only");
    if (F->solved >= 0)
    {   /* a placeholder of the right shape */
        slong k = F->solved, n = P->nblocks, d = qmat_rows(P->X);
        slong in = P->kind == NET_RESIDUAL || k == 0 ? d : qmat_rows(P->W + k - 1);
        slong out = P->kind == NET_RESIDUAL ? d : k == n - 1 ? qmat_rows(P->Y) : qmat_cols(P->W + k + 1);
        qmat_t zero;
        if (F->has_given && (qmat_rows(F->given) != out || qmat_cols(F->given) != in))
            return bad(c, ynode_get(root, "point"), "solve", "the given matrix is %ld x %ld, expected %ld x %ld",
                       (long) qmat_rows(F->given), (long) qmat_cols(F->given), (long) out, (long) in);
        qmat_init(zero, out, in);
        qmat_swap(P->W + k, zero);
        qmat_clear(zero);
    }
    wrong = problem_validate(P);
    if (wrong != NULL)
    {
        v = strncmp(wrong, "Y", 1) == 0 || strncmp(wrong, "X", 1) == 0 ? data : ynode_get(root, "point");
        return bad(c, v, v == data ? "data" : "point", "%s", wrong);
    }
    if (F->solved >= 0)
    {
        wrong = problem_solve_block(P, F->solved);
        if (wrong != NULL)
            return bad(c, ynode_get(root, "point"), "solve", "%s", wrong);
    }
    claims = ynode_get(root, "claims");
    if (claims == NULL)
        return 1;
    if (claims->kind != YAML_LIST || claims->count == 0)
        return bad(c, claims, "claims", "a list of claims is expected here");
    F->claim = flint_malloc(claims->count * sizeof *F->claim);
    for (i = 0; i < (slong) claims->count; i++)
    {
        claim_spec_init(F->claim + i);
        F->claims++;
        if (!read_claim(c, claims->item[i], F->claim + i))
            return 0;
    }
    return 1;
}

int
problem_file_read(problem_file_t *F, const char *path, fault_t *err)
{
    ctx_t c;
    size_t len;
    long line;
    char reason[256], copy[PATH_MAX], *slash, *text;
    ynode_t *root;
    int ok;

    memset(F, 0, sizeof *F);
    problem_init(&F->P);
    qmat_init(F->given, 0, 0);
    F->solved = -1;
    c.path = path;
    c.err = err;
    c.F = F;
    c.moments = 0;
    if (strlen(path) >= sizeof copy)
        return error_set(err, EX_NOINPUT, "%s: the name is too long", path);
    strcpy(copy, path);
    slash = strrchr(copy, '/');
    if (slash == NULL)
        strcpy(copy, ".");
    else
        slash[slash == copy] = '\0';
    text = read_file(path, &len, FILE_MAX_BYTES, err);
    if (text == NULL)
        return 0;
    if (realpath(copy, c.folder) == NULL)
    {
        flint_free(text);
        return error_set(err, EX_NOINPUT, "%s: its folder cannot be found", path);
    }
    root = ynode_parse(text, len, &line, reason, sizeof reason);
    flint_free(text);
    if (root == NULL)
        return error_set(err, EX_DATAERR, "%s:%ld: %s", path, line, reason);
    ok = read_root(&c, root);
    ynode_free(root);
    return ok;
}

void
problem_file_clear(problem_file_t *F)
{
    slong i;

    for (i = 0; i < F->claims; i++)
        claim_spec_clear(F->claim + i);
    flint_free(F->claim);
    flint_free(F->title);
    qmat_clear(F->given);
    problem_clear(&F->P);
}
