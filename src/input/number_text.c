/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers as users write them. */
#include "config.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "problem_file.h"
#include "kernel/number.h"

/* Reads digits of a base into x times base^count; *count digits were read. */
static const char *
digits(fmpz_t x, const char *p, int base, slong *count)
{
    const char *s = p;
    char *copy;

    while (base == 16 ? isxdigit((unsigned char) *p) : isdigit((unsigned char) *p))
        p++;
    *count = p - s;
    fmpz_zero(x);
    if (*count == 0 || *count > limit(LIMIT_DIGITS))
        return p;
    copy = flint_malloc(*count + 1);
    memcpy(copy, s, *count);
    copy[*count] = '\0';
    fmpz_set_str(x, copy, base);
    flint_free(copy);
    return p;
}

const char *
number_from_text(fmpq_t x, const char *text)
{
    static const char expected[] = "a number like 3, -1/3, 0.1, 1e-3 or 0x1.8p-3 is expected";
    const char *p = text;
    int negative = *p == '-', base = 10;
    slong whole, part = 0, exponent = 0, count;
    fmpz_t n, f, d;
    const char *wrong = NULL;

    fmpz_init(n);
    fmpz_init(f);
    fmpz_init(d);
    if (*p == '-' || *p == '+')
        p++;
    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
    {
        base = 16;
        p += 2;
    }
    p = digits(n, p, base, &whole);
    if (*p == '/' && base == 10 && whole > 0)
    {
        p = digits(d, p + 1, 10, &count);
        if (count == 0 || *p != '\0')
            wrong = expected;
        else if (whole > limit(LIMIT_DIGITS) || count > limit(LIMIT_DIGITS))
            wrong = "the number is too long";
        else if (fmpz_is_zero(d))
            wrong = "the denominator is zero";
        else
            fmpq_set_fmpz_frac(x, n, d);
        goto done;
    }
    if (*p == '.')
        p = digits(f, p + 1, base, &part);
    if (whole + part == 0)
    {
        wrong = expected;
        goto done;
    }
    if (whole + part > limit(LIMIT_DIGITS))
    {
        wrong = "the number is too long";
        goto done;
    }
    if (base == 10 ? *p == 'e' || *p == 'E' : *p == 'p' || *p == 'P')
    {
        int minus = p[1] == '-';
        p += 1 + (p[1] == '-' || p[1] == '+');
        p = digits(d, p, 10, &count);
        if (count == 0)
            wrong = expected;
        else if (count > 9 || fmpz_cmp_si(d, (base == 10 ? 1 : 4) * NUMBER_MAX_EXPONENT) > 0)
            wrong = "the exponent is too large (20000 decimal digits is the limit)";
        else
            exponent = minus ? -fmpz_get_si(d) : fmpz_get_si(d);
    }
    if (wrong == NULL && *p != '\0')
        wrong = expected;
    if (wrong != NULL)
        goto done;
    fmpz_set_si(d, base);
    fmpz_pow_ui(d, d, part);
    fmpz_mul(n, n, d);
    fmpz_add(n, n, f);
    fmpq_set_fmpz_frac(x, n, d);
    fmpz_set_si(d, base == 10 ? 10 : 2);
    fmpz_pow_ui(d, d, labs(exponent));
    if (exponent >= 0)
        fmpq_mul_fmpz(x, x, d);
    else
        fmpq_div_fmpz(x, x, d);
done:
    if (wrong == NULL && negative)
        fmpq_neg(x, x);
    fmpz_clear(n);
    fmpz_clear(f);
    fmpz_clear(d);
    return wrong;
}
