/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include "number.h"
#include "scope.h"

enum { WORD = 19 };                             /* digits that a word holds, whatever they are */

int
number_parse_integer(fmpz_t x, const char *text, size_t len)
{
    size_t i, start = (len > 0 && text[0] == '-');
    ulong high = 0, low = 0;
    unsigned __int128 all;
    char *copy;
    int ok;

    if (len == start || len - start > (size_t) limit(LIMIT_DIGITS))
        return 0;
    if (text[start] == '0' && len > 1)          /* -0, 007 */
        return 0;
    for (i = start; i < len; i++)
    {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        if (i + WORD == len)
        {
            high = low;
            low = 0;
        }
        low = 10 * low + (ulong) (text[i] - '0');
    }
    if (len - start <= 2 * WORD)                /* high and low are below 10^WORD < 2^64 */
    {
        all = (unsigned __int128) high * 10000000000000000000u + low;
        fmpz_set_uiui(x, (ulong) (all >> 64), (ulong) all);
        if (start == 1)
            fmpz_neg(x, x);
        return 1;
    }
    copy = flint_malloc(len + 1);
    memcpy(copy, text, len);
    copy[len] = '\0';
    ok = fmpz_set_str(x, copy, 10) == 0;
    flint_free(copy);
    return ok;
}

int
number_parse(fmpq_t x, const char *text, size_t len)
{
    const char *slash = memchr(text, '/', len);
    size_t head = slash == NULL ? len : (size_t) (slash - text);

    if (!number_parse_integer(fmpq_numref(x), text, head))
        return 0;
    fmpz_one(fmpq_denref(x));
    if (slash == NULL)
        return 1;
    return number_parse_integer(fmpq_denref(x), slash + 1, len - head - 1)
        && fmpz_cmp_ui(fmpq_denref(x), 2) >= 0 && fmpq_is_canonical(x);
}

/* Both square roots: direction 0 rounds down, 1 rounds up. */
static void
sqrt_directed(fmpq_t y, const fmpq_t x, int up)
{
    slong b;
    INTEGERS(n, s, r);

    if (fmpq_sgn(x) < 0)
        flint_abort();                          /* misuse by a rule */
    if (fmpz_is_square(fmpq_numref(x)) && fmpz_is_square(fmpq_denref(x)))
    {
        fmpz_sqrt(fmpq_numref(y), fmpq_numref(x));
        fmpz_sqrt(fmpq_denref(y), fmpq_denref(x));
    }
    else
    {
        b = (slong) fmpz_bits(fmpq_denref(x)) - (slong) fmpz_bits(fmpq_numref(x));
        b = NUMBER_SQRT_BITS + FLINT_MAX(b, 0);
        fmpz_mul_2exp(n, fmpq_numref(x), 2 * b);
        /* floor(sqrt(floor(v))) = floor(sqrt(v)); likewise for ceilings */
        if (up)
            fmpz_cdiv_q(n, n, fmpq_denref(x));
        else
            fmpz_fdiv_q(n, n, fmpq_denref(x));
        fmpz_sqrtrem(s, r, n);
        if (up && !fmpz_is_zero(r))
            fmpz_add_ui(s, s, 1);
        fmpz_set(fmpq_numref(y), s);
        fmpz_one(fmpq_denref(y));
        fmpz_mul_2exp(fmpq_denref(y), fmpq_denref(y), b);
        fmpq_canonicalise(y);
    }
}

void
number_sqrt_lower(fmpq_t y, const fmpq_t x)
{
    sqrt_directed(y, x, 0);
}

void
number_sqrt_upper(fmpq_t y, const fmpq_t x)
{
    sqrt_directed(y, x, 1);
}

static void
round_directed(fmpq_t y, const fmpq_t x, int up)
{
    slong nbits = fmpz_bits(fmpq_numref(x)), dbits = fmpz_bits(fmpq_denref(x));
    slong k = 64 + dbits - nbits;
    INTEGERS(n, d);

    if (fmpz_is_one(fmpq_denref(x)) ? nbits <= 128 : nbits + dbits <= 64)
    {
        fmpq_set(y, x);
        return;
    }
    fmpz_mul_2exp(n, fmpq_numref(x), FLINT_MAX(k, 0));
    fmpz_mul_2exp(d, fmpq_denref(x), FLINT_MAX(-k, 0));
    if (up)
        fmpz_cdiv_q(n, n, d);
    else
        fmpz_fdiv_q(n, n, d);
    fmpz_mul_2exp(fmpq_numref(y), n, FLINT_MAX(-k, 0));
    fmpz_one(fmpq_denref(y));
    fmpz_mul_2exp(fmpq_denref(y), fmpq_denref(y), FLINT_MAX(k, 0));
    fmpq_canonicalise(y);
}

void
number_round_up(fmpq_t y, const fmpq_t x)
{
    round_directed(y, x, 1);
}

void
number_round_down(fmpq_t y, const fmpq_t x)
{
    round_directed(y, x, 0);
}

/* An operation on two rationals is about to cost what a product of them does. */
static int
take(const fmpq_t x, const fmpq_t y)
{
    return work_take(1, 1, 1, fmpz_bits(fmpq_numref(x)) + fmpz_bits(fmpq_denref(x)),
                     fmpz_bits(fmpq_numref(y)) + fmpz_bits(fmpq_denref(y)));
}

void
number_mul(fmpq_t z, const fmpq_t x, const fmpq_t y)
{
    if (take(x, y))
        fmpq_mul(z, x, y);
    else
        fmpq_zero(z);
}

void
number_add(fmpq_t z, const fmpq_t x, const fmpq_t y)
{
    if (take(x, y))
        fmpq_add(z, x, y);
    else
        fmpq_zero(z);
}

void
number_sub(fmpq_t z, const fmpq_t x, const fmpq_t y)
{
    if (take(x, y))
        fmpq_sub(z, x, y);
    else
        fmpq_zero(z);
}

void
number_div(fmpq_t z, const fmpq_t x, const fmpq_t y)
{
    if (fmpq_is_zero(y) && work_exceeded() == NULL)
        flint_abort();                          /* misuse by a rule */
    if (take(x, y))
        fmpq_div(z, x, y);
    else
        fmpq_zero(z);
}

void
number_addmul(fmpq_t z, const fmpq_t x, const fmpq_t y)
{
    NUMBERS(t);

    number_mul(t, x, y);
    number_add(z, z, t);
}

void
number_clamp(fmpq_t x)
{
    if (fmpq_sgn(x) < 0)
        fmpq_zero(x);
}
