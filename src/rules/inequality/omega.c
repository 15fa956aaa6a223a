/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* omega, the regulariser that weight decay puts on outputs: Vidal, Zhu & Haeffele 2020, Definition 1.7 and Proposition 1.8.
   doc/rules/inequality.md, "omega". */
#include "inequality.h"
#include "kernel/ask.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "rules/polar.h"

const about_t omega_about = { "omega" };

const char *
omega_refuses(const problem_t *P)
{
    return polar_refuses(P);
}

/* omega >= <Q, f> as soon as |Q s(w^T X')^T| <= |w| for all w: <Q, sum u_i s(w_i^T X')> <= sum |u_i| |w_i|. */
static void
lower(fmpq_t x, facts_t *f, const units_in_t *in, const problem_t *P)
{
    const qmat_struct *Q = fact_matrix(f, "omega-dual", qmat_rows(P->W + 1), qmat_cols(P->X), &omega_about, 1);
    cone_size_t size;
    MATRICES(F);
    NUMBERS(one);

    fmpq_one(one);
    if (Q == NULL || !polar_verify(&size, f, "omega-", in, Q, one))
        return;
    polar_outputs(F, in, P, NULL);
    qmat_inner(x, Q, F);
    number_clamp(x);
    facts_note(f, "omega-dual", "\\text{omega}", "\\ge", x);
}

/* sum_i d_i |w_i| |u_i|: half the sum of squares of the units d_i^{1/2} (w_i / c_i, c_i u_i) with c_i^2 = |w_i| / |u_i|, which have the
   same outputs.  (A unit with w_i = 0 or u_i = 0 has none and is left out.) */
static void
upper(fmpq_t x, facts_t *f, const units_in_t *in, const problem_t *P)
{
    slong i, n = qmat_rows(P->W);
    const fmpq *d = fact_numbers(f, "omega-multiples", n, &omega_about, 0);
    NUMBERS(w2, u2);

    fmpq_zero(x);
    if (!f->failed && d != NULL && !polar_same_outputs(in, P, d))
        facts_fail(f, "omega-multiples", "these multiples of the units have other outputs, or one is negative");
    for (i = 0; i < n && !f->failed; i++)
    {
        polar_squares(w2, u2, P, i);
        number_mul(w2, w2, u2);
        number_sqrt_upper(w2, w2);
        if (d != NULL)
            number_mul(w2, w2, d + i);
        number_add(x, x, w2);
    }
}

int
omega_bound(fmpq_t x, facts_t *f, const problem_t *P, int up)
{
    units_in_t in;

    polar_init(&in, P);
    if (up)
        upper(x, f, &in, P);
    else
        lower(x, f, &in, P);
    polar_clear(&in);
    return !f->failed;
}
