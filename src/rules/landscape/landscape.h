/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All of the landscape of one hidden unit: doc/rules/landscape.md. */
#ifndef CERTIFY_LANDSCAPE_H
#define CERTIFY_LANDSCAPE_H

#include "rules/cone_tree/cone_tree.h"
#include "rules/rule.h"

enum { LANDSCAPE_GAP };                         /* parameter */
enum { LANDSCAPE_LOW, LANDSCAPE_HIGH };         /* constants */

/* NULL if the network is u s(w^T X), piecewise linear, the square loss without weight decay; or why not. */
const char *landscape_refuses(const problem_t *P);
/* X (r x n) := independent rows of the samples that count, in integers; Y and D their labels and 2 scale weight, D with room for all samples; x := sum D_j |y_j|^2
   over all samples.  0 beyond the limits. */
int landscape_data(qmat_t X, qmat_t Y, fmpq *D, fmpq_t x, const problem_t *P);
/* What a tree has to show for rho: |Y D s(w^T X)| <= rho |s(w^T X)|_D for all w; the caller clears it whatever is returned.  0 beyond the limits. */
int landscape_claim(cone_claim_t *c, const qmat_t X, const qmat_t Y, const fmpq *D, const problem_t *P, const fmpq_t rho);

/* What an oracle is asked with: rho and the tree. */
typedef struct
{
    about_t about;
    const cone_claim_t *claim;  /* of a tree, or NULL */
} landscape_about_t;
extern const char landscape_about_type[];

#endif
