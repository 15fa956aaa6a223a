/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A basis of outputs and its parameters, in double precision and exactly. */
#ifndef CERTIFY_PROVE_MODEL_H
#define CERTIFY_PROVE_MODEL_H

#include "algebra/convex.h"
#include "rules/best_in_basis/basis.h"

/* The parameters are the entries of C_1 by rows, C_2, .. of the parts of T. */
typedef struct
{
    const problem_t *P;
    const basis_t *basis;
    const pass_t *pass;
    double radius;              /* INFINITY: none */
    space_t T;                  /* the rows of functions, too */
    slong d, m, n;              /* outputs, samples, parameters */
    double *f, *B;              /* see convex_t */
    qmat_struct *D;             /* after model_derivatives: D[output l + k] exact, by Z_{k+1} */
} model_t;

/* The caller clears M whatever is returned.  0 beyond what is tried. */
int model_init(model_t *M, const basis_about_t *about);
void model_clear(model_t *M);
void model_derivatives(model_t *M);
/* The height of C_i. */
slong model_height(const model_t *M, slong i);
/* x := the derivative of an output on a sample by parameter q, exact; after model_derivatives. */
void model_entry(fmpq_t x, const model_t *M, slong q, slong output, slong sample);
/* b[a] := minus the derivative of <U, outputs> by parameter params[a], exact. */
void model_residual(fmpq *b, const model_t *M, const qmat_t U, const slong *params, slong n);

#endif
