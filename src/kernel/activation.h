/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Activation functions, by Arb where they are transcendental. */
#ifndef CERTIFY_ACTIVATION_H
#define CERTIFY_ACTIVATION_H

#include "matrix.h"

typedef enum
{
    ACT_IDENTITY,
    ACT_RELU,               /* max(0, x) */
    ACT_LEAKY_RELU,         /* x for x >= 0, slope x below */
    ACT_TANH,
    ACT_SIGMOID,            /* 1 / (1 + e^-x) */
    ACT_SOFTPLUS,           /* log(1 + e^x) */
    ACT_SMOOTH_LEAKY,       /* slope x + (1 - slope) log(1 + e^x) */
    ACT_KINDS
} activation_kind;

typedef struct
{
    activation_kind kind;
    fmpq_t slope;           /* of the two leaky kinds; 0 otherwise */
} activation_t;

/* Largest precision, in bits, at which a ball leaf may be checked. */
#define ACTIVATION_MAX_PRECISION 4096

/* The names of problem-format.md, indexed by kind. */
extern const char *const activation_name[ACT_KINDS];
int activation_has_slope(activation_kind kind);
/* 1 if s maps rationals to rationals (it is then piecewise linear). */
int activation_is_rational(activation_kind kind);

/* c := the Lipschitz constant sup |s'|: 1 for identity, relu, tanh, softplus;
   1/4 for sigmoid; max(1, |slope|) for the leaky kinds, whose derivatives lie
   between slope and 1.  Entrywise application is then c-Lipschitz in the
   Frobenius norm (not in the spectral norm). */
void activation_lipschitz(fmpq_t c, const activation_t *s);

/* H := s(Z) entrywise for a rational s; the radius is multiplied by c. */
void activation_apply(qmat_t H, const qmat_t Z, const activation_t *s);

/* The slope of a piecewise linear s on the negative side. */
void activation_negative_slope(fmpq_t a, const activation_t *s);

/* Proves ||s(mid Z) - mid H||_F <= rad(H) with Arb at prec bits, each entry
   enclosed on its own; a value that is not finite proves nothing. */
int activation_check_ball(const qmat_t H, const qmat_t Z, const activation_t *s, slong prec);

/* 1 if s is a smooth (not piecewise linear) strictly increasing function, so
   that an inverse can be enclosed. */
int activation_has_inverse(const activation_t *s);
/* x := entry (i, j) of the midpoint, enclosed; no common factor is looked for. */
void activation_entry(arb_t x, const qmat_t A, slong i, slong j, slong prec);
/* y := an enclosure of s(x), used by activation_check_ball and by whoever
   needs a first guess. */
void activation_arb(arb_t y, const arb_t x, const activation_t *s, slong prec);

#endif
