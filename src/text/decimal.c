/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>
#include "decimal.h"

/* n := x 10^e rounded up or down, ten := 10^|e|. */
static void
scaled(fmpz_t n, fmpz_t ten, const fmpq_t x, slong e, int up)
{
    fmpz_t d;

    fmpz_init_set(d, fmpq_denref(x));
    fmpz_set_ui(ten, 10);
    fmpz_pow_ui(ten, ten, labs(e));
    if (e >= 0)
        fmpz_mul(n, fmpq_numref(x), ten);
    else
    {
        fmpz_set(n, fmpq_numref(x));
        fmpz_mul(d, d, ten);
    }
    if (up)
        fmpz_cdiv_q(n, n, d);
    else
        fmpz_fdiv_q(n, n, d);
    fmpz_clear(d);
}

/* The largest e with |x 10^e|, rounded to n, at most 10^digits; ten := 10^|e|.
   The estimated lengths of numerator and denominator may each be one too
   large, so the search starts above every possible e. */
static slong
largest_exponent(fmpz_t n, fmpz_t ten, const fmpq_t x, int digits, int up)
{
    slong e = digits + 1 - ((slong) fmpz_sizeinbase(fmpq_numref(x), 10)
                            - (slong) fmpz_sizeinbase(fmpq_denref(x), 10));
    fmpz_t most;

    fmpz_init(most);
    fmpz_set_ui(most, 10);
    fmpz_pow_ui(most, most, digits);
    for (; ; e--)
    {
        scaled(n, ten, x, e, up);
        if (fmpz_cmpabs(n, most) <= 0)
            break;
    }
    fmpz_clear(most);
    return e;
}

void
decimal_round(fmpq_t y, const fmpq_t x, int digits, int up)
{
    slong e;
    fmpz_t n, ten;

    if (fmpq_is_zero(x))
    {
        fmpq_zero(y);
        return;
    }
    fmpz_init(n);
    fmpz_init(ten);
    e = largest_exponent(n, ten, x, digits, up);
    if (e >= 0)
        fmpq_set_fmpz_frac(y, n, ten);
    else
    {
        fmpz_mul(fmpq_numref(y), n, ten);
        fmpz_one(fmpq_denref(y));
    }
    fmpz_clear(n);
    fmpz_clear(ten);
}

void
decimal_text(text_t *t, const fmpq_t x, int digits, int up)
{
    slong e, i, len;
    char *s;
    fmpq_t y;
    fmpz_t n, ten, five;

    fmpq_init(y);
    fmpz_init(n);
    fmpz_init_set_ui(five, 5);
    fmpz_init_set_ui(ten, 10);
    decimal_round(y, x, digits, up);
    /* y = n 10^-e: the denominator is 2^a 5^b, e = max(a, b) */
    e = fmpz_is_zero(fmpq_numref(y)) ? 0 : (slong) fmpz_val2(fmpq_denref(y));
    e = FLINT_MAX(e, fmpz_remove(n, fmpq_denref(y), five));
    fmpz_pow_ui(n, ten, e);
    fmpq_mul_fmpz(y, y, n);
    s = fmpz_get_str(NULL, 10, fmpq_numref(y));
    i = s[0] == '-';
    len = strlen(s + i);
    if (i)
        text_printf(t, "-");
    if (e == 0 && len <= 15)
        text_printf(t, "%s", s + i);
    else if (e < len && e > 0)
        text_printf(t, "%.*s.%s", (int) (len - e), s + i, s + i + len - e);
    else if (e > 0 && e - len < 5)
        text_printf(t, "0.%.*s%s", (int) (e - len), "00000", s + i);
    else
    {
        slong x10 = len - 1 - e;
        while (len > 1 && s[i + len - 1] == '0')
            s[i + --len] = '\0';
        text_printf(t, "%c%s%se%ld", s[i], len > 1 ? "." : "", s + i + 1, (long) x10);
    }
    flint_free(s);
    fmpq_clear(y);
    fmpz_clear(n);
    fmpz_clear(ten);
    fmpz_clear(five);
}

/* The exponent of the leading digit of x > 0: 10^result <= x < 10^(result + 1). */
static slong
leading_exponent(const fmpq_t x)
{
    slong e;
    fmpz_t n, ten;

    fmpz_init(n);
    fmpz_init(ten);
    e = largest_exponent(n, ten, x, 1, 0);      /* n = floor(x 10^e) is 1 .. 10 */
    e = (fmpz_cmp_ui(n, 10) == 0) - e;
    fmpz_clear(n);
    fmpz_clear(ten);
    return e;
}

void
decimal_first_digits(text_t *t, slong *e, const fmpq_t x, int digits)
{
    slong lead = leading_exponent(x), behind, len;
    fmpz_t n, ten;
    char *s;

    fmpz_init(n);
    fmpz_init(ten);
    *e = lead >= -4 && lead <= digits ? 0 : lead;
    behind = *e != 0 ? digits - 1 : FLINT_MAX(digits - 1 - lead, 1);
    scaled(n, ten, x, behind - *e, 0);          /* digits of x 10^-e, behind of them
                                                   after the point */
    s = fmpz_get_str(NULL, 10, n);
    len = strlen(s);
    if (len > behind)
        text_printf(t, "%.*s.%s", (int) (len - behind), s, s + len - behind);
    else
        text_printf(t, "0.%.*s%s", (int) (behind - len), "00000", s);
    flint_free(s);
    fmpz_clear(n);
    fmpz_clear(ten);
}

int
decimal_is_short(const fmpq_t x, int digits)
{
    text_t t;
    int is_short;

    if (fmpz_bits(fmpq_numref(x)) + fmpz_bits(fmpq_denref(x)) > 4 * (ulong) digits)
        return 0;
    text_init(&t);
    text_fmpq(&t, x);
    is_short = t.len <= (size_t) digits + !fmpz_is_one(fmpq_denref(x));     /* the slash */
    text_clear(&t);
    return is_short;
}
