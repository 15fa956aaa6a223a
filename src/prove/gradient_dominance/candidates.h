/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Points from which the search for counterexamples and lower bounds starts. */
#ifndef CERTIFY_GRADIENT_DOMINANCE_CANDIDATES_H
#define CERTIFY_GRADIENT_DOMINANCE_CANDIDATES_H

#include "algebra/landscape.h"

/* w := the centre, moved towards singular layers.  The bits of blocks choose the layers
   that move; shape: 0 along the smallest singular pair, 1 along the polar factor, 2 along
   the matrix itself. */
void weak_candidate(landscape_t *s, double *w, int shape, unsigned long blocks, double factor);
/* One hidden layer and the feature norm: w := the centre, with features that are moved
   towards singular ones, by factor times the radius. */
void feature_candidate(landscape_t *s, double *w, double factor);

/* v := a point with a smaller loss than the centre's, by gradient descent. */
void descend(landscape_t *s, double *v, int steps);

#endif
