/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "facts.h"
#include "number.h"
#include "psd.h"
#include "scope.h"

void
evidence_init(evidence_t *e, evidence_kind kind, const char *role)
{
    memset(e, 0, sizeof *e);
    e->kind = kind;
    snprintf(e->role, sizeof e->role, "%s", role);
    fmpq_init(e->value);
    fmpq_init(e->square);
    qmat_init(e->A, 0, 0);
    qmat_init(e->S, 0, 0);
}

void
evidence_clear(evidence_t *e)
{
    fmpq_clear(e->value);
    fmpq_clear(e->square);
    qmat_clear(e->A);
    qmat_clear(e->S);
    if (e->d != NULL)
        _fmpq_vec_clear(e->d, e->nd);
}

void
facts_init(facts_t *f, slong rounding)
{
    memset(f, 0, sizeof *f);
    f->rounding = rounding;
}

void
facts_clear(facts_t *f)
{
    slong i;

    for (i = 0; i < f->count; i++)
    {
        evidence_clear(f->evidence[i]);
        flint_free(f->evidence[i]);
    }
    flint_free(f->evidence);
    for (i = 0; i < f->note_count; i++)
    {
        flint_free(f->notes[i].meaning);
        fmpq_clear(f->notes[i].value);
    }
    flint_free(f->notes);
}

/* The first place whose role is not before the given one. */
static slong
place(const facts_t *f, const char *role)
{
    slong lo = 0, hi = f->count, mid;

    /* a certificate arrives in order */
    if (hi > 0 && strcmp(f->evidence[hi - 1]->role, role) < 0)
        return hi;
    while (lo < hi)
    {
        mid = (lo + hi) / 2;
        if (strcmp(f->evidence[mid]->role, role) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

evidence_t *
facts_find(const facts_t *f, const char *role)
{
    slong i = place(f, role);

    return i < f->count && strcmp(f->evidence[i]->role, role) == 0 ? f->evidence[i] : NULL;
}

int
facts_add(facts_t *f, const evidence_t *e)
{
    slong i = place(f, e->role);

    if (facts_find(f, e->role) != NULL)
        return 0;
    if (f->count == f->room)
    {
        f->room = 2 * f->room + 16;
        f->evidence = flint_realloc(f->evidence, f->room * sizeof *f->evidence);
    }
    memmove(f->evidence + i + 1, f->evidence + i, (f->count - i) * sizeof *f->evidence);
    f->count++;
    f->evidence[i] = flint_malloc(sizeof *e);
    *f->evidence[i] = *e;
    return 1;
}

void
facts_fail(facts_t *f, const char *role, const char *format, ...)
{
    va_list ap;
    const evidence_t *e;

    if (f->failed)
        return;
    f->failed = 1;
    snprintf(f->failed_role, sizeof f->failed_role, "%s", role);
    e = facts_find(f, role);
    f->failed_line = e == NULL ? 0 : e->line;
    va_start(ap, format);
    vsnprintf(f->reason, sizeof f->reason, format, ap);
    va_end(ap);
}

const evidence_t *
facts_unused(const facts_t *f)
{
    slong i;

    for (i = 0; i < f->count; i++)
        if (!f->evidence[i]->used)
            return f->evidence[i];
    return NULL;
}

void
facts_note(facts_t *f, const char *role, const char *meaning, const char *relation,
           const fmpq_t value)
{
    note_t *n;

    if (f->note_count == f->note_room)
    {
        f->note_room = 2 * f->note_room + 16;
        f->notes = flint_realloc(f->notes, f->note_room * sizeof *f->notes);
    }
    n = f->notes + f->note_count++;
    n->aside = f->aside;
    snprintf(n->role, sizeof n->role, "%s", role);
    n->meaning = flint_malloc(strlen(meaning) + 1);
    strcpy(n->meaning, meaning);
    n->relation = relation;
    fmpq_init(n->value);
    fmpq_set(n->value, value);
}

int
facts_verifies(const facts_t *f)
{
    return f->oracle == NULL || !f->trusting;
}

const evidence_t *
facts_ask(facts_t *f, const ask_t *ask, int required)
{
    evidence_t *e, fresh;

    if (f->failed)
        return NULL;
    e = facts_find(f, ask->role);
    if (e == NULL && f->oracle != NULL && f->oracle(f->context, ask, &fresh))
    {
        facts_add(f, &fresh);
        e = facts_find(f, ask->role);
    }
    if (e == NULL)
    {
        if (required)
            facts_fail(f, ask->role, f->oracle != NULL
                       ? "no evidence could be found" : "the evidence is missing");
        return NULL;
    }
    e->used = 1;
    if (e->kind != ask->kind)
    {
        facts_fail(f, ask->role, "evidence of another kind is needed here");
        return NULL;
    }
    return e;
}

/* Both bounds: M = K - mu N, or mu I - K, is positive semidefinite. */
static int
verify_bound(const ask_t *ask, const evidence_t *e)
{
    slong n = qmat_rows(ask->bound.K);
    int ok;
    MATRICES(M);
    NUMBERS(minus);

    if (qmat_rows(e->A) != n || qmat_cols(e->A) != n || fmpq_sgn(e->value) < 0)
        return 0;
    if (ask->bound.upper)
    {
        if (ask->bound.N != NULL)
            qmat_scale(M, ask->bound.N, e->value);
        else
            qmat_set_scalar(M, n, e->value);
        qmat_sub(M, M, ask->bound.K);
    }
    else
    {
        fmpq_neg(minus, e->value);
        if (ask->bound.N != NULL)
            qmat_set(M, ask->bound.N);
        else
            qmat_set_one(M, n);
        qmat_add_scaled(M, ask->bound.K, minus, M);
    }
    ok = psd_check(M, e->A, e->d);
    return ok;
}

void
facts_bound(fmpq_t mu, facts_t *f, const ask_t *ask, const char *meaning, int required)
{
    const evidence_t *e = facts_ask(f, ask, required);

    fmpq_zero(mu);
    if (e == NULL)
        return;
    if (facts_verifies(f) && !verify_bound(ask, e))
    {
        facts_fail(f, ask->role, "the factor does not prove this bound");
        return;
    }
    fmpq_set(mu, e->value);
    facts_note(f, ask->role, meaning, ask->bound.upper ? "\\le" : "\\ge", mu);
}

void
fact_lower_about(fmpq_t mu, facts_t *f, const char *role, const char *meaning, const qmat_t K,
                 const qmat_t N, const fmpq *want, int required, const about_t *about)
{
    ask_t ask = { .kind = EVIDENCE_BOUND, .role = role, .about = about,
                  .bound = { 0, K, N, want } };

    facts_bound(mu, f, &ask, meaning, required);
}

void
fact_lower(fmpq_t mu, facts_t *f, const char *role, const char *meaning,
           const qmat_t K, const qmat_t N, const fmpq *want, int required)
{
    fact_lower_about(mu, f, role, meaning, K, N, want, required, NULL);
}

void
fact_upper_about(fmpq_t mu, facts_t *f, const char *role, const char *meaning,
                 const qmat_t K, const fmpq *want, const about_t *about)
{
    ask_t ask = { .kind = EVIDENCE_BOUND, .role = role, .about = about,
                  .bound = { 1, K, NULL, want } };

    facts_bound(mu, f, &ask, meaning, 0);
    if (facts_find(f, role) == NULL)
        qmat_frobenius_upper(mu, K);
}

void
fact_upper(fmpq_t mu, facts_t *f, const char *role, const char *meaning,
           const qmat_t K, const fmpq *want)
{
    fact_upper_about(mu, f, role, meaning, K, want, NULL);
}

static const evidence_t *
matrix(facts_t *f, const ask_t *ask, int required)
{
    const evidence_t *e = facts_ask(f, ask, required);

    if (e == NULL)
        return NULL;
    if (qmat_rows(e->A) != ask->rows || qmat_cols(e->A) != ask->cols)
    {
        facts_fail(f, ask->role, "the matrix is %ld x %ld, %ld x %ld is needed",
                   (long) qmat_rows(e->A), (long) qmat_cols(e->A),
                   (long) ask->rows, (long) ask->cols);
        return NULL;
    }
    return e;
}

const qmat_struct *
fact_matrix(facts_t *f, const char *role, slong rows, slong cols, const about_t *about,
            int required)
{
    ask_t ask = { .kind = EVIDENCE_MATRIX, .role = role, .about = about, .rows = rows, .cols = cols };
    const evidence_t *e = matrix(f, &ask, required);

    if (e == NULL)
        return NULL;
    if (!qmat_is_exact(e->A) || e->precision != 0)
    {
        facts_fail(f, role, "an exact matrix is needed here");
        return NULL;
    }
    return e->A;
}

const evidence_t *
fact_leaf(facts_t *f, const char *role, const qmat_t Z, const activation_t *s, int inverse)
{
    ask_t ask = { .kind = EVIDENCE_MATRIX, .role = role, .rows = qmat_rows(Z), .cols = qmat_cols(Z),
                  .leaf = { Z, s, inverse } };

    return matrix(f, &ask, 1);
}

void
fact_activation(qmat_t H, facts_t *f, const char *role, const qmat_t Z, const activation_t *s)
{
    const evidence_t *e;
    NUMBERS(c);

    if (activation_is_rational(s->kind))
    {
        activation_apply(H, Z, s);
        return;
    }
    e = fact_leaf(f, role, Z, s, 0);
    if (e == NULL || (facts_verifies(f) && !activation_check_ball(e->A, Z, s, e->precision)))
    {
        facts_fail(f, role, "the ball does not contain the activations");
        return;
    }
    activation_lipschitz(c, s);
    number_mul(c, c, Z->rad);
    number_add(c, c, e->A->rad);
    qmat_set(H, e->A);
    number_round_up(H->rad, c);
    facts_note(f, role, "\\text{error of the enclosed features, } \\|\\cdot\\|_F", "\\le", H->rad);
}
