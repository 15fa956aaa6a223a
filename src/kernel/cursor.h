/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A cursor over canonical text: printable words, single spaces, newlines.
   Every function returns 1 = read, 0 = rejected with the line and the reason
   recorded; none takes more memory than the text it has seen. */
#ifndef CERTIFY_CURSOR_H
#define CERTIFY_CURSOR_H

#include <stddef.h>
#include "compat.h"

#define ROLE_SIZE 96

/* Why and where a text was not accepted. */
typedef struct
{
    slong line;                 /* 0: of the file as a whole */
    char role[ROLE_SIZE];       /* "" if none */
    char reason[256];
} rejection_t;

typedef struct
{
    const char *p, *end;
    slong line;
    rejection_t *why;
} cursor_t;

#define ENSURE(x) do { if (!(x)) return 0; } while (0)

int cursor_reject(cursor_t *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The next token: printable characters up to a space or newline. */
int cursor_token(cursor_t *r, const char **start, size_t *len);
int cursor_space(cursor_t *r);
int cursor_newline(cursor_t *r);
/* 1 if the next token is word (consumed); without an error otherwise. */
int cursor_take(cursor_t *r, const char *word);
/* The same for a space and the word. */
int cursor_take_next(cursor_t *r, const char *word);
int cursor_expect(cursor_t *r, const char *word);
/* A space and the word. */
int cursor_expect_next(cursor_t *r, const char *word);
/* *k := which of n words stands here; "unknown WHAT" otherwise. */
int cursor_choice(cursor_t *r, int *k, const char *const *words, int n, const char *what);

int cursor_integer(cursor_t *r, fmpz_t x);
int cursor_rational(cursor_t *r, fmpq_t x);
/* *n := an integer from min to max. */
int cursor_count(cursor_t *r, slong *n, slong min, slong max, const char *what);
/* n rationals, a space before each; area: entries of the matrix that will get
   their common denominator, which is limited, as is that of their inverses. */
int cursor_rationals(cursor_t *r, fmpq *x, slong n, slong area);

#endif
