/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The layers of a trained network in the arrays of a file. */
#ifndef CERTIFY_CHECKPOINT_H
#define CERTIFY_CHECKPOINT_H

#include "array.h"

typedef struct
{
    const listed_t *weight, *bias;      /* bias may be NULL */
} layer_t;

typedef struct
{
    listing_t arrays;
    slong n;
    layer_t *layer;             /* in the order of the network */
    int transposed;             /* weights are stored in x out, as Keras does */
    int ambiguous;              /* the shapes would also allow the other orientation or order */
    slong others;               /* arrays that belong to no layer */
} checkpoint_t;

/* Finds pairs NAME.weight, NAME.bias (or kernel and bias, W1 and b1, ..) whose shapes make a
   chain; the caller clears *c in any case.  0 with a fault that says what is in the way. */
int checkpoint_find(checkpoint_t *c, const char *path, fault_t *err);
void checkpoint_clear(checkpoint_t *c);
/* The widths of layer k: inputs and outputs. */
slong layer_inputs(const checkpoint_t *c, slong k);
slong layer_outputs(const checkpoint_t *c, slong k);

#endif
