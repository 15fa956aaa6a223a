/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One cone of the search, in floating point. */
#ifndef CERTIFY_RGM_CONE_H
#define CERTIFY_RGM_CONE_H

#include <pthread.h>
#include "cones.h"

enum { D = CONE_DIMENSIONS };

typedef struct roots roots_t;

/* The claim in doubles, and what one node needs of it. */
typedef struct
{
    cones_t *t;                 /* of one root */
    roots_t *all;
    const cone_claim_t *c;
    slong d, m, k;
    double *X, *Q, *norm, tau;
    double *base, S[D * D];     /* B; S, with weights a metric for lengths alone */
    double *up, *down, *share;  /* weights, and 1 / up where the claim has shares; or NULL */
} cone_search_t;

/* The roots, shared by threads; what changes, behind the lock. */
struct roots
{
    const cone_search_t *shared;
    cones_t *tree;              /* one for each root */
    cones_kind *found;
    pthread_mutex_t lock;
    slong next, stop;           /* roots from stop on are not needed */
    slong leaves, open;
    double part;                /* of all directions that is done */
};

/* A cone: generators, and their z_j where samples are ambiguous. */
typedef struct
{
    slong v[D][D];
    double *z[D];               /* m each; not owned */
    double length[D];
    double *M;                  /* k x d: B and the active samples */
    double S[D * D];            /* the metric of the lemma */
    double *F;                  /* k x k: share_j q_j q_j^T of the active samples, or NULL */
    slong *live, n;             /* the ambiguous samples */
    slong depth;
} cone_t;

/* The lemma of the leaf, up to rounding. */
int cone_leaf_in_doubles(const cone_search_t *s, const cone_t *K);
/* A (n x n) += x v v^T. */
void cone_add_square(double *A, const double *v, slong n, double x);
/* The edge (a, b) to split: that whose samples cost most, *only the one that changes its sign there if there is no other, else -1; or
   the longest one. */
void cone_choose_edge(slong *a, slong *b, slong *only, const cone_search_t *s, const cone_t *K);

#endif
