/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds what shows whether a cell has critical points: doubles for a first guess, linear programs in rationals. */
#ifndef CERTIFY_CELL_SEARCH_H
#define CERTIFY_CELL_SEARCH_H

#include "rules/unit_cells/unit_cells.h"

/* Room for a subset of points. */
enum { CORRAL = 17 };
/* Of n points of k < CORRAL - 1 coordinates, length 1: the numbers, ascending, of at most k + 1 of them whose convex hull contains 0, their weights at least
   *weight; returns how many, 0 if the hull of all does not seem to contain 0 (Wolfe's method). */
int corral_find(int *subset, double *weight, const double *point, slong n, slong k);
/* 1 if the hull of these points seems to contain 0, all weights at least *weight. */
int corral_holds(double *weight, const int *subset, int size, const double *point, slong k);

/* code := 1 + the samples in digits 1 .. n of base n + 1. */
void subset_code(fmpz_t code, const slong *subset, slong size, slong n);

/* The program A x = (0, .., 0, 1), x >= 0, x of n samples, and of slack if there is a column more: 1, the samples that a solution (with the most slack) has;
   or 0, and y its Farkas vector. */
int cell_program(slong *subset, slong *size, fmpq *y, const qmat_t A, slong n);

typedef struct
{
    slong subset[2][CELL_SUBSET], size[2];      /* what excludes (the second only with a simple eigenvalue) */
    fmpq *y;                                    /* or the numbers of a point */
    slong n;
} decision_t;

/* 1: the choice has a w in the cell, d->y; 0: it has none; -1: not decided.  The caller clears d in any case. */
int choice_decide(decision_t *d, const cell_choice_t *c, unit_cell_t *p);
void decision_clear(decision_t *d);
/* Samples that exclude everything at once (cell_sums_exclude), or the inactive cell (of the x_j themselves); 0 if none are found. */
int cell_exclude(slong *subset, slong *size, const cell_sums_t *t);
int dead_exclude(slong *subset, slong *size, const cell_samples_t *s);
/* w (r numbers) := negative on all samples; 0 if none is found. */
int dead_point(fmpq *w, const cell_samples_t *s);
/* low, high := the loss (norm2 - sum of n captured eigenvalues)/2: exact if all of them are rational. */
void cell_loss(fmpq_t low, fmpq_t high, unit_cell_t *c, const slong *captured, slong n, const fmpq_t norm2);

/* W_1 (units x r) := weights of as many units with the pattern of the cell, W_2 (k x units) := what makes them a critical point for the choice, of dimension rank and
   decided by y: exact where the eigenvectors are rational, otherwise rounded.  0 if none are found. */
int cell_construct(qmat_t W_1, qmat_t W_2, slong units, slong rank, const cell_choice_t *c, unit_cell_t *p, const fmpq *y);

/* b (r numbers) := that of simple eigenvalue number l of the choice times 2^-e, at most 1 each, near enough; returns e. */
slong cell_eigenvector(double *b, const cell_choice_t *c, const unit_cell_t *p, slong l);
/* near := the point with these numbers, its largest entry 1 or -1; w (r numbers) := rational, short, in the cell, near it; 0 if none is found. */
int choice_point(fmpq *w, double *near, const cell_choice_t *c, unit_cell_t *p, const fmpq *y);

#endif
