/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The polar condition of two layers W_2 s(W_1 X + b_1), s homogeneous: |Q s(w^T X')^T| <= tau |w| for all units w.
   doc/rules/regularized-global-minimum.md, "Proof". */
#ifndef CERTIFY_POLAR_H
#define CERTIFY_POLAR_H

#include "rules/cone_tree/cone_tree.h"
#include "network/network.h"

typedef struct
{
    qmat_t X;                   /* X', d x m: the data, and a row of ones if the units have a bias; samples of weight 0 are 0 */
    fmpq_t slope;               /* of s below 0; 1 for linear units */
} units_in_t;

/* NULL if the network is such a one, whose units' biases weight decay counts like their weights; or why not. */
const char *polar_refuses(const problem_t *P);
void polar_init(units_in_t *u, const problem_t *P);
void polar_clear(units_in_t *u);
/* No tree is needed: linear units, or no data. */
int polar_is_linear(const units_in_t *u);

/* F (k x m) := sum_i x_i u_i s(w_i^T X') at the point, exact; x NULL: ones, the outputs without the last bias. */
void polar_outputs(qmat_t F, const units_in_t *u, const problem_t *P, const fmpq *x);
/* w2 := |w_i|^2, the bias of the unit included; u2 := |u_i|^2. */
void polar_squares(fmpq_t w2, fmpq_t u2, const problem_t *P, slong i);
/* 1 if the x_i are >= 0 and sum_i x_i u_i s(w_i^T X') are the outputs of the point: with units (w_i, u_i) times x_i^{1/2}. */
int polar_same_outputs(const units_in_t *u, const problem_t *P, const fmpq *x);

/* What a tree has to show for Q (k x m) and tau, for X' != 0 and units that are not linear; the caller clears it whatever is
   returned.  0 beyond the limits. */
int polar_cone_claim(cone_claim_t *c, const units_in_t *u, const qmat_t Q, const fmpq_t tau);
/* Roles PREFIXpolar, an upper bound of |Q X'^T|^2, for linear units, PREFIXtree for others, or without it the norms, PREFIXpolar, -q, -x;
   size: of the tree, without leaves if there is
   none.  0 after a failure, which is recorded. */
int polar_verify(cone_size_t *size, facts_t *f, const char *prefix, const units_in_t *u, const qmat_t Q, const fmpq_t tau);

/* The numbers of a tree are asked about with this. */
typedef struct
{
    about_t about;
    const cone_claim_t *claim;
} polar_about_tree_t;
extern const char polar_tree_type[];

#endif
