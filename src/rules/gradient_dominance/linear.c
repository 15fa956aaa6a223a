/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gradient dominance of linear and residual networks: Zhou & Liang 2017,
   Theorems 1 and 2, for any widths, any number of samples and any h*.

   With E = (Z - Z*) X D^{1/2} = F X' D^{1/2}:  h - h_inf = 1/2 ||E||^2 =
   1/2 <F S, F>, grad_i = P_i^T F S (A_i T)^T, and h* >= h_inf.  So (GD) with
   lambda = 1 / (2 s^2) follows from sum_i ||grad_i||^2 >= s^2 <F S, F> for all
   F.  Theorem and proofs: doc/mathematics, "Gradient dominance". */
#include <stdio.h>
#include <string.h>
#include "linear.h"
#include "kernel/ask.h"
#include "kernel/number.h"
#include "rules/about.h"
#include "kernel/scope.h"

const about_t gd_about_bound = { "bound" };


static void
net_init(net_t *n, const setting_t *s, const moments_t *M, const neighbourhood_t *N)
{
    slong k;
    char name[24];
    facts_t *f = s->f;
    const problem_t *P = s->P;

    n->f = f;
    n->P = P;
    n->M = M;
    n->unit = network_units(P);
    n->unit_rho = _fmpq_vec_init(P->l);
    n->inner = NULL;
    if (P->r > 1)
    {
        n->inner = flint_malloc(P->l * sizeof *n->inner);
        for (k = 0; k < P->l; k++)
        {
            snprintf(name, sizeof name, "A%ld", (long) k + 1);
            chain_init(n->inner + k, f, name, P->r, P->W + k * P->r, N->radius + k * P->r, NULL);
            chain_deviation(n->unit_rho + k, n->inner + k, 0, P->r - 1);       /* (N2) */
        }
    }
    else
        for (k = 0; k < P->l; k++)
            fmpq_set(n->unit_rho + k, N->radius + k);
    name[0] = network_unit_symbol(P);
    name[1] = '\0';
    chain_init(&n->units, f, name, P->l, n->unit, n->unit_rho, M);
}

static void
net_clear(net_t *n)
{
    slong k;

    for (k = 0; n->inner != NULL && k < n->P->l; k++)
        chain_clear(n->inner + k);
    flint_free(n->inner);
    chain_clear(&n->units);
    qmat_vec_clear(n->unit, n->P->l);
    _fmpq_vec_clear(n->unit_rho, n->P->l);
}

/* s2 := sum_i b_i^2 c_i^2. */
static void
block_bound(fmpq_t s2, net_t *n)
{
    slong k, q, l = n->P->l, r = n->P->r;
    NUMBERS(b, t);

    fmpq_zero(s2);
    for (k = 0; k < l; k++)
        for (q = 0; q < r; q++)
        {
            chain_inj2_near(b, &n->units, k + 1, l - 1, 1);
            if (n->inner != NULL)
            {
                chain_inj2_near(t, n->inner + k, q + 1, r - 1, 1);
                number_mul(b, b, t);
                chain_inj2_near(t, n->inner + k, 0, q - 1, 0);
                number_mul(b, b, t);
            }
            if (fmpq_is_zero(b))
                continue;
            chain_data2(t, &n->units, k);
            number_addmul(s2, b, t);
        }
}


/* All radii 0: the neighbourhood is one point. */
static int
point_bound(fmpq_t lambda, const setting_t *s, const moments_t *M, const neighbourhood_t *N)
{
    int ok = 0;
    facts_t *f = s->f;
    NUMBERS(h, g2);

    if (!neighbourhood_is_point(N))
    {
        facts_fail(f, "bound", "the bound \"point\" needs radius 0");
        goto done;
    }
    network_loss(h, s->P, M);
    moments_infimum(lambda, M);
    number_sub(h, h, lambda);                         /* >= h(W) - h* */
    network_gradient_norm2(g2, s->P, M);
    ok = !fmpq_is_zero(g2) || fmpq_is_zero(h);
    if (!ok)
        facts_fail(f, "bound", "the gradient is zero and h(W) > h_inf");
    else if (fmpq_is_zero(h))
        fmpq_zero(lambda);
    else
        number_div(lambda, h, g2);
done:
    return ok;
}

int
gd_linear_derive(fmpq_t lambda, setting_t *s, const neighbourhood_t *N, const fmpq *want)
{
    const moments_t *M = setting_moments(s);
    facts_t *f = s->f;
    const char *bound;
    net_t n;
    NUMBERS(s2, want_s2);

    if (M == NULL)
        return 0;
    if (M->p == 0)
    {   /* X D^{1/2} = 0: the loss is constant, h = h_inf */
        fmpq_zero(lambda);
        return 1;
    }
    bound = fact_word(f, "bound", &gd_about_bound);
    if (bound == NULL)
        return 0;
    if (strcmp(bound, "point") == 0)
        return point_bound(lambda, s, M, N);
    net_init(&n, s, M, N);
    if (want != NULL && fmpq_sgn(want) > 0)
    {
        fmpq_inv(want_s2, want);
        fmpq_div_2exp(want_s2, want_s2, 1);
    }
    if (strcmp(bound, "block") == 0)
        block_bound(s2, &n);
    else if (strcmp(bound, "joint") == 0 || strcmp(bound, "data") == 0)
        gd_joint_bound(s2, &n, bound[0] == 'd', fmpq_is_zero(want_s2) ? NULL : want_s2);
    else
        facts_fail(f, "bound", "unknown bound \"%s\"", bound);
    if (!f->failed && fmpq_is_zero(s2))
        facts_fail(f, "bound", "the lower bound of the gradient is 0");
    if (!f->failed)
    {
        fmpq_mul_2exp(s2, s2, 1);
        fmpq_inv(lambda, s2);
    }
    net_clear(&n);
    return !f->failed;
}
