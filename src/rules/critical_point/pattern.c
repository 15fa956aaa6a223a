/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pattern.h"
#include "rules/global_minimizer/global_minimizer.h"
#include "kernel/limits.h"
#include "kernel/rank.h"
#include "kernel/spectrum.h"
#include "kernel/scope.h"

const char *const critical_name[CRITICAL_CLASSES] = {
    "global minimiser", "non-optimal order", "optimal order", "deep-non-optimal order",
    "deep-optimal order", "open"
};

void
pattern_init(pattern_t *p, slong n)
{
    p->n = n;
    p->low = _fmpq_vec_init(n);
    p->high = _fmpq_vec_init(n);
    p->multiplicity = flint_calloc(n, sizeof(slong));
    p->captured = flint_calloc(n, sizeof(slong));
}

void
pattern_clear(pattern_t *p)
{
    _fmpq_vec_clear(p->low, p->n);
    _fmpq_vec_clear(p->high, p->n);
    flint_free(p->multiplicity);
    flint_free(p->captured);
}

slong
pattern_count(const problem_t *P)
{
    return FLINT_MAX(P->l - 1, 1);
}

void
pattern_suffix(qmat_t B, const problem_t *P, slong k)
{
    slong i;

    qmat_set_one(B, qmat_rows(P->Y));
    for (i = P->l - 1; i > k; i--)
        qmat_mul(B, B, P->W + i);
}

int
pattern_restriction(qmat_t C, qmat_t R, slong *pivots, const qmat_t Sigma, const qmat_t B)
{
    slong p;
    MATRICES(t, G);
    int ok;

    qmat_transpose(t, B);
    p = rank_factor_rows(G, R, pivots, t, FLINT_MIN(qmat_rows(B), qmat_cols(B)));
    ok = p >= 0;
    if (p == 0)
    {
        MATRICES(empty);
        qmat_swap(C, empty);
        qmat_transpose(R, R);
    }
    else if (ok)
    {   /* (R^T R)^{-1} R^T Sigma R */
        qmat_gram_rows(G, R);
        qmat_mul(t, R, Sigma);
        qmat_transpose(R, R);
        qmat_mul(t, t, R);
        ok = qmat_solve(C, G, t);
    }
    if (ok && p > 0)
    {
        qmat_mul(t, R, C);
        qmat_mul(G, Sigma, R);
        qmat_sub(t, t, G);
        ok = qmat_is_zero(t);
    }
    return ok;
}

int
pattern_matrices(qmat_t Sigma, qmat_t C, const problem_t *P, const moments_t *M, slong k)
{
    moments_t L;
    MATRICES(A, R);
    slong i, *pivots;
    int ok;

    qmat_set_one(A, qmat_rows(P->X));
    for (i = 0; i < k; i++)
        qmat_mul(A, P->W + i, A);
    ok = moments_push(&L, M, A) && gm_sigma(Sigma, &L);
    moments_clear(&L);
    if (ok && C != NULL)
    {
        pattern_suffix(A, P, k);
        pivots = flint_malloc((qmat_cols(A) + 1) * sizeof *pivots);
        ok = pattern_restriction(C, R, pivots, Sigma, A);
        flint_free(pivots);
    }
    return ok && work_exceeded() == NULL;
}

/* 1 if p is the pattern of Sigma and its restriction C. */
static int
fits(const pattern_t *p, const qmat_t Sigma, const qmat_t C)
{
    spectrum_t all, part;
    slong i, rank = 0;
    int ok;

    ok = spectrum_init(&all, Sigma) && p->n == all.distinct;
    for (i = 0; i < p->n && ok; i++)
    {   /* decreasing and apart; the sign of each eigenvalue is seen */
        ok = fmpq_cmp(p->low + i, p->high + i) <= 0 && fmpq_sgn(p->low + i) >= 0
            && (i == 0 || fmpq_cmp(p->high + i, p->low + i - 1) < 0) && p->multiplicity[i] > 0
            && spectrum_multiplicity(&all, p->low + i, p->high + i) == p->multiplicity[i];
        rank += p->captured[i];
    }
    ok = ok && rank == qmat_rows(C);
    if (ok && rank > 0)
    {   /* the eigenvalues of C are among those of Sigma, one in each interval */
        ok = spectrum_init(&part, C);
        for (i = 0; i < p->n && ok; i++)
            ok = spectrum_multiplicity(&part, p->low + i, p->high + i) == p->captured[i];
        spectrum_clear(&part);
    }
    spectrum_clear(&all);
    return ok;
}

int
pattern_verify(setting_t *s, const pattern_t *p, slong count)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    const moments_t *M = setting_moments(s);
    slong k;
    MATRICES(Sigma, C);

    if (!network_is_chain(P) || count != pattern_count(P))
        facts_fail(f, "conclusion", "%ld patterns are expected here",
                   network_is_chain(P) ? (long) pattern_count(P) : 0L);
    for (k = 0; k < count && !f->failed; k++)
        if (!pattern_matrices(Sigma, C, P, M, k))
            facts_fail(f, "conclusion", "the captured space is not invariant for k = %ld", (long) k);
        else if (!fits(p + k, Sigma, C))
            facts_fail(f, "conclusion", "pattern %ld is not that of the point", (long) k);
    return !f->failed;
}

slong
pattern_rank(const pattern_t *p)
{
    slong i, rank = 0;

    for (i = 0; i < p->n; i++)
        rank += p->captured[i];
    return rank;
}

/* 1 if some eigenvalue is captured, and a larger one not fully. */
static int
non_optimal(const pattern_t *p)
{
    slong i;
    int missed = 0;

    for (i = 0; i < p->n; i++)
    {
        if (missed && p->captured[i] > 0)
            return 1;
        missed |= p->captured[i] < p->multiplicity[i];
    }
    return 0;
}

/* 1 if the loss is the least possible with a product of this width: the positive eigenvalues are
   captured as far as it goes, largest first. */
static int
is_least(const pattern_t *p, slong width)
{
    slong i;

    for (i = 0; i < p->n; i++)
    {
        slong want = FLINT_MIN(p->multiplicity[i], width);
        if (fmpq_sgn(p->high + i) > 0 && p->captured[i] != want)
            return 0;
        width -= want;
    }
    return 1;
}

critical_class
pattern_class(const pattern_t *p, const problem_t *P)
{
    slong k, l = P->l, last = pattern_count(P) - 1;
    slong width = FLINT_MIN(qmat_rows(P->Y), qmat_cols(P->W + l - 1));

    if (is_least(p, network_width(P)))
        return CRITICAL_MINIMIZER;
    for (k = 0; k <= last; k++)
        if (non_optimal(p + k))
            return l > 2 ? CRITICAL_DEEP_NON_OPTIMAL : CRITICAL_NON_OPTIMAL;
    /* in optimal order: W_l has a smaller rank than it could, or, (W_l, W_{l-1})
       being a minimiser with the other layers fixed, the case left open */
    if (pattern_rank(p + last) < width && !is_least(p + last, width))
        return l > 2 ? CRITICAL_DEEP_OPTIMAL : CRITICAL_OPTIMAL;
    return CRITICAL_OPEN;
}
