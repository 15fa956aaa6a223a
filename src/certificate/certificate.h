/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificate text: reading, writing, checking.  The grammar is in
   doc/certificate-format.md and certify-certificate(5). */
#ifndef CERTIFY_CERTIFICATE_H
#define CERTIFY_CERTIFICATE_H

#include <stddef.h>
#include "rules/claim.h"

/* A growing text buffer. */
typedef struct
{
    char *data;
    size_t len, room;
} text_t;

void text_init(text_t *t);
void text_clear(text_t *t);
void text_printf(text_t *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "[[1, 1/2], [0, 3]]" */
void text_matrix(text_t *t, const qmat_t A);
void text_fmpq(text_t *t, const fmpq_t x);

typedef struct
{
    problem_t P;
    claim_t c;
    conclusion_t k;
    facts_t f;
    char digest[65];            /* SHA-256 of the canonical problem, hexadecimal */
} certificate_t;

/* Why and where a text was not accepted. */
typedef struct
{
    slong line;                 /* 0: of the file as a whole */
    char role[ROLE_SIZE];       /* "" if none */
    char reason[256];
} rejection_t;

void certificate_init(certificate_t *C);
void certificate_clear(certificate_t *C);

/* Parses text[0..len), accepting canonical text only.  Returns 0 and fills
   *why otherwise; *C is initialised by the caller either way. */
int certificate_read(certificate_t *C, const char *text, size_t len, rejection_t *why);

/* Reads and verifies.  Returns 1 if everything the text states is proved. */
int certificate_check(certificate_t *C, const char *text, size_t len, rejection_t *why);

/* The canonical problem text, and its digest. */
void certificate_write_problem(text_t *t, const problem_t *P);
void certificate_digest(char hex[65], const char *text, size_t len);
/* The canonical claim line, without newline. */
void certificate_write_claim(text_t *t, const problem_t *P, const claim_t *c);
/* One side of an inequality. */
void certificate_write_side(text_t *t, const problem_t *P, const product_t *s);

/* The whole certificate; evidence that no rule used is left out. */
void certificate_write(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k,
                       const facts_t *f);

/* The statement in words and symbols, generated from the parsed claim; one or
   more lines.  sentence_problem: what it is about (network, shapes, digest). */
void sentence_problem(text_t *t, const certificate_t *C);
void sentence_claim(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k);
void sentence_claim_latex(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k);

/* x in decimal, rounded up or down to digits significant digits, as plain
   digits ("0.30865") or, for far exponents, like "1.2e-30". */
/* y := x rounded up or down to a decimal of that many significant digits. */
void decimal_round(fmpq_t y, const fmpq_t x, int digits, int up);
void decimal_text(text_t *t, const fmpq_t x, int digits, int up);

#endif
