/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <nettle/sha2.h>
#include "certificate.h"

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

static void
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
        text_printf(t, "/");
        text_fmpz(t, fmpq_denref(x));
    }
}

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
        text_printf(t, "network %s %ld\n", network_name[P->kind], (long) P->l);
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
    text_printf(t, "\n");
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
        if (P->b != NULL)
        {
            snprintf(name, sizeof name, "b:%ld", (long) i + 1);
            write_matrix(t, name, P->b + i);
        }
    }
}

/* nettle 4 dropped the length. */
static void
sha256_finish(struct sha256_ctx *ctx, uint8_t digest[SHA256_DIGEST_SIZE])
{
#ifdef NETTLE_DIGEST_TAKES_LENGTH
    sha256_digest(ctx, SHA256_DIGEST_SIZE, digest);
#else
    sha256_digest(ctx, digest);
#endif
}

void
certificate_digest(char hex[65], const char *text, size_t len)
{
    struct sha256_ctx ctx;
    uint8_t digest[SHA256_DIGEST_SIZE];
    int i;

    sha256_init(&ctx);
    sha256_update(&ctx, len, (const uint8_t *) text);
    sha256_finish(&ctx, digest);
    for (i = 0; i < SHA256_DIGEST_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

void
certificate_write_side(text_t *t, const problem_t *P, const product_t *s)
{
    slong i;
    char buf[4096];

    for (i = 0; i < s->n; i++)
    {
        if (i > 0)
            text_printf(t, "*");
        if (s->term[i].kind == TERM_NUMBER)
            text_fmpq(t, s->term[i].number);
        else
        {
            inequality_term_text(buf, sizeof buf, s->term + i, P);
            text_printf(t, "%s", buf);
        }
    }
}

void
certificate_write_claim(text_t *t, const problem_t *P, const claim_t *c)
{
    slong i;

    text_printf(t, "claim %s", claim_name[c->kind]);
    if (c->has_tolerance)
    {
        text_printf(t, c->kind == CLAIM_CRITICAL_POINT ? " gradient " : " gap ");
        text_fmpq(t, c->tolerance);
    }
    if (c->kind == CLAIM_INEQUALITY)
    {
        text_printf(t, " ");
        certificate_write_side(t, P, c->q.side);
        text_printf(t, " %s ", relation_name[c->q.relation]);
        certificate_write_side(t, P, c->q.side + 1);
    }
    if (c->kind != CLAIM_GRADIENT_DOMINANCE && c->kind != CLAIM_REGULARITY)
        return;
    text_printf(t, " norm %s radius %ld", norm_name[c->norm], (long) c->nradius);
    for (i = 0; i < c->nradius; i++)
    {
        text_printf(t, " ");
        text_fmpq(t, c->radius + i);
    }
    if (c->kind == CLAIM_REGULARITY)
    {
        text_printf(t, " delta ");
        text_fmpq(t, c->delta);
        text_printf(t, " alpha ");
        text_fmpq(t, c->alpha);
        text_printf(t, " beta ");
        text_fmpq(t, c->beta);
        return;
    }
    text_printf(t, " lambda ");
    text_fmpq(t, c->lambda);
}

void
text_matrix(text_t *t, const qmat_t A)
{
    slong i, j;
    fmpq_t x;

    fmpq_init(x);
    text_printf(t, "[");
    for (i = 0; i < qmat_rows(A); i++)
    {
        text_printf(t, i == 0 ? "[" : ", [");
        for (j = 0; j < qmat_cols(A); j++)
        {
            qmat_get_entry(x, A, i, j);
            text_printf(t, j == 0 ? "" : ", ");
            text_fmpq(t, x);
        }
        text_printf(t, "]");
    }
    text_printf(t, "]");
    fmpq_clear(x);
}

static void
write_evidence(text_t *t, const evidence_t *e)
{
    slong i;

    switch (e->kind)
    {
        case EVIDENCE_WORD:
            text_printf(t, "word %s %s\n", e->role, e->word);
            break;
        case EVIDENCE_NUMBERS:
            text_printf(t, "numbers %s %ld", e->role, (long) e->nd);
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
        case EVIDENCE_BOUND:
            text_printf(t, "bound %s ", e->role);
            text_fmpq(t, e->value);
            text_printf(t, " %ld ", (long) qmat_rows(e->A));
            text_fmpz(t, e->A->den);
            text_printf(t, "\n");
            write_rows(t, e->A, 1);
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
    slong i, j, n = 0;
    char hex[65];
    text_t problem;

    text_init(&problem);
    certificate_write_problem(&problem, P);
    certificate_digest(hex, problem.data, problem.len);
    text_printf(t, "certify-certificate 1\nproblem sha256 %s\n", hex);
    memcpy(reserve(t, problem.len), problem.data, problem.len + 1);
    t->len += problem.len;
    certificate_write_claim(t, P, c);
    for (i = 0; i < f->count; i++)
        n += f->evidence[i]->used;
    text_printf(t, "\nrounding %ld\nevidence %ld\n", (long) f->rounding, (long) n);
    for (i = 0; i < f->count; i++)
        if (f->evidence[i]->used)
            write_evidence(t, f->evidence[i]);
    text_printf(t, "conclusion %s", k->verdict == VERDICT_PROVED ? "proved" : "refuted");
    if (c->kind == CLAIM_GRADIENT_DOMINANCE)
    {
        text_printf(t, " lambda ");
        text_fmpq(t, c->lambda);
    }
    if (k->has_lambda_lower)
    {
        text_printf(t, " lambda_lower ");
        text_fmpq(t, k->lambda_lower);
    }
    if (k->has_radius_factor)
    {
        text_printf(t, " radius_factor ");
        text_fmpq(t, k->radius_factor);
    }
    if (k->has_paper_lambda)
    {
        text_printf(t, " paper_lambda ");
        text_fmpq(t, k->paper_lambda);
    }
    for (j = 0; j < k->npatterns; j++)
    {
        const pattern_t *p = k->pattern + j;
        text_printf(t, " pattern %ld %ld", (long) j, (long) p->n);
        for (i = 0; i < p->n; i++)
        {
            text_printf(t, " ");
            text_fmpq(t, p->low + i);
            text_printf(t, " ");
            text_fmpq(t, p->high + i);
            text_printf(t, " %ld %ld", (long) p->multiplicity[i], (long) p->captured[i]);
        }
    }
    text_printf(t, "\nend\n");
    text_clear(&problem);
}
