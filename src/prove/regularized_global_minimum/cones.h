/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search for a tree of cones, depth first: in floating point, and for the last tree each leaf exactly. */
#ifndef CERTIFY_RGM_CONES_H
#define CERTIFY_RGM_CONES_H

#include "prove/prover.h"
#include "rules/cone_tree/cone_tree.h"

typedef enum { CONES_PROVED, CONES_WITNESS, CONES_LIMIT } cones_kind;

typedef struct
{
    fmpq *code;                 /* as in cone_tree.h */
    slong n, room;
    slong leaves, most_leaves;
    int exactly;                /* leaves are verified as the checker does */
    double factor;              /* of tau */
    double w[CONE_DIMENSIONS];  /* the witness: N(w) > factor tau |w|_S */
    const prove_options_t *opt;
} cones_t;

void cones_init(cones_t *t, const prove_options_t *opt);
void cones_clear(cones_t *t);
/* Answers with the tree of t, if that is what is asked for and there is one (t may be NULL). */
int cones_give(evidence_t *e, const ask_t *ask, const cones_t *t);
/* Looks for a tree that shows the claim with factor tau in the place of tau. */
cones_kind cones_search(cones_t *t, const cone_claim_t *c);

#endif
