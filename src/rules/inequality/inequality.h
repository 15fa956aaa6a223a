/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An inequality between named quantities at the point of a problem:

     side     = term { "*" term }
     term     = number | ("loss" | "h_inf" | "gradient" | norm | eta_min) [ "^2" ]
     norm     = "norm(" matrix { "*" matrix } ")",   eta_min likewise
     matrix   = "X" | "Y" | "W_1" .. | "A_11" ..

   without spaces; numbers are >= 0 and in lowest terms.  loss is h(W), gradient
   is ||grad h(W)||, h_inf the infimum over all matrices (linear and residual
   networks), norm the largest and eta_min the smallest non-zero singular value
   of a product of matrices. */
#ifndef CERTIFY_INEQUALITY_H
#define CERTIFY_INEQUALITY_H

#include "kernel/facts.h"
#include "network/problem.h"

typedef enum
{
    TERM_NUMBER, TERM_LOSS, TERM_H_INF, TERM_GRADIENT, TERM_NORM, TERM_ETA_MIN, TERM_KINDS
} term_kind;

typedef struct
{
    term_kind kind;
    int squared;
    fmpq_t number;
    slong n;
    slong *factor;              /* a block's index, FACTOR_X or FACTOR_Y */
} term_t;

#define FACTOR_X (-1)
#define FACTOR_Y (-2)

typedef struct
{
    slong n;
    term_t *term;
} product_t;

typedef enum { REL_GE, REL_GT, REL_LE, REL_LT, REL_EQ, REL_KINDS } relation_kind;
extern const char *const relation_name[REL_KINDS];

typedef struct
{
    product_t side[2];          /* left, right */
    relation_kind relation;
} inequality_t;

void inequality_init(inequality_t *q);
void inequality_clear(inequality_t *q);

/* Reads one side from text[0..len), for the matrices of P.  Returns NULL, or
   what is wrong (static buffer). */
const char *inequality_parse_side(product_t *s, const char *text, size_t len, const problem_t *P);

/* The canonical text of term t of a side, which the reader gives back; buf is
   cut at size. */
void inequality_term_text(char *buf, size_t size, const term_t *t, const problem_t *P);

/* Payload of the ask for a vector: ||B z|| / ||C z|| should be as large, or as
   small, as it can be. */
typedef struct
{
    const qmat_struct *B, *C;
    int largest;
} inequality_vector_t;

/* 1 if the facts prove the relation (proved) or its negation (otherwise).
   Squares are compared: loss and numbers exactly; norms and eta_min by bounds
   from roles "left:i" or "right:i" (a factor) and "left:i:vector". */
int inequality_verify(facts_t *f, const problem_t *P, const inequality_t *q, int proved);

#endif
