/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Products of perturbed matrices (doc/mathematics, section "Chains").

   A chain is F_1, .., F_n, applied in this order: segment (a, b) is the
   product F_b ... F_a (0-based, empty if a > b).  Factor k may move by any
   V_k with ||V_k|| <= rho_k in the spectral norm; every bound below holds on
   that whole neighbourhood unless it says "at the point", and is rounded in
   the safe direction when long, so that numbers do not grow with depth. */
#ifndef CERTIFY_CHAIN_H
#define CERTIFY_CHAIN_H

#include "rules/setting.h"

typedef struct
{
    facts_t *f;
    char name[24];              /* "W", "M", or "A3" inside unit 3: for roles */
    slong n;
    const qmat_struct *F;
    const fmpq *rho;
    const moments_t *M;         /* for chain_data; may be NULL */
    fmpq_t data_norm2;          /* upper bound of ||X D^{1/2}||^2, or -1: not yet asked */
    qmat_struct *seg;           /* the rest is memory of what was derived, */
    fmpq *norm, *dev, *sup;     /* n x n each, indexed a * n + b */
    fmpq *inj[2], *near[2];     /* [1]: of the transpose */
    fmpq *data_point, *data;    /* n + 1 each */
    short *have;                /* bit flags */
} chain_t;

void chain_init(chain_t *c, facts_t *f, const char *name, slong n,
                const qmat_struct *F, const fmpq *rho, const moments_t *M);
void chain_clear(chain_t *c);

/* The segment at the point, rounded to f->rounding bits when long; a < n. */
const qmat_struct *chain_segment(chain_t *c, slong a, slong b);

/* q >= ||segment|| at the point: from evidence, or products, or ||.||_F. */
void chain_norm(fmpq_t q, chain_t *c, slong a, slong b);
/* q >= ||segment - segment at the point||: (N1) in its sharp form, by a
   recursion over the last perturbed position. */
void chain_deviation(fmpq_t q, chain_t *c, slong a, slong b);
/* q >= ||segment||. */
void chain_sup(fmpq_t q, chain_t *c, slong a, slong b);

/* q <= inj(segment)^2 at the point, of the transpose if transposed. */
void chain_inj2(fmpq_t q, chain_t *c, slong a, slong b, int transposed);
/* q <= inj(segment)^2: the best of (N3) and of all products of shorter
   segments, (N4) among them; clamped at 0. */
void chain_inj2_near(fmpq_t q, chain_t *c, slong a, slong b, int transposed);

/* q <= c^2 with ||A X D x|| >= c ||D^{1/2} x|| for all x in the row space of
   X D^{1/2}, A = segment (0, b - 1): q <= the p-th eigenvalue.  b = 0: A = I.
   chain_data2_point at the point, chain_data2 on the neighbourhood. */
void chain_data2_point(fmpq_t q, chain_t *c, slong b);
void chain_data2(fmpq_t q, chain_t *c, slong b);

#endif
