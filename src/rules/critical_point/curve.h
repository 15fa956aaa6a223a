/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Polynomial curves W + t V_1 + t^2 V_2 + .. along which the loss is an exact
   polynomial, and the Hessian (doc/rules/critical-point). */
#ifndef CERTIFY_CURVE_H
#define CERTIFY_CURVE_H

#include "rules/setting.h"

/* Largest degree of a curve and largest order at which its loss may start. */
#define CURVE_DEGREE 4
#define CURVE_ORDER 24

/* The coefficient of t^power (from 1) in a block of the curve down or up; power
   0: the degree of that curve. */
extern const char curve_about[];
typedef struct
{
    about_t about;
    int up;
    slong power, block;
} curve_about_t;

/* The bound 0 of the Hessian: any factor that shows it will do. */
extern const about_t curve_about_hessian;

/* c[k] := the coefficient of t^k of h(W + sum_j t^j V_j) - h(W), k <= order;
   V[(j - 1) * nblocks + i] is the coefficient of t^j in block i. */
void curve_loss(fmpq *c, slong order, const problem_t *P, const moments_t *M,
                const qmat_struct *V, slong degree);

/* K := the Hessian of h at W, exact, blocks one after the other, entries of a
   block by rows. */
void curve_hessian(qmat_t K, const problem_t *P, const moments_t *M);

/* The order at which the loss starts along the curve of the roles "down:j:i" or
   "up:j:i", its degree from "down-degree" or "up-degree"; *sign := that of its
   coefficient.  0, and a failure, if no curve is given, or the loss is constant up
   to order CURVE_ORDER. */
slong curve_start(int *sign, setting_t *s, int up);

/* 1 if the Hessian is shown to be positive semidefinite; 1 if v^T H v < 0 for the
   direction v of the roles "down:1:i". */
int curve_hessian_psd(setting_t *s);
int curve_negative_curvature(setting_t *s);

#endif
