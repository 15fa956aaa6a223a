/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "algebra/approx.h"
#include "dual.h"
#include "escape.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/copy.h"

extern const rule_t rule_regularized_global_minimum;

const char *
escape_refuses(const problem_t *P)
{
    claim_t c;
    const char *why;

    claim_init(&c, &rule_regularized_global_minimum);
    why = claim_refused(P, &c);
    claim_clear(&c);
    return why;
}

/* A := x below A. */
static void
add_row(qmat_t A, const double *x)
{
    MATRICES(row);

    approx_to_matrix(row, x, 1, qmat_cols(A), 53);
    qmat_stack(A, A, row);
}

static void
widen(problem_t *Q, const double *w, const double *u)
{
    MATRICES(t);

    if (problem_bias(Q, 0) != NULL)
        add_row(Q->b, w + qmat_cols(Q->W));
    add_row(Q->W, w);
    qmat_transpose(t, Q->W + 1);
    add_row(t, u);
    qmat_transpose(Q->W + 1, t);
}

/* h at a point, exactly. */
static void
loss_at(fmpq_t h, const problem_t *P)
{
    facts_t f;
    moments_t M;
    int at_minimum = NOT_ASKED;
    setting_t s = { &f, P, &M, &at_minimum, NULL, NULL };
    rgm_t r;

    facts_init(&f, 256);
    moments_none(&M);
    rgm_init(&r, &s);
    rgm_loss(h, &r);
    rgm_clear(&r);
    moments_clear(&M);
    facts_clear(&f);
}

int
escape_unit(problem_t *wider, fmpq_t decrease, const problem_t *P)
{
    facts_t f;
    moments_t M;
    int at_minimum = NOT_ASKED, found = 0;
    setting_t s = { &f, P, &M, &at_minimum, NULL, NULL };
    rgm_t r;
    best_t B;
    double *w;
    NUMBERS(h);

    facts_init(&f, 256);
    moments_none(&M);
    problem_set(wider, P);
    if (rgm_init(&r, &s))
    {
        best_init(&B, &r);
        w = flint_malloc((B.M.d + B.M.k) * sizeof *w);
        if (best_escape(w, w + B.M.d, &B) > 0)
        {
            widen(wider, w, w + B.M.d);
            rgm_loss(decrease, &r);
            loss_at(h, wider);
            number_sub(decrease, decrease, h);
            found = fmpq_sgn(decrease) > 0;
        }
        flint_free(w);
        best_clear(&B);
    }
    rgm_clear(&r);
    moments_clear(&M);
    facts_clear(&f);
    return found;
}
