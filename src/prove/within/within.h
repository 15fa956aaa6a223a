/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_PROVE_WITHIN_H
#define CERTIFY_PROVE_WITHIN_H

#include "prove/prover.h"
#include "rules/within/within.h"

/* What is offered to the rule: the centre, the radius of the ball around it; whether Theorem K is to be used; how a global minimiser is
   shown. */
typedef struct
{
    const problem_t *centre;
    fmpq_t R;
    int inverse;
    int by;
} within_offer_t;

/* Q := a point near that of o, of some hundred bits, where the gradient is as good as 0: a minimum of the loss, or a critical point of
   any kind.  NULL, or why there is none. */
const char *within_find(problem_t *Q, oracle_t *o, int minimum, const prove_options_t *opt);
/* The Hessian at Q, in doubles, on the parameters that move: how many of its eigenvalues are as good as 0, how many negative, the least in
   modulus; how many parameters are fixed. */
typedef struct
{
    slong moving, fixed, zero, negative;
    double least;
} within_spectrum_t;
void within_spectrum(within_spectrum_t *S, const problem_t *Q, oracle_t *o);
/* R := a radius on which the Hessian changes by less than half its least eigenvalue in modulus, about; bits := the bits of features
   that are enough (0: as usual), the centre being at that distance. */
int within_ball(fmpq_t R, slong *bits, const problem_t *Q, oracle_t *o, const within_spectrum_t *S, double distance);

/* Q := the nearest global minimiser that differs from P in one layer, exact; 0 if there is none, or P is no linear network with the square
   loss. */
int within_nearest(problem_t *Q, const problem_t *P);
/* Q := P with the last layer that fits the labels best, and is nearest, about. */
int within_last_layer(problem_t *Q, const problem_t *P);

int within_answer(oracle_t *o, const ask_t *ask, evidence_t *e);

#endif
