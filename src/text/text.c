/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "text.h"

void
text_init(text_t *t)
{
    t->room = 4096;
    t->len = 0;
    t->data = flint_malloc(t->room);
    t->data[0] = '\0';
}

void
text_clear(text_t *t)
{
    flint_free(t->data);
}

/* Room for n more characters and a final zero. */
static char *
reserve(text_t *t, size_t n)
{
    while (t->room - t->len < n + 1)
    {
        t->room *= 2;
        t->data = flint_realloc(t->data, t->room);
    }
    return t->data + t->len;
}

void
text_append(text_t *t, const char *s, size_t len)
{
    memcpy(reserve(t, len), s, len);
    t->len += len;
    t->data[t->len] = '\0';
}

void
text_printf(text_t *t, const char *format, ...)
{
    va_list ap;
    int n;

    va_start(ap, format);
    n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    reserve(t, n);
    va_start(ap, format);
    vsnprintf(t->data + t->len, n + 1, format, ap);
    va_end(ap);
    t->len += n;
}

void
text_fmpz(text_t *t, const fmpz_t x)
{
    char *p = reserve(t, fmpz_sizeinbase(x, 10) + 2);

    fmpz_get_str(p, 10, x);
    t->len += strlen(p);
}

void
text_fmpq(text_t *t, const fmpq_t x)
{
    text_fmpz(t, fmpq_numref(x));
    if (!fmpz_is_one(fmpq_denref(x)))
    {
        text_append(t, "/", 1);
        text_fmpz(t, fmpq_denref(x));
    }
}
