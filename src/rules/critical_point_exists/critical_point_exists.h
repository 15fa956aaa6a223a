/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether one hidden layer has a critical point with a given activation pattern that captures given eigenvalues: doc/rules/critical-point-exists.md. */
#ifndef CERTIFY_CRITICAL_POINT_EXISTS_H
#define CERTIFY_CRITICAL_POINT_EXISTS_H

#include "rules/rule.h"
#include "rules/unit_cells/unit_cells.h"

enum { EXISTS_ACTIVE, EXISTS_UNITS, EXISTS_EIGENVALUES };       /* parameters */
enum { EXISTS_LOW, EXISTS_HIGH };                               /* constants */

/* The cell of the claim. */
typedef struct
{
    cell_samples_t samples;
    cell_sums_t sums;
    unit_cell_t cell;
    fmpq_t norm2;               /* sum D_j |y_j|^2 over all samples */
    slong *which, distinct;     /* the captured eigenvalues, by their numbers in the cell, each once ... */
    slong *captured, rank;      /* ... and as often as they are captured */
    slong units;
    int dead;                   /* some units are to be active on no sample */
    int enough;                 /* Sigma has all the eigenvalues that are asked for */
} exists_t;

/* 0 beyond the limits; the caller clears it either way.  The claim is not refused. */
int exists_init(exists_t *e, const problem_t *P, const claim_t *c);
void exists_clear(exists_t *e);
/* 1 if w (r numbers) is negative on all samples. */
int exists_is_dead(const exists_t *e, const fmpq *w);
/* 1 if a positive combination of these samples, determined but for a factor, is 0: then no w is. */
int exists_excludes_dead(const exists_t *e, const slong *sample, slong n);

/* What an oracle is asked with. */
extern const char exists_about_type[];

#endif
