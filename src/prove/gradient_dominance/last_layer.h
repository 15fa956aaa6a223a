/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feedforward networks: the last layer is a least-squares solution for whatever residual is
   wanted. */
#ifndef CERTIFY_GRADIENT_DOMINANCE_LAST_LAYER_H
#define CERTIFY_GRADIENT_DOMINANCE_LAST_LAYER_H

#include "algebra/landscape.h"

/* The features of the last hidden layer at w, width x m, and the slopes of its units (NULL
   if there is no such layer); to be freed. */
double *last_features(slong *width, double **slope, const landscape_t *s, const double *w);
/* V := the eigenvectors, as rows, of H^T H, H width x m; 0 if that is about singular. */
int gram_eigen(double *ev, double *V, const double *H, slong width, slong m);
/* W := T H^+, T dl x m, by the above; twice corrected, since the residual wanted may be far
   smaller than the error of one solution. */
void fit_layer(double *W, const double *T, const double *H, const double *ev, const double *V,
               slong dl, slong width, slong m);

/* Feedforward networks: the last layer is free, so it can make any residual: size u v^T, v
   the weakest right singular vector of the last features and u unit vector number way, or
   (way = d_l) the one that the layer below sees least. */
void align_last_layer(landscape_t *s, double *w, slong way, double size);

/* One hidden layer, all sample weights positive, h* = 0: the limit of the ratio where the
   last layer makes a small residual, E times a number, the worst one; w has the last layer
   without it.  At most 0 if unknown. */
int has_residual_limit(const landscape_t *s);
double residual_limit(double *E, landscape_t *s, double *w);
/* The last layer of Q := the one that makes the residual 2^-40 E: exactly, but for a
   rounding that is far smaller, where the numbers of landscape.h would not do. */
void make_residual(problem_t *Q, const double *E);

#endif
