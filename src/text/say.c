/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "decimal.h"
#include "say.h"

/* The longest first where one begins like another. */
static const struct { const char *from, *to; } table[] = {
    { "\\langle ", "<" }, { " \\rangle", ">" }, { "\\nabla", "grad" }, { "\\le", "<=" },
    { "\\ge", ">=" }, { "\\ne", "!=" }, { "\\|", "||" }, { "\\cdots", ".." }, { "\\ldots", ".." },
    { "\\cdot", "*" }, { "\\qquad", "   " }, { "\\quad", "  " }, { "\\,", " " },
    { "\\[ ", "\n    " }, { " \\]", "" }, { "\\mathrm", "" }, { "\\texttt", "" }, { "\\text", "" },
    { "\\detokenize", "" }, { "\\_", "_" }, { "\\#", "#" }, { "\\&", "&" }, { "\\{", "{" }, { "\\}", "}" },
    { "\\", "" }, { "^*", "*" }, { "$", "" }, { "~", " " }
};

/* 1 if the braces at p around an exponent or index are needed in plain text:
   D^{1/2}, M_{l-1}, but not W_{12}, s^{-1} or X^{+}. */
static int
needs_braces(const char *p)
{
    const char *q = p + 1;
    int depth = 1;

    for (; *q != '\0' && depth > 0; q++)
    {
        depth += (*q == '{') - (*q == '}');
        if (strchr("/ ", *q) != NULL || (q > p + 1 && strchr("+-", *q) != NULL))
            return 1;
    }
    return 0;
}

#define DEPTH 32

/* Which of the braces that are open at present were kept. */
typedef struct
{
    int depth;
    char kept[DEPTH];
} braces_t;

/* One character or two, no command. */
static const char *
plain_character(text_t *t, const char *p, braces_t *b)
{
    int mark = (*p == '^' || *p == '_') && p[1] == '{', keep;

    if (mark || *p == '{')
    {
        keep = mark && needs_braces(p + 1);
        text_append(t, p, mark + keep);
        b->depth++;
        if (b->depth < DEPTH)
            b->kept[b->depth] = keep;
        return p + 1 + mark;
    }
    if (*p == '}')
    {
        text_append(t, p, b->depth > 0 && b->depth < DEPTH && b->kept[b->depth]);
        b->depth -= b->depth > 0;
    }
    else if (*p != ' ' || t->len == 0 || t->data[t->len - 1] != ' ')
        text_append(t, p, 1);
    return p + 1;
}

static void
plain(text_t *t, const char *p)
{
    size_t k, n;
    braces_t b = { 0, { 0 } };

    while (*p != '\0')
    {
        for (k = 0; k < sizeof table / sizeof *table; k++)
            if (strncmp(p, table[k].from, n = strlen(table[k].from)) == 0)
                break;
        if (k < sizeof table / sizeof *table)
        {
            text_printf(t, "%s", table[k].to);
            p += n;
        }
        else
            p = plain_character(t, p, &b);
    }
}

void
say(say_t *s, const char *format, ...)
{
    va_list ap;
    char buf[4096], *p = buf;
    int n;

    va_start(ap, format);
    n = vsnprintf(buf, sizeof buf, format, ap);
    va_end(ap);
    if (n >= (int) sizeof buf)
    {
        p = flint_malloc(n + 1);
        va_start(ap, format);
        vsnprintf(p, n + 1, format, ap);
        va_end(ap);
    }
    if (s->latex)
        text_append(s->t, p, n);
    else
        plain(s->t, p);
    if (p != buf)
        flint_free(p);
}

void
say_number(say_t *s, const fmpq_t x)
{
    text_fmpq(s->t, x);
}

void
say_decimal(say_t *s, const fmpq_t x, int digits, int up)
{
    text_t d;
    char *e;

    text_init(&d);
    decimal_text(&d, x, digits, up);
    e = strchr(d.data, 'e');
    if (s->latex && e != NULL)
        text_printf(s->t, "%.*s \\cdot 10^{%s}", (int) (e - d.data), d.data, e + 1);
    else
        text_append(s->t, d.data, d.len);
    text_clear(&d);
}

void
say_constant(say_t *s, const fmpq_t x, int up)
{
    fmpq_t d;

    say_number(s, x);
    if (fmpz_is_one(fmpq_denref(x)))
        return;
    fmpq_init(d);
    decimal_round(d, x, 5, up);
    say(s, "\\text{ (= }");
    say_decimal(s, x, 5, up);
    say(s, fmpq_equal(d, x) ? "\\text{)}" : up ? "\\text{ rounded up)}" : "\\text{ rounded down)}");
    fmpq_clear(d);
}

void
say_first_digits(say_t *s, const fmpq_t x, int digits)
{
    slong e;

    decimal_first_digits(s->t, &e, x, digits);
    say(s, "\\ldots");
    if (e != 0)
        text_printf(s->t, s->latex ? "\\cdot 10^{%ld}" : "e%ld", (long) e);
}

void
say_value(say_t *s, const fmpq_t x)
{
    fmpq_t low, high, middle;

    if (decimal_is_short(x, 24))
    {
        say_number(s, x);
        return;
    }
    fmpq_init(low);
    fmpq_init(high);
    fmpq_init(middle);
    decimal_round(low, x, 13, 0);
    decimal_round(high, x, 13, 1);
    fmpq_add(middle, low, high);
    fmpq_div_2exp(middle, middle, 1);
    say_decimal(s, fmpq_cmp(x, middle) < 0 ? low : high, 13, 0);
    if (!fmpq_equal(low, high))
        say(s, "\\text{ (rounded)}");
    fmpq_clear(low);
    fmpq_clear(high);
    fmpq_clear(middle);
}
