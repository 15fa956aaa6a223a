/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <string.h>
#include "algebra/approx.h"
#include "dual.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "network/conjugate.h"
#include "network/loss.h"
#include "model.h"
#include "round.h"

void
basis_point_init(basis_point_t *x)
{
    qmat_init(x->u, 0, 0);
    qmat_init(x->correction, 0, 0);
    x->member = NULL;
    x->members = 0;
}

void
basis_point_clear(basis_point_t *x)
{
    qmat_clear(x->u);
    qmat_clear(x->correction);
    if (x->member != NULL)
        qmat_vec_clear(x->member, x->members);
}

/* The exact minimiser of the square loss over a basis of few rows: the member, and the gradient there, which
   is orthogonal to the basis. */
static int
least_squares(basis_point_t *x, const model_t *M)
{
    const qmat_struct *Phi = M->T.rows;
    slong *pivots, i, k, p, m = M->m, n = qmat_rows(Phi);
    fmpq *cw = _fmpq_vec_init(m);
    MATRICES(rows, T, t, G, N, A, F);
    int ok = M->P->loss == LOSS_SQUARE && !basis_is_affine(M->basis) && !isfinite(M->radius) && n > 0
        && n <= 24 && qmat_is_exact(Phi)
        && n * (FLINT_ABS(fmpz_mat_max_bits(Phi->num)) + FLINT_ABS(fmpz_mat_max_bits(M->P->Y->num))) <= 600;

    pivots = flint_malloc((n + 1) * sizeof *pivots);
    p = ok ? rank_factor_rows(T, rows, pivots, Phi, FLINT_MIN(n, m)) : 0;
    ok = ok && p > 0;
    if (ok)
    {   /* A (R D R^T) = Y D R^T */
        problem_curvature(cw, M->P);
        qmat_scale_columns(t, rows, cw);
        qmat_transpose(T, rows);
        qmat_mul(G, t, T);
        qmat_transpose(A, M->P->Y);
        qmat_mul(N, t, A);
        ok = qmat_solve(A, G, N);               /* p x d */
    }
    if (ok)
    {
        fmpq *all = _fmpq_vec_init(M->d * n);
        for (i = 0; i < p; i++)
            for (k = 0; k < M->d; k++)
                qmat_get_entry(all + k * n + pivots[i], A, i, k);
        x->members = 1;
        x->member = qmat_vec_init(1);
        qmat_set_entries(x->member, M->d, n, all);
        _fmpq_vec_clear(all, M->d * n);
        qmat_mul(F, x->member, Phi);
        loss_gradient(x->u, M->P, F);
    }
    _fmpq_vec_clear(cw, m);
    flint_free(pivots);
    return ok;
}

/* 1 if the rule may take a dual point for a linear basis with transcendental rows although it is not orthogonal to it:
   the rows are independent, and the point lies well inside its domain. */
static int
is_nearly_enough(const qmat_t u, const model_t *M)
{
    const qmat_struct *R = M->T.rows;
    slong r = qmat_rows(R), m = M->m, least = FLINT_MIN(r, m);
    double *A, *S, small;
    NUMBERS(tau, v);
    MATRICES(t);
    int ok;

    if (basis_is_affine(M->basis) || isfinite(M->radius) || qmat_is_exact(R) || r > m || r == 0)
        return 0;
    A = approx_matrix(R, 0);
    S = flint_malloc((least + 1) * sizeof *S);
    ok = approx_svd(S, NULL, NULL, A, r, m) && S[least - 1] > 1e-9 * S[0];
    small = ok ? S[least - 1] : 1;
    qmat_transpose(t, R);
    qmat_mul(t, u, t);
    qmat_frobenius_upper(tau, t);
    approx_to_fmpq(v, 2 / small, 30, 1);
    fmpq_mul(tau, tau, v);
    ok = ok && loss_dual_value_near(v, M->P, u, tau) == NULL && fmpq_sgn(v) > 0;
    flint_free(A);
    flint_free(S);
    return ok;
}

int
basis_point_find(basis_point_t *x, const basis_about_t *about)
{
    model_t M;
    convex_t c;
    int ok = model_init(&M, about);

    if (ok && least_squares(x, &M))
        ;
    else if (ok)
    {
        convex_init(&c, M.P, M.f, M.B, M.n);
        ok = isfinite(M.radius) ? convex_minimise_within(&c, M.radius) : convex_minimise(&c, 0);
        if (ok)
        {
            round_dual(x->u, &c, 0);
            round_member(x, &M, &c);
        }
        /* transcendental slopes: orthogonality is never exact */
        if (ok && about->radius == NULL && !(is_nearly_enough(x->u, &M) || (basis_is_affine(M.basis) && !network_is_rational(M.P))))
            correct_dual(x, &M, &c);
        convex_clear(&c);
    }
    model_clear(&M);
    return ok;
}

/* Keeps what was found under the roles that ask for it. */
static void
keep(oracle_t *o, const basis_about_t *about, const basis_point_t *x)
{
    char role[ROLE_SIZE];
    slong i;

    basis_role(role, "dual", about->basis, 0);
    oracle_keep_matrix(o, role, x->u);
    basis_role(role, "dual-correction", about->basis, 0);
    if (qmat_rows(x->correction) > 0 && !qmat_is_zero(x->correction))
        oracle_keep_matrix(o, role, x->correction);
    for (i = 0; i < x->members; i++)
    {
        basis_role(role, "member", about->basis, i);
        if (qmat_rows(x->member + i) > 0)
            oracle_keep_matrix(o, role, x->member + i);
    }
}

int
basis_answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const basis_about_t *about = (const basis_about_t *) ask->about;
    basis_point_t x;
    ask_t first = *ask;
    char role[ROLE_SIZE];
    evidence_t before;

    if (about == NULL || about->about.type != basis_about_type)
        return 0;
    basis_role(role, "dual", about->basis, 0);
    first.role = role;
    if (oracle_recall(o, &first, &before))
        evidence_clear(&before);
    else
    {   /* everything about this basis at once */
        basis_point_init(&x);
        if (basis_point_find(&x, about))
            keep(o, about, &x);
        basis_point_clear(&x);
    }
    return oracle_recall(o, ask, e);
}
