/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The codes of the role "cells" of a landscape, and what they show. */
#ifndef CERTIFY_LANDSCAPE_LIST_H
#define CERTIFY_LANDSCAPE_LIST_H

#include "prove/prover.h"
#include "rules/landscape/landscape.h"

typedef struct
{
    fmpq *x;
    slong n, room;
} numbers_t;

typedef struct
{
    numbers_t codes, numbers;   /* of the roles cells and points */
    numbers_t points;           /* of the conclusion */
    slong cells, dead, critical, minima;
    double *best, best_loss;    /* the direction w of the point with the least loss, and about that loss; best NULL: none */
    const char *missing;        /* why there is no list */
} list_t;

void list_init(list_t *l);
void list_clear(list_t *l);
/* So many cells there are at most, for n samples of rank r. */
double list_most_cells(slong n, slong r);
/* 1 if the list is found; otherwise l->missing.  rows: which rows of the data those of X are.  careful: what doubles show is verified cell by cell. */
int list_find(list_t *l, const problem_t *P, const qmat_t X, const qmat_t Y, const fmpq *D, const fmpq_t norm2, const slong *rows,
              const prove_options_t *opt, int careful);

#endif
