/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "inverse.h"
#include "number.h"
#include "psd.h"
#include "scope.h"

/* A' := A rounded to multiples of 2^-bits; 0 beyond the limits. */
static int
rounded(qmat_t B, const qmat_t A, slong bits)
{
    int ok = work_take(qmat_rows(A), 1, qmat_cols(A), qmat_length(A) + bits, 0);

    if (ok)
        qmat_round_to(B, A, bits);
    return ok;
}

int
norm_root(fmpq_t t, const qmat_t A, const evidence_t *e)
{
    slong n = FLINT_MIN(qmat_rows(A), qmat_cols(A));
    MATRICES(B, K, M);
    NUMBERS(error);

    if (qmat_rows(e->A) != n || fmpq_sgn(e->square) < 0 || !rounded(B, A, e->bits[0]))
        return 0;
    fmpq_swap(error, B->rad);
    qmat_gram_smaller(K, B);
    qmat_set_scalar(M, n, e->square);
    qmat_sub(M, M, K);
    number_sqrt_upper(t, e->square);
    number_add(t, t, error);
    return psd_check(M, e->A, NULL);
}

/* r := ||G - I||_inf of the midpoint. */
static void
distance_from_one(fmpq_t r, const qmat_t G)
{
    slong i, j;
    INTEGERS(s, t);

    fmpz_zero(fmpq_numref(r));
    for (i = 0; i < qmat_rows(G); i++)
    {
        fmpz_zero(s);
        for (j = 0; j < qmat_cols(G); j++)
        {
            const fmpz *g = fmpz_mat_entry(G->num, i, j);
            if (i == j)
            {
                fmpz_sub(t, g, G->den);
                g = t;
            }
            if (fmpz_sgn(g) < 0)
                fmpz_sub(s, s, g);
            else
                fmpz_add(s, s, g);
        }
        if (fmpz_cmp(s, fmpq_numref(r)) > 0)
            fmpz_set(fmpq_numref(r), s);
    }
    fmpz_set(fmpq_denref(r), G->den);
    fmpq_canonicalise(r);
}

int
inverse_root(fmpq_t c, fmpq_t t, const qmat_t A, const evidence_t *e)
{
    slong n = qmat_cols(A);
    MATRICES(B, Q, G);
    NUMBERS(error);

    fmpq_zero(c);
    if (qmat_rows(A) < n || qmat_rows(e->S) != n || !rounded(B, A, e->bits[1]))
        return 0;
    qmat_mul(Q, B, e->S);
    if (!rounded(Q, Q, e->bits[2]))
        return 0;
    fmpq_swap(error, Q->rad);
    qmat_gram(G, Q);
    distance_from_one(c, G);
    fmpq_sub_si(c, c, 1);
    fmpq_neg(c, c);
    if (fmpq_sgn(c) > 0)
        number_sqrt_lower(c, c);
    number_sub(c, c, error);
    return fmpq_sgn(c) > 0 && norm_root(t, e->S, e);
}

/* norm: t^2 <= value; inverse: value t^2 <= c^2. */
static int
shows(const ask_t *ask, const evidence_t *e)
{
    int lower = ask->kind == EVIDENCE_INVERSE;
    NUMBERS(c, t);

    if (fmpq_sgn(e->value) < 0 || !(lower ? inverse_root(c, t, ask->root, e) : norm_root(t, ask->root, e)))
        return 0;
    number_mul(t, t, t);
    number_mul(c, c, c);
    if (lower)
        number_mul(t, t, e->value);
    return fmpq_cmp(t, lower ? c : e->value) <= 0;
}

static int
fact(fmpq_t mu, facts_t *f, const ask_t *ask, const char *meaning)
{
    const evidence_t *e = facts_find(f, ask->role);
    int lower = ask->kind == EVIDENCE_INVERSE;

    fmpq_zero(mu);
    if (f->failed || (e != NULL && e->kind != ask->kind))
        return 0;
    e = facts_ask(f, ask, 0);
    if (e == NULL)
        return 0;
    if (facts_verifies(f) && !shows(ask, e))
        facts_fail(f, ask->role, lower ? "the inverse does not prove this bound" : "the factor does not prove this bound");
    else
    {
        fmpq_set(mu, e->value);
        facts_note(f, ask->role, meaning, lower ? "\\ge" : "\\le", mu);
    }
    return 1;
}

int
fact_inverse(fmpq_t mu, facts_t *f, const char *role, const char *meaning, const qmat_t A, const fmpq *want, const about_t *about)
{
    ask_t ask = { .kind = EVIDENCE_INVERSE, .role = role, .about = about, .root = A, .bound = { .want = want } };

    return fact(mu, f, &ask, meaning);
}

int
fact_norm(fmpq_t mu, facts_t *f, const char *role, const char *meaning, const qmat_t A, const fmpq *want, const about_t *about)
{
    ask_t ask = { .kind = EVIDENCE_NORM, .role = role, .about = about, .root = A, .bound = { .upper = 1, .want = want } };

    return fact(mu, f, &ask, meaning);
}

void
fact_norm2(fmpq_t mu, facts_t *f, const char *role, const char *meaning, const qmat_t A, int round, const about_t *about)
{
    MATRICES(K);

    if (fact_norm(mu, f, role, meaning, A, NULL, about))
        return;
    qmat_gram_smaller(K, A);
    if (round)
        qmat_round(K, f->rounding);
    fact_upper_about(mu, f, role, meaning, K, NULL, about);
}
