/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Problems and claims as problem files write them. */
#ifndef CERTIFY_PROBLEM_TEXT_H
#define CERTIFY_PROBLEM_TEXT_H

#include "matrix_text.h"
#include "rules/rule.h"

/* Writes a matrix as a form of problem files; name: "X", "W_1".  0: it could not. */
typedef int (*matrix_form_f)(text_t *t, const char *name, const qmat_t A, void *context);
/* Every entry written out. */
int matrix_written_out(text_t *t, const char *name, const qmat_t A, void *context);

/* The file up to its claims: title may be NULL. */
int problem_text(text_t *t, const problem_t *P, const char *title, matrix_form_f form, void *context);
/* An entry of the list of claims that a claim of a certificate answers: "NAME: {..}". */
void claim_text(text_t *t, const claim_t *c, const problem_t *P);
/* A YAML string in quotes. */
void yaml_string(text_t *t, const char *s);
/* A new file with this text; one that is there is left as it is, and a part of one never stays.
   0, or a status of sysexits after a message. */
int file_create(const char *path, const text_t *t);
/* The same, or to standard output if path is NULL. */
int text_write_out(const char *path, const text_t *t);

#endif
