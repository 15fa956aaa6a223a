/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the YAML tree to an exact problem. */
#include "config.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "array.h"
#include "reader.h"
#include "algebra/solve_block.h"
#include "kernel/limits.h"

/* The scale of a loss that is a mean over m samples is divided by m. */
static int
read_reduction(ctx_t *c, const ynode_t *loss, problem_t *P)
{
    const ynode_t *v = ynode_get(loss, "reduction");
    fmpz_t m;

    if (v == NULL || (v->kind == YAML_SCALAR && strcmp(v->text, "sum") == 0))
        return 1;
    if (v->kind != YAML_SCALAR || strcmp(v->text, "mean") != 0)
        return yaml_bad(c, v, "reduction", "sum or mean is expected here");
    fmpz_init_set_si(m, qmat_cols(P->X));
    fmpq_div_fmpz(P->scale, P->scale, m);
    fmpz_clear(m);
    return 1;
}

static int
read_loss(ctx_t *c, const ynode_t *n, problem_t *P)
{
    static const char *const keys[] = { "kind", "scale", "power", "weights", "reduction", NULL };
    const ynode_t *kind = n, *v;
    int k;

    if (n == NULL)
        return 1;
    if (n->kind != YAML_SCALAR)
    {
        if (!yaml_keys(c, n, "loss", keys))
            return 0;
        kind = ynode_get(n, "kind");
        if (kind == NULL)
            return yaml_bad(c, n, "loss", "kind is missing");
    }
    for (k = 0; k < LOSS_KINDS; k++)
        if (kind->kind == YAML_SCALAR && strcmp(kind->text, loss_name[k]) == 0)
            break;
    if (k == LOSS_KINDS)
        return yaml_bad(c, kind, "loss", "square, cross-entropy, logistic or smooth-hinge is expected here; square is "
                        "1/2 ||f(X) - Y||_F^2, PyTorch's MSELoss with d outputs is {kind: square, scale: 1/d, "
                        "reduction: mean}");
    P->loss = k;
    fmpq_set_si(P->scale, 1, k == LOSS_SQUARE ? 2 : 1);
    v = ynode_get(n, "scale");
    if (v != NULL && !yaml_number(c, v, "scale", P->scale))
        return 0;
    if (fmpq_sgn(P->scale) <= 0)
        return yaml_bad(c, v, "scale", "a positive number is expected here");
    v = ynode_get(n, "power");
    if (v != NULL && k != LOSS_SMOOTH_HINGE)
        return yaml_bad(c, v, "power", "only the smooth hinge has a power");
    return v == NULL || yaml_whole(c, v, "power", 1, 1000, &P->power);
}

static int
read_weights(ctx_t *c, const ynode_t *loss, problem_t *P)
{
    const ynode_t *v = ynode_get(loss, "weights");
    slong i, m = qmat_cols(P->X), any = 0;

    if (v == NULL)
        return 1;
    if (v->kind != YAML_LIST || (slong) v->count != m)
        return yaml_bad(c, v, "weights", "a list of %ld numbers is expected here, one per sample", (long) m);
    if (!yaml_numbers(c, v, "weights", P->weights))
        return 0;
    for (i = 0; i < m; i++)
    {
        if (fmpq_sgn(P->weights + i) < 0)
            return yaml_bad(c, v->item[i], "weights", "a weight is negative");
        any |= !fmpq_is_zero(P->weights + i);
    }
    return any || yaml_bad(c, v, "weights", "every weight is zero");
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
        return yaml_matrix(c, n, name, 0, F->P.W + i);
    if (F->solved >= 0)
        return yaml_bad(c, n, name, "only one layer can be written solve");
    F->solved = i;
    if (n->kind == YAML_SCALAR)
        return 1;
    F->has_given = 1;
    return (n->count == 2 || yaml_bad(c, n, name, "solve stands alone"))
        && yaml_matrix(c, ynode_get(n, "solve"), name, 0, F->given);
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
        return yaml_bad(c, net, "activation", "is missing");
    if (v->kind == YAML_LIST && v->count != 1)
        return yaml_bad(c, v, "activation", "1 hidden layer needs 1 entry");
    if (!yaml_activation(c, v->kind == YAML_LIST ? v->item[0] : v, P->act)
        || !yaml_matrix(c, ynode_get(point, "features"), "features", 0, P->features))
        return 0;
    if (!activation_has_inverse(P->act))
        return yaml_bad(c, ynode_get(point, "features"), "features", "%s; give W instead",
                   activation_is_rational(P->act->kind) ? "they are for smooth activations"
                   : "this activation has no inverse, its slope is negative");
    if (!yaml_features_in_range(c, ynode_get(point, "features")))
        return 0;
    if (ynode_get(point, "W_2") == NULL)
        return yaml_bad(c, point, "W_2", "is missing");
    if (is_solve(ynode_get(point, "W_2")))
        return yaml_bad(c, ynode_get(point, "W_2"), "W_2", "solve is not possible beside features");
    if (!yaml_matrix(c, ynode_get(point, "W_2"), "W_2", 0, P->W + 1))
        return 0;
    qmat_init(zero, qmat_rows(P->features), qmat_rows(P->X));
    qmat_swap(P->W, zero);
    qmat_clear(zero);
    return 1;
}

/* point: {U: U, V: V}: the shallow linear network U V^T. */
static int
read_factors(ctx_t *c, const ynode_t *point)
{
    problem_t *P = &c->F->P;
    const ynode_t *U = ynode_get(point, "U"), *V = ynode_get(point, "V");

    if (U == NULL || V == NULL)
        return yaml_bad(c, point, U == NULL ? "U" : "V", "is missing: the network is U V^T");
    problem_set_network(P, NET_LINEAR, 2, 1);
    if (!yaml_matrix(c, U, "U", 0, P->W + 1) || !yaml_matrix(c, V, "V", 0, P->W))
        return 0;
    if (qmat_cols(P->W) != qmat_cols(P->W + 1))
        return yaml_bad(c, V, "V", "U has %ld columns, V has %ld: they must agree", (long) qmat_cols(P->W + 1),
                        (long) qmat_cols(P->W));
    qmat_transpose(P->W, P->W);
    return 1;
}

static int
read_network_and_point(ctx_t *c, const ynode_t *root)
{
    static const char *const network_keys[] = { "kind", "activation", "skip", NULL };
    static const char *const w_keys[] = { "W", NULL }, *const a_keys[] = { "A", NULL };
    static const char *const wb_keys[] = { "W", "b", "S", NULL };
    static const char *const construct_keys[] = { "construct", NULL }, *const factor_keys[] = { "U", "V", NULL };
    static const char *const resnet_keys[] = { "W", "R", "z", NULL };
    static const char *const features_keys[] = { "features", "W_2", NULL };
    const ynode_t *net = ynode_get(root, "network"), *point = ynode_get(root, "point"), *v, *list;
    problem_t *P = &c->F->P;
    slong i, l, r = 1;
    size_t k;
    int kind, factors;
    char name[32];

    if (net == NULL)
        return yaml_bad(c, root, "network", "is missing");
    if (!yaml_keys(c, net, "network", network_keys))
        return 0;
    v = ynode_get(net, "kind");
    for (kind = 0; kind < NET_KINDS; kind++)
        if (v != NULL && v->kind == YAML_SCALAR && kind != NET_SKIP && strcmp(v->text, network_name[kind]) == 0)
            break;
    if (kind == NET_KINDS)
        return yaml_bad(c, v == NULL ? net : v, "kind", "linear, residual, feedforward or resnet is expected here");
    if (point == NULL)
        return yaml_bad(c, root, "point", "is missing");
    factors = kind == NET_LINEAR && point->kind == YAML_MAP && (ynode_get(point, "U") != NULL || ynode_get(point, "V") != NULL);
    if (!yaml_keys(c, point, "point", factors ? factor_keys : ynode_get(point, "construct") != NULL ? construct_keys : kind == NET_RESIDUAL ? a_keys
                    : kind == NET_RESNET ? resnet_keys : kind != NET_FEEDFORWARD ? w_keys
                    : ynode_get(point, "features") != NULL ? features_keys : wb_keys))
        return 0;
    if (kind != NET_FEEDFORWARD && ynode_get(net, "skip") != NULL)
        return yaml_bad(c, ynode_get(net, "skip"), "skip", "only feedforward networks have skips");
    if (factors)
        return read_factors(c, point);
    if (ynode_get(point, "construct") != NULL)
        return yaml_construct(c, net, ynode_get(point, "construct"), kind);
    if (ynode_get(point, "features") != NULL)
        return read_features(c, net, point);
    if (kind == NET_RESNET)
        return yaml_resnet(c, net, point);
    list = ynode_get(point, kind == NET_RESIDUAL ? "A" : "W");
    if (list == NULL || list->kind != YAML_LIST || list->count == 0)
        return yaml_bad(c, list == NULL ? point : list, kind == NET_RESIDUAL ? "A" : "W",
                   "a list of %s is expected here", kind == NET_RESIDUAL ? "units" : "matrices");
    l = list->count;
    if (kind == NET_RESIDUAL)
    {
        for (k = 0; k < list->count; k++)
            if (list->item[k]->kind != YAML_LIST || list->item[k]->count == 0
                || list->item[k]->count != list->item[0]->count)
                return yaml_bad(c, list->item[k], "A", "each unit is a list of matrices, "
                           "all units equally long: A: [[A_11, A_12], [A_21, A_22]]");
        r = list->item[0]->count;
    }
    if (l > limit(LIMIT_LAYERS) || r > limit(LIMIT_LAYERS) || l * r > limit(LIMIT_LAYERS))
        return yaml_bad(c, list, "W", "more than %ld layers", (long) limit(LIMIT_LAYERS));
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
            return yaml_bad(c, v, "activation", "a %s network has none", network_name[kind]);
        return 1;
    }
    if (v == NULL && l > 1)
        return yaml_bad(c, net, "activation", "is missing");
    if (v != NULL && v->kind == YAML_LIST && (slong) v->count != l - 1)
        return yaml_bad(c, v, "activation", "%ld hidden layers need %ld entries", (long) l - 1, (long) l - 1);
    for (i = 0; i < l - 1; i++)
        if (!yaml_activation(c, v->kind == YAML_LIST ? v->item[i] : v, P->act + i))
            return 0;
    v = ynode_get(point, "b");
    if (v == NULL)
        return yaml_skips(c, net, point);
    if (v->kind != YAML_LIST || (slong) v->count != l)
        return yaml_bad(c, v, "b", "a list of %ld biases is expected here, one per layer", (long) l);
    problem_add_biases(P);
    for (i = 0; i < l; i++)
    {
        snprintf(name, sizeof name, "b_%ld", (long) i + 1);
        if (!yaml_matrix(c, v->item[i], name, 1, P->b + i))
            return 0;
    }
    return yaml_skips(c, net, point);
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
        return yaml_bad(c, loss, "loss", "covariances stand for 1/2 E ||f(x) - y||^2; leave loss out");
    qmat_init(S, 0, 0);
    qmat_init(N, 0, 0);
    qmat_init(V, 0, 0);
    ok = yaml_matrix(c, ynode_get(data, "Sxx"), "Sxx", 0, S) && yaml_matrix(c, ynode_get(data, "Syx"), "Syx", 0, N)
        && yaml_matrix(c, ynode_get(data, "Syy"), "Syy", 0, V);
    wrong = ok ? problem_from_moments(P, S, N, V, &key) : NULL;
    if (wrong != NULL)
        ok = yaml_bad(c, ynode_get(data, key), key, "%s", wrong);
    qmat_clear(S);
    qmat_clear(N);
    qmat_clear(V);
    return ok;
}

/* Kept until the point is known: without biases, or without weight decay, it means nothing. */
static int
read_decay_biases(ctx_t *c, const ynode_t *v, problem_t *P)
{
    static const char *const word[] = { "no", "hidden", "yes", "false", "true" };
    static const decay_kind kind[] = { DECAY_WEIGHTS, DECAY_HIDDEN_BIASES, DECAY_BIASES, DECAY_WEIGHTS, DECAY_BIASES };
    int k, words = sizeof word / sizeof *word;

    for (k = 0; v != NULL && k < words; k++)
        if (v->kind == YAML_SCALAR && strcmp(v->text, word[k]) == 0)
            break;
    if (k == words)
        return yaml_bad(c, v, "decay-biases", "yes, no, or hidden (all biases but those of the last layer) is expected here");
    P->decayed = kind[k];
    return 1;
}

static int
read_root(ctx_t *c, const ynode_t *root)
{
    static const char *const keys[] = { "certify", "title", "network", "loss", "regularization",
                                        "data", "point", "claims", NULL };
    static const char *const data_keys[] = { "X", "Y", NULL };
    static const char *const moment_keys[] = { "Sxx", "Syx", "Syy", NULL };
    static const char *const reg_keys[] = { "weight-decay", "decay-biases", NULL };
    problem_file_t *F = c->F;
    problem_t *P = &F->P;
    const ynode_t *v, *data = ynode_get(root, "data"), *claims;
    const char *wrong;
    slong version, i;
    qmat_t X;

    if (!yaml_keys(c, root, "the file", keys))
        return 0;
    v = ynode_get(root, "certify");
    if (v == NULL)
        return yaml_bad(c, root, "certify", "is missing; write \"certify: 1\", the format version");
    if (!yaml_whole(c, v, "certify", 1, 1000, &version))
        return 0;
    if (version != 1)
        return yaml_bad(c, v, "certify", "format %ld is not known to this program, which reads format 1; "
                        "write \"certify: 1\"", (long) version);
    v = ynode_get(root, "title");
    if (v != NULL && v->kind != YAML_SCALAR)
        return yaml_bad(c, v, "title", "a text is expected here");
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
        if (!yaml_keys(c, v, "regularization", reg_keys))
            return 0;
        v = ynode_get(v, "weight-decay");
        if (v != NULL && !yaml_number(c, v, "weight-decay", P->weight_decay))
            return 0;
        if (fmpq_sgn(P->weight_decay) < 0)
            return yaml_bad(c, v, "weight-decay", "a number >= 0 is expected here");
        if (!read_decay_biases(c, ynode_get(ynode_get(root, "regularization"), "decay-biases"), P))
            return 0;
    }
    if (data == NULL)
        return yaml_bad(c, root, "data", "is missing");
    c->moments = data->kind == YAML_MAP && (ynode_get(data, "Sxx") != NULL
        || ynode_get(data, "Syx") != NULL || ynode_get(data, "Syy") != NULL);
    if (c->moments)
    {
        static const char *const needed[] = { "Sxx", "Syx", "Syy" };
        for (i = 0; i < 3; i++)
            if (ynode_get(data, needed[i]) == NULL)
                return yaml_bad(c, data, needed[i], "is missing");
        if (!yaml_keys(c, data, "data", moment_keys) || !read_moments(c, root, data, P))
            return 0;
    }
    else
    {
        if (!yaml_keys(c, data, "data", data_keys))
            return 0;
        qmat_init(X, 0, 0);
        if (!yaml_matrix(c, ynode_get(data, "X"), "X", 0, X))
        {
            qmat_clear(X);
            return 0;
        }
        qmat_swap(P->X, X);
        qmat_clear(X);
        problem_set_samples(P, qmat_cols(P->X));
        if (!yaml_matrix(c, ynode_get(data, "Y"), "Y", 0, P->Y))
            return 0;
        if (!read_weights(c, ynode_get(root, "loss"), P)
            || !read_reduction(c, ynode_get(root, "loss"), P))
            return 0;
    }
    if (!read_network_and_point(c, root))
        return 0;
    if (P->b == NULL || fmpq_is_zero(P->weight_decay))
        P->decayed = DECAY_WEIGHTS;
    if (c->moments && P->kind >= NET_FEEDFORWARD)
        return yaml_bad(c, data, "Sxx", "covariances determine the loss of linear and residual networks only");
    if (F->solved >= 0)
    {   /* a placeholder of the right shape */
        slong k = F->solved, n = P->nblocks, d = qmat_rows(P->X);
        slong in = P->kind == NET_RESIDUAL || k == 0 ? d : qmat_rows(P->W + k - 1);
        slong out = P->kind == NET_RESIDUAL ? d : k == n - 1 ? qmat_rows(P->Y) : qmat_cols(P->W + k + 1);
        qmat_t zero;
        if (F->has_given && (qmat_rows(F->given) != out || qmat_cols(F->given) != in))
            return yaml_bad(c, ynode_get(root, "point"), "solve", "the given matrix is %ld x %ld, expected %ld x %ld",
                       (long) qmat_rows(F->given), (long) qmat_cols(F->given), (long) out, (long) in);
        qmat_init(zero, out, in);
        qmat_swap(P->W + k, zero);
        qmat_clear(zero);
    }
    wrong = problem_validate(P);
    if (wrong != NULL)
    {
        char hint[300];
        v = strncmp(wrong, "Y", 1) == 0 || strncmp(wrong, "X", 1) == 0 ? data : ynode_get(root, "point");
        yaml_shape_hint(hint, sizeof hint, P, data);
        return yaml_bad(c, v, v == data ? "data" : "point", "%s%s", wrong, hint);
    }
    if (F->solved >= 0)
    {
        wrong = problem_solve_block(P, F->solved);
        if (wrong != NULL)
            return yaml_bad(c, ynode_get(root, "point"), "solve", "%s", wrong);
    }
    claims = ynode_get(root, "claims");
    if (claims == NULL || (claims->kind == YAML_SCALAR && claims->text[0] == '\0'))
        return 1;               /* (every one of them is a comment yet) */
    if (claims->kind != YAML_LIST || claims->count == 0)
        return yaml_bad(c, claims, "claims", "a list of claims is expected here, each after \"- \"");
    F->claim = flint_malloc(claims->count * sizeof *F->claim);
    for (i = 0; i < (slong) claims->count; i++)
    {
        claim_init(F->claim + i, NULL);
        F->claims++;
        c->claim = i + 1;
        if (!yaml_claim(c, claims->item[i], F->claim + i))
            return 0;
    }
    return 1;
}

static void
begin(ctx_t *c, problem_file_t *F, const char *path, const read_options_t *options, fault_t *err)
{
    static const read_options_t none = { 0 };

    memset(c, 0, sizeof *c);
    c->path = path;
    c->err = err;
    c->F = F;
    c->options = options == NULL ? &none : options;
}

/* The folder of the file, where its data are. */
static int
find_folder(ctx_t *c)
{
    char copy[PATH_MAX], *slash;

    snprintf(copy, sizeof copy, "%s", c->path);
    slash = strrchr(copy, '/');
    if (slash == NULL)
        strcpy(copy, ".");
    else
        slash[slash == copy] = '\0';
    return realpath(copy, c->folder) != NULL
        || error_set(c->err, EX_NOINPUT, "%s: its folder cannot be found", c->path);
}

int
problem_file_parse(problem_file_t *F, const char *text, size_t len, const char *path,
                   const read_options_t *options, fault_t *err)
{
    ctx_t c;
    long line;
    char reason[256];
    ynode_t *root;
    int ok;

    memset(F, 0, sizeof *F);
    problem_init(&F->P);
    qmat_init(F->given, 0, 0);
    fmpq_init(F->distance);
    F->solved = -1;
    begin(&c, F, path, options, err);
    if (!find_folder(&c))
        return 0;
    root = ynode_parse(text, len, &line, reason, sizeof reason);
    if (root == NULL)
        return line == 0 ? error_set(err, EX_OSERR, "%s: %s", path, reason)
            : error_set(err, EX_DATAERR, "%s:%ld: %s", path, line, reason);
    ok = read_root(&c, root);
    ynode_free(root);
    return ok;
}

int
problem_file_read(problem_file_t *F, const char *path, const read_options_t *options, fault_t *err)
{
    size_t len = 0;
    char *text = NULL;
    int ok = 1;

    if (strlen(path) >= PATH_MAX)
        ok = error_set(err, EX_NOINPUT, "%s: the name is too long", path);
    else if (file_kind_of(path) != NULL)
        ok = error_set(err, EX_DATAERR, "%s: a file of matrices, not a problem file; \"certify bounds %s\" "
                       "shows what it holds", path, path);
    else
        ok = file_kind_refuse(path, err);
    if (ok)
        text = read_file(path, &len, FILE_MAX_BYTES, err);
    /* (also of nothing: F is to be cleared whatever happens) */
    ok = problem_file_parse(F, text == NULL ? "" : text, len, path, options, err) && text != NULL;
    flint_free(text);
    return ok;
}

int
problem_file_claim(claim_t *c, problem_file_t *F, const char *text, fault_t *err)
{
    ctx_t x;
    long line;
    char reason[256];
    ynode_t *root = ynode_parse(text, strlen(text), &line, reason, sizeof reason);
    int ok;

    begin(&x, F, text, NULL, err);
    ok = root != NULL ? yaml_claim(&x, root, c) : error_set(err, EX_DATAERR, "%s: %s", text, reason);
    ynode_free(root);
    return ok;
}

void
problem_file_clear(problem_file_t *F)
{
    slong i;

    for (i = 0; i < F->claims; i++)
        claim_clear(F->claim + i);
    flint_free(F->claim);
    flint_free(F->title);
    qmat_clear(F->given);
    fmpq_clear(F->distance);
    problem_clear(&F->P);
}
