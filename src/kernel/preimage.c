/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "limits.h"
#include "number.h"
#include "preimage.h"
#include "scope.h"

int
activation_check_preimage(const qmat_t Z, const qmat_t Phi, const activation_t *s, slong prec)
{
    slong i, j, n = qmat_rows(Z) * qmat_cols(Z);
    int ok = 1;
    NUMBERS(r);
    arb_t x, y, phi, radius;

    if (!activation_has_inverse(s) || !qmat_is_exact(Phi) || prec < 2
        || prec > ACTIVATION_MAX_PRECISION || fmpq_sgn(Z->rad) < 0
        || qmat_rows(Z) != qmat_rows(Phi) || qmat_cols(Z) != qmat_cols(Phi)
        || !work_take(qmat_rows(Z), 8, qmat_cols(Z), prec + 512,
                      prec + 512 + qmat_length(Z) + qmat_length(Phi)))
        return 0;
    arb_init(radius);
    arb_init(x);
    arb_init(y);
    arb_init(phi);
    fmpq_set_si(r, n, 1);
    number_sqrt_upper(r, r);
    if (n > 0)
        number_div(r, Z->rad, r);
    number_round_down(r, r);
    arb_set_fmpq(radius, r, prec);
    for (i = 0; i < qmat_rows(Z) && ok; i++)
        for (j = 0; j < qmat_cols(Z) && ok; j++)
        {
            activation_entry(phi, Phi, i, j, prec);
            activation_entry(x, Z, i, j, prec);
            arb_sub(x, x, radius, prec);
            activation_arb(y, x, s, prec);
            ok = arb_is_finite(y) && arb_le(y, phi);
            activation_entry(x, Z, i, j, prec);
            arb_add(x, x, radius, prec);
            activation_arb(y, x, s, prec);
            ok = ok && arb_is_finite(y) && arb_le(phi, y);
        }
    arb_clear(radius);
    arb_clear(x);
    arb_clear(y);
    arb_clear(phi);
    return ok;
}

void
fact_preimage(qmat_t Z, facts_t *f, const char *role, const qmat_t Phi, const activation_t *s)
{
    const evidence_t *e = fact_leaf(f, role, Phi, s, 1);

    if (e == NULL || !activation_check_preimage(e->A, Phi, s, e->precision))
    {
        facts_fail(f, role, "the ball does not contain the preimage of the features");
        return;
    }
    qmat_set(Z, e->A);
    number_round_up(Z->rad, Z->rad);
    facts_note(f, role, "\\text{error of the enclosed } W_1 X, \\|\\cdot\\|_F", "\\le", Z->rad);
}
