/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lies within some distance of a point that is only nearly critical: doc/rules/within.md.  Parameters are numbered layer by
   layer, [W_k, b_k] row by row. */
#ifndef CERTIFY_WITHIN_H
#define CERTIFY_WITHIN_H

#include "rules/deviation.h"
#include "rules/rule.h"

enum { WITHIN_RADIUS };
/* Findings: bounds of the loss at the point that exists, of the least eigenvalue of the Hessian there (or of the size of the curvature of a
   saddle), the distance that is proved, the radius around the centre in which there is no other (if nothing is fixed); the number of entries that are fixed. */
enum { WITHIN_LOW, WITHIN_HIGH, WITHIN_CURVATURE, WITHIN_DISTANCE, WITHIN_ALONE, WITHIN_FIXED };

/* NULL, or why h is no function with these derivatives. */
const char *within_refuses(const problem_t *P);

/* The columns of [W_{k+1}, b_{k+1}]; the number of all parameters. */
slong within_width(const problem_t *P, slong k);
slong within_order(const problem_t *P);
/* H := a ball with the Hessian of h, weight decay included, by the parameters that are not fixed (NULL: by all); 0 beyond the limits.
   p with slopes. */
int within_hessian(qmat_t H, const pass_t *p, setting_t *s, const char *fixed);
/* M >= the Lipschitz constant of the Hessian in the spectral norm where all layers, biases included, lie within rho of those of
   p; d of these radii, after deviation_of_derivatives.  0 beyond the limits. */
int within_third(fmpq_t M, const pass_t *p, const deviation_t *d, const fmpq_t rho);

/* The point around which all is proved: Q := P with the blocks of the roles center:k, center-bias:k, where they are given, and
   distance >= the distance of the two points.  0 after a failure. */
int within_centre(problem_t *Q, fmpq_t distance, const problem_t *P, facts_t *f);

/* fixed (room for within_order): 1 for every parameter that stays as it is, because a symmetry of h can bring it back; the number of
   them, or -1 after a failure.  Roles fixed:k.  p at the point. */
slong within_slice(char *fixed, const pass_t *p, facts_t *f);

/* minimizer-within: how it is shown. */
enum { WITHIN_BY_EXACT, WITHIN_BY_CURVATURE, WITHIN_BY_LAST_LAYER };
extern const char *const within_by[];
/* The word of the role "by"; -1, and a failure, without one. */
int within_word(facts_t *f);
const char *within_minimizer_refuses(const problem_t *P);
/* Local minima of h are global minimisers. */
int within_minima_are_global(const problem_t *P);
/* r >= the distance of a global minimiser from the point of p, low <= its loss <= high; by exact or last-layer.  0 after a failure. */
int within_minimizer(fmpq_t r, fmpq_t low, fmpq_t high, int by, const pass_t *p, setting_t *s);

/* What an oracle is asked for. */
extern const char within_about_type[];
typedef struct
{
    about_t about;
    enum { WITHIN_ASKS_CENTRE, WITHIN_ASKS_RADIUS, WITHIN_ASKS_FIXED, WITHIN_ASKS_INVERSE, WITHIN_ASKS_DOWN } what;
    int bias;                   /* of the centre */
    slong block;                /* of the centre, or fixed: from 0 on */
    const qmat_struct *effective;       /* fixed: the entries from which columns are taken, and .. */
    const slong *column;        /* .. their numbers; and what of the layer is fixed already, by rows */
    const char *fixed;
    const qmat_struct *H;       /* inverse, down: the Hessian on what moves */
} within_about_t;

void within_say_minimizer(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void within_say_minimum(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void within_say_critical(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void within_say_saddle(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void within_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f);

#endif
