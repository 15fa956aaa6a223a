/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An inequality between named quantities at the point of a problem (doc/rules/inequality):

     side     = term { "*" term }
     term     = number | ("loss" | "h_inf" | "gradient" | "omega" | inf | norm | eta_min) [ "^2" ]
     inf      = "inf(" basis ")", see rules/best_in_basis/basis.h
     norm     = "norm(" matrix { "*" matrix } ")",   eta_min likewise
     matrix   = "X" | "Y" | "W_1" .. | "A_11" ..

   without spaces; numbers are >= 0 and in lowest terms.  loss is h(W), gradient
   is ||grad h(W)||, h_inf the infimum over all matrices (linear and residual
   networks), omega the least 1/2 (||W_1||_F^2 + ||W_2||_F^2) of two layers of any width with the outputs of the point,
   inf the infimum over a basis of outputs, norm the largest and eta_min the smallest non-zero singular value
   of a product of matrices. */
#ifndef CERTIFY_INEQUALITY_H
#define CERTIFY_INEQUALITY_H

#include "factors.h"
#include "rules/best_in_basis/basis.h"
#include "rules/rule.h"

typedef enum
{
    TERM_NUMBER, TERM_LOSS, TERM_H_INF, TERM_GRADIENT, TERM_OMEGA, TERM_INF, TERM_NORM, TERM_ETA_MIN, TERM_KINDS
} term_kind;

typedef struct
{
    term_kind kind;
    int squared;
    fmpq_t number;
    factors_t factors;          /* of norm and eta_min */
    basis_t basis;              /* of inf */
} term_t;

typedef struct
{
    slong n;
    term_t *term;
} product_t;

typedef enum { REL_GE, REL_GT, REL_LE, REL_LT, REL_EQ, REL_KINDS } relation_kind;
extern const char *const relation_name[REL_KINDS + 1];

typedef struct
{
    product_t side[2];          /* left, right */
    relation_kind relation;
} inequality_t;

/* The parameter of the rule, whose object is an inequality_t. */
enum { INEQUALITY_RELATION };
extern const value_type_t value_inequality;

/* "SIDE RELATION SIDE", which the reader gives back. */
void inequality_text(text_t *t, const inequality_t *q, const problem_t *P);
/* The canonical text of a term. */
void inequality_term_text(text_t *t, const term_t *term, const problem_t *P);

/* NULL if omega is defined for the network; or why not. */
const char *omega_refuses(const problem_t *P);
/* x := a bound of omega.  From below by a dual point, roles omega-dual, omega-polar or omega-tree; from above by the units of the point, roles
   omega-multiples.  0 after a failure, which is recorded. */
int omega_bound(fmpq_t x, facts_t *f, const problem_t *P, int upper);
extern const about_t omega_about;

/* A vector z for which ||B z|| / ||C z|| (C NULL: the identity) should be as large, or as small, as it can
   be. */
extern const char inequality_about_vector[];
typedef struct
{
    about_t about;
    const qmat_struct *B, *C;
    int largest;
} inequality_vector_t;

#endif
