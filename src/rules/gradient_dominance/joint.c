/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bounds "joint" and "data": one matrix inequality for all blocks together.
   Theorem and proof: doc/rules/gradient-dominance.md. */
#include <stdio.h>
#include <string.h>
#include "kernel/ask.h"
#include "kernel/number.h"
#include "kernel/kronecker.h"
#include "kernel/scope.h"
#include "linear.h"
#include "rules/about.h"

const char gd_about_joint[] = "joint";

/* The terms of one side of block (k, q): term t is the product of the first t
   factors counted from the outside (P side: from the output; A side: from the
   data), and weight[t] bounds the norm of the perturbed rest with its first
   factor replaced by that factor's perturbation; weight[last] = 1. */
typedef struct
{
    int output;
    slong k, n, units;          /* n products, of which units + 1 have no inner factor */
    qmat_struct *product;       /* filled by side_products */
    fmpq *weight;
} side_t;

static void
side_init(side_t *s, net_t *n, slong k, slong q, int output)
{
    slong t, l = n->P->l, units = output ? l - 1 - k : k;
    slong inner = n->inner == NULL ? 0 : output ? n->P->r - 1 - q : q;
    chain_t *c = n->inner == NULL ? NULL : n->inner + k;
    NUMBERS(rest);

    s->output = output;
    s->k = k;
    s->n = units + inner + 1;
    s->units = units;
    s->product = qmat_vec_init(s->n);
    s->weight = _fmpq_vec_init(s->n);
    for (t = 0; t < s->n && !n->f->failed; t++)
    {
        slong i = t - units;                    /* inner factors taken */
        if (t == s->n - 1)
            fmpq_one(s->weight + t);
        else if (t < units)                     /* the next factor is a unit */
        {
            slong next = output ? l - 1 - t : t;
            if (output)
                chain_sup(s->weight + t, &n->units, k + 1, next - 1);
            else
                chain_sup(s->weight + t, &n->units, next + 1, k - 1);
            number_mul(s->weight + t, s->weight + t, n->unit_rho + next);
            if (inner > 0)
            {
                chain_sup(rest, c, output ? q + 1 : 0, output ? n->P->r - 1 : q - 1);
                number_mul(s->weight + t, s->weight + t, rest);
            }
        }
        else
        {
            slong next = output ? n->P->r - 1 - i : i;
            chain_sup(s->weight + t, c, output ? q + 1 : next + 1, output ? next - 1 : q - 1);
            number_mul(s->weight + t, s->weight + t, c->rho + next);
        }
    }
}

/* The products themselves. */
static void
side_products(side_t *s, net_t *n)
{
    slong t, l = n->P->l;
    chain_t *c = n->inner == NULL ? NULL : n->inner + s->k;

    for (t = 0; t < s->n; t++)
    {
        slong i = t - s->units;
        if (t == 0)
            qmat_set_one(s->product, s->output ? qmat_rows(n->P->Y) : qmat_rows(n->P->X));
        else if (t <= s->units)
            qmat_set(s->product + t, s->output ? chain_segment(&n->units, l - t, l - 1)
                                               : chain_segment(&n->units, 0, t - 1));
        else if (s->output)
            qmat_mul(s->product + t, s->product + t - 1, chain_segment(c, n->P->r - i, n->P->r - i));
        else
            qmat_mul(s->product + t, chain_segment(c, i - 1, i - 1), s->product + t - 1);
    }
}

static void
side_clear(side_t *s)
{
    qmat_vec_clear(s->product, s->n);
    _fmpq_vec_clear(s->weight, s->n);
}

/* G := B B^T, B = side product t, or in "data" mode the 1 x 1 matrix of a
   bound of its spectrum (from below for the leading term, from above for the
   others). */
static void
output_form(qmat_t G, net_t *n, const side_t *side, slong t, int reduced, int leading)
{
    char role[ROLE_SIZE], meaning[128];
    slong units = side->units, k = side->k;
    NUMBERS(x);

    if (!reduced || t > units)
    {
        qmat_gram_rows(G, side->product + t);
        qmat_round(G, n->f->rounding);
    }
    if (!reduced)
        return;
    if (t == 0)
        fmpq_one(x);
    else if (t <= units && leading)
        chain_inj2(x, &n->units, n->P->l - t, n->P->l - 1, 1);
    else if (t <= units)
    {
        chain_norm(x, &n->units, n->P->l - t, n->P->l - 1);
        number_mul(x, x, x);
    }
    else
    {
        snprintf(role, sizeof role, "%s:%ld:%ld", leading ? "suffix-inj" : "suffix-norm",
                 (long) k + 1, (long) (t - units));
        snprintf(meaning, sizeof meaning, "%s of the %ld outer factors of unit %ld and M_l..M_%ld",
                 leading ? "\\mathrm{inj}^2" : "\\|\\cdot\\|^2", (long) (t - units), (long) k + 1,
                 (long) k + 2);
        if (leading)
            fact_lower(x, n->f, role, meaning, G, NULL, NULL, 0);
        else
            fact_upper(x, n->f, role, meaning, G, NULL);
    }
    qmat_set_scalar(G, 1, x);
}

typedef struct
{
    side_t out, in;
    qmat_struct *Q, *G;
} block_forms_t;

/* The forms of every block: ||B^T F S (R T)^T||^2 for all pairs of terms.
   For the block at the point ||grad_i|| >= n_last - sum (weights) n_pair, by
   telescoping the perturbed products from the outside.  Returns the number of
   multipliers, 0 after a failure: when checking, the evidence must be there
   with the right sizes before any matrix is formed. */
static slong
joint_init(joint_t *J, block_forms_t *forms, net_t *n, int reduced)
{
    slong i, a, b, t, r = n->P->r, count = 0;
    MATRICES(R);

    J->about.type = gd_about_joint;
    J->blocks = n->P->nblocks;
    J->S = n->M->S;
    J->terms = flint_calloc(J->blocks, sizeof *J->terms);
    J->term = flint_calloc(J->blocks, sizeof *J->term);
    J->order = reduced ? 1 : qmat_rows(n->P->Y);
    for (i = 0; i < J->blocks; i++)
    {
        block_forms_t *B = forms + i;
        side_init(&B->out, n, i / r, i % r, 1);
        side_init(&B->in, n, i / r, i % r, 0);
        for (a = 0; a < B->in.n; a++)
            for (b = 0; b < B->out.n; b++)
                count += !fmpq_is_zero(B->in.weight + a) && !fmpq_is_zero(B->out.weight + b);
    }
    if (n->f->failed || (n->f->oracle == NULL
        && (fact_numbers(n->f, "multipliers", count, NULL, 1) == NULL
            || !facts_expect_bound(n->f, "joint", n->M->p * J->order))))
        return 0;
    for (i = 0; i < J->blocks; i++)
    {
        block_forms_t *B = forms + i;
        if (!reduced || B->out.n > B->out.units + 1)
            side_products(&B->out, n);
        side_products(&B->in, n);
        /* G holds the negative forms, its last entry the leading one */
        B->G = qmat_vec_init(B->out.n + 1);
        B->Q = qmat_vec_init(B->in.n);
        for (t = 0; t < B->out.n; t++)
            output_form(B->G + t, n, &B->out, t, reduced, 0);
        output_form(B->G + B->out.n, n, &B->out, B->out.n - 1, reduced, 1);
        for (t = 0; t < B->in.n; t++)
        {
            qmat_mul(R, B->in.product + t, n->M->T);
            qmat_mul(R, R, n->M->S);
            qmat_round(R, n->f->rounding);
            qmat_gram(B->Q + t, R);
        }
        J->term[i] = flint_calloc(B->in.n * B->out.n, sizeof **J->term);
        for (a = B->in.n - 1; a >= 0; a--)
            for (b = B->out.n - 1; b >= 0; b--)
            {
                joint_term_t *T = J->term[i] + J->terms[i];
                int leading = a == B->in.n - 1 && b == B->out.n - 1;
                fmpq_init(T->coefficient);
                number_mul(T->coefficient, B->in.weight + a, B->out.weight + b);
                number_mul(T->coefficient, T->coefficient, T->coefficient);
                if (!fmpq_is_zero(T->coefficient))
                {
                    work_keep(1, 1, fmpz_bits(fmpq_numref(T->coefficient))
                              + fmpz_bits(fmpq_denref(T->coefficient)));
                    T->Q = B->Q + a;
                    T->prefix = a <= B->in.units ? a : -1;
                    T->G = B->G + (leading ? B->out.n : b);
                    J->terms[i]++;
                }
                else
                    fmpq_clear(T->coefficient);
            }
    }
    return work_exceeded() != NULL ? 0 : count;      /* then the coefficients are no numbers */
}

static void
joint_clear(joint_t *J, block_forms_t *forms)
{
    slong i, t;

    for (i = 0; i < J->blocks; i++)
    {
        for (t = 0; t < J->terms[i]; t++)
            fmpq_clear(J->term[i][t].coefficient);
        flint_free(J->term[i]);
        if (forms[i].G != NULL)
            qmat_vec_clear(forms[i].G, forms[i].out.n + 1);
        if (forms[i].Q != NULL)
            qmat_vec_clear(forms[i].Q, forms[i].in.n);
        side_clear(&forms[i].out);
        side_clear(&forms[i].in);
    }
    flint_free(J->terms);
    flint_free(J->term);
}

/* The forms added up: sum (x G) for every Q that occurs, so that one Kronecker product does for each.  Balls of two matrices
   may be equal and the matrices not: forms are added up where they are of one and the same matrix, that of the same
   prefix of the chain. */
typedef struct
{
    const joint_term_t **first;         /* of those with its Q */
    qmat_struct *G;
    slong n, room;
} sums_t;

static void
sums_init(sums_t *s, const joint_t *J)
{
    slong i;

    s->n = s->room = 0;
    for (i = 0; i < J->blocks; i++)
        s->room += J->terms[i];
    s->first = flint_calloc(s->room + 1, sizeof *s->first);
    s->G = qmat_vec_init(s->room);
}

static void
sums_clear(sums_t *s)
{
    flint_free(s->first);
    qmat_vec_clear(s->G, s->room);
}

/* s += x Q (x) G. */
static void
sums_add(sums_t *s, const fmpq_t x, const joint_term_t *T)
{
    slong k;

    for (k = 0; k < s->n && (T->prefix < 0 || s->first[k]->prefix != T->prefix); k++)
        ;
    if (k < s->n)
        qmat_add_scaled(s->G + k, s->G + k, x, T->G);
    else
    {
        s->first[s->n++] = T;
        qmat_scale(s->G + k, T->G, x);
    }
}

void
gd_joint_bound(fmpq_t s2, net_t *n, int reduced, const fmpq *want)
{
    slong i, t, count;
    joint_t J;
    sums_t sums;
    block_forms_t *forms = flint_calloc(n->P->nblocks, sizeof *forms);
    const fmpq *m;
    MATRICES(K, N, t1);
    NUMBERS(x, sum);

    fmpq_zero(s2);
    count = joint_init(&J, forms, n, reduced);
    sums_init(&sums, &J);
    m = count == 0 ? NULL : fact_numbers(n->f, "multipliers", count, &J.about, 1);
    if (m != NULL)
    {
        fmpq_zero(x);
        qmat_set_scalar(N, J.order, x);
        qmat_kron(K, J.S, N);                       /* zero, of the right order */
        for (i = 0; i < J.blocks; i++)
        {
            const fmpq *w = m++;
            fmpq_one(sum);
            for (t = 1; t < J.terms[i]; t++, m++)
            {
                if (fmpq_sgn(m) <= 0)
                {
                    facts_fail(n->f, "multipliers", "a multiplier is not positive");
                    goto done;
                }
                fmpq_inv(x, m);
                number_add(sum, sum, x);
                number_mul(x, m, J.term[i][t].coefficient);
                fmpq_neg(x, x);
                sums_add(&sums, x, J.term[i] + t);
            }
            number_mul(sum, sum, w);
            if (fmpq_sgn(w) < 0 || fmpq_cmp_si(sum, 1) > 0)
            {
                facts_fail(n->f, "multipliers", "w (1 + sum 1/m) exceeds 1 in block %ld",
                           (long) i + 1);
                goto done;
            }
            sums_add(&sums, w, J.term[i]);
        }
        fmpq_one(x);
        for (t = 0; t < sums.n; t++)
        {
            qmat_kron(t1, sums.first[t]->Q, sums.G + t);
            qmat_add_scaled(K, K, x, t1);
        }
        qmat_set_one(N, J.order);
        qmat_kron(N, J.S, N);
        qmat_round(K, n->f->rounding);
        fact_lower_about(s2, n->f, "joint", "\\min_F \\sum_i \\|P_i^T F S (A_i T)^T\\|_F^2 / \\|F X' D^{1/2}\\|_F^2",
                         K, N, want, 1, &about_once);
    }
done:
    sums_clear(&sums);
    joint_clear(&J, forms);
    flint_free(forms);
}
