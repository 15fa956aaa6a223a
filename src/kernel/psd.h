/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one kernel rule behind every spectral fact. */
#ifndef CERTIFY_PSD_H
#define CERTIFY_PSD_H

#include "matrix.h"

/* Proves that every symmetric matrix in the ball M (n x n) is positive
   semidefinite.  Evidence: any exact n x k matrix L and k rationals d (NULL
   means all 1).  Checked: every d_j >= 0, and E = M - L diag(d) L^T, formed
   exactly from the midpoint, satisfies
       E_ii - sum_{j != i} |E_ij| >= rad(M)     for every row i.
   Then M = L diag(d) L^T + (E - rad I) + (rad I + error) is a sum of three
   positive semidefinite matrices: the first by its form, the second by
   Gershgorin's theorem, the third because |error|_2 <= |error|_F <= rad.
   E = 0, the exact factorisation, is the case that decides equality.
   Returns 1 = proved, 0 = not proved (wrong shapes and an asymmetric
   midpoint included). */
int psd_check(const qmat_t M, const qmat_t L, const fmpq *d);

#endif
