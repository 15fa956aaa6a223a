/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts and decimals: every decimal is read back by a naive reader and compared
   with the number it stands for; every command that say knows, in both forms. */
#include <stdlib.h>
#include <string.h>
#include "random.h"
#include "tap.h"
#include "text/decimal.h"
#include "text/say.h"

/* x := 10^e, any sign of e. */
static void
power_of_ten(fmpq_t x, slong e)
{
    fmpz_t p;

    fmpz_init(p);
    fmpz_set_ui(p, 10);
    fmpz_pow_ui(p, p, labs(e));
    fmpq_set_fmpz(x, p);
    if (e < 0)
        fmpq_inv(x, x);
    fmpz_clear(p);
}

/* x := the number that a decimal like "-12.5e-30" writes; returns how many
   digits stand behind the point, -1 if it is no decimal. */
static slong
read_decimal(fmpq_t x, const char *s)
{
    int minus = *s == '-', digits = 0;
    slong behind = 0, point = 0;
    char *end;
    fmpz_t n;
    fmpq_t p;

    fmpz_init(n);
    for (s += minus; (*s >= '0' && *s <= '9') || (*s == '.' && !point); s++)
        if (*s == '.')
            point = 1;
        else
        {
            fmpz_mul_ui(n, n, 10);
            fmpz_add_ui(n, n, *s - '0');
            behind += point;
            digits++;
        }
    fmpq_init(p);
    power_of_ten(p, (*s == 'e' ? strtol(s + 1, &end, 10) : (end = (char *) s, 0)) - behind);
    if (digits == 0 || *end != '\0' || (point && behind == 0))
        behind = -1;
    fmpq_set_fmpz(x, n);
    fmpq_mul(x, x, p);
    if (minus)
        fmpq_neg(x, x);
    fmpz_clear(n);
    fmpq_clear(p);
    return behind;
}

/* e with 10^e <= |x| < 10^(e + 1), by comparison with every power in between. */
static slong
magnitude(const fmpq_t x)
{
    slong e = (slong) fmpz_sizeinbase(fmpq_numref(x), 10)
        - (slong) fmpz_sizeinbase(fmpq_denref(x), 10) - 4;
    fmpq_t p, a;

    fmpq_init(p);
    fmpq_init(a);
    fmpq_abs(a, x);
    for (power_of_ten(p, e + 1); fmpq_cmp(p, a) <= 0; power_of_ten(p, e + 1))
        e++;
    fmpq_clear(p);
    fmpq_clear(a);
    return e;
}

static slong estimates_too_large;

/* The x on which lengths are easily taken wrongly: number k of a list, > 0. */
static void
candidate(fmpq_t x, slong k)
{
    fmpq_t t;

    fmpq_init(t);
    power_of_ten(x, (k * 7) % 61 - 30);
    power_of_ten(t, (k * 7) % 61 - 30 - 1 - pick(45));
    if (k % 6 == 1)
        fmpq_sub(x, x, t);                      /* 10^12 - tiny */
    else if (k % 6 == 2)
        fmpq_add(x, x, t);
    else if (k % 6 == 3)
        fmpq_set_si(x, 1 + pick(1000000), 1 + pick(1000000));
    else if (k % 6 == 4)
    {   /* a hard quotient next to a power of ten */
        fmpq_set_si(t, 3 * 1000000 + pick(3) - 1, 3000000);
        fmpq_mul(x, x, t);
    }
    else if (k % 12 == 5)
        fmpq_div_2exp(x, x, pick(200));
    else if (k % 12 == 11)
    {   /* the length of 2^66 is taken for 21, that of its denominator is right */
        fmpq_set_si(x, 1, 9 + 90 * pick(2) - pick(2));
        fmpq_mul_2exp(x, x, 66);
        if (pick(2))
            fmpq_inv(x, x);
    }
    if (k % 97 == 0)
    {
        power_of_ten(t, -4000 + pick(3));
        fmpq_mul(x, x, t);
    }
    power_of_ten(t, fmpz_sizeinbase(fmpq_numref(x), 10) - 1);
    estimates_too_large += fmpz_cmp(fmpq_numref(x), fmpq_numref(t)) < 0;
    fmpq_clear(t);
}

/* 1 if y is x rounded to that many digits in that direction: on the right side,
   nearer than one unit of the last digit, and without more digits. */
static int
is_rounded(const fmpq_t y, const fmpq_t x, int digits, int up)
{
    fmpq_t d, unit;
    int good;

    fmpq_init(d);
    fmpq_init(unit);
    power_of_ten(unit, magnitude(x) + 1 - digits);
    fmpq_sub(d, y, x);
    good = up ? fmpq_sgn(d) >= 0 : fmpq_sgn(d) <= 0;
    fmpq_abs(d, d);
    good &= fmpq_cmp(d, unit) < 0;
    fmpq_div(d, y, unit);                       /* an integer number of units */
    good &= fmpz_is_one(fmpq_denref(d));
    fmpq_clear(d);
    fmpq_clear(unit);
    return good;
}

/* decimal_round goes the right way, as far as it must and no further; what
   decimal_text writes is that number. */
static void
test_rounding(void)
{
    slong k, wrong = 0, misread = 0;
    text_t t;
    fmpq_t x, y, z;

    fmpq_init(x);
    fmpq_init(y);
    fmpq_init(z);
    text_init(&t);
    for (k = 0; k < 4000; k++)
    {
        int digits = 1 + pick(14), up = k & 1;
        candidate(x, k);
        if (pick(3) == 0)
            fmpq_neg(x, x);
        decimal_round(y, x, digits, up);
        wrong += !is_rounded(y, x, digits, up);
        t.len = 0;
        decimal_text(&t, x, digits, up);
        misread += read_decimal(z, t.data) < 0 || !fmpq_equal(y, z);
    }
    ok(wrong == 0, "4000 numbers rounded in the stated direction, by less than a unit");
    ok(misread == 0, "4000 decimals written are those numbers");
    ok(estimates_too_large > 100, "%ld of them look one digit longer than they are",
       (long) estimates_too_large);
    fmpq_zero(x);
    decimal_round(y, x, 5, 1);
    ok(fmpq_is_zero(y), "0 stays 0");
    fmpq_clear(x);
    fmpq_clear(y);
    fmpq_clear(z);
    text_clear(&t);
}

/* The first digits are digits of x: v <= x < v + a unit of the last of them. */
static void
test_first_digits(void)
{
    slong k, e, behind, wrong = 0, few = 0;
    text_t t;
    fmpq_t x, v, unit;

    fmpq_init(x);
    fmpq_init(v);
    fmpq_init(unit);
    text_init(&t);
    for (k = 0; k < 4000; k++)
    {
        int digits = 2 + pick(13);
        candidate(x, k);
        t.len = 0;
        decimal_first_digits(&t, &e, x, digits);
        behind = read_decimal(v, t.data);
        power_of_ten(unit, e);
        fmpq_mul(v, v, unit);
        power_of_ten(unit, e - behind);
        wrong += fmpq_cmp(v, x) > 0;
        fmpq_add(v, v, unit);
        wrong += fmpq_cmp(v, x) <= 0;
        few += behind < 1 || e - behind > magnitude(x) + 1 - digits;
        wrong += e != 0 && e != magnitude(x);
    }
    ok(wrong == 0, "no wrong digit among the first digits of 4000 numbers");
    ok(few == 0, "as many digits as were asked for, one behind the point at least");
    fmpq_clear(x);
    fmpq_clear(v);
    fmpq_clear(unit);
    text_clear(&t);
}

/* x := the fraction or the power of ten written in s. */
static void
number(fmpq_t x, const char *s)
{
    if (strncmp(s, "1e", 2) == 0)
        power_of_ten(x, atol(s + 2));
    else
    {
        fmpq_set_str(x, s, 10);
        fmpq_canonicalise(x);
    }
}

/* Texts as they must be, digit by digit. */
static void
test_examples(void)
{
    static const struct { const char *x; int digits, up; const char *text; } decimals[] = {
        { "1/3", 5, 1, "0.33334" }, { "1/3", 5, 0, "0.33333" }, { "-1/3", 5, 1, "-0.33333" },
        { "-1/3", 5, 0, "-0.33334" }, { "2", 5, 1, "2" }, { "0", 5, 0, "0" },
        { "99999/10", 3, 1, "10000" }, { "99999/10", 3, 0, "9990" },
        { "1/8", 5, 0, "0.125" }, { "1e-3", 3, 1, "0.001" }, { "1/30000", 2, 1, "0.000034" },
        { "1/300000", 2, 1, "3.4e-6" }, { "1/30000000", 2, 0, "3.3e-8" },
        { "1e-4000", 5, 1, "1e-4000" }, { "1e-4000", 5, 0, "1e-4000" }, { "1e30", 4, 0, "1e30" },
        { "123456789012345678901", 4, 1, "1.235e20" },
        { "123456789012345", 15, 1, "123456789012345" }
    };
    static const struct { const char *x; int digits; const char *text; slong e; } first[] = {
        { "999999999999999/1000", 12, "999999999999.9", 0 }, { "1e12", 12, "1000000000000.0", 0 },
        { "9999999999999999/10000", 12, "999999999999.9", 0 }, { "1e13", 12, "1.00000000000", 13 },
        { "1200000000007/10", 12, "120000000000.7", 0 }, { "1e-4", 3, "0.000100", 0 },
        { "99999/1000000000", 3, "9.99", -5 }, { "1e-5", 3, "1.00", -5 },
        { "1e-4000", 5, "1.0000", -4000 },
        { "22/7", 5, "3.1428", 0 }, { "1/2", 3, "0.500", 0 }, { "1", 3, "1.00", 0 }
    };
    size_t i;
    slong e;
    text_t t;
    fmpq_t x;

    text_init(&t);
    fmpq_init(x);
    for (i = 0; i < sizeof decimals / sizeof *decimals; i++)
    {
        number(x, decimals[i].x);
        t.len = 0;
        decimal_text(&t, x, decimals[i].digits, decimals[i].up);
        ok(strcmp(t.data, decimals[i].text) == 0, "%s to %d digits %s: %s", decimals[i].x,
           decimals[i].digits, decimals[i].up ? "up" : "down", t.data);
    }
    for (i = 0; i < sizeof first / sizeof *first; i++)
    {
        number(x, first[i].x);
        t.len = 0;
        decimal_first_digits(&t, &e, x, first[i].digits);
        ok(strcmp(t.data, first[i].text) == 0 && e == first[i].e, "first %d digits of %s: %s, %ld",
           first[i].digits, first[i].x, t.data, (long) e);
    }
    text_clear(&t);
    fmpq_clear(x);
}

static void
test_short(void)
{
    fmpq_t x;

    fmpq_init(x);
    number(x, "123/45");
    ok(decimal_is_short(x, 4) && !decimal_is_short(x, 2), "41/15 has four digits");
    number(x, "1e24");
    ok(!decimal_is_short(x, 24) && decimal_is_short(x, 25), "10^24 has 25");
    number(x, "1e-4000");
    ok(!decimal_is_short(x, 24), "10^-4000 is long");
    fmpq_clear(x);
}

/* Texts grow, stay zero-terminated, and take zero characters. */
static void
test_growth(void)
{
    slong i, bad = 0;
    text_t t;
    fmpq_t x;

    text_init(&t);
    for (i = 0; i < 5000; i++)
    {
        text_append(&t, "abcd", 3);
        text_printf(&t, "%ld,", (long) i % 7);
        bad += t.len != 5 * (size_t) (i + 1) || t.data[t.len] != '\0' || t.len >= t.room;
    }
    for (i = 0; i < 5000; i++)
        bad += memcmp(t.data + 5 * i, "abc", 3) != 0 || t.data[5 * i + 3] != '0' + i % 7;
    ok(bad == 0, "25000 characters in 10000 pieces");
    t.len = 4096 - 1;                           /* the next character needs more room */
    text_append(&t, "xy", 2);
    text_append(&t, "", 0);
    ok(t.len == 4097 && strlen(t.data) == 4097, "at the edge of the first piece of memory");
    fmpq_init(x);
    number(x, "1e-4500");
    fmpq_neg(x, x);
    t.len = 0;
    text_fmpq(&t, x);
    ok(strlen(t.data) == 4504 && strncmp(t.data, "-1/1000", 7) == 0, "a long rational");
    number(x, "-6/4");
    t.len = 0;
    text_fmpq(&t, x);
    text_append(&t, " ", 1);
    text_fmpz(&t, fmpq_denref(x));
    ok(strcmp(t.data, "-3/2 2") == 0, "-3/2 and its denominator: %s", t.data);
    fmpq_clear(x);
    text_clear(&t);
}

static void
said(text_t *t, int latex, const char *source)
{
    say_t s = { t, latex };

    t->len = 0;
    t->data[0] = '\0';
    say(&s, "%s", source);
}

/* Every command of the table, alone and in what sentences are made of. */
static void
test_say(void)
{
    static const struct { const char *latex, *plain; } cases[] = {
        { "\\langle a, b \\rangle", "<a, b>" }, { "\\nabla h", "grad h" }, { "a \\le b", "a <= b" },
        { "a \\ge b", "a >= b" }, { "a \\ne b", "a != b" }, { "\\|A\\|", "||A||" },
        { "1 \\cdots n", "1 .. n" }, { "1, \\ldots, n", "1, .., n" }, { "a \\cdot b", "a * b" },
        { "a\\qquad b", "a   b" }, { "a\\quad b", "a  b" }, { "h\\, v", "h v" },
        { "then \\[ a = b \\]", "then \n    a = b" }, { "\\mathrm{inj}(A)", "inj(A)" },
        { "\\texttt{a b}", "a b" }, { "x \\text{ and } y", "x and y" },
        { "\\texttt{\\detokenize{W_1}}", "W_1" }, { "a\\_b \\# \\& c", "a_b # & c" },
        { "\\{0, 1\\}", "{0, 1}" }, { "\\lambda \\Sigma", "lambda Sigma" }, { "W_k^*", "W_k*" },
        { "$x$~$y$", "x y" }, { "W_{12}", "W_12" }, { "s^{-1}", "s^-1" }, { "X^{+}", "X^+" },
        { "D^{1/2}", "D^{1/2}" }, { "M_{l-1}", "M_{l-1}" }, { "A_{k,q}", "A_k,q" },
        { "D^{W_{12}/2}", "D^{W_12/2}" }, { "{a{b}c}", "abc" },
        { "x_{a_{b+1} c}", "x_{a_{b+1} c}" },
        { "a  b   c", "a b c" }, { "a }{ b", "a b" }, { "}", "" }, { "", "" }, { "^", "^" },
        { "\\", "" }, { "_{}", "_" }
    };
    size_t i;
    text_t t;

    text_init(&t);
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
    {
        said(&t, 0, cases[i].latex);
        ok(strcmp(t.data, cases[i].plain) == 0, "%s is plainly %s", cases[i].latex,
           i == 12 ? "a formula on its own line" : t.data);
        said(&t, 1, cases[i].latex);
        ok(strcmp(t.data, cases[i].latex) == 0, "and in LaTeX itself");
    }
    text_clear(&t);
}

/* Braces deeper than is remembered, and formats longer than the buffer. */
static void
test_long_say(void)
{
    char deep[400], *line = flint_malloc(20000);
    slong i;
    text_t t;

    text_init(&t);
    for (i = 0; i < 100; i++)
    {
        deep[i] = '{';
        deep[200 - i] = '}';
    }
    deep[100] = 'x';
    deep[201] = '\0';
    said(&t, 0, deep);
    ok(strcmp(t.data, "x") == 0, "a hundred nested braces: %s", t.data);
    strcat(deep, "^{1/2}");
    said(&t, 0, deep);
    ok(strcmp(t.data, "x^{1/2}") == 0, "and behind them the braces are counted right: %s", t.data);
    for (i = 0; i < 2000; i++)
        strcpy(line + 9 * i, "\\|A\\| b~c");
    said(&t, 0, line);
    ok(t.len == 2000 * 9 && memcmp(t.data + 9 * 1999, "||A|| b c", 10) == 0,
       "18000 characters at once");
    said(&t, 1, line);
    ok(strcmp(t.data, line) == 0, "and in LaTeX");
    flint_free(line);
    text_clear(&t);
}

/* Constants and values: the words tell the direction. */
static void
test_say_numbers(void)
{
    static const struct { const char *x; int up; const char *plain, *latex; } constants[] = {
        { "7", 1, "7", "7" },
        { "1/4", 1, "1/4 (= 0.25)", "1/4\\text{ (= }0.25\\text{)}" },
        { "1/3", 1, "1/3 (= 0.33334 rounded up)", "1/3\\text{ (= }0.33334\\text{ rounded up)}" },
        { "1/3", 0, "1/3 (= 0.33333 rounded down)",
          "1/3\\text{ (= }0.33333\\text{ rounded down)}" },
        { "1/3000000000", 1, "1/3000000000 (= 3.3334e-10 rounded up)",
          "1/3000000000\\text{ (= }3.3334 \\cdot 10^{-10}\\text{ rounded up)}" }
    };
    static const struct { const char *x, *plain, *latex; } values[] = {
        { "22/7", "22/7", "22/7" },
        { "1e40", "1e40", "1 \\cdot 10^{40}" },
        { "1000000000000000000000000/3", "3.333333333333e23 (rounded)",
          "3.333333333333 \\cdot 10^{23}\\text{ (rounded)}" },
        { "100000000000000000000000/30000000000000000000001", "3.333333333333 (rounded)",
          "3.333333333333\\text{ (rounded)}" },
        { "20000000000000000000000000/30000000000000000000000001", "0.6666666666667 (rounded)",
          "0.6666666666667\\text{ (rounded)}" }
    };
    size_t i;
    int latex;
    text_t t;
    fmpq_t x;

    text_init(&t);
    fmpq_init(x);
    for (latex = 0; latex < 2; latex++)
    {
        say_t s = { &t, latex };
        for (i = 0; i < sizeof constants / sizeof *constants; i++)
        {
            number(x, constants[i].x);
            t.len = 0;
            say_constant(&s, x, constants[i].up);
            ok(strcmp(t.data, latex ? constants[i].latex : constants[i].plain) == 0,
               "the constant %s", t.data);
        }
        for (i = 0; i < sizeof values / sizeof *values; i++)
        {
            number(x, values[i].x);
            t.len = 0;
            say_value(&s, x);
            ok(strcmp(t.data, latex ? values[i].latex : values[i].plain) == 0,
               "the value %s", t.data);
        }
    }
    text_clear(&t);
    fmpq_clear(x);
}

int
main(void)
{
    test_rounding();
    test_first_digits();
    test_examples();
    test_short();
    test_growth();
    test_say();
    test_long_say();
    test_say_numbers();
    flint_cleanup();
    return done();
}
