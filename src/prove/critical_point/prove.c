/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Curves along which the loss falls or rises: the gradient, the eigenvectors of
   the Hessian, and for degenerate points lines that carry the wanted change of the
   product through random subsets of the blocks. */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/bound.h"
#include "describe.h"
#include "kernel/number.h"

#define LARGEST_HESSIAN 400     /* parameters */

typedef struct
{
    const problem_t *P;
    const moments_t *M;
    unsigned long seed;
    slong degree[2];            /* of the curves found, down and up; 0: none */
    qmat_struct *curve[2];
} finder_t;

static int
roll(finder_t *s, int n)        /* 0 .. n - 1 */
{
    s->seed = s->seed * 6364136223846793005UL + 1442695040888963407UL;
    return (int) ((s->seed >> 33) % (unsigned long) n);
}

/* Keeps V (degree * nblocks matrices) if the loss starts in a wanted way. */
static void
consider(finder_t *s, const qmat_struct *V, slong degree)
{
    slong i, k, order, most = FLINT_MIN(CURVE_ORDER, 2 * s->P->nblocks * degree);
    fmpq *c = _fmpq_vec_init(CURVE_ORDER + 1);

    for (order = FLINT_MIN(2, most); ; order = FLINT_MIN(2 * order, most))
    {
        curve_loss(c, order, s->P, s->M, V, degree);
        for (k = 1; k <= order && fmpq_is_zero(c + k); k++)
            ;
        if (k <= order || order == most)
            break;
    }
    if (k <= order)
    {
        int up = fmpq_sgn(c + k) > 0;
        if (s->degree[up] == 0)
        {
            s->degree[up] = degree;
            s->curve[up] = qmat_vec_init(degree * s->P->nblocks);
            for (i = 0; i < degree * s->P->nblocks; i++)
                qmat_set(s->curve[up] + i, V + i);
        }
        if (k % 2 == 1 && s->degree[1 - up] == 0 && degree == 1)
        {   /* the other way round */
            fmpq_t minus;
            fmpq_init(minus);
            fmpq_set_si(minus, -1, 1);
            s->degree[1 - up] = 1;
            s->curve[1 - up] = qmat_vec_init(s->P->nblocks);
            for (i = 0; i < s->P->nblocks; i++)
                qmat_scale(s->curve[1 - up] + i, V + i, minus);
            fmpq_clear(minus);
        }
    }
    _fmpq_vec_clear(c, CURVE_ORDER + 1);
}

static void
forget(finder_t *s, int up)
{
    if (s->degree[up] > 0)
        qmat_vec_clear(s->curve[up], s->degree[up] * s->P->nblocks);
    s->degree[up] = 0;
    s->curve[up] = NULL;
}

/* V := the blocks of a parameter vector, rounded to bits. */
static void
blocks(qmat_struct *V, const problem_t *P, const double *v, int bits)
{
    slong i, t, at = 0;
    double top = 1e-300;

    for (t = 0; t < network_parameters(P); t++)
        top = fmax(top, fabs(v[t]));
    for (i = 0; i < P->nblocks; i++)
    {
        slong r = qmat_rows(P->W + i), c = qmat_cols(P->W + i);
        fmpq *e = _fmpq_vec_init(r * c);
        for (t = 0; t < r * c; t++)
        {
            approx_set_fmpz(fmpq_numref(e + t), nearbyint(ldexp(v[at + t] / top, bits)));
            fmpq_div_2exp(e + t, e + t, bits);
        }
        qmat_set_entries(V + i, r, c, e);
        _fmpq_vec_clear(e, r * c);
        at += r * c;
    }
}

/* The eigenvectors of the extreme eigenvalues of the Hessian. */
static void
curvature(finder_t *s)
{
    slong i, n = network_parameters(s->P);
    qmat_struct *V;
    qmat_t K;
    double *A, *w;
    int bits;

    if (n > LARGEST_HESSIAN)
        return;
    V = qmat_vec_init(s->P->nblocks);
    w = flint_malloc(n * sizeof *w);
    qmat_init(K, 0, 0);
    curve_hessian(K, s->P, s->M);
    A = approx_matrix(K, approx_exponent(K));
    if (approx_eigen(w, A, n, 1))
        for (bits = 4; bits <= 40; bits += 12)
        {
            if (w[0] < -1e-13 * fabs(w[n - 1]) && s->degree[0] == 0)
            {
                fmpq *c = _fmpq_vec_init(3);
                blocks(V, s->P, A, bits);
                curve_loss(c, 2, s->P, s->M, V, 1);
                if (fmpq_sgn(c + 2) < 0)
                {
                    s->degree[0] = 1;
                    s->curve[0] = qmat_vec_init(s->P->nblocks);
                    for (i = 0; i < s->P->nblocks; i++)
                        qmat_set(s->curve[0] + i, V + i);
                }
                _fmpq_vec_clear(c, 3);
            }
            if (w[n - 1] > 0 && s->degree[1] == 0)
            {
                blocks(V, s->P, A + (n - 1) * n, bits);
                consider(s, V, 1);
            }
        }
    flint_free(A);
    flint_free(w);
    qmat_vec_clear(V, s->P->nblocks);
    qmat_clear(K);
}

/* A random line or parabola: small integers, whole blocks left out. */
static void
random_curve(finder_t *s, int k)
{
    slong i, j, degree = k % 4 == 3 ? 2 : 1, n = s->P->nblocks, t;
    qmat_struct *V = qmat_vec_init(degree * n);

    for (j = 0; j < degree; j++)
        for (i = 0; i < n; i++)
        {
            slong r = qmat_rows(s->P->W + i), c = qmat_cols(s->P->W + i);
            qmat_t A;
            int rank_one = roll(s, 2), still = roll(s, 4) == 0;
            slong a = roll(s, r), b = roll(s, c);
            qmat_init(A, r, c);
            for (t = 0; t < r * c && !still; t++)
                if (!rank_one)
                    fmpz_set_si(fmpz_mat_entry(A->num, t / c, t % c), roll(s, 3) - 1);
                else if (t / c == a && t % c == b)
                    fmpz_set_si(fmpz_mat_entry(A->num, a, b), roll(s, 2) ? 1 : -1);
            qmat_swap(V + j * n + i, A);
            qmat_clear(A);
        }
    consider(s, V, degree);
    qmat_vec_clear(V, degree * n);
}

/* With the curves found so far. */
static int
decided(proof_t *p, oracle_t *o, const finder_t *s)
{
    int ok;

    o->offer = s;
    ok = proof_try(p, o, VERDICT_PROVED) || proof_try(p, o, VERDICT_REFUTED);
    o->offer = NULL;
    return ok;
}

static int
answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const finder_t *s = o->offer;
    const curve_about_t *about = (const curve_about_t *) ask->about;

    if (ask->about == &curve_about_hessian)
    {
        evidence_init(e, EVIDENCE_BOUND, ask->role);
        if (oracle_psd(e, ask))
            return 1;
        evidence_clear(e);
        return 0;
    }
    if (ask->about == NULL || ask->about->type != curve_about || s == NULL || s->degree[about->up] == 0)
        return 0;
    if (about->power == 0)
        return oracle_give_number_si(e, ask, s->degree[about->up]);
    return oracle_give_matrix(e, ask, s->curve[about->up] + (about->power - 1) * o->P->nblocks
                              + about->block);
}

/* Which curves may show a claim of this kind. */
enum
{
    SEARCH_GRADIENT = 1,        /* against the gradient, where it is not zero */
    SEARCH_CURVATURE = 2,       /* eigenvectors of the Hessian, at critical points */
    SEARCH_ALWAYS = 4,          /* the same anywhere */
    SEARCH_DEGENERATE = 8,      /* random curves: only these claims have degenerate cases */
    NEEDS_HESSIAN = 16,         /* at critical points */
    NEEDS_HESSIAN_ALWAYS = 32
};

static void
search(proof_t *p, oracle_t *o, const prove_options_t *opt, int what)
{
    finder_t s;
    setting_t setting = oracle_setting(o, &p->f);
    const moments_t *M = setting_moments(&setting);
    slong i, n = o->P->nblocks, size = network_parameters(o->P);
    int k, ok, most, critical;
    qmat_struct *grad;
    fmpq_t g2, minus;

    if (M == NULL)
    {
        proof_miss(p, OUTCOME_UNDECIDED, "%s", p->f.reason);
        return;
    }
    memset(&s, 0, sizeof s);
    s.P = o->P;
    s.M = M;
    s.seed = 1;
    grad = qmat_vec_init(n);
    fmpq_init(g2);
    fmpq_init(minus);
    fmpq_set_si(minus, -1, 1);
    proof_progress(opt, "curves");
    network_gradient(g2, grad, o->P, M);
    critical = fmpq_is_zero(g2);
    if (size > LARGEST_HESSIAN && ((what & NEEDS_HESSIAN_ALWAYS) || ((what & NEEDS_HESSIAN) && critical)))
    {
        proof_miss(p, OUTCOME_UNDECIDED, "missing: the Hessian; it is formed for at most %d "
                   "parameters, here are %ld", LARGEST_HESSIAN, (long) size);
        goto done;
    }
    if ((what & SEARCH_GRADIENT) && !critical)
    {
        for (i = 0; i < n; i++)
            qmat_scale(grad + i, grad + i, minus);
        consider(&s, grad, 1);
    }
    else if ((what & SEARCH_ALWAYS) || ((what & SEARCH_CURVATURE) && critical))
        curvature(&s);
    ok = decided(p, o, &s);
    most = what & SEARCH_DEGENERATE ? (int) fmin(20000, 2e7 / ((double) size * n + 1)) : 0;
    for (k = 0; k < most && !ok; k++)
    {
        slong before = s.degree[0] + s.degree[1];
        random_curve(&s, k);
        if (s.degree[0] + s.degree[1] != before)
            ok = decided(p, o, &s);
    }
    if (!ok)
        proof_miss(p, OUTCOME_UNDECIDED, "missing: %s", p->f.reason);
done:
    forget(&s, 0);
    forget(&s, 1);
    qmat_vec_clear(grad, n);
    fmpq_clear(g2);
    fmpq_clear(minus);
}

static void
prove_critical_point(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    value_t *most = p->c.value + CP_GRADIENT;
    setting_t s = oracle_setting(o, &p->f);
    const moments_t *M = setting_moments(&s);
    fmpq_t g2;

    if (M == NULL)
    {
        proof_miss(p, OUTCOME_UNDECIDED, "%s", p->f.reason);
        return;
    }
    fmpq_init(g2);
    network_gradient_norm2(g2, o->P, M);
    if (asked->value[CP_GRADIENT].word)
    {
        number_sqrt_upper(most->x, g2);
        round_unless_simple(most->x, opt->digits, 1);
    }
    prove_by_decision(p, o, asked, opt);
    describe_critical(p, o, fmpq_is_zero(g2));
    fmpq_clear(g2);
}

static void
prove_saddle(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    search(p, o, opt, SEARCH_CURVATURE | SEARCH_DEGENERATE);
}

static void
prove_strict_saddle(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    search(p, o, opt, SEARCH_CURVATURE | NEEDS_HESSIAN);
}

static void
prove_minimum(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    search(p, o, opt, SEARCH_GRADIENT | SEARCH_CURVATURE | SEARCH_DEGENERATE);
}

static void
prove_hessian(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    search(p, o, opt, SEARCH_ALWAYS | NEEDS_HESSIAN_ALWAYS);
}

static const proposal_t critical_point_proposals[] = {
    { "critical-point",
      "the gradient is 0, and the place of the point among the critical points" },
    { "critical-point: {gradient: best}",
      "the norm of the gradient is at most a bound: the smallest that is proved" },
    { NULL, NULL }
};
static const proposal_t strict_saddle_proposals[] = {
    { "strict-saddle",
      "the gradient is 0 and the Hessian has a negative eigenvalue" },
    { NULL, NULL }
};
static const proposal_t saddle_proposals[] = {
    { "saddle",
      "the gradient is 0 and near the point the loss takes larger and smaller values" },
    { NULL, NULL }
};
static const proposal_t local_minimum_proposals[] = {
    { "local-minimum",
      "no point near has a smaller loss" },
    { NULL, NULL }
};
static const proposal_t not_local_minimum_proposals[] = {
    { "not-local-minimum",
      "points as near as one likes have a smaller loss" },
    { NULL, NULL }
};
static const proposal_t hessian_psd_proposals[] = {
    { "hessian-psd",
      "the Hessian at the point has no negative eigenvalue" },
    { NULL, NULL }
};

const prover_t prover_critical_point = { "critical-point", critical_point_proposals, NULL, prove_critical_point, answer, NULL };
const prover_t prover_strict_saddle = { "strict-saddle", strict_saddle_proposals, NULL, prove_strict_saddle, answer, NULL };
const prover_t prover_saddle = { "saddle", saddle_proposals, NULL, prove_saddle, answer, NULL };
const prover_t prover_local_minimum = { "local-minimum", local_minimum_proposals, NULL, prove_minimum, answer, NULL };
const prover_t prover_not_local_minimum = { "not-local-minimum", not_local_minimum_proposals, NULL, prove_minimum, answer, NULL };
const prover_t prover_hessian_psd = { "hessian-psd", hessian_psd_proposals, NULL, prove_hessian, answer, NULL };
