/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Points near a point: critical-point-within, local-minimum-within, strict-saddle-within.  Roles, preconditions and the forgeries that try
   each of them: doc/rules/within.md.

   Theorem N.  On the ball of radius R around W^1, |grad h(W^1)| <= g, H(W^1) >= mu > 0 and H is M-Lipschitz: if 2 g M <= mu^2 and
   r = 2 g / (mu + sqrt(mu^2 - 2 g M)) <= R, a critical point W lies within r of W^1; it is the only one within R where M t < mu,
   H(W) >= mu - M r, and if that is positive, W is a strict local minimum with h(W^1) - g^2 / (2 (mu - M r)) <= h(W) <= h(W^1).

   Theorem K.  A any matrix, |A|_F <= a, |I - A H(W^1)|_F <= z < 1, (1 - z)^2 >= 2 a^2 g M and
   r = 2 a g / (1 - z + sqrt((1 - z)^2 - 2 a^2 g M)) <= R with a M r < 1 - z: exactly one critical point W lies within r of W^1, and H(W)
   is not singular.  If v^T H(W^1) v <= - nu |v|^2 and nu > M r, the curvature of h at W along v is negative. */
#include "kernel/arrange.h"
#include "kernel/ask.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "rules/gradient_norm.h"
#include "within.h"

/* Bits to which the Hessian is rounded. */
enum { HESSIAN_BITS = 100 };

static const char *const best_word[] = { "best", NULL };
static const field_t parameters[] = {
    { "radius", &value_number, FIELD_CHOSEN | FIELD_UP, best_word, NULL, 0 },
    FIELD_END
};
static const field_t none[] = { FIELD_END };
static const char *const findings[] = { "low", "high", "curvature", "distance", "alone", "fixed", NULL };

typedef enum { CRITICAL, MINIMUM, SADDLE } kind_t;

/* What is known of h around the centre, on the parameters that move. */
typedef struct
{
    slong n;
    fmpq_t g, R, M, r;          /* of the theorems; r once one of them is proved */
    fmpq_t low, high, distance; /* of h at the centre; of the centre */
    qmat_t H;
} near_t;

const char *
within_refuses(const problem_t *P)
{
    const char *why = pass_loss_refuses(P);

    if (why == NULL && network_has_shortcuts(P))
        why = "for networks whose layers see the layer before alone";
    if (why == NULL && P->loss == LOSS_SMOOTH_HINGE)
        why = "loss: the smooth hinge has no third derivative everywhere";
    return why;
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    (void) c;
    return within_refuses(P);
}

static void
near_init(near_t *N)
{
    N->n = 0;
    fmpq_init(N->g);
    fmpq_init(N->R);
    fmpq_init(N->M);
    fmpq_init(N->r);
    fmpq_init(N->low);
    fmpq_init(N->high);
    fmpq_init(N->distance);
    qmat_init(N->H, 0, 0);
}

static void
near_clear(near_t *N)
{
    fmpq_clear(N->g);
    fmpq_clear(N->R);
    fmpq_clear(N->M);
    fmpq_clear(N->r);
    fmpq_clear(N->low);
    fmpq_clear(N->high);
    fmpq_clear(N->distance);
    qmat_clear(N->H);
}

/* R := the radius of the ball, a number of the evidence. */
static int
take_radius(near_t *N, setting_t *s)
{
    within_about_t about = { .about = { within_about_type }, .what = WITHIN_ASKS_RADIUS };
    const fmpq *x = fact_numbers(s->f, "inner", 1, &about.about, 1);

    if (x != NULL && fmpq_sgn(x) < 0)
        facts_fail(s->f, "inner", "the radius is negative");
    else if (x != NULL)
        fmpq_set(N->R, x);
    return !s->f->failed;
}

/* M, on the ball. */
static int
bound_third(near_t *N, const pass_t *p, setting_t *s)
{
    slong k;
    fmpq *rho = _fmpq_vec_init(p->l);
    deviation_t d;
    int ok;

    for (k = 0; k < p->l; k++)
        fmpq_set(rho + k, N->R);
    ok = deviation_init(&d, p, s, rho) && deviation_of_derivatives(&d, p, s, rho);
    if (ok && !within_third(N->M, p, &d, N->R))
        facts_fail(s->f, "limits", "%s", work_exceeded());
    deviation_clear(&d);
    _fmpq_vec_clear(rho, p->l);
    return ok && !s->f->failed;
}

/* Evidence of this order is there, before anything of it is formed. */
static int
is_expected(const near_t *N, facts_t *f)
{
    const evidence_t *inverse = facts_find(f, "inverse");

    return N->n == 0 || (inverse != NULL && qmat_rows(inverse->A) == N->n) || facts_expect_bound(f, "hessian", N->n);
}

/* The loss, the gradient and the Hessian at the centre, of p, on the parameters that move. */
static int
derive(near_t *N, const pass_t *p, setting_t *s, const char *fixed)
{
    const problem_t *P = p->P;
    slong k, i, n = within_order(P), *row = flint_malloc((n + 1) * sizeof *row);
    qmat_struct *g = qmat_vec_init(P->l);
    MATRICES(all);
    NUMBERS(x);
    int ok;

    for (N->n = i = 0; i < n; i++)
        if (!fixed[i])
            row[N->n++] = i;
    qmat_init(all, 0, 1);
    pass_gradient(g, p, s);
    for (k = 0; k < P->l; k++)
    {
        i = qmat_rows(g + k);
        qmat_transpose(g + k, g + k);
        qmat_stack_up(g + k, g + k, i);         /* row by row */
        qmat_stack(all, all, g + k);
    }
    qmat_pick_rows(all, all, row, N->n);
    qmat_frobenius_upper(N->g, all);
    number_round_up(N->g, N->g);
    loss_bounds(N->low, N->high, P, pass_output(p));
    network_decay(x, P);
    number_add(N->low, N->low, x);
    number_add(N->high, N->high, x);
    ok = within_hessian(N->H, p, s, fixed);
    if (ok && !qmat_is_exact(N->H))
        qmat_round(N->H, HESSIAN_BITS);
    if (!ok)
        facts_fail(s->f, "limits", "%s", work_exceeded());
    qmat_vec_clear(g, P->l);
    flint_free(row);
    return ok && !s->f->failed;
}

/* x := p / (q + sqrt(q^2 - p w)) rounded up, q > 0; 0 if there is no such number. */
static int
smaller_root(fmpq_t x, const fmpq_t p, const fmpq_t q, const fmpq_t w)
{
    NUMBERS(t, u);

    number_mul(t, q, q);
    number_mul(u, p, w);
    number_sub(t, t, u);
    if (fmpq_sgn(q) <= 0 || fmpq_sgn(t) < 0)
        return 0;
    number_sqrt_lower(t, t);
    number_add(t, t, q);
    number_div(x, p, t);
    number_round_up(x, x);
    return 1;
}

/* Theorem N: mu := a lower bound of the least eigenvalue at the point that exists. */
static int
newton(fmpq_t mu, near_t *N, setting_t *s)
{
    NUMBERS(p, t);

    fmpq_one(mu);               /* (of no parameters) */
    if (N->n > 0)
        fact_lower(mu, s->f, "hessian", "\\lambda_{\\min}(H)", N->H, NULL, NULL, 1);
    number_add(p, N->g, N->g);
    if (!s->f->failed && !smaller_root(N->r, p, mu, N->M))
        facts_fail(s->f, "hessian", "the gradient is too large for this bound: 2 g M > mu^2");
    number_mul(t, N->M, N->r);
    number_sub(mu, mu, t);
    return !s->f->failed;
}

/* Theorem K; -1 without the matrix A, if it is not required. */
static int
krawczyk(near_t *N, setting_t *s, int required)
{
    within_about_t about = { .about = { within_about_type }, .what = WITHIN_ASKS_INVERSE, .H = N->H };
    const qmat_struct *A;
    NUMBERS(a, z, p, w, t);
    MATRICES(E, one);

    A = fact_matrix(s->f, "inverse", N->n, N->n, &about.about, required);
    if (A == NULL)
        return s->f->failed ? 0 : -1;
    if (!qmat_is_exact(A))
        facts_fail(s->f, "inverse", "the matrix is not exact");
    qmat_frobenius_upper(a, A);
    qmat_mul(E, A, N->H);
    qmat_set_one(one, N->n);
    qmat_sub(E, one, E);
    qmat_frobenius_upper(z, E);
    number_round_up(a, a);
    number_round_up(z, z);
    facts_note(s->f, "inverse", "\\|I - A H\\|_F", "\\le", z);
    fmpq_one(t);
    number_sub(z, t, z);                        /* 1 - z */
    number_mul(p, a, N->g);
    number_add(p, p, p);
    number_mul(w, a, N->M);
    if (!s->f->failed && !smaller_root(N->r, p, z, w))
        facts_fail(s->f, "inverse", "the matrix is not near enough to the inverse for this gradient");
    number_mul(t, w, N->r);
    if (fmpq_cmp(t, z) >= 0)
        facts_fail(s->f, "inverse", "the matrix is not near enough to the inverse for this radius");
    return !s->f->failed;
}

/* nu := a bound such that v^T H v <= - nu |v|^2 at the centre, v the vector of the role down:1, minus M r. */
static int
goes_down(fmpq_t nu, const near_t *N, setting_t *s)
{
    within_about_t about = { .about = { within_about_type }, .what = WITHIN_ASKS_DOWN, .H = N->H };
    const qmat_struct *v = fact_matrix(s->f, "down:1", N->n, 1, &about.about, 1);
    NUMBERS(square, t);
    MATRICES(Hv);

    if (v == NULL)
        return 0;
    qmat_frobenius2_midpoint(square, v);
    if (!qmat_is_exact(v) || fmpq_is_zero(square))
        facts_fail(s->f, "down:1", "the vector is 0, or not exact");
    else
    {
        qmat_mul(Hv, N->H, v);
        qmat_inner(nu, v, Hv);
        fmpq_neg(nu, nu);
        number_div(nu, nu, square);
        number_sub(nu, nu, N->H->rad);
        number_mul(t, N->M, N->r);
        number_sub(nu, nu, t);
        if (fmpq_sgn(nu) <= 0)
            facts_fail(s->f, "down:1", "the curvature along it is not shown to be negative at the saddle");
    }
    return !s->f->failed;
}

/* Every loss is >= 0. */
static void
find_loss(conclusion_t *k, fmpq_t low, const fmpq_t high)
{
    number_clamp(low);
    conclusion_find(k, WITHIN_LOW, low);
    conclusion_find(k, WITHIN_HIGH, high);
}

/* The loss at the critical point of Theorem K: |h(W) - h(W^1)| <= g r + (|H(W^1)| + M r) r^2 / 2. */
static void
widen_loss(near_t *N, conclusion_t *k)
{
    NUMBERS(x);

    qmat_frobenius_upper(x, N->H);
    number_addmul(x, N->M, N->r);
    number_mul(x, x, N->r);
    fmpq_div_2exp(x, x, 1);
    number_add(x, x, N->g);
    number_mul(x, x, N->r);
    number_sub(N->low, N->low, x);
    number_add(N->high, N->high, x);
    find_loss(k, N->low, N->high);
}

/* The claim, from what is known around the centre. */
static int
decide(near_t *N, setting_t *s, const claim_t *c, conclusion_t *k, kind_t kind)
{
    int inverse = kind == MINIMUM ? -1 : krawczyk(N, s, kind == SADDLE);
    NUMBERS(curvature, mu, t);

    if (inverse == 0 || (inverse < 0 && !newton(curvature, N, s)) || (kind == SADDLE && !goes_down(curvature, N, s)))
        return 0;
    if (fmpq_cmp(N->r, N->R) > 0)
        facts_fail(s->f, "inner", "the critical point is not shown to lie in this ball");
    if (kind == MINIMUM && fmpq_sgn(curvature) <= 0)
        facts_fail(s->f, "hessian", "the Hessian is not shown to be positive definite at the critical point");
    if (s->f->failed)
        return 0;
    if (inverse < 0 && fmpq_sgn(curvature) > 0)
    {
        number_mul(t, N->M, N->r);
        number_add(mu, curvature, t);
        number_mul(t, N->M, N->R);
        if (fmpq_cmp(t, mu) < 0 && fmpq_is_zero(k->finding + WITHIN_FIXED))
            conclusion_find(k, WITHIN_ALONE, N->R);
        number_mul(t, N->g, N->g);
        number_div(t, t, curvature);
        fmpq_div_2exp(t, t, 1);
        number_sub(N->low, N->low, t);
        find_loss(k, N->low, N->high);
    }
    if (inverse > 0)
        widen_loss(N, k);
    if (kind != CRITICAL)
        conclusion_find(k, WITHIN_CURVATURE, curvature);
    number_add(t, N->distance, N->r);
    conclusion_find(k, WITHIN_DISTANCE, t);
    facts_note(s->f, "inner", "\\|H(W) - H(V)\\| / \\|W - V\\|", "\\le", N->M);
    facts_note(s->f, "inner", "\\|\\nabla h(W^1)\\|", "\\le", N->g);
    facts_note(s->f, "inner", "\\|W - W^1\\|", "\\le", N->r);
    if (fmpq_cmp(t, c->value[WITHIN_RADIUS].x) > 0)
        facts_fail(s->f, "conclusion", "the evidence does not prove so small a radius");
    return !s->f->failed;
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k, kind_t kind)
{
    setting_t there = *s;
    near_t N;
    problem_t Q;
    pass_t p;
    char *fixed = NULL;
    slong count = 0;
    int ok;

    if (k->verdict == VERDICT_REFUTED)
        facts_fail(s->f, "conclusion", "it is never refuted");
    near_init(&N);
    problem_init(&Q);
    ok = within_centre(&Q, N.distance, s->P, s->f) && take_radius(&N, s);
    if (ok)
    {
        there.P = &Q;
        ok = pass_forward(&p, &there) && pass_slopes(&p, &there);
        if (ok)
        {
            fixed = flint_malloc(within_order(&Q) + 1);
            count = within_slice(fixed, &p, s->f);
            N.n = within_order(&Q) - count;
            ok = count >= 0 && is_expected(&N, s->f) && bound_third(&N, &p, &there) && derive(&N, &p, &there, fixed);
            flint_free(fixed);
        }
        pass_clear(&p);
    }
    conclusion_find_si(k, WITHIN_FIXED, FLINT_MAX(count, 0));
    ok = ok && decide(&N, s, c, k, kind);
    problem_clear(&Q);
    near_clear(&N);
    return ok && !s->f->failed;
}

/* A global minimiser: by Theorem N where local minima are global, or from the centre. */
static int
verify_minimizer(setting_t *s, const claim_t *c, conclusion_t *k)
{
    int by = within_word(s->f), ok;
    setting_t there = *s;
    problem_t Q;
    pass_t p;
    NUMBERS(distance, r, low, high);

    if (by == WITHIN_BY_CURVATURE)
    {
        if (!within_minima_are_global(s->P))
            facts_fail(s->f, "by", "local minima of this function need not be global");
        return !s->f->failed && verify(s, c, k, MINIMUM);
    }
    if (k->verdict == VERDICT_REFUTED)
        facts_fail(s->f, "conclusion", "it is never refuted");
    if (s->f->failed)
        return 0;
    problem_init(&Q);
    ok = within_centre(&Q, distance, s->P, s->f);
    if (ok)
    {
        there.P = &Q;
        ok = pass_forward(&p, &there) && within_minimizer(r, low, high, by, &p, &there);
        pass_clear(&p);
    }
    problem_clear(&Q);
    number_add(distance, distance, r);
    if (ok)
    {
        find_loss(k, low, high);
        conclusion_find(k, WITHIN_DISTANCE, distance);
        if (fmpq_cmp(distance, c->value[WITHIN_RADIUS].x) > 0)
            facts_fail(s->f, "conclusion", "the evidence does not prove so small a radius");
    }
    return ok && !s->f->failed;
}

static int
verify_critical(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return verify(s, c, k, CRITICAL);
}

static int
verify_minimum(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return verify(s, c, k, MINIMUM);
}

static int
verify_saddle(setting_t *s, const claim_t *c, conclusion_t *k)
{
    return verify(s, c, k, SADDLE);
}

static const char *
refuses_minimizer(const problem_t *P, const claim_t *c)
{
    (void) c;
    return within_minimizer_refuses(P);
}

#define RULE(id, name, refuses, verify, say) const rule_t rule_##id = { \
    name, "within", 2, 0, parameters, none, findings, NULL, NULL, NULL, refuses, verify, NULL, say, within_say_method }

RULE(critical_point_within, "critical-point-within", refuses, verify_critical, within_say_critical);
RULE(local_minimum_within, "local-minimum-within", refuses, verify_minimum, within_say_minimum);
RULE(strict_saddle_within, "strict-saddle-within", refuses, verify_saddle, within_say_saddle);
RULE(minimizer_within, "minimizer-within", refuses_minimizer, verify_minimizer, within_say_minimizer);
