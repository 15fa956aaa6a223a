/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ask.h"

static int
is_bound(const evidence_t *e)
{
    return e->kind == EVIDENCE_BOUND || e->kind == EVIDENCE_NORM || e->kind == EVIDENCE_INVERSE;
}

int
facts_has_bound(const facts_t *f, const char *role, slong n)
{
    const evidence_t *e = facts_find(f, role);

    return e == NULL ? f->oracle != NULL : is_bound(e) && qmat_rows(e->A) == n;
}

int
facts_expect_bound(facts_t *f, const char *role, slong n)
{
    const evidence_t *e = facts_find(f, role);

    if (f->failed)
        return 0;
    if (e == NULL && f->oracle == NULL)
        facts_fail(f, role, "the evidence is missing");
    else if (e != NULL && (!is_bound(e) || qmat_rows(e->A) != n))
        facts_fail(f, role, "a factor of order %ld is needed", (long) n);
    return !f->failed;
}

const char *
fact_word(facts_t *f, const char *role, const about_t *about)
{
    ask_t ask = { .kind = EVIDENCE_WORD, .role = role, .about = about };
    const evidence_t *e = facts_ask(f, &ask, 1);

    return e == NULL ? NULL : e->word;
}

const fmpq *
fact_numbers(facts_t *f, const char *role, slong count, const about_t *about, int required)
{
    ask_t ask = { .kind = EVIDENCE_NUMBERS, .role = role, .about = about, .count = count };
    const evidence_t *e = facts_ask(f, &ask, required);

    if (e == NULL)
        return NULL;
    if (e->nd != count)
    {
        facts_fail(f, role, "%ld numbers are given, %ld are needed", (long) e->nd, (long) count);
        return NULL;
    }
    return e->d;
}

const char *
facts_word(const facts_t *f, const char *role)
{
    const evidence_t *e = facts_find(f, role);

    return e == NULL || e->kind != EVIDENCE_WORD ? NULL : e->word;
}

int
fact_upper_pencil(fmpq_t mu, facts_t *f, const char *role, const char *meaning,
                  const qmat_t K, const qmat_t N, const fmpq *want)
{
    ask_t ask = { .kind = EVIDENCE_BOUND, .role = role, .bound = { 1, K, N, want } };

    facts_bound(mu, f, &ask, meaning, 0);
    return !f->failed && facts_find(f, role) != NULL;
}
