/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The standing assumptions of Zhou & Liang 2017, section 2, decided exactly:
   X X^T and X Y^T have full rank; Sigma = Y X^T (X X^T)^{-1} X Y^T has distinct
   eigenvalues.  doc/rules/standing-assumptions.md. */
#include "kernel/limits.h"
#include "kernel/rank.h"
#include "kernel/spectrum.h"
#include "rules/global_minimizer/global_minimizer.h"
#include "kernel/scope.h"

/* 1 if X X^T has rank d_0 and X Y^T rank min(d_0, d_l), else 0; both exact. */
static int
full_rank(setting_t *s)
{
    facts_t *f = s->f;
    const problem_t *P = s->P;
    slong d0 = qmat_rows(P->X), dl = qmat_rows(P->Y), rank;
    int full;
    MATRICES(Yt, C);
    NUMBERS(x);

    qmat_transpose(Yt, P->Y);
    qmat_mul(C, P->X, Yt);
    rank = rank_of(P->X);                   /* = rank X X^T */
    full = rank == d0;
    fmpq_set_si(x, rank, 1);
    facts_note(f, "rank", "\\mathrm{rank}(X X^T)", "=", x);
    rank = rank_of(C);
    full &= rank == FLINT_MIN(d0, dl);
    fmpq_set_si(x, rank, 1);
    facts_note(f, "rank", "\\mathrm{rank}(X Y^T)", "=", x);
    return full;
}

/* 1 if the eigenvalues of Sigma = Y X^+ X Y^T are pairwise distinct, else 0: its
   characteristic polynomial is square-free, or not. */
static int
distinct_eigenvalues(setting_t *s)
{
    int distinct;
    const moments_t *M = setting_moments(s);
    MATRICES(Sigma);
    NUMBERS(x);

    if (M == NULL)
        return 0;
    distinct = gm_sigma(Sigma, M) && spectrum_is_distinct(Sigma);
    fmpq_set_si(x, qmat_rows(s->P->Y), 1);
    facts_note(s->f, "spectrum", "\\text{order of } \\Sigma", "=", x);
    return distinct;
}

static int
decide(setting_t *s, const conclusion_t *k, int holds)
{
    if (s->f->failed || holds == (k->verdict == VERDICT_PROVED))
        return !s->f->failed;
    facts_fail(s->f, "conclusion", "the exact decision is the opposite");
    return 0;
}

static int
verify_full_rank(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return decide(s, k, full_rank(s));
}

static int
verify_distinct(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return decide(s, k, distinct_eigenvalues(s));
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    slong i;

    for (i = 0; i < qmat_cols(P->X); i++)
        if (!fmpq_is_one(P->weights + i))
            return "not defined for weighted samples";
    return refuse_all_but_square_loss(P);
}

static int
uses_samples(const claim_t *c)
{
    return 1;
}

static void
say_full_rank(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    (void) P;
    say(s, k->verdict == VERDICT_REFUTED ? "It is not true that $X X^T$ and $X Y^T$ both have full rank"
        : "$X X^T$ and $X Y^T$ have full rank");
    say(s, ", $X$ and $Y$ being the data of the problem.\n");
}

static void
say_distinct(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    (void) P;
    say(s, "$\\Sigma = Y X^{+} X Y^T$ %s, $X$ and $Y$ being the data of the problem and $X^{+}$ "
        "the pseudoinverse.\n", k->verdict == VERDICT_REFUTED ? "has a repeated eigenvalue"
        : "has pairwise distinct eigenvalues");
}

static void
say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    say(s, "Ranks and characteristic polynomials are computed exactly");
}

static const field_t none[] = { FIELD_END };
static const char *const findings[] = { NULL };

const rule_t rule_full_rank = {
    "full-rank", "standing-assumptions", 1, 0, none, none, findings, uses_samples,
    NULL, NULL, refuses, verify_full_rank, NULL, say_full_rank, say_method
};
const rule_t rule_distinct_eigenvalues = {
    "distinct-eigenvalues", "standing-assumptions", 1, 0, none, none, findings, uses_samples,
    NULL, NULL, refuses, verify_distinct, NULL, say_distinct, say_method
};
