/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The exact problem that a claim is about: network, loss, data and point. */
#ifndef CERTIFY_PROBLEM_H
#define CERTIFY_PROBLEM_H

#include "kernel/activation.h"
#include "kernel/matrix.h"

/* (Comparisons with NET_FEEDFORWARD rely on the order: those after it have layers, too.) */
typedef enum { NET_LINEAR, NET_RESIDUAL, NET_FEEDFORWARD, NET_SKIP, NET_RESNET, NET_KINDS } network_kind;
typedef enum { LOSS_SQUARE, LOSS_CROSS_ENTROPY, LOSS_LOGISTIC, LOSS_SMOOTH_HINGE, LOSS_KINDS } loss_kind;

/* Which biases weight decay counts, beside all weights. */
typedef enum { DECAY_WEIGHTS, DECAY_HIDDEN_BIASES, DECAY_BIASES, DECAY_KINDS } decay_kind;

extern const char *const network_name[NET_KINDS];
extern const char *const loss_name[LOSS_KINDS];
/* The word after the number in a certificate: "", " hidden-biases", " biases". */
extern const char *const decay_name[DECAY_KINDS];

typedef struct
{
    network_kind kind;
    slong l;                    /* layers, or residual units; of a resnet W_{l-1} is R and W_l is W */
    slong r;                    /* depth of a residual unit; 1 for the others */
    activation_t *act;          /* layers with activations: l - 1 entries (a resnet's last one is
                                   identity); else NULL */
    slong skips, *skip;         /* skip: the layers, rising, whose features the last layer sees
                                   below those of layer l - 1: W_l is [W_l, S_k1, S_k2, ..] */

    loss_kind loss;
    fmpq_t scale;               /* loss(f(X)) = scale sum_i weights_i ||f(x_i) - y_i||^2 */
    slong power;                /* of the smooth hinge */
    fmpq *weights;              /* m entries, all 1 by default */
    slong nweights;             /* m, kept because X may have been replaced */
    fmpq_t weight_decay;
    decay_kind decayed;         /* DECAY_WEIGHTS unless there are biases and weight decay */

    qmat_t X;                   /* d_0 x m: samples are columns */
    qmat_t Y;                   /* d_l x m */

    slong nblocks;              /* l r */
    qmat_struct *W;             /* W_1 .. W_l, or A_11 .. A_1r, .. A_lr */
    qmat_struct *b;             /* with biases: l columns, no rows for R and W of a resnet; else NULL */
    qmat_t features;            /* no rows, or one hidden layer's s(W_1 X) (d_1 x m) in place
                                   of W_1 = s^{-1}(features) X^+; W[0] is then zero */
} problem_t;

/* An empty problem; every pointer NULL. */
void problem_init(problem_t *P);
void problem_clear(problem_t *P);
/* Room for l layers or units of depth r, for m weights (all 1). */
void problem_set_network(problem_t *P, network_kind kind, slong l, slong r);
void problem_set_samples(problem_t *P, slong m);
void problem_add_biases(problem_t *P);
void problem_add_skips(problem_t *P, const slong *layers, slong n);
/* b_{k+1}, or NULL. */
const qmat_struct *problem_bias(const problem_t *P, slong k);
/* That bias if weight decay counts it, or NULL: of all layers, or of all but the last one. */
const qmat_struct *problem_decayed_bias(const problem_t *P, slong k);
/* A := [W_{k+1}, b_{k+1}]; without biases, 0 in the place of b_{k+1}, if there is one. */
void problem_block(qmat_t A, const problem_t *P, slong k, int biases);
/* The columns that W_{k+1} needs, from the rows of the matrices before it. */
slong problem_inputs(const problem_t *P, slong k);

/* Checks every shape, that matrices are exact and not empty, and that the
   sample weights are positive or zero, scale positive.  Returns NULL, or a message
   saying which matrix has which wrong shape (static buffer). */
const char *problem_validate(const problem_t *P);

/* "W_2", or "A_21" for residual networks, as a person writes it. */
void problem_block_name(char *buf, size_t size, const problem_t *P, slong i);

/* D = diag(2 scale weights_i): the loss is 1/2 ||(f(X) - Y) D^{1/2}||_F^2. */
void problem_curvature(fmpq *D, const problem_t *P);

#endif
