/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entropy.h"
#include "limits.h"
#include "number.h"
#include "scope.h"

#define PRECISION 192

/* Takes the cost of n values of logarithm or exponential: about 4 products of such numbers
   each. */
static int
take(slong n)
{
    return work_take(n, 4, 1, 2 * PRECISION, 2 * PRECISION);
}

/* y := a rounded down or up to a multiple of 2^-PRECISION: however small a is, y is short. */
static void
fixed(fmpq_t y, const arf_t a, int up)
{
    arf_t t;

    if (!arf_is_finite(a))
        flint_abort();
    arf_init(t);
    arf_mul_2exp_si(t, a, PRECISION);
    arf_get_fmpz(fmpq_numref(y), t, up ? ARF_RND_CEIL : ARF_RND_FLOOR);
    fmpz_one(fmpq_denref(y));
    fmpq_div_2exp(y, y, PRECISION);
    arf_clear(t);
}

static void
ends(fmpq_t low, fmpq_t high, const arb_t x)
{
    arf_t a;

    arf_init(a);
    arb_get_lbound_arf(a, x, PRECISION);
    fixed(low, a, 0);
    arb_get_ubound_arf(a, x, PRECISION);
    fixed(high, a, 1);
    arf_clear(a);
}

void
entropy_lower(fmpq_t low, const fmpq *p, slong n)
{
    slong k;
    arb_ptr x, sum;
    NUMBERS(high);

    fmpq_zero(low);
    if (!take(n))
        return;
    x = _arb_vec_init(3);
    sum = x + 2;
    for (k = 0; k < n; k++)
        if (fmpq_sgn(p + k) > 0)
        {
            arb_set_fmpq(x, p + k, PRECISION);
            arb_log(x + 1, x, PRECISION);
            arb_submul(sum, x, x + 1, PRECISION);
        }
    ends(low, high, sum);
    _arb_vec_clear(x, 3);
}

/* The index of the largest number. */
static slong
largest(const fmpq *q, slong n)
{
    slong k, top = 0;
    NUMBERS(t);

    for (k = 1; k < n; k++)
    {
        number_sub(t, q + k, q + top);
        if (fmpq_sgn(t) > 0)
            top = k;
    }
    return top;
}

/* e_k := exp(q_k - q_top), all at most about 1; e_n = 0 := their sum. */
static void
exponentials(arb_ptr e, const fmpq *q, slong n, slong top)
{
    slong k;
    NUMBERS(t);

    for (k = 0; k < n; k++)
    {
        number_sub(t, q + k, q + top);
        arb_set_fmpq(e + k, t, PRECISION);
        arb_exp(e + k, e + k, PRECISION);
        arb_add(e + n, e + n, e + k, PRECISION);
    }
}

void
log_sum_exp(fmpq_t low, fmpq_t high, const fmpq *q, slong n)
{
    slong top = largest(q, n);
    arb_ptr e;

    fmpq_zero(low);
    fmpq_zero(high);
    if (!take(n))
        return;
    e = _arb_vec_init(n + 1);
    exponentials(e, q, n, top);
    arb_log(e + n, e + n, PRECISION);
    ends(low, high, e + n);
    number_add(low, low, q + top);
    number_add(high, high, q + top);
    _arb_vec_clear(e, n + 1);
}

void
softmax(fmpq *p, fmpq_t error, const fmpq *q, slong n)
{
    slong k, equal = 1;
    arb_ptr e;
    NUMBERS(t);

    fmpq_zero(error);
    while (equal < n && fmpq_equal(q + equal, q))
        equal++;
    for (k = 0; k < n; k++)
        fmpq_set_si(p + k, equal == n, n);
    if (equal == n || !take(n))
        return;
    e = _arb_vec_init(n + 1);
    exponentials(e, q, n, largest(q, n));
    for (k = 0; k < n; k++)
    {
        arb_div(e + k, e + k, e + n, PRECISION);
        ends(p + k, t, e + k);
        fmpq_sub(t, t, p + k);
        if (fmpq_cmp(t, error) > 0)
            fmpq_set(error, t);
    }
    _arb_vec_clear(e, n + 1);
}

void
root_upper(fmpq_t y, const fmpq_t x, slong n)
{
    slong shift;
    INTEGERS(num, r);

    if (n == 1 || fmpq_is_zero(x))
    {
        fmpq_set(y, x);
        return;
    }
    /* ceil((x 2^{n s})^{1/n}) / 2^s, s so that about 64 bits come before the point */
    shift = 64 + fmpz_bits(fmpq_denref(x)) / n + 1;
    if (!work_take(1, 8, 1, n * shift, n * shift))
        return;
    fmpz_mul_2exp(num, fmpq_numref(x), n * shift);
    fmpz_cdiv_q(num, num, fmpq_denref(x));
    fmpz_root(r, num, n);
    fmpz_add_ui(r, r, 1);
    fmpz_set(fmpq_numref(y), r);
    fmpz_one(fmpq_denref(y));
    fmpq_div_2exp(y, y, shift);
}
