/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a search found in double precision, rounded so that it is what a rule asks for. */
#ifndef CERTIFY_PROVE_ROUND_H
#define CERTIFY_PROVE_ROUND_H

#include "dual.h"
#include "model.h"

/* U := the dual point of c, inside its domain; entries (of cross-entropy: probabilities) below least, relative to
   the largest, become 0. */
void round_dual(qmat_t U, const convex_t *c, double least);
/* x->member := the minimiser, a little inside the radius. */
void round_member(basis_point_t *x, const model_t *M, const convex_t *c);
/* x->u, x->correction := the dual point of c and what makes it orthogonal to the basis, still in its domain; 0 if
   nothing else is found. */
void correct_dual(basis_point_t *x, model_t *M, const convex_t *c);

#endif
