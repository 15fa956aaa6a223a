/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <stdio.h>
#include "certificate/certificate.h"
#include "write.h"

/* The rows of A, of its lower triangle only if triangular. */
static void
write_rows(text_t *t, const qmat_t A, int triangular)
{
    slong i, j;

    for (i = 0; i < qmat_rows(A); i++)
    {
        slong c = triangular ? i + 1 : qmat_cols(A);
        for (j = 0; j < c; j++)
        {
            text_fmpz(t, fmpz_mat_entry(A->num, i, j));
            text_printf(t, j + 1 < c ? " " : "\n");
        }
    }
}

static void
write_matrix(text_t *t, const char *name, const qmat_t A)
{
    text_printf(t, "matrix %s %ld %ld ", name, (long) qmat_rows(A), (long) qmat_cols(A));
    text_fmpz(t, A->den);
    text_printf(t, "\n");
    write_rows(t, A, 0);
}

void
certificate_write_problem(text_t *t, const problem_t *P)
{
    slong i, m = qmat_cols(P->X);
    int weighted = 0;
    char name[40];

    if (P->kind == NET_RESIDUAL)
        text_printf(t, "network %s %ld %ld\n", network_name[P->kind], (long) P->l, (long) P->r);
    else
        text_printf(t, "network %s %ld", network_name[P->kind], (long) P->l);
    if (P->kind == NET_SKIP)
        text_printf(t, " %ld", (long) P->skips);
    for (i = 0; i < P->skips; i++)
        text_printf(t, " %ld", (long) P->skip[i]);
    if (P->kind != NET_RESIDUAL)
        text_printf(t, "\n");
    for (i = 0; P->act != NULL && i < P->l - 1; i++)
    {
        text_printf(t, "activation %s", activation_name[P->act[i].kind]);
        if (activation_has_slope(P->act[i].kind))
        {
            text_printf(t, " ");
            text_fmpq(t, P->act[i].slope);
        }
        text_printf(t, "\n");
    }
    text_printf(t, "loss %s ", loss_name[P->loss]);
    text_fmpq(t, P->scale);
    if (P->loss == LOSS_SMOOTH_HINGE)
        text_printf(t, " %ld", (long) P->power);
    text_printf(t, "\nweight-decay ");
    text_fmpq(t, P->weight_decay);
    text_printf(t, "%s\n", decay_name[P->decayed]);
    write_matrix(t, "X", P->X);
    write_matrix(t, "Y", P->Y);
    for (i = 0; i < m; i++)
        weighted |= !fmpq_is_one(P->weights + i);
    text_printf(t, weighted ? "weights" : "weights one\n");
    for (i = 0; weighted && i < m; i++)
    {
        text_printf(t, " ");
        text_fmpq(t, P->weights + i);
        text_printf(t, i + 1 < m ? "" : "\n");
    }
    text_printf(t, P->b != NULL ? "biases yes\n" : "biases no\n");
    for (i = 0; i < P->nblocks; i++)
    {
        snprintf(name, sizeof name, "W:%ld", (long) i + 1);
        if (i == 0 && qmat_rows(P->features) > 0)
            write_matrix(t, "features", P->features);
        else
            write_matrix(t, name, P->W + i);
        if (problem_bias(P, i) != NULL)
        {
            snprintf(name, sizeof name, "b:%ld", (long) i + 1);
            write_matrix(t, name, problem_bias(P, i));
        }
    }
}

/* " N DEN" newline, then the lower triangle. */
static void
write_factor(text_t *t, const qmat_t L)
{
    text_printf(t, " %ld ", (long) qmat_rows(L));
    text_fmpz(t, L->den);
    text_printf(t, "\n");
    write_rows(t, L, 1);
}

static void
write_norm(text_t *t, const evidence_t *e)
{
    text_printf(t, " ");
    text_fmpq(t, e->square);
    text_printf(t, " %ld", (long) e->bits[0]);
    write_factor(t, e->A);
}

static void
write_evidence(text_t *t, const evidence_t *e)
{
    slong i;
    qmat_t columns;

    switch (e->kind)
    {
        case EVIDENCE_WORD:
            text_printf(t, "word %s %s\n", e->role, e->word);
            break;
        case EVIDENCE_NUMBERS:
        case EVIDENCE_CODES:
            text_printf(t, "%s %s %ld", e->kind == EVIDENCE_NUMBERS ? "numbers" : "codes", e->role, (long) e->nd);
            for (i = 0; i < e->nd; i++)
            {
                text_printf(t, " ");
                text_fmpq(t, e->d + i);
            }
            text_printf(t, "\n");
            break;
        case EVIDENCE_MATRIX:
            if (e->precision == 0)
            {
                write_matrix(t, e->role, e->A);
                break;
            }
            text_printf(t, "ball %s %ld ", e->role, (long) e->precision);
            text_fmpq(t, e->A->rad);
            text_printf(t, " %ld %ld ", (long) qmat_rows(e->A), (long) qmat_cols(e->A));
            text_fmpz(t, e->A->den);
            text_printf(t, "\n");
            write_rows(t, e->A, 0);
            break;
        case EVIDENCE_NORM:
            text_printf(t, "norm %s ", e->role);
            text_fmpq(t, e->value);
            write_norm(t, e);
            break;
        case EVIDENCE_INVERSE:
            text_printf(t, "inverse %s ", e->role);
            text_fmpq(t, e->value);
            text_printf(t, " %ld %ld", (long) e->bits[1], (long) e->bits[2]);
            qmat_init(columns, 0, 0);
            qmat_transpose(columns, e->S);
            write_factor(t, columns);
            qmat_clear(columns);
            text_printf(t, "norm");
            write_norm(t, e);
            break;
        case EVIDENCE_BOUND:
            text_printf(t, "bound %s ", e->role);
            text_fmpq(t, e->value);
            write_factor(t, e->A);
            text_printf(t, e->d == NULL ? "diagonal one\n" : "diagonal");
            for (i = 0; e->d != NULL && i < e->nd; i++)
            {
                text_printf(t, " ");
                text_fmpq(t, e->d + i);
                text_printf(t, i + 1 < e->nd ? "" : "\n");
            }
            break;
    }
}

void
certificate_write(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k,
                  const facts_t *f)
{
    slong i, n = 0;
    char hex[65];
    text_t problem;

    text_init(&problem);
    certificate_write_problem(&problem, P);
    certificate_digest(hex, problem.data, problem.len);
    text_printf(t, "certify-certificate %d\nproblem sha256 %s\n", certificate_version(P, c, f, 1), hex);
    text_append(t, problem.data, problem.len);
    text_clear(&problem);
    claim_write(t, P, c);
    for (i = 0; i < f->count; i++)
        n += f->evidence[i]->used;
    text_printf(t, "\nrounding %ld\nevidence %ld\n", (long) f->rounding, (long) n);
    for (i = 0; i < f->count; i++)
        if (f->evidence[i]->used)
            write_evidence(t, f->evidence[i]);
    conclusion_write(t, P, c, k);
    text_printf(t, "\nend\n");
}
