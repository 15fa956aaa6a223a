/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counterexamples and lower bounds for lambda: a search over the
   neighbourhood in double precision, then rounding to rationals inside it. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/descent.h"
#include "candidates.h"
#include "last_layer.h"
#include "network/evaluate.h"
#include "prove.h"

static double
ratio(const landscape_t *s, const double *w, double *grad)
{
    slong t;
    double g2 = 0, h = landscape_evaluate(s, w, grad) - s->reference;

    if (s->reference != 0)      /* what rounding may have added */
        h -= 1e-14 * (1 + fabs(s->reference));
    for (t = 0; t < s->size; t++)
        g2 += grad[t] * grad[t];
    if (!(h > 0) || !isfinite(g2))
        return -1;
    return g2 > 0 ? fmin(h / g2, 1e300) : 1e300;
}

/* Brings layer i of w back into the neighbourhood. */
static void
project_layer(const landscape_t *s, double *w, slong i)
{
    slong t, r = s->rows[i], c = s->cols[i];
    double *v, norm = 0;
    double rho = i < s->N->n && s->N->norm != NORM_FEATURE ? s->radius[i] : INFINITY;

    if (!isfinite(rho))
        return;
    v = flint_malloc(r * c * sizeof *v);
    for (t = 0; t < r * c; t++)
    {
        v[t] = w[s->start[i] + t] - s->centre[s->start[i] + t];
        norm += v[t] * v[t];
    }
    norm = sqrt(norm);
    if (norm > rho && s->N->norm == NORM_FROBENIUS)
        for (t = 0; t < r * c; t++)
            v[t] *= rho / norm;
    else if (norm > rho)
    {   /* clip the singular values */
        slong k = FLINT_MIN(r, c), a, b;
        double *S = flint_malloc(k * sizeof *S), *U = flint_malloc(r * k * sizeof *U);
        double *V = flint_malloc(k * c * sizeof *V);
        if (approx_svd(S, U, V, v, r, c))
        {
            memset(v, 0, r * c * sizeof *v);
            for (t = 0; t < k; t++)
                for (a = 0; a < r; a++)
                    for (b = 0; b < c; b++)
                        v[a * c + b] += U[a * k + t] * fmin(S[t], rho) * V[t * c + b];
        }
        flint_free(S);
        flint_free(U);
        flint_free(V);
    }
    for (t = 0; t < r * c; t++)
        w[s->start[i] + t] = s->centre[s->start[i] + t] + v[t];
    flint_free(v);
    if (s->P->b != NULL)
    {
        double *b = w + s->bstart[i], *b0 = s->centre + s->bstart[i];
        for (t = 0, norm = 0; t < r; t++)
            norm += (b[t] - b0[t]) * (b[t] - b0[t]);
        norm = sqrt(norm);
        for (t = 0; t < r && norm > rho; t++)
            b[t] = b0[t] + (b[t] - b0[t]) * rho / norm;
    }
}

static void
project(const landscape_t *s, double *w)
{
    slong i;

    for (i = 0; i < s->n; i++)
        project_layer(s, w, i);
}

static void
random_candidate(landscape_t *s, double *w, const double *from, double step)
{
    slong i, t;

    memcpy(w, from, s->size * sizeof *w);
    for (i = 0; i < s->n; i++)
    {
        double rho = i < s->N->n && isfinite(s->radius[i]) ? s->radius[i] : 1;
        for (t = 0; t < s->rows[i] * s->cols[i]; t++)
            w[s->start[i] + t] += step * rho * landscape_uniform(s);
        for (t = 0; s->P->b != NULL && t < s->rows[i]; t++)
            w[s->bstart[i] + t] += step * rho * landscape_uniform(s);
    }
    project(s, w);
}

/* Feature norm: shrink the displacement of the hidden layer until inside. */
static void
project_feature(landscape_t *s, double *w)
{
    slong t, r = s->rows[0], k = FLINT_MIN(r, s->m), tries;
    double *a = flint_malloc(r * s->m * sizeof *a), *S = flint_malloc(k * sizeof *S);
    double *b = flint_malloc(r * s->m * sizeof *b);

    for (tries = 0; tries < 60; tries++)
    {
        int side;
        double x;
        for (side = 0; side < 2; side++)
        {
            double *out = side ? b : a;
            const double *p = side ? s->centre : w;
            memset(out, 0, r * s->m * sizeof *out);
            landscape_multiply(out, p, 0, s->X, 0, r, s->d0, s->m);
            for (t = 0; t < r * s->m; t++)
            {
                if (s->P->b != NULL)
                    out[t] += p[s->bstart[0] + t / s->m];
                out[t] *= out[t] < 0 ? s->slope[0] : 1;
            }
        }
        for (t = 0; t < r * s->m; t++)
            a[t] -= b[t];
        if (!approx_svd(S, NULL, NULL, a, r, s->m) || S[0] <= s->radius[0] * (1 - 1e-6))
            break;
        x = fmax(0.5, (1 - 2e-6) * s->radius[0] / S[0]);    /* about linear */
        for (t = 0; t < r * s->d0; t++)
            w[t] = s->centre[t] + (w[t] - s->centre[t]) * x;
        for (t = 0; s->P->b != NULL && t < r; t++)
            w[s->bstart[0] + t] += (s->centre[s->bstart[0] + t] - w[s->bstart[0] + t]) * (1 - x);
    }
    flint_free(a);
    flint_free(b);
    flint_free(S);
}

enum { LIMIT = 1000000, STARTS = 6 };

typedef struct
{
    landscape_t s;
    int feature, linear;
    double *w, *g, *E;          /* scratch */
    int limit;                  /* residual_limit is for this problem: the way LIMIT */
    slong way;                  /* of the last layer, as align_last_layer says; -1: as it is */
    double size;
    double starts[STARTS], *start[STARTS];      /* the ratios of promising points */
    double top, *best, *best_E; /* the best ratio and its point, ... */
    slong best_way;            /* ... and how its last layer was made */
    double best_size;
} search_t;

static slong
residuals(const search_t *t)
{
    return t->s.rows[t->s.n - 1] * t->s.m;
}

/* The ratio at the point of the neighbourhood that s->w is brought to; kept if it is the
   best. */
static double
consider(search_t *t)
{
    double value;

    if (t->feature)
        project_feature(&t->s, t->w);
    if (t->way >= 0 && t->way != LIMIT)
        align_last_layer(&t->s, t->w, t->way, t->size);
    value = t->way == LIMIT ? residual_limit(t->E, &t->s, t->w) : ratio(&t->s, t->w, t->g);
    if (value > t->top)
    {
        t->top = value;
        t->best_way = t->way;
        t->best_size = t->size;
        memcpy(t->best, t->w, t->s.size * sizeof *t->best);
        memcpy(t->best_E, t->E, residuals(t) * sizeof *t->E);
    }
    return value;
}

/* The layer that parameter j, a weight or a bias, belongs to. */
static slong
layer_of(const landscape_t *s, slong j)
{
    const slong *start = j < s->bstart[0] ? s->start : s->bstart;
    slong i = 0;

    while (i + 1 < s->n && start[i + 1] <= j)
        i++;
    return i;
}

/* Layer i of w := that of x. */
static void
copy_layer(const landscape_t *s, double *w, const double *x, slong i)
{
    memcpy(w + s->start[i], x + s->start[i], s->rows[i] * s->cols[i] * sizeof *w);
    if (s->P->b != NULL)
        memcpy(w + s->bstart[i], x + s->bstart[i], s->rows[i] * sizeof *w);
}

/* -log of the ratio at x, brought into the neighbourhood; the gradient by differences. */
static double
loss(void *context, const double *x, double *gradient)
{
    search_t *t = context;
    landscape_t *s = &t->s;
    slong j, i, n = s->size, last = s->n - 1;
    double *inside = flint_malloc(n * sizeof *inside), value, at;

    memcpy(inside, x, n * sizeof *x);
    project(s, inside);
    memcpy(t->w, inside, n * sizeof *x);
    at = consider(t);
    value = at > 0 ? -log(at) : INFINITY;
    memset(gradient, 0, n * sizeof *gradient);
    for (j = 0; j < n; j++)
    {
        double step;
        if (t->way >= 0 && j >= s->start[last]
            && j < s->start[last] + s->rows[last] * s->cols[last])
            continue;           /* made anew in any case */
        i = layer_of(s, j);
        step = 1e-6 * (i < s->N->n && s->radius[i] > 0 && isfinite(s->radius[i])
                       ? s->radius[i] : 1);
        memcpy(t->w, inside, n * sizeof *x);
        copy_layer(s, t->w, x, i);
        t->w[j] += step;
        project_layer(s, t->w, i);
        at = consider(t);
        at = at > 0 ? -log(at) : INFINITY;
        gradient[j] = isfinite(at - value) ? (at - value) / step : 0;
    }
    flint_free(inside);
    return value;
}

/* -log of the ratio at x, a point of the neighbourhood, and its gradient: with g the
   gradient of h, that is 2 (Hessian g) / |g|^2 - g / h, Hessian g by differences. */
static double
loss_within(void *context, const double *x, double *gradient)
{
    search_t *t = context;
    landscape_t *s = &t->s;
    slong j, n = s->size;
    double value, h = 0, g2 = 0, step, *side = flint_malloc(n * sizeof *side);

    memcpy(t->w, x, n * sizeof *x);
    value = consider(t);
    memcpy(gradient, t->g, n * sizeof *gradient);
    for (j = 0; j < n; j++)
        g2 += gradient[j] * gradient[j];
    h = value * g2;
    step = 1e-6 / fmax(sqrt(g2), 1e-300);
    for (j = 0; j < n; j++)
        t->w[j] = x[j] + step * gradient[j];
    landscape_evaluate(s, t->w, side);
    for (j = 0; j < n; j++)
        gradient[j] = value > 0 && value < 1e299
                      ? 2 * (side[j] - gradient[j]) / (step * g2) - gradient[j] / h : 0;
    flint_free(side);
    return value > 0 ? -log(value) : INFINITY;
}

static void
bring_back(void *context, double *x)
{
    project(&((search_t *) context)->s, x);
}

/* Notes t->w, whose last layer is as it is, as a point to descend from, the best of its kind. */
static void
note_start(search_t *t, int kind, double value)
{
    if (value > t->starts[kind] && value < 1e299)
    {
        t->starts[kind] = value;
        memcpy(t->start[kind], t->w, t->s.size * sizeof *t->w);
    }
}

/* Descends from the points noted. */
static void
descend_from_starts(search_t *t, int evaluations)
{
    descent_t how = { evaluations / (10 * STARTS), 1e-4 };
    int i;

    t->way = -1;
    for (i = 0; i < STARTS; i++)
        if (t->starts[i] > 0)
            descent_minimise_within(t->start[i], t->s.size, loss_within, bring_back, t, &how);
}

/* Descends from the best point, so long as there is more to gain. */
static void
polish(search_t *t, int evaluations)
{
    slong n = t->s.size;
    int direct = t->best_way < 0 && !t->feature, tries;
    descent_t how = { direct ? evaluations / 6 : (int) (evaluations / (4 * n)), 1e-6 };
    double *x = flint_malloc(n * sizeof *x), before;

    t->way = t->best_way;
    t->size = t->best_size;
    for (tries = 0; tries < 12 && how.iterations > 2 && t->top > 0 && t->top < 1e299; tries++)
    {
        before = t->top;
        memcpy(x, t->best, n * sizeof *x);
        if (direct)
            descent_minimise_within(x, n, loss_within, bring_back, t, &how);
        else
            descent_minimise(x, n, loss, t, &how);
        if (!(t->top > 1.001 * before))
            break;
    }
    flint_free(x);
}

/* Candidate k of effort, the first half: towards singular layers, and about the centre; then
   evolution with one parent, whose step grows on success and shrinks on failure. */
static void
try_candidate(search_t *t, int k, int effort, double *step)
{
    static const double factors[] = { 1, 0.5, 0.999, -1 };
    landscape_t *s = &t->s;
    unsigned long masks = s->n < 8 ? (1UL << s->n) - 1 : 255, mask = 1 + k / 12;
    double value, before = t->top;

    t->way = t->linear || k % 2 == 0 ? -1 : t->limit ? LIMIT : k / 2 % (s->rows[s->n - 1] + 1);
    t->size = pow(10, -(k / 8 % 11));
    if (t->feature && k < effort / 2 && k % 64 > 61)
        feature_candidate(s, t->w, k % 128 < 64 ? 1 - 1e-5 : 0.9);
    else if (k < (int) masks * 12 && k < effort / 2)
    {
        weak_candidate(s, t->w, k % 3, s->n >= 8 && mask == masks ? ~0UL : mask,
                       factors[k / 3 % 4]);
        project(s, t->w);
    }
    else if (k < effort / 2)
        random_candidate(s, t->w, s->centre, pow(10, -3.0 * ((k * 7) % 20) / 20.0));
    else
    {
        if (*step < 1e-12 || k == effort / 2)
            *step = 0.3;
        random_candidate(s, t->w, t->best, *step);
        if (t->way < 0)
        {
            t->way = t->best_way;
            t->size = t->best_size;
        }
    }
    value = consider(t);
    if (k < effort / 2 && t->way < 0 && !t->feature)
        note_start(t, k % 3 + (k / 3 % 4 == 3 ? 3 : 0), value);
    if (k >= effort / 2)
        *step *= value > before ? 2 : 0.87;
}

int
search_witness(problem_t *W, problem_t *V, const problem_t *P, const neighbourhood_t *N, int effort, double least,
               double enough)
{
    search_t t;
    int k, exact;
    double *v, step = 1, *memory, before;
    slong n;
    moments_t M;

    if (!network_is_rational(P))
        return 0;
    landscape_init(&t.s, P, N);
    n = t.s.size;
    t.feature = N->norm == NORM_FEATURE;
    t.linear = network_is_linear(P);
    if ((double) n * t.s.m * effort > 4e8)
        effort = (int) FLINT_MAX(20.0, 4e8 / ((double) n * t.s.m));
    memory = flint_malloc(((4 + STARTS) * n + 2 * residuals(&t)) * sizeof *memory);
    t.w = memory;
    t.best = memory + n;
    t.g = memory + 2 * n;
    v = memory + 3 * n;
    for (k = 0; k < STARTS; k++)
    {
        t.starts[k] = 0;
        t.start[k] = memory + (4 + k) * n;
    }
    t.E = memory + (4 + STARTS) * n;
    t.best_E = t.E + residuals(&t);
    memset(t.E, 0, 2 * residuals(&t) * sizeof *t.E);
    moments_none(&M);
    exact = (!t.linear || moments_init(&M, P)) && evaluate_at_minimum(P, &M) == 1;
    moments_clear(&M);
    memcpy(v, t.s.centre, n * sizeof *v);
    if (!exact)
        descend(&t.s, v, effort);
    t.s.reference = exact && !t.linear ? 0 : landscape_evaluate(&t.s, v, NULL);
    memcpy(t.best, t.s.centre, n * sizeof *v);
    t.top = ratio(&t.s, t.best, t.g);
    t.best_way = -1;
    t.best_size = 1;
    t.limit = exact && !t.linear && has_residual_limit(&t.s);
    for (k = 0; k < effort * (t.linear ? 3 : 4) / 4 && t.top < enough; k++)
        try_candidate(&t, k, effort, &step);
    if (t.top < enough)
        polish(&t, effort);
    before = t.top;
    if (t.top < enough)
        descend_from_starts(&t, effort);
    if (t.top > before)
        polish(&t, effort);
    if (t.top > least)
    {
        landscape_point(W, &t.s, t.best, t.feature ? 1 : 1 - ldexp(1, -26));
        if (t.best_way == LIMIT)
            make_residual(W, t.best_E);
        landscape_point(V, &t.s, v, 1);
    }
    flint_free(memory);
    landscape_clear(&t.s);
    return t.top > least;
}
