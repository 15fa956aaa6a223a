/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Local variables that are initialised where they are declared and cleared where
   their block ends, however it is left: NUMBERS(x, y) declares fmpq_t x, y, both 0;
   INTEGERS fmpz_t, all 0; MATRICES qmat_t, all 0 x 0.  (The attribute "cleanup" of gcc
   and clang.) */
#ifndef CERTIFY_SCOPE_H
#define CERTIFY_SCOPE_H

#include "matrix.h"

static inline void scope_number(fmpq_t *x) { fmpq_clear(*x); }
static inline void scope_integer(fmpz_t *x) { fmpz_clear(*x); }
static inline void scope_matrix(qmat_t *A) { qmat_clear(*A); }

#define SCOPE(type, clear, x, ...) type x __attribute__((cleanup(clear))) = { __VA_ARGS__ };
#define SCOPE_NUMBER(x) SCOPE(fmpq_t, scope_number, x, { 0, 1 })
#define SCOPE_INTEGER(x) SCOPE(fmpz_t, scope_integer, x, 0)
#define SCOPE_MATRIX(x) SCOPE(qmat_t, scope_matrix, x, { .den = { 1 }, .rad = { { 0, 1 } } })

/* EACH_n(m, a, b, ..): m of each of n names. */
#define EACH_1(m, x) m(x)
#define EACH_2(m, x, ...) m(x) EACH_1(m, __VA_ARGS__)
#define EACH_3(m, x, ...) m(x) EACH_2(m, __VA_ARGS__)
#define EACH_4(m, x, ...) m(x) EACH_3(m, __VA_ARGS__)
#define EACH_5(m, x, ...) m(x) EACH_4(m, __VA_ARGS__)
#define EACH_6(m, x, ...) m(x) EACH_5(m, __VA_ARGS__)
#define EACH_7(m, x, ...) m(x) EACH_6(m, __VA_ARGS__)
#define EACH_8(m, x, ...) m(x) EACH_7(m, __VA_ARGS__)
#define EACH_9(m, x, ...) m(x) EACH_8(m, __VA_ARGS__)
#define EACH_10(m, x, ...) m(x) EACH_9(m, __VA_ARGS__)
#define EACH_OF(a, b, c, d, e, f, g, h, i, j, name, ...) name
#define EACH(m, ...) EACH_OF(__VA_ARGS__, EACH_10, EACH_9, EACH_8, EACH_7, EACH_6, EACH_5, EACH_4, \
                             EACH_3, EACH_2, EACH_1, 0)(m, __VA_ARGS__)

#define NUMBERS(...) EACH(SCOPE_NUMBER, __VA_ARGS__)
#define INTEGERS(...) EACH(SCOPE_INTEGER, __VA_ARGS__)
#define MATRICES(...) EACH(SCOPE_MATRIX, __VA_ARGS__)

#endif
