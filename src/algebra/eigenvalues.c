/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include "approx.h"
#include "eigenvalues.h"
#include "kernel/number.h"
#include "text/decimal.h"

/* y := f(den t), precise enough to show its sign; f has no rational root. */
static int
value(arb_t y, const fmpz_poly_t f, const fmpz_t den, const fmpq_t t)
{
    slong i, prec, n = fmpz_poly_degree(f);
    slong enough = 2 * (FLINT_ABS(fmpz_poly_max_bits(f)) + (n + 1) * (fmpz_bits(den) + fmpz_bits(fmpq_numref(t))
                                                                     + fmpz_bits(fmpq_denref(t))));
    arb_t x, c;

    arb_init(x);
    arb_init(c);
    for (prec = 128; ; prec *= 2)
    {   /* t is dyadic: exact once the precision is large enough */
        arb_set_fmpq(x, t, prec);
        arb_mul_fmpz(x, x, den, prec);
        arb_zero(y);
        for (i = n; i >= 0; i--)
        {
            arb_set_round_fmpz(c, f->coeffs + i, prec);
            arb_mul(y, y, x, prec);
            arb_add(y, y, c, prec);
        }
        if (!arb_contains_zero(y) || prec > enough)
            break;
    }
    arb_clear(x);
    arb_clear(c);
    return arf_sgn(arb_midref(y));
}

/* How many roots of f, all real, exceed den t: Descartes' rule is exact then. */
static slong
roots_above(const fmpz_poly_t f, const fmpz_t den, const fmpq_t t)
{
    slong i, n = fmpz_poly_degree(f), changes = 0;
    int last = 0;
    fmpz_poly_t g;
    fmpz_t p, q;

    fmpz_poly_init(g);
    fmpz_init(p);
    fmpz_init(q);
    fmpz_poly_set(g, f);
    fmpz_one(q);
    for (i = n; i >= 0; i--)
    {   /* q^n f(x / q) */
        fmpz_mul(g->coeffs + i, g->coeffs + i, q);
        fmpz_mul(q, q, fmpq_denref(t));
    }
    fmpz_mul(p, den, fmpq_numref(t));
    fmpz_poly_taylor_shift(g, g, p);
    for (i = 0; i <= n; i++)
    {
        int sign = fmpz_sgn(g->coeffs + i);
        changes += sign * last < 0;
        if (sign != 0)
            last = sign;
    }
    fmpz_poly_clear(g);
    fmpz_clear(p);
    fmpz_clear(q);
    return changes;
}

static void
middle(fmpq_t m, const fmpq_t a, const fmpq_t b)
{
    fmpq_add(m, a, b);
    fmpq_div_2exp(m, m, 1);
}

/* Splits (a, b), with below and above roots of f at and beyond its ends, into intervals with
   one root each, from the position at on. */
static slong
isolate(eigenvalues_t *e, slong at, slong i, const fmpq_t a, slong above_a, const fmpq_t b, slong above_b)
{
    fmpq_t m;
    slong above;

    if (above_a == above_b)
        return at;
    if (above_a - above_b == 1)
    {
        fmpq_set(e->a + at, a);
        fmpq_set(e->b + at, b);
        e->factor[at] = i;
        return at + 1;
    }
    fmpq_init(m);
    middle(m, a, b);
    above = roots_above(e->f->p + i, e->den, m);
    at = isolate(e, at, i, a, above_a, m, above);
    at = isolate(e, at, i, m, above, b, above_b);
    fmpq_clear(m);
    return at;
}

/* Isolates the roots of factor i between the points s (descending cells of approximations): where
   every sign changes, each cell has one; otherwise by counting. */
static slong
isolate_factor(eigenvalues_t *e, slong at, slong i, const fmpq *s, slong points)
{
    const fmpz_poly_struct *f = e->f->p + i;
    slong j, degree = fmpz_poly_degree(f), changes = 0, start = at;
    int last = 0;
    arb_t y;

    arb_init(y);
    for (j = 0; j < points; j++)
    {
        int sign = value(y, f, e->den, s + j);
        if (sign * last < 0)
        {
            if (changes++ < degree)
            {
                fmpq_set(e->a + at, s + j - 1);
                fmpq_set(e->b + at, s + j);
                e->factor[at++] = i;
            }
        }
        last = sign;
    }
    arb_clear(y);
    if (changes != degree)
        at = isolate(e, start, i, s, degree, s + points - 1, 0);
    return at;
}

/* Shrinks the interval (a, b) of eigenvalue i until b - a <= 2^-bits max(|a|, |b|) and zero is
   outside, by quadratic interval refinement. */
static void
refine(eigenvalues_t *e, slong i, slong bits)
{
    const fmpz_poly_struct *f = e->f->p + e->factor[i];
    slong k = 2;                        /* 2^k parts are tried */
    fmpq *a = e->a + i, *b = e->b + i;
    fmpq_t w, t, l, r;
    arb_t fa, fb, fl, fr;
    fmpz_t j;

    if (fmpq_equal(a, b))
        return;
    fmpq_init(w);
    fmpq_init(t);
    fmpq_init(l);
    fmpq_init(r);
    arb_init(fa);
    arb_init(fb);
    arb_init(fl);
    arb_init(fr);
    fmpz_init(j);
    value(fa, f, e->den, a);
    value(fb, f, e->den, b);
    for (;;)
    {
        fmpq_sub(w, b, a);
        fmpq_abs(t, fmpq_sgn(b) > 0 ? b : a);
        fmpq_div_2exp(t, t, bits);
        if (fmpq_sgn(a) * fmpq_sgn(b) > 0 && fmpq_cmp(w, t) <= 0)
            break;
        /* the part in which the secant vanishes */
        arb_sub(fr, fa, fb, 64);
        arb_div(fl, fa, fr, 64 + k);
        arb_mul_2exp_si(fl, fl, k);
        if (arb_is_finite(fl))
            arf_get_fmpz(j, arb_midref(fl), ARF_RND_FLOOR);
        else
            fmpz_zero(j);
        fmpq_div_2exp(t, w, k);
        fmpq_mul_fmpz(l, t, j);
        fmpq_add(l, l, a);
        fmpq_add(r, l, t);
        if (fmpz_sgn(j) >= 0 && fmpz_bits(j) <= (mp_bitcnt_t) k
            && value(fl, f, e->den, l) == arf_sgn(arb_midref(fa)) && value(fr, f, e->den, r) == arf_sgn(arb_midref(fb)))
        {
            fmpq_swap(a, l);
            fmpq_swap(b, r);
            arb_swap(fa, fl);
            arb_swap(fb, fr);
            k = FLINT_MIN(2 * k, 2 * bits + 8);
            continue;
        }
        k = FLINT_MAX(k / 2, 1);
        middle(t, a, b);
        if (value(fl, f, e->den, t) == arf_sgn(arb_midref(fa)))
        {
            fmpq_swap(a, t);
            arb_swap(fa, fl);
        }
        else
        {
            fmpq_swap(b, t);
            arb_swap(fb, fl);
        }
    }
    fmpq_clear(w);
    fmpq_clear(t);
    fmpq_clear(l);
    fmpq_clear(r);
    arb_clear(fa);
    arb_clear(fb);
    arb_clear(fl);
    arb_clear(fr);
    fmpz_clear(j);
}

/* s := dyadic points between clusters of approximate eigenvalues, ascending, the first and the
   last beyond all of them; returns how many. */
static slong
separators(fmpq *s, const qmat_t A)
{
    slong i, j, n = qmat_rows(A), count = 0, shift = approx_exponent(A);
    double *w = flint_malloc(n * sizeof *w), *K = approx_matrix(A, shift), top = 0;
    fmpq_t sum, x;

    /* the largest row sum bounds all eigenvalues */
    fmpq_init(sum);
    fmpq_init(x);
    fmpq_one(s);
    for (i = 0; i < n; i++)
    {
        fmpq_zero(sum);
        for (j = 0; j < n; j++)
        {
            qmat_get_entry(x, A, i, j);
            fmpq_abs(x, x);
            fmpq_add(sum, sum, x);
        }
        if (fmpq_cmp(sum, s) > 0)
            fmpq_set(s, sum);
    }
    fmpz_cdiv_q(fmpq_numref(s), fmpq_numref(s), fmpq_denref(s));
    fmpz_one(fmpq_denref(s));
    fmpz_add_ui(fmpq_numref(s), fmpq_numref(s), 1);
    fmpq_neg(x, s);
    fmpq_swap(s, x);
    count = 1;
    if (approx_eigen(w, K, n, 0))
    {
        for (i = 0; i < n; i++)
            top = fmax(top, fabs(w[i]));
        for (i = 1; i < n; i++)
            if (w[i] - w[i - 1] > 1e-12 * n * top)
            {
                approx_to_fmpq(s + count, (w[i] + w[i - 1]) / 2, 53, 0);
                if (shift >= 0)
                    fmpq_mul_2exp(s + count, s + count, shift);
                else
                    fmpq_div_2exp(s + count, s + count, -shift);
                count++;
            }
    }
    fmpq_set(s + count++, x);
    flint_free(w);
    flint_free(K);
    fmpq_clear(sum);
    fmpq_clear(x);
    return count;
}

/* y := a bound of sqrt(x) that is precise to so many bits; exact if the root is rational. */
static void
root_bound(fmpq_t y, const fmpq_t x, slong bits, int up)
{
    slong k = bits + ((slong) fmpz_bits(fmpq_denref(x)) - (slong) fmpz_bits(fmpq_numref(x))) / 2;

    k = FLINT_MAX(k, 0);
    fmpq_mul_2exp(y, x, 2 * k);
    if (up)
        number_sqrt_upper(y, y);
    else
        number_sqrt_lower(y, y);
    fmpq_div_2exp(y, y, k);
}

/* low and high := the intervals of e, or of the square roots, as decimals of so many digits;
   1 if they are disjoint, and zero in none but its own. */
static int
decimals(fmpq *low, fmpq *high, eigenvalues_t *e, int digits, int roots)
{
    slong i;
    int apart = 1;
    fmpq_t below, lo, hi;

    fmpq_init(below);
    fmpq_init(lo);
    fmpq_init(hi);
    for (i = 0; i < e->n; i++)
    {
        fmpq_set(low + i, e->a + i);
        fmpq_set(high + i, e->b + i);
        if (roots)
        {
            root_bound(low + i, low + i, 4 * digits + 8, 0);
            root_bound(high + i, high + i, 4 * digits + 8, 1);
        }
        decimal_round(lo, low + i, digits, 0);
        decimal_round(hi, high + i, digits, 1);
        apart &= (i == 0 || fmpq_cmp(hi, below) < 0)
            && fmpq_sgn(lo) == fmpq_sgn(low + i) && fmpq_sgn(hi) == fmpq_sgn(high + i);
        fmpq_set(below, lo);
        if (!fmpq_equal(low + i, high + i))
        {
            fmpq_set(low + i, lo);
            fmpq_set(high + i, hi);
        }
    }
    fmpq_clear(below);
    fmpq_clear(lo);
    fmpq_clear(hi);
    return apart;
}

/* Swaps eigenvalues j - 1 and j. */
static void
swap_before(eigenvalues_t *e, slong j)
{
    slong k = e->factor[j];

    fmpq_swap(e->a + j, e->a + j - 1);
    fmpq_swap(e->b + j, e->b + j - 1);
    e->factor[j] = e->factor[j - 1];
    e->factor[j - 1] = k;
}

/* decimals, with more of them until they are disjoint. */
static int
disjoint_decimals(fmpq *low, fmpq *high, eigenvalues_t *e, int digits, int roots)
{
    slong i, j;

    for (; ; digits += FLINT_MAX(4, digits / 3))
    {
        for (i = 0; i < e->n; i++)
            refine(e, i, 4 * digits + 8);
        for (i = 1; i < e->n; i++)              /* largest first */
            for (j = i; j > 0 && fmpq_cmp(e->a + j - 1, e->a + j) < 0; j--)
                swap_before(e, j);
        if (decimals(low, high, e, digits, roots))
            return digits;
    }
}

int
eigenvalues_roots(fmpq *low, fmpq *high, eigenvalues_t *e, int digits)
{
    return disjoint_decimals(low, high, e, digits, 1);
}

void
eigenvalues_init(eigenvalues_t *e, const qmat_t A, int digits)
{
    slong i, n = qmat_rows(A), points;
    fmpq *s = _fmpq_vec_init(n + 2);
    fmpz_poly_t f;

    fmpz_poly_init(f);
    fmpz_poly_factor_init(e->f);
    fmpz_init_set(e->den, A->den);
    e->room = n;
    e->low = _fmpq_vec_init(n);
    e->high = _fmpq_vec_init(n);
    e->a = _fmpq_vec_init(n);
    e->b = _fmpq_vec_init(n);
    e->multiplicity = flint_malloc((n + 1) * sizeof(slong));
    e->factor = flint_malloc((n + 1) * sizeof(slong));
    fmpz_mat_charpoly(f, A->num);               /* of den A */
    fmpz_poly_factor(e->f, f);
    fmpz_poly_clear(f);
    points = separators(s, A);
    for (e->n = 0, i = 0; i < e->f->num; i++)
    {
        const fmpz_poly_struct *p = e->f->p + i;
        if (fmpz_poly_degree(p) > 1)
        {
            e->n = isolate_factor(e, e->n, i, s, points);
            continue;
        }
        /* -c_0 / (c_1 den) */
        fmpq_set_fmpz_frac(e->a + e->n, p->coeffs, p->coeffs + 1);
        fmpq_neg(e->a + e->n, e->a + e->n);
        fmpq_div_fmpz(e->a + e->n, e->a + e->n, e->den);
        fmpq_set(e->b + e->n, e->a + e->n);
        e->factor[e->n++] = i;
    }
    _fmpq_vec_clear(s, n + 2);
    e->digits = disjoint_decimals(e->low, e->high, e, digits, 0);
    for (i = 0; i < e->n; i++)
        e->multiplicity[i] = e->f->exp[e->factor[i]];
}

void
eigenvalues_clear(eigenvalues_t *e)
{
    _fmpq_vec_clear(e->low, e->room);
    _fmpq_vec_clear(e->high, e->room);
    _fmpq_vec_clear(e->a, e->room);
    _fmpq_vec_clear(e->b, e->room);
    flint_free(e->multiplicity);
    flint_free(e->factor);
    fmpz_poly_factor_clear(e->f);
    fmpz_clear(e->den);
}

void
eigenvalue_ball(arb_t x, eigenvalues_t *e, slong i, slong prec)
{
    arb_t y;

    refine(e, i, prec);
    arb_init(y);
    arb_set_fmpq(x, e->a + i, prec + 32);
    arb_set_fmpq(y, e->b + i, prec + 32);
    if (!fmpq_equal(e->a + i, e->b + i))
        arb_union(x, x, y, prec + 32);
    arb_clear(y);
}
