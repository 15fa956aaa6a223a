/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The third derivative of h (doc/rules/within.md, "The third derivative").  A symmetric trilinear form has its norm on the
   diagonal (Banach), so M = sup |D^3 h(W)[V, V, V]|, |V| = 1.  With y_k = |[V_k, c_k]|, on every sample and for every point of
   the ball,

     |z_k'| <= alpha_k . y,  |h_k'| <= beta_k . y,   |z_k''| <= y^T Q_k y,  |h_k''| <= y^T B_k y,   |z_k'''| <= c_k,  |h_k'''| <= d_k

   for vectors and symmetric matrices of numbers >= 0, from the derivatives of z_k = W_k h_{k-1} + b_k and h_k = s(z_k):

     alpha_k = Omega_k beta_{k-1} + eta_{k-1} 1_k            beta_k = s1 alpha_k
     Q_k = Omega_k B_{k-1} + 1_k beta_{k-1}^T + beta_{k-1} 1_k^T   B_k = s2 alpha_k alpha_k^T + s1 Q_k
     c_k = Omega_k d_{k-1} + 3 |B_{k-1}|_F                   d_k = s3 |alpha_k|^3 + 3 s2 |alpha_k| |Q_k|_F + s1 c_k

   Omega_k >= ||W_k|| and eta_{k-1} >= |[h_{k-1}; 1]| on the ball, s1, s2, s3 >= |s'|, |s''|, |s'''|; and

     M = sum_i  third_i |alpha_l|^3 + 3 second_i |alpha_l| |Q_l|_F + first_i c_l,

   the three the norms of the derivatives of the loss by the outputs.  The weight decay has no third derivative. */
#include "kernel/derivatives.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "network/loss_derivatives.h"
#include "within.h"

/* One layer on one sample: a vector of l numbers, a matrix of l x l, a number. */
typedef struct
{
    slong l;
    fmpq *v, *A, *x;
} jet_t;

static void
jet_init(jet_t *j, slong l)
{
    j->l = l;
    j->v = _fmpq_vec_init(l + l * l + 1);
    j->A = j->v + l;
    j->x = j->A + l * l;
}

static void
jet_clear(jet_t *j)
{
    _fmpq_vec_clear(j->v, j->l + j->l * j->l + 1);
}

/* x >= the root of the sum of squares. */
static void
norm(fmpq_t x, const fmpq *v, slong n)
{
    loss_inner(x, v, v, n);
    number_sqrt_upper(x, x);
    number_round_up(x, x);
}

/* z of layer k, from 0 on, from h of the layer below. */
static void
outwards(jet_t *z, const jet_t *h, slong k, const fmpq_t Omega, const fmpq_t eta)
{
    slong i, l = z->l;
    NUMBERS(t, three);

    for (i = 0; i < l + l * l + 1; i++)
        number_mul(z->v + i, h->v + i, Omega);
    number_add(z->v + k, z->v + k, eta);
    for (i = 0; i < l; i++)
    {
        number_add(z->A + k * l + i, z->A + k * l + i, h->v + i);
        number_add(z->A + i * l + k, z->A + i * l + k, h->v + i);
    }
    norm(t, h->A, l * l);
    fmpq_set_si(three, 3, 1);
    number_addmul(z->x, three, t);
    for (i = 0; i < l + l * l + 1; i++)
        number_round_up(z->v + i, z->v + i);
}

/* x := a |v|^3 + 3 b |v| |A|_F + c x of z. */
static void
third_derivative(fmpq_t x, const jet_t *z, const fmpq_t a, const fmpq_t b, const fmpq_t c)
{
    NUMBERS(v, A, t);

    norm(v, z->v, z->l);
    norm(A, z->A, z->l * z->l);
    fmpq_set_si(t, 3, 1);
    number_mul(A, A, t);
    number_mul(A, A, b);
    number_mul(t, v, v);
    number_addmul(A, t, a);
    number_mul(A, A, v);
    number_mul(x, z->x, c);
    number_add(x, x, A);
    number_round_up(x, x);
}

/* h := s(z). */
static void
through(jet_t *h, const jet_t *z, const activation_t *act)
{
    slong i, j, l = z->l;
    NUMBERS(s1, s2, s3, t);

    fmpq_one(s1);
    if (act != NULL)
    {
        activation_lipschitz(s1, act);
        activation_curvature(s2, act);
        activation_third(s3, act);
    }
    third_derivative(h->x, z, s3, s2, s1);
    for (i = 0; i < l; i++)
    {
        number_mul(h->v + i, z->v + i, s1);
        for (j = 0; j < l; j++)
        {
            number_mul(t, z->v + i, z->v + j);
            number_mul(t, t, s2);
            number_mul(h->A + i * l + j, z->A + i * l + j, s1);
            number_add(h->A + i * l + j, h->A + i * l + j, t);
            number_round_up(h->A + i * l + j, h->A + i * l + j);
        }
    }
}

/* The length, in bits, as which a number of a jet is charged: with its rounding and greatest common divisors. */
enum { JET_BITS = 1024 };

int
within_third(fmpq_t M, const pass_t *p, const deviation_t *d, const fmpq_t rho)
{
    const problem_t *P = p->P;
    slong i, j, k, l = P->l, m = d->m;
    jet_t z, h;
    NUMBERS(Omega, eta, first, second, third, one);
    MATRICES(E);

    fmpq_one(one);
    fmpq_zero(M);
    if (!work_take(m, l, l * l, JET_BITS, JET_BITS))
        return 0;
    jet_init(&z, l);
    jet_init(&h, l);
    loss_gradient(E, P, pass_output(p));
    for (i = 0; i < m; i++)
    {
        for (j = 0; j < l + l * l + 1; j++)
            fmpq_zero(h.v + j);
        for (k = 0; k < l; k++)
        {
            number_add(Omega, d->omega + k, rho);
            number_add(eta, d->eta + k * m + i, d->delta + k * m + i);
            number_mul(eta, eta, eta);
            if (deviation_bias(p, k))
                number_add(eta, eta, one);
            number_sqrt_upper(eta, eta);
            outwards(&z, &h, k, Omega, eta);
            if (k < l - 1)
                through(&h, &z, P->act == NULL ? NULL : P->act + k);
        }
        loss_derivative_norms(second, third, first, P, i, E, d->zeta + l * m + i);
        third_derivative(third, &z, third, second, first);
        number_add(M, M, third);
        number_round_up(M, M);
    }
    jet_clear(&z);
    jet_clear(&h);
    return 1;
}
