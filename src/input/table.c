/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files, numbers as users write them, CSV tables. */
#include "config.h"
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include "problem_file.h"
#include "kernel/number.h"

int
error_set(fault_t *err, int status, const char *format, ...)
{
    va_list ap;

    if (err->status != 0)
        return 0;
    err->status = status;
    va_start(ap, format);
    vsnprintf(err->message, sizeof err->message, format, ap);
    va_end(ap);
    return 0;
}

char *
read_file(const char *path, size_t *len, long limit, fault_t *err)
{
    int standard = strcmp(path, "-") == 0;
    FILE *in = standard ? stdin : fopen(path, "rb");
    struct stat st;
    size_t room = 1 << 16, n;
    char *text;

    if (in == NULL || fstat(fileno(in), &st) != 0)
    {
        error_set(err, errno == ENOMEM ? EX_OSERR : EX_NOINPUT, "%s: %s", path, strerror(errno));
        if (in != NULL && !standard)
            fclose(in);
        return NULL;
    }
    if (S_ISDIR(st.st_mode) || (S_ISREG(st.st_mode) && st.st_size > limit))
    {
        if (!standard)
            fclose(in);
        error_set(err, S_ISDIR(st.st_mode) ? EX_NOINPUT : EX_DATAERR, S_ISDIR(st.st_mode)
                  ? "%s: is a directory" : "%s: larger than %ld bytes", path, limit);
        return NULL;
    }
    text = flint_malloc(room);
    *len = 0;
    while ((n = fread(text + *len, 1, room - *len - 1, in)) > 0)
    {
        *len += n;
        if (*len > (size_t) limit)
            break;
        if (room - *len - 1 < room / 4)
            text = flint_realloc(text, room *= 2);
    }
    text[*len] = '\0';
    if (ferror(in) || *len > (size_t) limit)
    {
        if (ferror(in))
            error_set(err, EX_IOERR, "%s: %s", path, strerror(errno));
        else
            error_set(err, EX_DATAERR, "%s: larger than %ld bytes", path, limit);
        flint_free(text);
        text = NULL;
    }
    if (!standard)
        fclose(in);
    return text;
}

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

/* Splits one line in place at commas, blanks around fields removed. */
static slong
split(char *line, char **field, slong max)
{
    slong n = 0;
    char *p = line, *end;

    for (;;)
    {
        char *comma = strchr(p, ',');
        if (comma != NULL)
            *comma = '\0';
        while (*p == ' ' || *p == '\t')
            p++;
        for (end = p + strlen(p); end > p && strchr(" \t\r", end[-1]) != NULL; )
            *--end = '\0';
        if (n < max)
            field[n] = p;
        n++;
        if (comma == NULL)
            return n;
        p = comma + 1;
    }
}

int
csv_read(qmat_t A, const char *path, const csv_options_t *opt, const char *where, fault_t *err)
{
    size_t len;
    char *text = read_file(path, &len, FILE_MAX_BYTES, err), *line, *next, **field = NULL;
    slong row = 0, kept = 0, width = 0, j, columns = 0, room = 0, got;
    fmpq *e = NULL;
    int ok = 0;
    const char *wrong;
    qmat_t t;

    if (text == NULL)
        return 0;
    if (strlen(text) != len)
    {
        error_set(err, EX_DATAERR, "%s: %s: a zero byte: this is not a CSV file", where, path);
        goto done;
    }
    for (line = text; line < text + len; line = next)
    {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        else
            next = text + len;
        row++;
        if (line[strspn(line, " \t\r")] == '\0' && next >= text + len)
            break;                                  /* an empty last line */
        if (row <= opt->skip_rows || row - opt->skip_rows < opt->first_row)
            continue;
        if (opt->last_row > 0 && row - opt->skip_rows > opt->last_row)
            break;
        if (width == 0)
        {
            const char *p;
            for (p = line, width = 1; *p != '\0'; p++)
                width += *p == ',';
            field = flint_malloc(width * sizeof *field);
            columns = opt->column != NULL ? opt->columns : width;
            for (j = 0; opt->column != NULL && j < columns; j++)
                if (opt->column[j] < 1 || opt->column[j] > width)
                {
                    error_set(err, EX_DATAERR, "%s: %s: there is no column %ld: row %ld has %ld",
                              where, path, (long) opt->column[j], (long) row, (long) width);
                    goto done;
                }
        }
        got = split(line, field, width);
        if (got != width)
        {
            error_set(err, EX_DATAERR, "%s: %s: row %ld has %ld fields, the rows before it %ld",
                      where, path, (long) row, (long) got, (long) width);
            goto done;
        }
        if ((kept + 1) * columns > room)
        {
            slong old = room;
            room = 2 * room + 64 * columns;
            e = flint_realloc(e, room * sizeof *e);
            for (j = old; j < room; j++)
                fmpq_init(e + j);
        }
        for (j = 0; j < columns; j++)
        {
            const char *s = field[opt->column != NULL ? opt->column[j] - 1 : j];
            wrong = number_from_text(e + kept * columns + j, s);
            if (wrong != NULL)
            {
                error_set(err, EX_DATAERR, "%s: %s: row %ld, column %ld: \"%.40s\": %s", where, path,
                          (long) row, (long) (opt->column != NULL ? opt->column[j] : j + 1), s, wrong);
                goto done;
            }
        }
        kept++;
    }
    if (kept == 0 || (opt->last_row > 0 && kept < opt->last_row - opt->first_row + 1))
    {
        error_set(err, EX_DATAERR, "%s: %s: only %ld rows there", where, path, (long) kept);
        goto done;
    }
    if (opt->one_hot > 0)
    {
        if (columns != 1)
        {
            error_set(err, EX_DATAERR, "%s: one-hot needs exactly one column", where);
            goto done;
        }
        qmat_init(t, opt->one_hot, kept);
        for (j = 0; j < kept; j++)
        {
            const fmpq *c = e + j;
            if (!fmpz_is_one(fmpq_denref(c)) || fmpq_sgn(c) < 0 || fmpq_cmp_si(c, opt->one_hot) >= 0)
            {
                error_set(err, EX_DATAERR, "%s: %s: data row %ld: a class from 0 to %ld is expected",
                          where, path, (long) j + 1, (long) opt->one_hot - 1);
                qmat_clear(t);
                goto done;
            }
            fmpz_one(fmpz_mat_entry(t->num, fmpz_get_si(fmpq_numref(c)), j));
        }
        qmat_swap(A, t);
        qmat_clear(t);
    }
    else
    {
        qmat_set_entries(A, kept, columns, e);
        if (opt->transpose)
            qmat_transpose(A, A);
    }
    ok = 1;
done:
    for (j = 0; j < room; j++)
        fmpq_clear(e + j);
    flint_free(e);
    flint_free(field);
    flint_free(text);
    return ok;
}
