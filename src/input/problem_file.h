/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Problem files: YAML, and arrays and tables that it names, to an exact problem.  The format is a
   contract: certify-problem(5). */
#ifndef CERTIFY_PROBLEM_FILE_H
#define CERTIFY_PROBLEM_FILE_H

#include "rules/rule.h"
#include "yaml_tree.h"

#define FILE_MAX_BYTES (256L << 20)
#define NUMBER_MAX_EXPONENT 20000       /* decimal; four times that for binary */

/* The first error: a sysexits status and a message that names file, line and
   key; and line and key once more, for programs. */
typedef struct
{
    int status;                 /* 0: none */
    char message[1024];
    long line;                  /* 0: not known */
    char key[64];               /* "": not known */
} fault_t;

typedef struct
{
    problem_t P;
    char *title;                /* may be NULL */
    slong claims;
    claim_t *claim;             /* as asked: values may be left out, or words */
    slong solved;               /* block found by "solve", or -1 */
    int constructed;            /* the point is given by construct: */
    int minimizer;              /* ... as a global minimiser, up to rounding */
    int rounded;                /* ... every block within distance (Frobenius) of an exact one */
    fmpq_t distance;
    int has_given;              /* {solve: matrix}: that matrix */
    qmat_t given;
} problem_file_t;

typedef struct
{
    int allow_outside;          /* data may lie outside the folder of the problem file */
} read_options_t;

/* Reads and validates, options NULL: none.  The caller clears *F whatever is returned; 0 = error. */
int problem_file_read(problem_file_t *F, const char *path, const read_options_t *options, fault_t *err);
/* The same from text[0..len); path names it in messages, and data are sought in its folder. */
int problem_file_parse(problem_file_t *F, const char *text, size_t len, const char *path,
                       const read_options_t *options, fault_t *err);
/* c := the claim that text writes, an entry of a list of claims, about the problem of F. */
int problem_file_claim(claim_t *c, problem_file_t *F, const char *text, fault_t *err);
void problem_file_clear(problem_file_t *F);

/* Pieces, each returning 0 after filling *err. */
int error_set(fault_t *err, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A whole file, zero-terminated, *len its length; at most limit bytes.  "-" is standard
   input. */
char *read_file(const char *path, size_t *len, long limit, fault_t *err);
/* x := a number as a user writes it: [-+]digits[/digits], a decimal with
   optional exponent, or a C99 hexadecimal float.  Returns NULL or what is wrong. */
const char *number_from_text(fmpq_t x, const char *text);
/* X, Y and the weights of P := samples with the second moments S = E x x^T, N = E y x^T
   and, as far as the loss sees it, V = E y y^T: exactly the expected risk
   1/2 E ||f(x) - y||^2 of linear maps.  S = L D L^T gives samples x_i = columns of L with
   weights D_i, Y D L^T = N their targets; a sample x = 0, y = e_1 carries the variance
   that no linear map explains.  Returns NULL, or what is wrong with which of them. */
const char *problem_from_moments(problem_t *P, const qmat_t S, const qmat_t N, const qmat_t V,
                                 const char **which);

#endif
