/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bound of a sum of units over all directions, by a tree of simplicial cones:

     N(w) = | B w + sum_j q_j max(0, x_j.w) |  <=  tau (w^T S w)^{1/2}   for all w in R^d.

   or, for samples with weights,

     N(w)^2 <= tau^2 (sum_j up_j max(0, x_j.w)^2 + down_j min(0, x_j.w)^2).

   doc/rules/regularized-global-minimum.md has the statement, the lemma of the leaf and its proof, doc/rules/landscape.md the second form. */
#ifndef CERTIFY_CONE_TREE_H
#define CERTIFY_CONE_TREE_H

#include "kernel/facts.h"

/* The largest d: a tree of such a dimension has 2^d roots. */
enum { CONE_DIMENSIONS = 8, CONE_DEPTH = 200 };

/* What is claimed, in integers: every number may be scaled, samples by any positive factor that q_j loses. */
typedef struct
{
    slong d, m, k;              /* dimension, samples, outputs */
    fmpz_mat_t X;               /* m x d, row j is x_j */
    fmpz_mat_t Q;               /* m x k, row j is q_j */
    fmpz_mat_t B;               /* k x d */
    fmpz_mat_t S;               /* d x d, symmetric, positive definite; 0 with weights */
    fmpz *up, *down;            /* m weights each, up > 0, down >= 0, or NULL */
    fmpz *share;                /* m: a common multiple of all up_j over up_j; NULL unless B is 0 */
    fmpz_t whole;               /* that multiple */
    fmpz_t tau;                 /* >= 0 */
    fmpz *norm;                 /* m: the least integers >= 2^CONE_BITS |q_j|, made by cone_claim_set */
    slong x_bits, q_bits, bits; /* the longest of X, of Q; of X, Q, B and tau together */
} cone_claim_t;

enum { CONE_BITS = 12 };

/* The claim for rational matrices (exact): B (k x d), Q (k x m), X (d x m), S (d x d) and tau >= 0.  The caller
   clears it whatever is returned; 0 beyond the limits of the format. */
int cone_claim_set(cone_claim_t *c, const qmat_t B, const qmat_t Q, const qmat_t X, const qmat_t S, const fmpq_t tau);
/* The second form: weights (integers, given as rationals) instead of S, samples of weight > 0. */
int cone_claim_set_weights(cone_claim_t *c, const qmat_t B, const qmat_t Q, const qmat_t X, const fmpq *up, const fmpq *down, const fmpq_t tau);
void cone_claim_clear(cone_claim_t *c);

/* r := the least integer >= 2^CONE_BITS x^{1/2}, x >= 0 an integer. */
void cone_root_up(fmpz_t r, const fmpz_t x);

/* V: d x d, its rows the generators v_1 .. v_d of a cone; those of root number r = 0 .. 2^d - 1 are e_i or
   -e_i (bit i of r). */
void cone_root(fmpz_mat_t V, slong r);
/* v := p v_a + q v_b without its content; 0 if it would be 0. */
int cone_split(fmpz *v, const fmpz_mat_t V, slong a, slong b, const fmpz_t p, const fmpz_t q);

/* A cone on the way down a tree.  Samples that have one sign on a cone have it on the cones in it: those that are nowhere negative are in M, and
   only the first n of an order of all samples, which the nodes of a path share, may still have two. */
typedef struct
{
    fmpz_mat_t V;               /* the generators */
    fmpz_mat_t M;               /* k x d: B, and q_j x_j^T of the samples that are nowhere negative */
    fmpz_mat_t S;               /* d x d: S, and with weights up_j x_j x_j^T or down_j x_j x_j^T of the samples with one sign */
    fmpz_mat_t F;               /* k x k: share_j q_j q_j^T of the samples that are nowhere negative, if there are shares */
    slong n, depth;
} cone_node_t;

/* 0 .. m - 1. */
slong *cone_order(slong m);
/* Root number r, whose samples are not looked at yet. */
void cone_node_init(cone_node_t *node, const cone_claim_t *c, slong r);
void cone_node_set(cone_node_t *node, const cone_node_t *other);
void cone_node_clear(cone_node_t *node);
/* Looks at the first n samples, and permutes them so that those that change their sign come first; 0 beyond the limits. */
int cone_settle(cone_node_t *node, slong *order, const cone_claim_t *c);
/* 1 if the lemma of the leaf shows the claim on the cone, which is settled. */
int cone_leaf(const cone_claim_t *c, const cone_node_t *node, const slong *order);
/* The same for generators alone. */
int cone_leaf_alone(const cone_claim_t *c, const fmpz_mat_t V);

typedef struct
{
    slong leaves, depth;
} cone_size_t;

/* 1 if the tree given as numbers for the role proves the claim; otherwise a failure, which is recorded.
   The numbers are the nodes in preorder, root by root: 0, a leaf; 1 + i, the edge number i split in its
   middle; 1 + d (d - 1) / 2 + i followed by p and q, the edge split at p v_a + q v_b.  Edges are numbered
   (1, 2), (1, 3), .., (1, d), (2, 3), ..  The child with v in the place of v_a comes first. */
int cone_tree_verify(cone_size_t *size, facts_t *f, const char *role, const cone_claim_t *c, const about_t *about);

#endif
