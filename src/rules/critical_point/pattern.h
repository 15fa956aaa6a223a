/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a critical point of a linear network captures (Zhou & Liang 2018, Theorems 1
   and 3, Remark 1): with A_k = W_k..W_1, B_k = W_l..W_{k+2} and
   Sigma_k = Y (A_k X)^+ A_k X Y^T, col(B_k) is an invariant subspace of Sigma_k, and
   p_i(k) is the dimension of its intersection with the i-th eigenspace. */
#ifndef CERTIFY_PATTERN_H
#define CERTIFY_PATTERN_H

#include "rules/rule.h"

typedef struct
{
    slong n;                    /* distinct eigenvalues of Sigma_k, largest first */
    fmpq *low, *high;           /* low < sigma_i < high, or low = sigma_i = high */
    slong *multiplicity;        /* m_i(k) */
    slong *captured;            /* p_i(k) */
} pattern_t;

/* Zhou & Liang 2018, sections 2 and 3; capturing the eigenvalue zero while a positive one is
   not fully captured counts as non-optimal order, which the paper leaves out. */
typedef enum
{
    CRITICAL_MINIMIZER,         /* Propositions 2 and 5 */
    CRITICAL_NON_OPTIMAL,       /* an eigenvalue is captured, a larger one not fully */
    CRITICAL_OPTIMAL,           /* the largest are, but W_2 has a smaller rank than it could */
    CRITICAL_DEEP_NON_OPTIMAL,  /* non-optimal for some k */
    CRITICAL_DEEP_OPTIMAL,      /* optimal for k = l - 2 */
    CRITICAL_OPEN,              /* the cases that the paper leaves open */
    CRITICAL_CLASSES
} critical_class;

extern const char *const critical_name[CRITICAL_CLASSES];

/* The value of the constant "pattern": the patterns for k = 0, 1, .. */
typedef struct
{
    slong n;
    pattern_t *pattern;
} patterns_t;

extern const value_type_t value_patterns;
/* The patterns of a value, NULL if there are none; one more, of n eigenvalues;
   none. */
const patterns_t *patterns_of(const value_t *v);
pattern_t *patterns_add(value_t *v, slong n);
void patterns_drop(value_t *v);

void pattern_init(pattern_t *p, slong n);
void pattern_clear(pattern_t *p);

/* How many there are: k = 0, .., l - 2, and k = 0 for a single layer. */
slong pattern_count(const problem_t *P);

/* B := W_l..W_{k+2}. */
void pattern_suffix(qmat_t B, const problem_t *P, slong k);

/* R := independent columns of B, pivots their indices (room for cols(B)), and C := Sigma on col(B),
   Sigma R = R C.  Returns 0 if col(B) is not an invariant subspace of the symmetric
   Sigma, or beyond the limits. */
int pattern_restriction(qmat_t C, qmat_t R, slong *pivots, const qmat_t Sigma, const qmat_t B);

/* Sigma := Sigma_k, exact, and C (NULL, or p x p, p = rank B_k) := Sigma_k on col(B_k), in a basis
   of columns of B_k.  Returns 0 if col(B_k) is not invariant, or beyond the limits. */
int pattern_matrices(qmat_t Sigma, qmat_t C, const problem_t *P, const moments_t *M, slong k);

/* 1 if the patterns p[0], p[1], .. are those of the point; otherwise the failure is recorded. */
int pattern_verify(setting_t *s, const pattern_t *p, slong count);

/* The class of a critical point with these verified patterns. */
critical_class pattern_class(const pattern_t *p, const problem_t *P);
/* rank B_k. */
slong pattern_rank(const pattern_t *p);

#endif
