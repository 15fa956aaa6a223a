/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "cursor.h"
#include "limits.h"
#include "number.h"
#include "scope.h"

int
cursor_reject(cursor_t *r, const char *format, ...)
{
    va_list ap;

    r->why->line = r->line;
    va_start(ap, format);
    vsnprintf(r->why->reason, sizeof r->why->reason, format, ap);
    va_end(ap);
    return 0;
}

int
cursor_token(cursor_t *r, const char **start, size_t *len)
{
    *start = r->p;
    while (r->p < r->end && *r->p > ' ' && *r->p < 127)
        r->p++;
    *len = r->p - *start;
    if (r->p == r->end)
        return cursor_reject(r, "the text ends here");
    if (*len == 0 || (*r->p != ' ' && *r->p != '\n'))
        return cursor_reject(r, "a word is expected here");
    return 1;
}

int
cursor_space(cursor_t *r)
{
    if (r->p == r->end || *r->p != ' ')
        return cursor_reject(r, "one space and another word are expected here");
    r->p++;
    return 1;
}

int
cursor_newline(cursor_t *r)
{
    if (r->p == r->end || *r->p != '\n')
        return cursor_reject(r, "the line must end here");
    r->p++;
    r->line++;
    return 1;
}

int
cursor_take(cursor_t *r, const char *word)
{
    size_t n = strlen(word);

    if ((size_t) (r->end - r->p) > n && memcmp(r->p, word, n) == 0
        && (r->p[n] == ' ' || r->p[n] == '\n'))
    {
        r->p += n;
        return 1;
    }
    return 0;
}

int
cursor_take_next(cursor_t *r, const char *word)
{
    if (r->p == r->end || *r->p != ' ')
        return 0;
    r->p++;
    if (cursor_take(r, word))
        return 1;
    r->p--;
    return 0;
}

int
cursor_expect(cursor_t *r, const char *word)
{
    return cursor_take(r, word) || cursor_reject(r, "\"%s\" is expected here", word);
}

int
cursor_expect_next(cursor_t *r, const char *word)
{
    return cursor_space(r) && cursor_expect(r, word);
}

int
cursor_choice(cursor_t *r, int *k, const char *const *words, int n, const char *what)
{
    for (*k = 0; *k < n; (*k)++)
        if (cursor_take(r, words[*k]))
            return 1;
    return cursor_reject(r, "unknown %s", what);
}

int
cursor_integer(cursor_t *r, fmpz_t x)
{
    const char *s;
    size_t len;

    ENSURE(cursor_token(r, &s, &len));
    return number_parse_integer(x, s, len)
        || cursor_reject(r, "an integer in canonical form is expected here");
}

int
cursor_rational(cursor_t *r, fmpq_t x)
{
    const char *s;
    size_t len;

    ENSURE(cursor_token(r, &s, &len));
    return number_parse(x, s, len)
        || cursor_reject(r, "a rational p or p/q in lowest terms is expected here");
}

int
cursor_count(cursor_t *r, slong *n, slong min, slong max, const char *what)
{
    INTEGERS(x);
    int ok;

    ok = cursor_integer(r, x);
    if (ok && (fmpz_cmp_si(x, min) < 0 || fmpz_cmp_si(x, max) > 0))
        ok = cursor_reject(r, "%s must be from %ld to %ld", what, (long) min, (long) max);
    if (ok)
        *n = fmpz_get_si(x);
    return ok;
}

int
cursor_rationals(cursor_t *r, fmpq *x, slong n, slong area)
{
    slong i, most = limit(LIMIT_EXPANSION) / FLINT_MAX(area, 1);
    int ok = 1;
    fmpz_t lcm, inverse;

    fmpz_init_set_ui(lcm, 1);
    fmpz_init_set_ui(inverse, 1);
    for (i = 0; i < n && ok; i++)
    {
        ok = cursor_space(r) && cursor_rational(r, x + i);
        if (ok)
            fmpz_lcm(lcm, lcm, fmpq_denref(x + i));
        if (ok && !fmpq_is_zero(x + i))         /* some rules divide by them */
            fmpz_lcm(inverse, inverse, fmpq_numref(x + i));
        if (ok && ((slong) fmpz_bits(lcm) > most || (slong) fmpz_bits(inverse) > most))
            ok = cursor_reject(r, "the common denominator of these numbers, or of their inverses, "
                               "is too long");
    }
    fmpz_clear(lcm);
    fmpz_clear(inverse);
    return ok;
}
