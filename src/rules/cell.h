/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The outputs of all networks with the activation pattern of a point, for piecewise linear
   activations off their kinks.  With slopes d_{k,i} of unit i of layer k on the samples they lie
   in S_{l-1}, S_0 the rows of [X; 1], S_k the span of d_{k,i} o s for s in S_{k-1} and units i, and
   1, the ones where the next layer has a bias.  (With skips they lie in the sum of S_{l-1} and the
   spaces of their layers; in a resnet the rows of X belong to S_{l-1}.) */
#ifndef CERTIFY_CELL_H
#define CERTIFY_CELL_H

#include "passes.h"

/* S := independent rows that span the space of the outputs, p with slopes, which are exact; 0
   beyond the limits. */
int cell_space(qmat_t S, const pass_t *p);

/* S := independent rows of the exact S, which has rows; 0 beyond the limits. */
int cell_reduce(qmat_t S);
/* A := d o s for every row s of S, d a row. */
void cell_times_row(qmat_t A, const qmat_t S, const qmat_t d);
/* S, which may be empty, gets the rows of A; a row of m ones. */
void cell_append(qmat_t S, const qmat_t A);
void cell_append_ones(qmat_t S, slong m);
/* 1 if units i and k of the layer with these slopes have the same on all samples; 1 if an earlier
   unit has those of unit i. */
int cell_same_slopes(const qmat_t slopes, slong i, slong k);
int cell_is_repeated(const qmat_t slopes, slong i);

#endif
