/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "limits.h"
#include "roots.h"
#include "scope.h"

/* Bits of the first balls, and the most. */
enum { ROOT_BITS = 64, ROOT_BITS_MOST = 1 << 16 };

/* The cost of one attempt: iterations for all roots at once. */
static int
cost(const fmpz_poly_t f, slong prec)
{
    slong n = fmpz_poly_degree(f);

    return work_take(192 * n, n + 1, 1, FLINT_ABS(fmpz_poly_max_bits(f)) + prec, prec);
}

/* By the midpoints of the real parts. */
static void
sort_balls(acb_ptr x, slong n)
{
    slong i, j;

    for (i = 1; i < n; i++)
        for (j = i; j > 0 && arf_cmp(arb_midref(acb_realref(x + j)), arb_midref(acb_realref(x + j - 1))) < 0; j--)
            acb_swap(x + j, x + j - 1);
}

/* The roots of f, which are real, as disjoint balls, ascending, at *prec bits, or the first 2^k times that which separate them: *prec becomes that.  NULL beyond
   the limits, or if they are not shown to be real. */
static acb_ptr
balls(const fmpz_poly_t f, slong *prec)
{
    slong i, n = fmpz_poly_degree(f);
    acb_ptr x = _acb_vec_init(n);
    acb_poly_t g;
    int found = 0;

    acb_poly_init(g);
    for (; *prec <= ROOT_BITS_MOST && cost(f, *prec); *prec *= 2)
    {
        acb_poly_set_fmpz_poly(g, f, *prec);
        if (acb_poly_find_roots(x, g, NULL, 0, *prec) == n && acb_poly_validate_real_roots(x, g, *prec))
        {   /* isolated; those that touch the real axis are real */
            found = 1;
            break;
        }
    }
    acb_poly_clear(g);
    for (i = 0; i < n && found; i++)
        found = arb_contains_zero(acb_imagref(x + i));
    if (!found)
    {
        _acb_vec_clear(x, n);
        return NULL;
    }
    sort_balls(x, n);
    return x;
}

/* More bits; 0 beyond the limits. */
static int
refine(root_t *r)
{
    slong prec = 2 * r->prec;
    acb_ptr x = prec <= ROOT_BITS_MOST ? balls(r->f, &prec) : NULL;
    int same;

    if (x == NULL)
        return 0;
    r->prec = prec;
    same = arb_overlaps(r->x, acb_realref(x + r->index));
    arb_set(r->x, acb_realref(x + r->index));
    _acb_vec_clear(x, fmpz_poly_degree(r->f));
    return same;
}

/* 1 if a > b, two numbers that are not equal; 0 if not, or beyond the limits. */
static int
is_larger(root_t *a, root_t *b)
{
    while (arb_overlaps(a->x, b->x))
        if (!refine(a) || !refine(b))
            return 0;
    return arb_gt(a->x, b->x);
}

static void
root_swap(root_t *a, root_t *b)
{
    root_t t = *a;

    *a = *b;
    *b = t;
}

/* 1 if the balls of none of n real numbers contain 0. */
static int
have_signs(acb_srcptr x, slong n)
{
    slong i;

    for (i = 0; i < n; i++)
        if (arb_contains_zero(acb_realref(x + i)))
            return 0;
    return 1;
}

/* The positive roots of a square-free g with g(0) != 0, behind those that are there; 0 beyond the limits, or if a root is not real. */
static int
add_roots(root_t **r, slong *count, const fmpz_poly_t g, slong multiplicity)
{
    slong i, prec = ROOT_BITS, n = fmpz_poly_degree(g);
    acb_ptr x = balls(g, &prec);

    *r = flint_realloc(*r, (*count + n + 1) * sizeof **r);
    while (x != NULL && !have_signs(x, n))
    {
        _acb_vec_clear(x, n);
        prec *= 2;
        x = balls(g, &prec);
    }
    for (i = 0; i < n && x != NULL; i++)
        if (arb_is_positive(acb_realref(x + i)))
        {
            root_t *t = *r + (*count)++;
            fmpz_poly_init(t->f);
            fmpz_poly_set(t->f, g);
            arb_init(t->x);
            arb_set(t->x, acb_realref(x + i));
            t->index = i;
            t->prec = prec;
            t->multiplicity = multiplicity;
        }
    if (x == NULL)
        return 0;
    _acb_vec_clear(x, n);
    return 1;
}

root_t *
roots_positive(slong *count, const fmpz_poly_t f)
{
    slong i, j, n = fmpz_poly_degree(f), zeros = 0, bits = FLINT_ABS(fmpz_poly_max_bits(f));
    root_t *r = flint_malloc(sizeof *r);
    fmpz_poly_t g;
    fmpz_poly_factor_t factors;
    int ok;

    *count = 0;
    fmpz_poly_init(g);
    fmpz_poly_factor_init(factors);
    while (zeros < n && fmpz_is_zero(f->coeffs + zeros))
        zeros++;
    fmpz_poly_shift_right(g, f, zeros);
    ok = n >= 0 && work_take(n + 1, n + 1, 1, n * bits, n * bits);
    if (ok && n > zeros)
        fmpz_poly_factor_squarefree(factors, g);
    for (i = 0; i < factors->num && ok; i++)
        ok = fmpz_poly_degree(factors->p + i) < 1 || add_roots(&r, count, factors->p + i, factors->exp[i]);
    for (i = 1; i < *count && ok; i++)
        for (j = i; j > 0 && is_larger(r + j, r + j - 1); j--)
            root_swap(r + j, r + j - 1);
    ok = ok && work_exceeded() == NULL;
    for (i = 1; i < *count && ok; i++)
        ok = arb_gt(r[i - 1].x, r[i].x);
    fmpz_poly_clear(g);
    fmpz_poly_factor_clear(factors);
    if (ok)
        return r;
    roots_clear(r, *count);
    *count = -1;
    return NULL;
}

void
roots_clear(root_t *r, slong count)
{
    slong i;

    for (i = 0; i < count; i++)
    {
        fmpz_poly_clear(r[i].f);
        arb_clear(r[i].x);
    }
    flint_free(r);
}

/* y := p at the ball of the root. */
static int
value(arb_t y, const root_t *r, const fmpz_poly_t p)
{
    if (!work_take(1, fmpz_poly_length(p) + 1, 1, FLINT_ABS(fmpz_poly_max_bits(p)) + r->prec, r->prec))
        return 0;
    arb_fmpz_poly_evaluate_arb(y, p, r->x, r->prec);
    return 1;
}

/* *zero := whether p is 0 at the root: exactly one of g = gcd(f, p) and f / g is, because f has no root twice. */
static int
is_zero(int *zero, root_t *r, const fmpz_poly_t p)
{
    slong bits = FLINT_ABS(fmpz_poly_max_bits(p)) + FLINT_ABS(fmpz_poly_max_bits(r->f));
    slong n = fmpz_poly_length(p) + fmpz_poly_length(r->f);
    fmpz_poly_t g, rest;
    arb_t y;
    int known = 0, more;

    fmpz_poly_init(g);
    fmpz_poly_init(rest);
    arb_init(y);
    more = work_take(n, n, 1, bits, bits);
    if (more)
    {
        fmpz_poly_gcd(g, r->f, p);
        fmpz_poly_div(rest, r->f, g);
    }
    if (more && fmpz_poly_degree(g) < 1)
    {
        known = 1;
        *zero = 0;
    }
    for (; more && !known; more = refine(r))
        if (value(y, r, g) && !arb_contains_zero(y))
            known = 1, *zero = 0;
        else if (value(y, r, rest) && !arb_contains_zero(y))
            known = 1, *zero = 1;
    arb_clear(y);
    fmpz_poly_clear(g);
    fmpz_poly_clear(rest);
    return known;
}

int
root_sign(int *sign, root_t *r, const fmpz_poly_t p)
{
    int zero = 0, more = 1, known = 0;
    arb_t y;

    *sign = 0;
    arb_init(y);
    if (value(y, r, p) && arb_contains_zero(y))
    {
        more = is_zero(&zero, r, p);
        known = zero;
    }
    for (; more && !known; more = known || refine(r))
        if (value(y, r, p) && !arb_contains_zero(y))
        {
            *sign = arb_is_positive(y) ? 1 : -1;
            known = 1;
        }
    arb_clear(y);
    return known;
}

int
roots_sum_sign(int *sign, root_t **r, const fmpz_poly_struct *p, slong n, const fmpq_t c)
{
    slong i, prec = 0;
    int more = 1, known = 0;
    arb_t y, sum;

    arb_init(y);
    arb_init(sum);
    while (more && !known)
    {
        for (i = 0; i < n; i++)
            prec = FLINT_MAX(prec, r[i]->prec);
        arb_set_fmpq(sum, c, prec);
        for (i = 0; i < n && more; i++)
        {
            more = value(y, r[i], p + i);
            arb_add(sum, sum, y, prec);
        }
        known = more && !arb_contains_zero(sum);
        for (i = 0; i < n && more && !known; i++)
            more = refine(r[i]);
        if (n == 0 && !known)
            more = 0;
    }
    *sign = arb_is_positive(sum) ? 1 : -1;
    arb_clear(y);
    arb_clear(sum);
    return known;
}

int
root_is_integer(fmpz_t x, root_t *r)
{
    INTEGERS(y);

    /* a ball of a radius below 1/2 contains one integer at most */
    while (mag_cmp_2exp_si(arb_radref(r->x), -2) > 0)
        if (!refine(r))
            return 0;
    if (!arb_get_unique_fmpz(x, r->x) || !work_take(1, fmpz_poly_length(r->f), 1, FLINT_ABS(fmpz_poly_max_bits(r->f)), fmpz_poly_length(r->f) * fmpz_bits(x)))
        return 0;
    fmpz_poly_evaluate_fmpz(y, r->f, x);
    return fmpz_is_zero(y);
}
