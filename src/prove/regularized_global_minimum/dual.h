/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Near the optimum over all widths: a dual point, and the network that attains it.  Never trusted. */
#ifndef CERTIFY_RGM_DUAL_H
#define CERTIFY_RGM_DUAL_H

#include "cones.h"
#include "units.h"

/* Above this rank of the data a tree is hours of work. */
enum { MOST_RANK = 6 };
int polar_is_within_reach(const units_in_t *in);

/* What the prover offers; what is absent is not offered. */
typedef struct
{
    const qmat_struct *Q;       /* the dual point */
    const cones_t *tree;
    const fmpq *scale, *bias;
    fmpq *unit;                 /* units, each of unit_size numbers */
    slong units, unit_size;
} rgm_offer_t;

/* Answers with what o offers, an rgm_offer_t. */
int rgm_answer(oracle_t *o, const ask_t *ask, evidence_t *e);
/* The tree that shows that Q is a dual point, each leaf exactly; CONES_PROVED, without one, for linear units. */
cones_kind rgm_exact_tree(cones_t *t, const rgm_t *r, const qmat_t Q);

typedef struct best best_t;
/* Offers the unit (d + k numbers) that lowers the loss most in the place of one that is 0; 0 if none was found. */
int rgm_offer_escape(rgm_offer_t *offer, fmpq *unit, const best_t *B);

/* A network of the best loss that was found, and its dual point. */
struct best
{
    const rgm_t *r;
    units_t M;
    double loss;                /* near h* */
    double *Q;                  /* k x m: Y - f there */
    double excess;              /* |Q D s(w^T X)^T| <= mu (1 + excess) |w|, up to rounding */
    double *w, *u, *b;          /* n units, |w| = |u|: n x d, n x k; k */
    slong n;
    slong leaves;               /* of the last tree in floating point */
};

void best_init(best_t *B, const rgm_t *r);
void best_clear(best_t *B);
/* Linear units: to this relative gap. */
void best_linear(best_t *B, double accuracy, const prove_options_t *opt);
/* Others: column generation until a tree shows an excess of at most each of the goals in turn, as far as the
   limits allow, or until the gap of a point with this loss is as small as wanted or refuted (want < 0: until
   trees become large); 0 if it does not even show the first. */
int best_by_columns(best_t *B, double first, double last, double loss, double want, const prove_options_t *opt);
/* Q: the residual, or the outputs that are wanted, times what norms allow; returns the dual value, or 0. */
double best_by_norms(best_t *B);
/* Q := the dual point divided by 1 + excess, rounded. */
void best_dual(qmat_t Q, const best_t *B, double excess);
/* The best direction for one more unit at the point itself: (w, u) scaled by the best factor, and by how much
   the loss falls; 0 if none was found. */
double best_escape(double *w, double *u, const best_t *B);
/* The dual value of Q, k x m. */
double units_dual(const units_t *M, const double *Q, double factor);

#endif
