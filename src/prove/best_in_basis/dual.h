/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dual points and members of bases of outputs: found in double precision, rounded so that
   domain and orthogonality hold exactly. */
#ifndef CERTIFY_PROVE_DUAL_H
#define CERTIFY_PROVE_DUAL_H

#include "prove/prover.h"
#include "rules/best_in_basis/basis.h"

/* What was found for one basis and radius; all 0 x 0 at first. */
typedef struct
{
    qmat_t u, correction;       /* the dual point; the correction has no rows if it is 0 */
    qmat_struct *member;        /* one for every part of the space */
    slong members;
} basis_point_t;

void basis_point_init(basis_point_t *x);
void basis_point_clear(basis_point_t *x);
/* 0 if nothing could be found. */
int basis_point_find(basis_point_t *x, const basis_about_t *about);

/* Answers a question of basis_lower or basis_upper; 0 if it is none. */
int basis_answer(oracle_t *o, const ask_t *ask, evidence_t *e);

#endif
