/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "limits.h"
#include "spectrum.h"
#include "scope.h"

int
spectrum_init(spectrum_t *s, const qmat_t A)
{
    slong i, bits, n = qmat_rows(A);
    fmpz_poly_t f;

    if (!qmat_is_exact(A) || n != qmat_cols(A))
        flint_abort();
    fmpz_poly_factor_init(s->f);
    fmpz_init_set(s->den, A->den);
    s->distinct = 0;
    /* modulo n bits / 64 primes, the remainders combined; then greatest common
       divisors of polynomials whose coefficients have n times the bits of an entry */
    bits = FLINT_ABS(fmpz_mat_max_bits(A->num)) + 10;
    if (!work_take(n, 2 * n * n, n, bits, 0) || !work_take(n, 2 * n, n, bits, bits)
        || !work_take(1, n, 1, n * bits, n * bits))
        return 0;
    fmpz_poly_init(f);
    fmpz_mat_charpoly(f, A->num);
    fmpz_poly_factor_squarefree(s->f, f);
    for (i = 0; i < s->f->num; i++)
        s->distinct += fmpz_poly_degree(s->f->p + i);
    fmpz_poly_clear(f);
    return 1;
}

void
spectrum_clear(spectrum_t *s)
{
    fmpz_poly_factor_clear(s->f);
    fmpz_clear(s->den);
}

/* The sign of f(x). */
static int
sign_at(const fmpz_poly_t f, const fmpq_t x)
{
    slong n = fmpz_poly_degree(f);
    slong bits = fmpz_bits(fmpq_numref(x)) + fmpz_bits(fmpq_denref(x));
    NUMBERS(y);
    int sign;

    if (!work_take(1, n + 1, 1, FLINT_ABS(fmpz_poly_max_bits(f)) + n * bits, bits))
        return 0;
    fmpz_poly_evaluate_fmpq(y, f, x);
    sign = fmpq_sgn(y);
    return sign;
}

slong
spectrum_multiplicity(const spectrum_t *s, const fmpq_t low, const fmpq_t high)
{
    slong i, found = 0;
    NUMBERS(a, b);

    fmpq_mul_fmpz(a, low, s->den);
    fmpq_mul_fmpz(b, high, s->den);
    for (i = 0; i < s->f->num && work_exceeded() == NULL; i++)
    {
        int u = sign_at(s->f->p + i, a), v = fmpq_equal(a, b) ? u : sign_at(s->f->p + i, b);
        if (fmpq_equal(a, b) ? u == 0 : u * v < 0)
        {
            if (found != 0)
            {
                found = 0;
                break;
            }
            found = s->f->exp[i];
        }
    }
    return work_exceeded() == NULL ? found : 0;
}

int
spectrum_is_distinct(const qmat_t A)
{
    spectrum_t s;
    int distinct = spectrum_init(&s, A) && s.distinct == qmat_rows(A);

    spectrum_clear(&s);
    return distinct;
}
