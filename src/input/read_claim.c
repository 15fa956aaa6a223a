/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One entry of claims: in a problem file. */
#include "config.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "reader.h"

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
        return yaml_bad(c, v, "radius", "the list is empty");
    s->radius = _fmpq_vec_init(s->nradius);
    s->has_radius = 1;
    for (k = 0; k < (size_t) s->nradius; k++)
    {
        const ynode_t *n = v->kind == YAML_LIST ? v->item[k] : v;
        if (!yaml_number(c, n, "radius", s->radius + k))
            return 0;
        if (fmpq_sgn(s->radius + k) < 0)
            return yaml_bad(c, n, "radius", "a number >= 0 is expected here");
    }
    /* a list of one radius for one block is the same as a scalar */
    if (v->kind == YAML_LIST && s->nradius != claim_radius_count(&c->F->P, s->kind))
        return yaml_bad(c, v, "radius", "%ld radii are needed, one per %s",
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
        return yaml_bad(c, v == NULL ? n : v, "inequality", "a text like \"eta_min(W_2 * W_1) >= 3/5\" is "
                   "expected here");
    p = v->text + strcspn(v->text, "<>=");
    for (k = 0; k < 3; k++)
        s->inequality[k] = flint_calloc(strlen(v->text) + 1, 1);
    for (from = v->text + 1; v->text[0] != '\0' && *from != '\0'; from++)
        if (*from == ' ' && is_word(from[-1]) && is_word(from[strspn(from, " ")]))
            return yaml_bad(c, v, "inequality", "an operator is missing between two words");
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
        return yaml_bad(c, v, "inequality", "one of >=, >, <=, <, = is expected between the two sides");
    for (k = 0; k < 3; k += 2)
    {
        inequality_t q;
        inequality_init(&q);
        wrong = inequality_parse_side(q.side, s->inequality[k], strlen(s->inequality[k]), &c->F->P);
        if (wrong == NULL && c->moments && names_data(q.side))
            wrong = "X and Y are not given, only covariances";
        inequality_clear(&q);
        if (wrong != NULL)
            return yaml_bad(c, v, "inequality", "%s side: %s", k == 0 ? "left" : "right", wrong);
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
    return yaml_number(c, v, key, x)
        && (fmpq_sgn(x) >= 0 || yaml_bad(c, v, key, "a number >= 0 is expected here"));
}

int
yaml_claim(ctx_t *c, const ynode_t *n, claim_spec_t *s)
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
        return yaml_bad(c, n, "claims", "\"%s\" is not a claim (%s)",
                   name->kind == YAML_SCALAR ? name->text : "...", known);
    }
    s->kind = k;
    s->line = n->line;
    if (c->moments && (k == CLAIM_FULL_RANK || k == CLAIM_DISTINCT_EIGENVALUES))
        return yaml_bad(c, n, "claims", "%s is about samples, the data are covariances", claim_name[k]);
    if (k == CLAIM_REGULARITY)
        s->norm = NORM_FROBENIUS;
    if (k == CLAIM_INEQUALITY)
        return read_inequality(c, n, map, s);
    if (map == NULL)
        return 1;
    if (!yaml_keys(c, map, claim_name[k], k == CLAIM_GRADIENT_DOMINANCE ? gd_keys
                    : k == CLAIM_REGULARITY ? rc_keys
                    : k == CLAIM_GLOBAL_MINIMIZER ? gm_keys : k == CLAIM_CRITICAL_POINT ? cp_keys : no_keys))
        return 0;
    v = ynode_get(map, "radius");
    if (v != NULL && !read_radius(c, v, s))
        return 0;
    if (s->radius_paper && s->kind == CLAIM_REGULARITY)
        return yaml_bad(c, v, "radius", "Theorems 4 to 6 give no number; leave radius out for the largest "
                   "that can be certified");
    v = ynode_get(map, "norm");
    if (v != NULL)
    {
        for (k = 0; k < NORM_KINDS; k++)
            if (v->kind == YAML_SCALAR && strcmp(v->text, norm_name[k]) == 0)
                break;
        if (k == NORM_KINDS)
            return yaml_bad(c, v, "norm", "spectral, frobenius or feature is expected here");
        if (s->kind == CLAIM_REGULARITY && k != NORM_FROBENIUS)
            return yaml_bad(c, v, "norm", "the theorem is about the frobenius norm");
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
        return yaml_bad(c, ynode_get(map, "gamma"), "gamma", "a number between 0 and 1 is expected here");
    if (s->has_gamma && s->has_alpha && s->has_beta)
        return yaml_bad(c, ynode_get(map, "gamma"), "gamma", "only chooses alpha and beta, which are both given");
    v = ynode_get(map, "lambda");
    if (v != NULL)
    {
        s->has_lambda = 1;
        if (!yaml_number(c, v, "lambda", s->lambda))
            return 0;
        if (fmpq_sgn(s->lambda) < 0)
            return yaml_bad(c, v, "lambda", "a number >= 0 is expected here");
    }
    return 1;
}
