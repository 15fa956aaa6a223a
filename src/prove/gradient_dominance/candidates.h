/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Points from which the search for counterexamples and lower bounds starts. */
#ifndef CERTIFY_GRADIENT_DOMINANCE_CANDIDATES_H
#define CERTIFY_GRADIENT_DOMINANCE_CANDIDATES_H

#include "algebra/landscape.h"

/* w := the centre, moved towards singular layers.  The bits of blocks choose the layers
   that move; shape: 0 along the smallest singular pair, 1 along the polar factor, 2 along
   the matrix itself. */
void weak_candidate(landscape_t *s, double *w, int shape, unsigned long blocks, double factor);
/* Feedforward networks: the last layer is free, so it can make the residual
   e = size u v^T, v the weakest right singular vector of the last features
   and u a unit vector, or (unit = d_l) the one that the layer below sees least:
   the weakest left singular vector of the last layer itself. */
void align_last_layer(landscape_t *s, double *w, slong unit, double size);
/* v := a point with a smaller loss than the centre's, by gradient descent. */
void descend(landscape_t *s, double *v, int steps);

#endif
