/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <string.h>
#include "bounds.h"
#include "json.h"
#include "algebra/eigenvalues.h"
#include "text/decimal.h"

#define NOT_KNOWN 2

void
bounds_row_digits(const bounds_t *b, const char *name, const fmpq_t lower, const fmpq_t upper,
                  int digits)
{
    text_t t;

    text_init(&t);
    if (b->opt->json)
    {
        text_printf(&t, "{\"name\": ");
        json_string(&t, name);
        json_number(&t, "lower", lower, digits, 0);
        json_number(&t, "upper", upper, digits, 1);
        text_printf(&t, "}\n");
    }
    else
    {
        text_printf(&t, "%-28s ", name);
        if (fmpq_equal(lower, upper)
            && fmpz_bits(fmpq_numref(lower)) + fmpz_bits(fmpq_denref(lower)) < 60)
        {
            text_printf(&t, "= ");
            text_fmpq(&t, lower);
        }
        else
        {
            text_printf(&t, "in [");
            decimal_text(&t, lower, digits, 0);
            text_printf(&t, ", ");
            decimal_text(&t, upper, digits, 1);
            text_printf(&t, "]");
        }
        text_printf(&t, "\n");
    }
    fwrite(t.data, 1, t.len, stdout);
    text_clear(&t);
}

void
bounds_row(const bounds_t *b, const char *name, const fmpq_t lower, const fmpq_t upper)
{
    bounds_row_digits(b, name, lower, upper, b->opt->digits + 4);
}

void
bounds_count_row(const bounds_t *b, const char *what, const char *name, slong n)
{
    char label[160];
    fmpq_t x;

    fmpq_init(x);
    fmpq_set_si(x, n, 1);
    snprintf(label, sizeof label, "%s(%s)", what, name);
    bounds_row(b, label, x, x);
    fmpq_clear(x);
}

void
bounds_empty_row(const bounds_t *b, const char *name, const char *why)
{
    text_t t;

    text_init(&t);
    if (b->opt->json)
    {
        text_printf(&t, "{\"name\": ");
        json_string(&t, name);
        text_printf(&t, ", \"lower\": null, \"upper\": null}\n");
    }
    else
        text_printf(&t, "%-28s %s\n", name, why);
    fwrite(t.data, 1, t.len, stdout);
    text_clear(&t);
}

void
bounds_unknown_row(bounds_t *b, const char *name, const char *why)
{
    bounds_empty_row(b, name, "not known");
    fprintf(stderr, "certify: %s is not known: %s\n", name, why);
    b->status = NOT_KNOWN;
}

void
bounds_interval_row(bounds_t *b, const char *what, const char *name, const interval_t *x)
{
    char label[160], limit[80];

    snprintf(label, sizeof label, "%s(%s)", what, name);
    snprintf(limit, sizeof limit, "the precision limit of %ld bits did not suffice",
             (long) b->opt->precision_limit);
    if (!x->known)
    {
        bounds_unknown_row(b, label, limit);
        return;
    }
    bounds_row(b, label, x->lower, x->upper);
    if (!x->tight)
    {
        fprintf(stderr, "certify: %s: less than %d digits are known: %s\n", label, b->opt->digits,
                limit);
        b->status = NOT_KNOWN;
    }
}

void
bounds_singular_rows(bounds_t *b, const char *name, const singular_t *s)
{
    char label[160];

    if (s->rank >= 0)
        bounds_count_row(b, "rank", name, s->rank);
    else
    {
        snprintf(label, sizeof label, "rank(%s)", name);
        bounds_unknown_row(b, label, "it could not be found");
    }
    bounds_interval_row(b, "eta_min", name, &s->eta);
    bounds_interval_row(b, "norm", name, &s->norm);
}

/* Digits of eigenvalues and singular values that are isolated. */
static int
spectrum_digits(const bounds_t *b)
{
    return b->opt->digits + 8;
}

/* The distinct values (e->n of them), largest first, and their multiplicities. */
static void
spectrum_rows(const bounds_t *b, const char *what, const char *name, const eigenvalues_t *e,
              const fmpq *low, const fmpq *high, int digits)
{
    char label[128], of[160];
    slong i;

    for (i = 0; i < e->n; i++)
    {
        snprintf(label, sizeof label, "%s_%ld(%s)", what, (long) i + 1, name);
        bounds_row_digits(b, label, low + i, high + i, digits);
        snprintf(of, sizeof of, "%s", label);
        if (e->multiplicity[i] > 1 || b->opt->json)
            bounds_count_row(b, "multiplicity", of, e->multiplicity[i]);
    }
}

static void
set_interval(interval_t *x, const fmpq_t lower, const fmpq_t upper)
{
    fmpq_set(x->lower, lower);
    fmpq_set(x->upper, upper);
    x->known = x->tight = 1;
}

/* The singular values, isolated: the smallest and the largest of them are eta_min and norm. */
static void
isolated_rows(bounds_t *b, const char *name, const qmat_t A)
{
    slong n = FLINT_MIN(qmat_rows(A), qmat_cols(A)), i, last = -1;
    fmpq *low = _fmpq_vec_init(n), *high = _fmpq_vec_init(n);
    eigenvalues_t e;
    singular_t s;
    qmat_t K;
    int digits;

    singular_init(&s);
    qmat_init(K, 0, 0);
    qmat_gram_smaller(K, A);
    eigenvalues_init(&e, K, spectrum_digits(b));
    digits = eigenvalues_roots(low, high, &e, spectrum_digits(b));
    for (s.rank = 0, i = 0; i < e.n; i++)
        if (fmpq_sgn(high + i) > 0)
        {
            s.rank += e.multiplicity[i];
            last = i;
        }
    /* the zero matrix has the value 0 alone */
    set_interval(&s.eta, low + FLINT_MAX(last, 0), high + FLINT_MAX(last, 0));
    set_interval(&s.norm, low, high);
    bounds_singular_rows(b, name, &s);
    spectrum_rows(b, "singular", name, &e, low, high, digits);
    _fmpq_vec_clear(low, n);
    _fmpq_vec_clear(high, n);
    eigenvalues_clear(&e);
    singular_clear(&s);
    qmat_clear(K);
}

void
bounds_matrix_rows(bounds_t *b, const char *name, const qmat_t A)
{
    int isolated = b->opt->spectrum && FLINT_MIN(qmat_rows(A), qmat_cols(A)) <= LARGEST_SPECTRUM;
    eigenvalues_t e;
    singular_t s;

    if (b->opt->spectrum && !isolated)
        fprintf(stderr, "certify: %s: spectra are isolated up to order %d\n", name,
                LARGEST_SPECTRUM);
    if (isolated)
        isolated_rows(b, name, A);
    else
    {
        singular_init(&s);
        enclose_singular(&s, A, b->opt->digits, b->opt->precision_limit);
        bounds_singular_rows(b, name, &s);
        singular_clear(&s);
    }
    if (isolated && qmat_rows(A) == qmat_cols(A) && qmat_midpoint_is_symmetric(A))
    {
        eigenvalues_init(&e, A, spectrum_digits(b));
        spectrum_rows(b, "eigenvalue", name, &e, e.low, e.high, e.digits);
        eigenvalues_clear(&e);
    }
}
