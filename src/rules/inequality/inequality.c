/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>
#include "inequality.h"
#include "network/network.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/rank.h"

#define MOST_TERMS 8
#define MOST_FACTORS 64

const char *const relation_name[REL_KINDS] = { ">=", ">", "<=", "<", "=" };
static const char *const term_name[TERM_KINDS] = { "", "loss", "h_inf", "gradient", "norm", "eta_min" };

void
inequality_init(inequality_t *q)
{
    memset(q, 0, sizeof *q);
}

static void
term_clear(term_t *t)
{
    fmpq_clear(t->number);
    flint_free(t->factor);
}

void
inequality_clear(inequality_t *q)
{
    slong i;
    int s;

    for (s = 0; s < 2; s++)
    {
        for (i = 0; i < q->side[s].n; i++)
            term_clear(q->side[s].term + i);
        flint_free(q->side[s].term);
    }
}

/* The name of a factor; an empty string behind the last block. */
static void
factor_name(char *buf, size_t size, slong i, const problem_t *P)
{
    buf[0] = '\0';
    if (i == FACTOR_X || i == FACTOR_Y)
        snprintf(buf, size, i == FACTOR_X ? "X" : "Y");
    else if (i < P->nblocks)
        problem_block_name(buf, size, P, i);
}

static const qmat_struct *
factor_matrix(slong i, const problem_t *P)
{
    return i == FACTOR_X ? P->X : i == FACTOR_Y ? P->Y : P->W + i;
}

/* Takes word from *p if it stands there. */
static int
take(const char **p, const char *end, const char *word)
{
    size_t n = strlen(word);

    if ((size_t) (end - *p) < n || memcmp(*p, word, n) != 0)
        return 0;
    *p += n;
    return 1;
}

static const char *
parse_factors(term_t *t, const char **p, const char *end, const problem_t *P)
{
    char name[32];
    slong i, width = 0;

    t->factor = flint_malloc(MOST_FACTORS * sizeof *t->factor);
    do
    {
        const char *stop = *p;
        const qmat_struct *A;
        if (t->n == MOST_FACTORS)
            return "too many matrices in one product";
        while (stop < end && *stop != '*' && *stop != ')')
            stop++;
        for (i = FACTOR_Y; i <= P->nblocks; i++)
        {
            factor_name(name, sizeof name, i, P);
            if (name[0] != '\0' && strlen(name) == (size_t) (stop - *p)
                && memcmp(*p, name, stop - *p) == 0)
                break;
        }
        if (i > P->nblocks)
            return "a matrix is expected: X, Y, or a block like W_1";
        if (i >= 0 && qmat_rows(P->features) > 0 && i == 0)
            return "W_1 is not rational where features are given";
        A = factor_matrix(i, P);
        if (t->n > 0 && width != qmat_rows(A))
            return "the shapes of these matrices do not fit";
        width = qmat_cols(A);
        t->factor[t->n++] = i;
        *p = stop;
    }
    while (take(p, end, "*"));
    return take(p, end, ")") ? NULL : "\")\" is expected";
}

const char *
inequality_parse_side(product_t *s, const char *text, size_t len, const problem_t *P)
{
    const char *p = text, *end = text + len, *wrong;
    int k;

    s->term = flint_malloc(MOST_TERMS * sizeof *s->term);
    do
    {
        term_t *t;
        if (s->n == MOST_TERMS)
            return "too many terms";
        t = s->term + s->n++;
        memset(t, 0, sizeof *t);
        fmpq_init(t->number);
        for (k = TERM_LOSS; k < TERM_KINDS; k++)
            if (take(&p, end, term_name[k]))
                break;
        t->kind = k == TERM_KINDS ? TERM_NUMBER : (term_kind) k;
        if (t->kind == TERM_NUMBER)
        {
            const char *stop = p;
            while (stop < end && *stop != '*')
                stop++;
            if (!number_parse(t->number, p, stop - p) || fmpq_sgn(t->number) < 0)
                return "a quantity (loss, h_inf, gradient, norm(...), eta_min(...)) or a number >= 0 "
                       "in lowest terms is expected";
            p = stop;
            continue;
        }
        if (t->kind >= TERM_NORM)
        {
            if (!take(&p, end, "("))
                return "\"(\" is expected";
            wrong = parse_factors(t, &p, end, P);
            if (wrong != NULL)
                return wrong;
        }
        t->squared = take(&p, end, "^2");
    }
    while (take(&p, end, "*"));
    return p == end ? NULL : "the expression should end here";
}

void
inequality_term_text(char *buf, size_t size, const term_t *t, const problem_t *P)
{
    slong i, n;

    if (t->kind == TERM_NUMBER)
        flint_abort();                  /* the caller prints numbers */
    n = snprintf(buf, size, "%s", term_name[t->kind]);
    for (i = 0; i < t->n && n < (slong) size; i++)
    {
        char name[32];
        factor_name(name, sizeof name, t->factor[i], P);
        n += snprintf(buf + n, size - n, "%s%s", i == 0 ? "(" : "*", name);
    }
    if (n < (slong) size)
        snprintf(buf + n, size - n, "%s%s", t->n > 0 ? ")" : "", t->squared ? "^2" : "");
}

/* x := a bound of the squared singular value that t names: lower or upper. */
static void
singular_bound(fmpq_t x, facts_t *f, const char *role, const problem_t *P, const term_t *t, int upper)
{
    slong i, r, *pivots;
    char name[ROLE_SIZE], meaning[200];
    const qmat_struct *z;
    inequality_vector_t v;
    term_t root;
    qmat_t A, T, R, Rt, K, N;
    fmpq_t q;

    fmpq_zero(x);
    qmat_init(A, 0, 0);
    qmat_init(T, 0, 0);
    qmat_init(R, 0, 0);
    qmat_init(Rt, 0, 0);
    qmat_init(K, 0, 0);
    qmat_init(N, 0, 0);
    fmpq_init(q);
    root = *t;
    root.squared = 0;
    inequality_term_text(meaning, sizeof meaning - 2, &root, P);
    strcat(meaning, "^2");
    qmat_set(A, factor_matrix(t->factor[0], P));
    for (i = 1; i < t->n; i++)
        qmat_mul(A, A, factor_matrix(t->factor[i], P));
    snprintf(name, sizeof name, "%s:vector", role);
    if (t->kind == TERM_NORM && upper)
    {
        qmat_gram_smaller(K, A);
        fact_upper(x, f, role, meaning, K, NULL);
        goto done;
    }
    if (t->kind == TERM_NORM)
    {   /* ||A z||^2 / ||z||^2 */
        qmat_set_one(Rt, qmat_cols(A));
    }
    else
    {   /* on the row space of A, x = R^T z, R independent rows */
        pivots = flint_malloc((qmat_rows(A) + 1) * sizeof *pivots);
        r = rank_factor_rows(T, R, pivots, A, FLINT_MIN(qmat_rows(A), qmat_cols(A)));
        flint_free(pivots);
        if (r <= 0)
        {
            facts_fail(f, role, r < 0 ? "the rank could not be found" : "a zero matrix has no eta_min");
            goto done;
        }
        qmat_transpose(Rt, R);
    }
    qmat_mul(K, A, Rt);
    if (t->kind == TERM_ETA_MIN && !upper)
    {
        qmat_gram(K, K);
        qmat_gram(N, Rt);
        fact_lower(x, f, role, meaning, K, N, NULL, 1);
        goto done;
    }
    v.B = K;
    v.C = Rt;
    v.largest = !upper;
    z = fact_matrix(f, name, qmat_cols(Rt), 1, &v, 1);
    if (z == NULL)
        goto done;
    qmat_mul(K, K, z);
    qmat_mul(N, Rt, z);
    qmat_frobenius2_midpoint(x, K);
    qmat_frobenius2_midpoint(q, N);
    if (fmpq_is_zero(q))
    {
        facts_fail(f, name, "the vector is zero");
        fmpq_zero(x);
    }
    else
    {
        fmpq_div(x, x, q);
        facts_note(f, name, meaning, upper ? "\\le" : "\\ge", x);
    }
done:
    qmat_clear(A);
    qmat_clear(T);
    qmat_clear(R);
    qmat_clear(Rt);
    qmat_clear(K);
    qmat_clear(N);
    fmpq_clear(q);
}

/* The squares of loss, h_inf and gradient, by term_kind; smooth: there is a
   gradient. */
typedef struct
{
    fmpq *exact;
    int smooth;
} values_t;

/* x := a lower or upper bound of the square of a side. */
static void
side_bound(fmpq_t x, facts_t *f, const problem_t *P, const values_t *v, const product_t *s,
           const char *name, int upper)
{
    slong i;
    char role[ROLE_SIZE];
    fmpq_t y;

    fmpq_init(y);
    fmpq_one(x);
    for (i = 0; i < s->n && !f->failed; i++)
    {
        const term_t *t = s->term + i;
        snprintf(role, sizeof role, "%s:%ld", name, (long) i + 1);
        if (t->kind == TERM_NUMBER)
            number_mul(y, t->number, t->number);
        else if (t->kind < TERM_NORM)
        {
            fmpq_set(y, v->exact + t->kind);
            if (t->kind == TERM_GRADIENT && !v->smooth)
                facts_fail(f, role, "a hidden unit is at a kink: there is no gradient");
        }
        else
            singular_bound(y, f, role, P, t, upper);
        if (t->squared)
            number_mul(y, y, y);
        number_mul(x, x, y);
    }
    fmpq_clear(y);
}

/* 1 if a REL b follows for the sides a = first, b = 1 - first, REL being >=,
   or > if strict. */
static int
at_least(facts_t *f, const problem_t *P, const values_t *v, const inequality_t *q, int first,
         int strict)
{
    static const char *const name[] = { "left", "right" };
    fmpq_t x, y;
    int c;

    fmpq_init(x);
    fmpq_init(y);
    side_bound(x, f, P, v, q->side + first, name[first], 0);
    side_bound(y, f, P, v, q->side + 1 - first, name[1 - first], 1);
    c = fmpq_cmp(x, y);
    fmpq_clear(x);
    fmpq_clear(y);
    if (!f->failed && c < strict)
        facts_fail(f, "conclusion", "the bounds of the two sides do not prove it");
    return !f->failed;
}

int
inequality_verify(facts_t *f, const problem_t *P, const inequality_t *q, int proved)
{
    slong i;
    int ok, s, linear = P->kind != NET_FEEDFORWARD, needs = 0, asked[TERM_KINDS] = { 0 };
    moments_t M;
    values_t v;

    for (s = 0; s < 2; s++)
        for (i = 0; i < q->side[s].n; i++)
        {
            term_kind k = q->side[s].term[i].kind;
            asked[k] = 1;
            needs |= k == TERM_LOSS || k == TERM_GRADIENT;
            if (k == TERM_H_INF && !linear)
            {
                facts_fail(f, "claim", "h_inf is defined for linear and residual networks");
                return 0;
            }
        }
    if (needs && qmat_rows(P->features) > 0)
    {
        facts_fail(f, "claim", "loss and gradient are not known where W_1 is given by features");
        return 0;
    }
    for (i = 0; needs && !linear && i < P->l - 1; i++)
        if (!activation_is_rational(P->act[i].kind))
        {
            facts_fail(f, "claim", "loss and gradient need rational activations here");
            return 0;
        }
    if (linear && !moments_init(&M, P))
    {
        facts_fail(f, "rank", "the data reduction failed");
        moments_clear(&M);
        return 0;
    }
    v.exact = _fmpq_vec_init(TERM_KINDS);
    v.smooth = 1;
    if (asked[TERM_LOSS])
        network_loss(v.exact + TERM_LOSS, P, &M);
    if (asked[TERM_H_INF])
        moments_infimum(v.exact + TERM_H_INF, &M);
    if (asked[TERM_GRADIENT])
        v.smooth = network_gradient_norm2(v.exact + TERM_GRADIENT, P, &M);
    number_mul(v.exact + TERM_LOSS, v.exact + TERM_LOSS, v.exact + TERM_LOSS);
    number_mul(v.exact + TERM_H_INF, v.exact + TERM_H_INF, v.exact + TERM_H_INF);
    switch (q->relation)
    {
        case REL_GE:
            ok = proved ? at_least(f, P, &v, q, 0, 0) : at_least(f, P, &v, q, 1, 1);
            break;
        case REL_GT:
            ok = proved ? at_least(f, P, &v, q, 0, 1) : at_least(f, P, &v, q, 1, 0);
            break;
        case REL_LE:
            ok = proved ? at_least(f, P, &v, q, 1, 0) : at_least(f, P, &v, q, 0, 1);
            break;
        case REL_LT:
            ok = proved ? at_least(f, P, &v, q, 1, 1) : at_least(f, P, &v, q, 0, 0);
            break;
        default:                        /* "=": proved only */
            ok = proved && at_least(f, P, &v, q, 0, 0) && at_least(f, P, &v, q, 1, 0);
            if (!ok)
                facts_fail(f, "conclusion", "to refute an equality, claim < or > instead");
            break;
    }
    _fmpq_vec_clear(v.exact, TERM_KINDS);
    if (linear)
        moments_clear(&M);
    return ok;
}
