/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds what shows whether a cell has critical points: doubles for a first guess, linear programs in rationals. */
#ifndef CERTIFY_PROVE_UNIT_CELLS_H
#define CERTIFY_PROVE_UNIT_CELLS_H

#include "rules/unit_cells/unit_cells.h"

/* Room for a subset of points. */
enum { CORRAL = 17 };
/* Of n points of k < CORRAL - 1 coordinates, length 1: the numbers, ascending, of at most k + 1 of them whose convex hull contains 0, their weights at least
   *weight; returns how many, 0 if the hull of all does not seem to contain 0 (Wolfe's method). */
int corral_find(int *subset, double *weight, const double *point, slong n, slong k);
/* 1 if the hull of these points seems to contain 0, all weights at least *weight. */
int corral_holds(double *weight, const int *subset, int size, const double *point, slong k);

typedef struct
{
    slong subset[2][CELL_SUBSET], size[2];      /* what excludes (the second only with a simple eigenvalue) */
    fmpq *y;                                    /* or the numbers of a point */
    slong n;
} decision_t;

/* 1: the choice has a w in the cell, d->y; 0: it has none; -1: not decided.  The caller clears d in any case. */
int choice_decide(decision_t *d, const cell_choice_t *c, unit_cell_t *p);
void decision_clear(decision_t *d);
/* near := the point with these numbers, its largest entry 1 or -1; w (r numbers) := rational, short, in the cell, near it; 0 if none is found. */
int choice_point(fmpq *w, double *near, const cell_choice_t *c, unit_cell_t *p, const fmpq *y);

#endif
