/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Points of one hidden layer of piecewise linear units, where some may be at their kinks, with the square loss, with or without weight decay:
   doc/rules/kinks.md.  Everything is exact. */
#ifndef CERTIFY_KINKS_H
#define CERTIFY_KINKS_H

#include "rules/passes.h"
#include "rules/rule.h"

/* Unit i is at its kink on sample j if w_i.x_j = 0 and the sample counts: D_j > 0, x_j != 0 (with a bias, x_j ends in 1).  Its kinks on samples of one
   line are one kink, that of the first of them: with x_k = l x_j, s(l z) = l s(z) for l > 0, |l| (s(z) - (1 + a) z) for l < 0. */
typedef struct
{
    pass_t *p;
    const problem_t *P;
    slong units, d, m;
    fmpq_t slope;               /* a, of s below 0; 1 where units are linear: then there are no kinks */
    qmat_t X;                   /* d x m: the data, and ones for the bias of the units; 0 at samples of weight 0 */
    qmat_t slopes;              /* units x m: s'(z_ij), 0 at kinks and at samples that do not count */
    qmat_t residual;            /* k x m: E D, E the outputs minus Y */
    qmat_t c;                   /* units x m: D_j u_i.e_j, e_j the residual: what s(z_ij) enters h with, to first order; at kinks the sum over the line,
                                   each times |l|, and 0 at all but the first sample of it */
    qmat_t linear;              /* units x m: what x_j enters the gradient by w_i with, without the kinks: c_ij s'(z_ij), and (1 + a) c_ij if l < 0 */
    int *kink;                  /* units x m: 0; at a kink KINK_FLAT where c_ij = 0, so that h has a gradient there all the same, else KINK_SHARP;
                                   KINK_OTHER on the other samples of its line */
    slong *line;                /* units x m: at kinks +- (the number of the first sample of the line, from 1), - where l < 0 */
} kinks_t;

enum { KINK_SHARP = 1, KINK_FLAT, KINK_OTHER };

/* NULL if the point is of this kind; or why not. */
const char *kinks_refuses(const problem_t *P);
/* 1 if some unit is exactly at 0 on a sample that is not 0. */
int kinks_are_there(const problem_t *P);
/* p after pass_forward; the caller clears T whatever is returned.  0 beyond the limits. */
int kinks_init(kinks_t *T, pass_t *p);
void kinks_clear(kinks_t *T);
/* How many are of that kind. */
slong kinks_count(const kinks_t *T, int which);
int kinks_have(const kinks_t *T, int which);

/* g2 := the squared norm of the gradient, without the kinks. */
void kinks_gradient_norm2(fmpq_t g2, const kinks_t *T);
/* g := the gradient by [W_2, b_2]. */
void kinks_last_gradient(qmat_t g, const kinks_t *T);
/* g (1 x d) := the gradient by [w_i, b_i], without the kinks. */
void kinks_unit_gradient(qmat_t g, const kinks_t *T, slong i);
/* 1 if all one-sided derivatives are >= 0: roles multipliers:i, for the units with sharp kinks a matrix with a row for every choice of signs of
   their concave kinks and a column for every sharp kink.  Strictly: sharp kinks are convex, and their multipliers between
   0 and 1.  Otherwise a failure is recorded. */
int kinks_are_stationary(const kinks_t *T, setting_t *s, int strictly);
/* How many sharp kinks unit i has; *concave: those with (1 - a) c_ij < 0. */
slong kinks_sharp(slong *concave, const kinks_t *T, slong i);
/* S (units x m) := the slopes, flat kink number b on the side of bit b, sharp ones 0. */
void kinks_sides(qmat_t S, const kinks_t *T, slong bits);
/* B := rows that span {delta : delta.x_j = 0 at all sharp kinks of unit i}. */
void kinks_space(qmat_t B, const kinks_t *T, slong i);
/* So many concave kinks of a unit are treated. */
enum { KINKS_MOST_CONCAVE = 8 };

/* 1 if the point is a local minimum on the stratum, the weights near it for which the sharp kinks stay kinks, as far as the tests of the page tell,
   without evidence (off the kinks Hessians of order KINKS_MOST_PARAMETERS at most); *undecided says what stays open.  Beyond KINKS_MOST_FLAT flat kinks: 0. */
int kinks_is_minimum_on_stratum(const char **undecided, const kinks_t *T);
enum { KINKS_MOST_FLAT = 10 };

/* Coefficients 0 .. 4 n of h along a curve W + t V_1 + .. + t^n V_n, t >= 0 small; V: block [W_i, b_i] of V_k is V[2 (k - 1) + i]. */
void kinks_curve_loss(fmpq *c, const kinks_t *T, const qmat_struct *V, slong degree);
enum { KINKS_MOST_DEGREE = 3 };
/* The order of the first one after the constant that is not 0, and its sign: roles NAME-degree, a number, and NAME:k:i, block i of V_k, NAME being up or down.
   0 without a curve, and a failure if it is required, or wrong. */
slong kinks_curve(int *sign, const kinks_t *T, setting_t *s, int up, int required);

/* Decides local minimality: 0 by a curve down, if one is given; 1 by multipliers between 0 and 1 at the sharp kinks and the tests on the
   stratum, or off the kinks by the Hessian (roles hessian, fixed); -1 after a failure, which says what stays open. */
int kinks_decide_minimum(const kinks_t *T, setting_t *s);
/* The same for a point; p after pass_forward. */
int kinks_decide_point(pass_t *p, setting_t *s);

/* How kinks_decide_minimum decided: a sentence without its end. */
void kinks_say_decision(say_t *s, const facts_t *f);

/* 1 if the tests on the stratum show a local minimum off the kinks, where the gradient is 0.  They need no evidence, but time: tried for at most
   KINKS_MOST_PARAMETERS of them, and where no evidence of another kind is given. */
int kinks_show_minimum(pass_t *p, const facts_t *f);
enum { KINKS_MOST_PARAMETERS = 60 };

/* What an oracle is asked with: multipliers, or a curve. */
typedef struct
{
    about_t about;
    const kinks_t *T;
    slong unit;                 /* of multipliers */
    int strictly;
    int up;                     /* of a curve ... */
    slong power, block;         /* ... V_power, 0: its degree */
} kinks_about_t;
extern const char kinks_about_multipliers[], kinks_about_curve[];

#endif
