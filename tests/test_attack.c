/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random problems: proved, written, re-read, re-checked, and then attacked at
   exact rational points of the neighbourhood, where both sides of the proved
   inequality are evaluated by a second, naive implementation. */
#include <stdlib.h>
#include <string.h>
#include "certificate/certificate.h"
#include "kernel/number.h"
#include "network/evaluate.h"
#include "prove/prover.h"
#include "prove/write.h"
#include "rules/gradient_dominance/gradient_dominance.h"
#include "algebra/solve_block.h"
#include "input/problem_file.h"
#include "random.h"
#include "tap.h"
#include "network/copy.h"

/* Naive forward pass over fmpq arrays, one sample at a time, and the gradient
   by the chain rule written out per parameter. */
typedef struct { slong n; fmpq *x; } vec_t;

static void
vec_init(vec_t *v, slong n)
{
    v->n = n;
    v->x = _fmpq_vec_init(n);
}

static void
apply(vec_t *y, const qmat_t W, const fmpq *x)
{
    slong i, j;
    fmpq_t w;

    fmpq_init(w);
    vec_init(y, qmat_rows(W));
    for (i = 0; i < y->n; i++)
        for (j = 0; j < qmat_cols(W); j++)
        {
            qmat_get_entry(w, W, i, j);
            fmpq_addmul(y->x + i, w, x + j);
        }
    fmpq_clear(w);
}

/* y := W^T x */
static void
apply_transpose(vec_t *y, const qmat_t W, const fmpq *x)
{
    qmat_t T;

    qmat_init(T, 0, 0);
    qmat_transpose(T, W);
    apply(y, T, x);
    qmat_clear(T);
}

static int
slope_at(fmpq_t s, const activation_t *a, const fmpq_t z)
{
    fmpq_one(s);
    if (a->kind == ACT_IDENTITY)
        return 1;
    if (fmpq_sgn(z) < 0)
    {
        if (a->kind == ACT_RELU)
            fmpq_zero(s);
        else
            fmpq_set(s, a->slope);
    }
    return fmpq_sgn(z) != 0;
}

/* h and the squared gradient (0 returned at a kink).  grad[i] accumulates the
   gradient of block i as an array. */
static int
naive(fmpq_t h, fmpq_t g2, const problem_t *P)
{
    slong s, i, j, k, q, m = qmat_cols(P->X), n = P->nblocks;
    fmpq **grad = calloc(n, sizeof *grad), **gradb = calloc(n, sizeof *gradb);
    fmpq_t t, d, sl;
    int smooth = 1;

    fmpq_init(t);
    fmpq_init(d);
    fmpq_init(sl);
    fmpq_zero(h);
    fmpq_zero(g2);
    for (i = 0; i < n; i++)
    {
        grad[i] = _fmpq_vec_init(qmat_rows(P->W + i) * qmat_cols(P->W + i));
        gradb[i] = _fmpq_vec_init(qmat_rows(P->W + i));
    }
    for (s = 0; s < m; s++)
    {
        vec_t *in = calloc(n, sizeof *in), *pre = calloc(n, sizeof *pre), x, y, e;
        vec_init(&x, qmat_rows(P->X));
        for (i = 0; i < x.n; i++)
            qmat_get_entry(x.x + i, P->X, i, s);
        for (k = 0; k < P->l; k++)
        {
            vec_t unit = x;
            for (q = 0; q < P->r; q++)
            {
                i = k * P->r + q;
                in[i] = x;
                apply(&x, P->W + i, in[i].x);
            }
            if (P->kind == NET_RESIDUAL)
                for (j = 0; j < x.n; j++)
                    fmpq_add(x.x + j, x.x + j, unit.x + j);
            if (P->kind == NET_FEEDFORWARD)
            {
                for (j = 0; j < x.n && P->b != NULL; j++)
                {
                    qmat_get_entry(t, P->b + k, j, 0);
                    fmpq_add(x.x + j, x.x + j, t);
                }
                if (k < P->l - 1)
                {
                    pre[k] = x;
                    vec_init(&x, pre[k].n);
                    for (j = 0; j < x.n; j++)
                    {
                        slope_at(sl, P->act + k, pre[k].x + j);
                        fmpq_mul(x.x + j, pre[k].x + j, sl);
                    }
                }
            }
        }
        fmpq_mul(d, P->scale, P->weights + s);      /* scale w ||x - y||^2 */
        vec_init(&e, x.n);
        for (j = 0; j < x.n; j++)
        {
            qmat_get_entry(t, P->Y, j, s);
            fmpq_sub(t, x.x + j, t);
            fmpq_mul(e.x + j, t, d);
            fmpq_addmul(h, e.x + j, t);
            fmpq_add(e.x + j, e.x + j, e.x + j);
        }
        for (k = P->l - 1; k >= 0; k--)
        {
            vec_t g;
            if (pre[k].x != NULL)
                for (j = 0; j < e.n; j++)
                {
                    smooth &= slope_at(sl, P->act + k, pre[k].x + j);
                    fmpq_mul(e.x + j, e.x + j, sl);
                }
            vec_init(&g, e.n);
            for (j = 0; j < e.n; j++)
            {
                fmpq_set(g.x + j, e.x + j);
                fmpq_add(gradb[k] + j, gradb[k] + j, e.x + j);
            }
            for (q = P->r - 1; q >= 0; q--)
            {
                slong c;
                i = k * P->r + q;
                for (j = 0; j < g.n; j++)
                    for (c = 0; c < in[i].n; c++)
                        fmpq_addmul(grad[i] + j * in[i].n + c, g.x + j, in[i].x + c);
                apply_transpose(&y, P->W + i, g.x);
                _fmpq_vec_clear(g.x, g.n);
                g = y;
            }
            if (P->kind == NET_RESIDUAL)
                for (j = 0; j < e.n; j++)
                    fmpq_add(g.x + j, g.x + j, e.x + j);
            _fmpq_vec_clear(e.x, e.n);
            e = g;
        }
        _fmpq_vec_clear(e.x, e.n);
        _fmpq_vec_clear(x.x, x.n);
        for (i = 0; i < n; i++)
        {
            _fmpq_vec_clear(in[i].x, in[i].n);
            if (pre[i].x != NULL)
                _fmpq_vec_clear(pre[i].x, pre[i].n);
        }
        free(in);
        free(pre);
    }
    for (i = 0; i < n; i++)
    {
        slong size = qmat_rows(P->W + i) * qmat_cols(P->W + i);
        for (j = 0; j < size; j++)
            fmpq_addmul(g2, grad[i] + j, grad[i] + j);
        for (j = 0; P->b != NULL && j < qmat_rows(P->W + i); j++)
            fmpq_addmul(g2, gradb[i] + j, gradb[i] + j);
        _fmpq_vec_clear(grad[i], size);
        _fmpq_vec_clear(gradb[i], qmat_rows(P->W + i));
    }
    free(grad);
    free(gradb);
    fmpq_clear(t);
    fmpq_clear(d);
    fmpq_clear(sl);
    return smooth;
}

/* A rational unit vector of length n: (2 t, 1 - |t|^2) / (1 + |t|^2). */
static void
unit_vector(qmat_t u, slong n)
{
    slong i;
    fmpq_t s, t;
    fmpq *e = _fmpq_vec_init(n);

    fmpq_init(s);
    fmpq_init(t);
    for (i = 0; i + 1 < n; i++)
    {
        fmpq_set_si(e + i, pick(21) - 10, 1 + pick(7));
        fmpq_addmul(s, e + i, e + i);
    }
    fmpq_one(t);
    fmpq_sub(e + n - 1, t, s);
    fmpq_add(t, t, s);
    for (i = 0; i + 1 < n; i++)
        fmpq_add(e + i, e + i, e + i);
    for (i = 0; i < n; i++)
        fmpq_div(e + i, e + i, t);
    qmat_set_entries(u, n, 1, e);
    _fmpq_vec_clear(e, n);
    fmpq_clear(s);
    fmpq_clear(t);
}

/* V := a matrix with spectral norm at most 1: a rank-one corner, a reflection
   I - 2 u u^T, a multiple of W, or something small. */
static void
displacement(qmat_t V, const qmat_t W, int frobenius)
{
    slong r = qmat_rows(W), c = qmat_cols(W);
    qmat_t u, v;
    fmpq_t x;
    int kind = pick(4);

    qmat_init(u, 0, 0);
    qmat_init(v, 0, 0);
    fmpq_init(x);
    if (kind == 0 && r == c && !frobenius)
    {
        unit_vector(u, r);
        qmat_gram_rows(V, u);
        qmat_set_one(v, r);
        fmpq_set_si(x, -2, 1);
        qmat_add_scaled(V, v, x, V);
        if (pick(2))
        {
            fmpq_set_si(x, -1, 1);
            qmat_scale(V, v, x);
        }
    }
    else if (kind == 1)
    {   /* -W / ||W||_F */
        qmat_frobenius_upper(x, W);
        if (!fmpq_is_zero(x))
            fmpq_inv(x, x);
        fmpq_neg(x, x);
        qmat_scale(V, W, x);
    }
    else
    {
        unit_vector(u, r);
        unit_vector(v, c);
        qmat_transpose(v, v);
        qmat_mul(V, u, v);
        if (kind == 2)
        {
            fmpq_set_si(x, 1 + pick(4), 4);
            qmat_scale(V, V, x);
        }
    }
    qmat_clear(u);
    qmat_clear(v);
    fmpq_clear(x);
}

/* Points of the neighbourhood at which the proved inequality fails: none. */
static slong
attack(const problem_t *P, const claim_t *c, int tries)
{
    slong i, bad = 0;
    const value_t *radius = c->value + GD_RADIUS;
    problem_t Q;
    moments_t M;
    qmat_t V;
    fmpq_t h, g2, floor_;
    int k;

    fmpq_init(h);
    fmpq_init(g2);
    fmpq_init(floor_);
    qmat_init(V, 0, 0);
    problem_init(&Q);
    if (P->kind != NET_FEEDFORWARD && moments_init(&M, P))
    {
        moments_infimum(floor_, &M);
        moments_clear(&M);
    }
    for (k = 0; k < tries; k++)
    {
        problem_set(&Q, P);
        for (i = 0; i < P->nblocks; i++)
        {
            if (i < radius->n)
            {
                displacement(V, P->W + i, c->value[GD_NORM].n == NORM_FROBENIUS);
                qmat_add_scaled(Q.W + i, P->W + i, radius->list + i, V);
                if (P->b != NULL)
                {
                    unit_vector(V, qmat_rows(P->W + i));
                    qmat_add_scaled(Q.b + i, P->b + i, radius->list + i, V);
                }
            }
            else                /* the last layer of a feedforward network is free */
            {
                random_matrix(V, qmat_rows(P->W + i), qmat_cols(P->W + i), 10, 1 + pick(20));
                fmpq_one(h);
                qmat_add_scaled(Q.W + i, P->W + i, h, V);
            }
        }
        if (!naive(h, g2, &Q))
            continue;
        fmpq_mul(g2, g2, c->value[GD_LAMBDA].x);
        fmpq_sub(h, h, floor_);
        bad += fmpq_cmp(h, g2) > 0;
    }
    problem_clear(&Q);
    qmat_clear(V);
    fmpq_clear(h);
    fmpq_clear(g2);
    fmpq_clear(floor_);
    return bad;
}

/* A random problem; most have their block solved, so that W* is a minimiser. */
static void
random_problem(problem_t *P, network_kind kind)
{
    slong i, l = kind == NET_FEEDFORWARD ? 2 + pick(2) : 1 + pick(4), d = 1 + pick(3);
    slong r = kind == NET_RESIDUAL ? 1 + pick(3) : 1, m = 1 + pick(5), width = d, out;

    if (kind == NET_RESIDUAL && l * r > 6)
        l = 2;
    if (kind == NET_FEEDFORWARD)
        m = 1 + pick(3);
    random_matrix(P->X, d, m, 6, 1 + pick(4));
    problem_set_network(P, kind, l, r);
    problem_set_samples(P, m);
    for (i = 0; i < m && pick(3) == 0; i++)
        fmpq_set_si(P->weights + i, pick(4), 2);
    fmpq_one(P->weights);
    if (pick(4) == 0)
        fmpq_set_si(P->scale, 1 + pick(5), 3);
    if (kind == NET_FEEDFORWARD && pick(2))
        problem_add_biases(P);
    for (i = 0; i < l * r; i++)
    {
        out = kind == NET_RESIDUAL ? d : kind == NET_FEEDFORWARD ? 3 + pick(2) : d + pick(2);
        random_matrix(P->W + i, out, width, 3, 4);
        if (kind != NET_RESIDUAL || r > 1)
            add_to_diagonal(P->W + i, 1, 1);
        if (P->b != NULL)
            random_matrix(P->b + i, out, 1, 3, 2);
        if (kind == NET_FEEDFORWARD && i < l - 1)
        {
            P->act[i].kind = pick(3);
            if (P->act[i].kind == ACT_LEAKY_RELU)
                fmpq_set_si(P->act[i].slope, pick(7) - 3, 2);
        }
        width = out;
    }
    random_matrix(P->Y, width, m, 5, 1 + pick(3));
    if (pick(4) > 0)
    {
        problem_t Q;
        problem_init(&Q);
        problem_set(&Q, P);
        i = kind == NET_FEEDFORWARD ? l - 1 : pick(P->nblocks);
        if (problem_solve_block(&Q, i) == NULL)
            qmat_set(P->W + i, Q.W + i);
        problem_clear(&Q);
    }
}

int
main(void)
{
    static const network_kind kinds[] = { NET_LINEAR, NET_RESIDUAL, NET_FEEDFORWARD };
#ifdef __SANITIZE_ADDRESS__             /* it repeats what has just passed */
    const int usual = 100;
#else
    const int usual = 250;
#endif
    int k, trials = getenv("CERTIFY_LONG_TESTS") != NULL ? 1500 : usual, kind;

    for (kind = 0; kind < 3; kind++)
    {
        slong proved = 0, unverified = 0, wrong = 0, undecided = 0, refuted = 0, order = 0, again = 0;
        slong naive_differs = 0, lower_wrong = 0;
        for (k = 0; k < trials; k++)
        {
            problem_t P;
            claim_t asked;
            const fmpq *lambda;
            prove_options_t opt = { 4096, 4, NULL, NULL, 0, 1 };
            proof_t p;
            fmpq_t h, g2, a, b;
            moments_t M;
            random_state = 1000 * kind + k + 1;
            problem_init(&P);
            random_problem(&P, kinds[kind]);
            fmpq_init(h);
            fmpq_init(g2);
            fmpq_init(a);
            fmpq_init(b);
            if (moments_init(&M, &P) && naive(h, g2, &P))
            {
                evaluate_loss(a, &P, &M);
                naive_differs += !fmpq_equal(h, a);
                naive_differs += !evaluate_gradient_norm2(b, &P, &M) || !fmpq_equal(g2, b);
            }
            moments_clear(&M);
            claim_init(&asked, rule_named("gradient-dominance", &P));
            value_set_list(asked.value + GD_RADIUS, gd_radius_count(&P));
            {
                slong i, den = 1 << pick(8);
                for (i = 0; i < asked.value[GD_RADIUS].n; i++)
                    fmpq_set_si(asked.value[GD_RADIUS].list + i, pick(8) > 0, den * (1 + pick(2)));
            }
            asked.value[GD_NORM].n = pick(3) == 0 ? NORM_FROBENIUS : NORM_SPECTRAL;
            if (pick(3) == 0)
            {   /* a guess, often false */
                asked.value[GD_LAMBDA].given = 1;
                fmpq_set_si(asked.value[GD_LAMBDA].x, 1 + pick(20), 1 + pick(20));
            }
            proof_init(&p, asked.rule);
            claim_prove(&p, &P, &asked, &opt);
            lambda = p.c.value[GD_LAMBDA].x;
            if (p.outcome == OUTCOME_UNDECIDED)
                undecided++;
            else
            {
                certificate_t C;
                rejection_t why;
                text_t t, u;
                text_init(&t);
                text_init(&u);
                certificate_write(&t, &P, &p.c, &p.k, &p.f);
                certificate_init(&C);
                if (!certificate_check(&C, t.data, t.len, &why))
                {
                    unverified++;
                    printf("# trial %d: line %ld: %s: %s\n", k, (long) why.line, why.role, why.reason);
                }
                else
                {
                    certificate_write(&u, &C.P, &C.c, &C.k, &C.f);
                    order += u.len != t.len || memcmp(u.data, t.data, t.len) != 0;
                }
                certificate_clear(&C);
                if (p.outcome == OUTCOME_REFUTED)
                    refuted++;
                else
                {
                    slong bad = attack(&P, &p.c, 20);
                    proved++;
                    if (bad > 0)
                        printf("# trial %d: false at %ld points\n", k, (long) bad);
                    wrong += bad;
                    lower_wrong += p.k.constant[GD_LAMBDA_LOWER].given
                        && fmpq_cmp(p.k.constant[GD_LAMBDA_LOWER].x, lambda) > 0;
                    if (k % 10 == 0)
                    {   /* the same bytes again */
                        proof_t p2;
                        proof_init(&p2, asked.rule);
                        claim_prove(&p2, &P, &asked, &opt);
                        u.len = 0;
                        certificate_write(&u, &P, &p2.c, &p2.k, &p2.f);
                        again += u.len != t.len || memcmp(u.data, t.data, t.len) != 0;
                        proof_clear(&p2);
                    }
                }
                text_clear(&t);
                text_clear(&u);
            }
            proof_clear(&p);
            claim_clear(&asked);
            problem_clear(&P);
            fmpq_clear(h);
            fmpq_clear(g2);
            fmpq_clear(a);
            fmpq_clear(b);
        }
        ok(naive_differs == 0, "%s: loss and gradient agree with the naive ones", network_name[kinds[kind]]);
        ok(proved > trials / 5, "%s: %ld proved, %ld refuted, %ld undecided", network_name[kinds[kind]],
           (long) proved, (long) refuted, (long) undecided);
        ok(unverified == 0, "every certificate is verified");
        ok(wrong == 0, "no proved inequality fails at %ld exact points", (long) (20 * proved));
        ok(lower_wrong == 0, "lambda_lower never exceeds lambda");
        ok(order == 0, "a certificate that is read and written again is the same text");
        ok(again == 0, "proving twice gives the same bytes");
    }
    flint_cleanup();
    return done();
}
