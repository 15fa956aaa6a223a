/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The standing assumptions of Zhou & Liang 2017, section 2, decided exactly:
   X X^T and X Y^T have full rank; Sigma = Y X^T (X X^T)^{-1} X Y^T has distinct
   eigenvalues.  doc/rules/standing-assumptions.md. */
#include "kernel/limits.h"
#include "kernel/spectrum.h"
#include "rules/global_minimizer/global_minimizer.h"
#include "data_rank.h"
#include "kernel/scope.h"

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
    return decide(s, k, data_has_full_rank(s));
}

static int
verify_distinct(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return decide(s, k, distinct_eigenvalues(s));
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
    (void) c;
    data_say_rank(s, k->verdict == VERDICT_REFUTED);
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
    NULL, network_is_linear, data_refuses, verify_full_rank, NULL, say_full_rank, say_method
};
const rule_t rule_distinct_eigenvalues = {
    "distinct-eigenvalues", "standing-assumptions", 1, 0, none, none, findings, uses_samples,
    NULL, NULL, data_refuses, verify_distinct, NULL, say_distinct, say_method
};
