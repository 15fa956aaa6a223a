/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificate text: reading and checking.  The grammar is in
   doc/certificate-format.md and certify-certificate(5). */
#ifndef CERTIFY_CERTIFICATE_H
#define CERTIFY_CERTIFICATE_H

#include "rules/rule.h"

typedef struct
{
    problem_t P;
    claim_t c;
    conclusion_t k;
    facts_t f;
    moments_t M;
    char digest[65];            /* SHA-256 of the canonical problem, hexadecimal */
} certificate_t;

void certificate_init(certificate_t *C);
void certificate_clear(certificate_t *C);

/* Parses text[0..len), accepting canonical text only.  Returns 0 and fills
   *why otherwise; *C is initialised by the caller either way. */
int certificate_read(certificate_t *C, const char *text, size_t len, rejection_t *why);

/* Reads and verifies.  Returns 1 if everything the text states is proved. */
int certificate_check(certificate_t *C, const char *text, size_t len, rejection_t *why);

/* The version of the format that such a certificate belongs to; used: blocks that were not used are left out. */
int certificate_version(const problem_t *P, const claim_t *c, const facts_t *f, int used);

/* The SHA-256 digest of text[0..len), in lower-case hexadecimal. */
void certificate_digest(char hex[65], const char *text, size_t len);

/* The statement in words and symbols, made from what was parsed and verified.
   sentence_problem: what it is about (network, shapes, digest). */
void sentence_problem(text_t *t, const certificate_t *C);
void sentence_claim(text_t *t, const certificate_t *C, int latex);

#endif
