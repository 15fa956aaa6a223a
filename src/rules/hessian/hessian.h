/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The exact Hessian of h at a point of W_2 s(W_1 X + b_1) + b_2 with piecewise linear units, none at its kink, the square loss, with
   or without weight decay: doc/rules/critical-point.md, "Hessians of one hidden layer".  Claims: strict-saddle, saddle, hessian-psd; and a reason of
   local-minimum. */
#ifndef CERTIFY_HESSIAN_H
#define CERTIFY_HESSIAN_H

#include "rules/passes.h"
#include "rules/rule.h"

/* sum_i u_i v_i^T A_i and more rows that the last layer sees, around a point: h is half the squared distance to Y, of which the residual is left. */
typedef struct
{
    slong units, *start;        /* A_i: the rows start[i] .. start[i + 1] - 1 */
    qmat_t A, Phi;              /* all A_i; v_i^T A_i, then the other rows */
    qmat_t U, E;                /* column i is u_i; the residual */
    fmpq *D;
} hidden_t;

void hidden_init(hidden_t *h, slong units, const problem_t *P);
void hidden_clear(hidden_t *h);
/* H := its Hessian, all v_i, then the weights of each row of Phi; x, n numbers, is added on the diagonal, if not NULL.  0 beyond the limits. */
int hidden_hessian(qmat_t H, const hidden_t *h, const fmpq *x);

/* NULL if h is such a function; or why not. */
const char *hessian_refuses(const problem_t *P);
/* Its parameters: [W_1, b_1] row by row, then [W_2, b_2] column by column. */
slong hessian_order(const problem_t *P);
/* H := the Hessian, exact; p with slopes. */
void hessian_form(qmat_t H, const pass_t *p);

/* A (d x m) := the inputs of the units of that group: X', times the slopes, 0 where a sample does not count. */
void hessian_inputs(qmat_t A, const pass_t *p, slong j);
/* The dimension of the symmetries of h near the point: the units of a group may be rotated among each other; without weight decay they may be
   transformed by invertible matrices, and moved where their inputs do not see it, and units whose inputs are 0 are free.  -1 if they do not move
   the point in as many directions.  group[i] := the first unit with the slopes of unit i on every sample that counts. */
slong hessian_symmetries(slong *group, const pass_t *p);

/* 1 if the gradient is 0, and H is positive definite on the directions in which the parameters of the role fixed do not move, as many as the
   dimension of the symmetries: a local minimum.  Otherwise a failure is recorded. */
int hessian_is_minimum(const pass_t *p, setting_t *s);
/* 1 if H >= 0, role hessian; otherwise a failure is recorded. */
int hessian_is_psd(const pass_t *p, setting_t *s);

extern const about_t hessian_about_psd, hessian_about_fixed;

#endif
