/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include "eigenvalues.h"
#include "../certificate/certificate.h"
#include "../kernel/spectrum.h"

#define DIGITS 10               /* of an eigenvalue in a certificate */

/* Balls around the roots of factor i, all real, divided by den. */
static slong
roots(arb_ptr x, const eigenvalues_t *e, slong i, slong prec)
{
    slong j, degree = fmpz_poly_degree(e->f->p + i);
    acb_ptr z = _acb_vec_init(degree);

    arb_fmpz_poly_complex_roots(z, e->f->p + i, 0, prec);
    for (j = 0; j < degree; j++)
        arb_div_fmpz(x + j, acb_realref(z + j), e->den, prec);
    _acb_vec_clear(z, degree);
    return degree;
}

static void
bounds(fmpq_t low, fmpq_t high, const arb_t x, int digits)
{
    arf_t a;

    arf_init(a);
    arb_get_lbound_arf(a, x, 64 + 4 * digits);
    arf_get_fmpq(low, a);
    decimal_round(low, low, digits, 0);
    arb_get_ubound_arf(a, x, 64 + 4 * digits);
    arf_get_fmpq(high, a);
    decimal_round(high, high, digits, 1);
    arf_clear(a);
}

void
eigenvalues_init(eigenvalues_t *e, const qmat_t A, int digits)
{
    slong i, j, k, n = qmat_rows(A);
    arb_ptr x = _arb_vec_init(n);
    fmpz_poly_t f;
    int apart = 0;

    fmpz_poly_init(f);
    fmpz_poly_factor_init(e->f);
    fmpz_init_set(e->den, A->den);
    e->low = _fmpq_vec_init(n);
    e->high = _fmpq_vec_init(n);
    e->multiplicity = flint_malloc((n + 1) * sizeof(slong));
    e->factor = flint_malloc((n + 1) * sizeof(slong));
    e->n = 0;
    fmpz_mat_charpoly(f, A->num);               /* of den A */
    fmpz_poly_factor(e->f, f);
    fmpz_poly_clear(f);
    for (; !apart; digits *= 2)
    {
        fmpq_t low, high;
        fmpq_init(low);
        fmpq_init(high);
        e->n = 0;
        for (i = 0; i < e->f->num; i++)
        {
            const fmpz_poly_struct *p = e->f->p + i;
            slong degree = fmpz_poly_degree(p);
            if (degree > 1)
                roots(x, e, i, 64 + 4 * digits);
            for (j = 0; j < degree; j++)
            {
                if (degree > 1)
                    bounds(low, high, x + j, digits);
                else
                {   /* -c_0 / (c_1 den) */
                    fmpq_set_fmpz_frac(low, p->coeffs, p->coeffs + 1);
                    fmpq_neg(low, low);
                    fmpq_div_fmpz(low, low, e->den);
                    fmpq_set(high, low);
                }
                for (k = e->n; k > 0 && fmpq_cmp(e->low + k - 1, low) < 0; k--)
                {
                    fmpq_swap(e->low + k, e->low + k - 1);
                    fmpq_swap(e->high + k, e->high + k - 1);
                    e->multiplicity[k] = e->multiplicity[k - 1];
                    e->factor[k] = e->factor[k - 1];
                }
                fmpq_set(e->low + k, low);
                fmpq_set(e->high + k, high);
                e->multiplicity[k] = e->f->exp[i];
                e->factor[k] = i;
                e->n++;
            }
        }
        apart = 1;
        for (k = 0; k < e->n; k++)
            apart &= (k == 0 || fmpq_cmp(e->high + k, e->low + k - 1) < 0)
                && (fmpq_equal(e->low + k, e->high + k)
                    || fmpq_sgn(e->low + k) * fmpq_sgn(e->high + k) > 0);
        fmpq_clear(low);
        fmpq_clear(high);
    }
    _arb_vec_clear(x, n);
}

void
eigenvalues_clear(eigenvalues_t *e)
{
    slong n = 0, i;

    for (i = 0; i < e->f->num; i++)
        n += e->f->exp[i] * fmpz_poly_degree(e->f->p + i);
    _fmpq_vec_clear(e->low, n);
    _fmpq_vec_clear(e->high, n);
    flint_free(e->multiplicity);
    flint_free(e->factor);
    fmpz_poly_factor_clear(e->f);
    fmpz_clear(e->den);
}

void
eigenvalue_ball(arb_t x, const eigenvalues_t *e, slong i, slong prec)
{
    slong j, degree = fmpz_poly_degree(e->f->p + e->factor[i]);
    arb_ptr y;

    arb_set_fmpq(x, e->low + i, prec);
    if (fmpq_equal(e->low + i, e->high + i))
        return;
    arb_set_fmpq(x, e->high + i, prec);
    y = _arb_vec_init(degree + 1);
    arb_set_fmpq(y + degree, e->low + i, prec);
    arb_union(x, x, y + degree, prec);
    roots(y, e, e->factor[i], prec);
    for (j = 0; j < degree && !arb_overlaps(x, y + j); j++)
        ;
    if (j < degree)
        arb_set(x, y + j);
    _arb_vec_clear(y, degree + 1);
}

int
oracle_patterns(conclusion_t *k, const problem_t *P, const moments_t *M)
{
    slong i, j;
    qmat_t Sigma, C;
    int ok = 1;

    conclusion_drop_patterns(k);
    qmat_init(Sigma, 0, 0);
    qmat_init(C, 0, 0);
    for (j = 0; j < pattern_count(P) && ok; j++)
    {
        eigenvalues_t e;
        pattern_t *p;
        ok = pattern_matrices(Sigma, C, P, M, j);
        if (!ok)
            break;
        eigenvalues_init(&e, Sigma, DIGITS);
        p = conclusion_add_pattern(k, e.n);
        for (i = 0; i < e.n; i++)
        {
            fmpq_set(p->low + i, e.low + i);
            fmpq_set(p->high + i, e.high + i);
            p->multiplicity[i] = e.multiplicity[i];
        }
        if (qmat_rows(C) > 0)
        {
            spectrum_t part;
            spectrum_init(&part, C);
            for (i = 0; i < e.n; i++)
                p->captured[i] = spectrum_multiplicity(&part, p->low + i, p->high + i);
            spectrum_clear(&part);
        }
        eigenvalues_clear(&e);
    }
    if (!ok)
        conclusion_drop_patterns(k);
    qmat_clear(Sigma);
    qmat_clear(C);
    return ok;
}
