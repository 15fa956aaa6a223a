/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Slices (doc/rules/within.md, "Slices").  Lemma S: let gamma W, gamma in a Lie group near 1, have the loss of W, and let as many
   elements xi of its Lie algebra as there are fixed parameters move these independently at W*.  If W* is critical, or a strict local
   minimum, among the points with the same fixed parameters, it is critical, or a local minimum, at which points near with the same
   loss lie in its orbit.

   What is fixed, and what moves it:
     softmax      the last row of W_l and its bias: rows all alike added to [W_l, b_l]
     inputs       the columns of [W_1, b_1] beyond a maximal set of independent rows of [X; 1]: rows orthogonal to the data
     translation  the bias of a unit without activation, or with one slope, not 0, on all samples: h + t, the next bias minus W t
     change of basis  d columns of W_k that are independent, layer k without activation and of width d: G [W_k, b_k], W_{k+1} G^-1
     scaling      one entry, not 0, of the row of a relu or leaky-relu unit: the row times t, its column in W_{k+1} divided by t
     dead unit    row and column of a relu unit that is negative on all samples: h does not depend on them
   Weight decay leaves of these what it does not see: the last bias, the bias of a dead unit.  The matrix by which the xi move what is
   fixed is triangular by blocks: xi of layer k reach what is fixed in layer k + 1, not the other way round; and where inputs are fixed,
   those of layer 1 count by their effect on the outputs, [W_1, b_1] T, [1; X] = T B, B the independent rows. */
#include <stdio.h>
#include <string.h>
#include "kernel/ask.h"
#include "kernel/columns.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "within.h"

typedef struct
{
    const pass_t *p;
    facts_t *f;
    char *fixed;
    slong *start;               /* of layer k, from 0 on */
    int decay;
    qmat_t effective;           /* of layer 1: its columns .. */
    slong *pivot, pivots;       /* .. are those of these inputs, the bias the last one */
} slice_t;

static void
fix(slice_t *s, slong k, slong row, slong column)
{
    s->fixed[s->start[k] + row * within_width(s->p->P, k) + column] = 1;
}

static void
fix_softmax(slice_t *s)
{
    const problem_t *P = s->p->P;
    slong k = P->l - 1, last = qmat_rows(P->W + k) - 1, c, in = qmat_cols(P->W + k);

    if (P->loss != LOSS_CROSS_ENTROPY)
        return;
    for (c = 0; c < in && !s->decay; c++)
        fix(s, k, last, c);
    if (problem_bias(P, k) != NULL && problem_decayed_bias(P, k) == NULL)
        fix(s, k, last, in);
}

/* Inputs that depend on others on the samples that count, the constant 1 first. */
static int
fix_inputs(slice_t *s)
{
    const problem_t *P = s->p->P;
    slong in = qmat_rows(P->X), all = within_width(P, 0), m = qmat_cols(P->X), i, j, n = 0, bias = all - in;
    slong *sample = flint_malloc((m + 1) * sizeof *sample);
    MATRICES(A, T, B, t, W);
    int ok;

    for (j = 0; j < m; j++)
        if (!fmpq_is_zero(P->weights + j))
            sample[n++] = j;
    qmat_pick_columns(A, P->X, sample, n);
    flint_free(sample);
    if (bias)
    {
        qmat_ones(t, 1, n);
        qmat_stack(A, t, A);
    }
    s->pivots = rank_factor_rows(T, B, s->pivot, A, FLINT_MIN(all, n));
    ok = s->pivots >= 0;
    if (!ok)
        return 0;
    for (i = 0; i < s->pivots; i++)             /* (the bias is the last column of a layer) */
        s->pivot[i] = bias ? (s->pivot[i] + in) % all : s->pivot[i];
    for (j = 0; j < all; j++)
    {
        for (i = 0; i < s->pivots && s->pivot[i] != j; i++)
            ;
        for (n = 0; i == s->pivots && n < qmat_rows(P->W); n++)
            fix(s, 0, n, j);
    }
    qmat_set(W, P->W);
    if (bias)
    {   /* [b_1, W_1] T */
        qmat_transpose(W, W);
        qmat_transpose(t, problem_bias(P, 0));
        qmat_stack(W, t, W);
        qmat_transpose(W, W);
    }
    qmat_mul(s->effective, W, T);
    return 1;
}

/* A := the entries of layer k whose columns may be fixed, column[] their numbers. */
static slong
take_columns(qmat_t A, slong *column, const slice_t *s, slong k)
{
    const problem_t *P = s->p->P;
    slong i, n = within_width(P, k);

    if (k == 0)
    {
        qmat_set(A, s->effective);
        memcpy(column, s->pivot, s->pivots * sizeof *column);
        return s->pivots;
    }
    problem_block(A, P, k, problem_bias(P, k) != NULL);
    for (i = 0; i < n; i++)
        column[i] = i;
    return n;
}

/* The parameters of one hidden layer that the numbers of the role name: a change of basis, or a scaling of each unit but those
   whose number is that of no column, one beyond the last. */
static int
fix_layer(slice_t *s, slong k, int basis)
{
    const problem_t *P = s->p->P;
    slong n, i, j, d = qmat_rows(P->W + k), *column = flint_malloc((within_width(P, k) + d + 1) * sizeof *column), *taken = column + within_width(P, k);
    within_about_t about = { .about = { within_about_type }, .what = WITHIN_ASKS_FIXED, .block = k, .column = column,
                             .fixed = s->fixed + s->start[k] };
    char role[ROLE_SIZE];
    const fmpq *x;
    int ok = 1;
    MATRICES(A, minor);
    NUMBERS(entry);

    n = take_columns(A, column, s, k);
    about.effective = A;
    snprintf(role, sizeof role, "fixed:%ld", (long) k + 1);
    x = fact_numbers(s->f, role, d, &about.about, 0);
    for (i = 0; x != NULL && ok && i < d; i++)
    {
        for (j = 0; j < n && fmpq_cmp_si(x + i, column[j]) != 0; j++)
            ;
        taken[i] = j;
        if (!basis && fmpq_cmp_si(x + i, within_width(P, k)) == 0)
            continue;
        ok = j < n && (!basis || column[j] < qmat_cols(P->W + k));      /* (biases are translated) */
        if (ok && !basis)
        {
            qmat_get_entry(entry, A, i, j);
            ok = !fmpq_is_zero(entry);
        }
        ok = ok && !s->fixed[s->start[k] + i * within_width(P, k) + column[j]];
        if (ok && !basis)
            fix(s, k, i, column[j]);
    }
    if (x != NULL && ok && basis)
    {
        qmat_pick_columns(minor, A, taken, d);
        ok = rank_of(minor) == d;               /* (so they are distinct) */
        for (i = 0; ok && i < d * d; i++)
            fix(s, k, i / d, column[taken[i % d]]);
    }
    if (!ok)
        facts_fail(s->f, role, "these entries cannot be fixed");
    flint_free(column);
    return !s->f->failed;
}

/* The sign of the unit on all samples that count, for every matrix of the ball; 0 if it changes, or is not known. */
static int
sign_of(const pass_t *p, slong k, slong unit)
{
    const qmat_struct *Z = p->pre + k;
    slong j;
    int sign = 0;
    NUMBERS(z, size);

    for (j = 0; j < qmat_cols(Z); j++)
    {
        if (fmpq_is_zero(p->P->weights + j))
            continue;
        qmat_get_entry(z, Z, unit, j);
        fmpq_abs(size, z);
        if (fmpq_cmp(size, Z->rad) <= 0 || fmpq_sgn(z) * sign < 0)
            return 0;
        sign = fmpq_sgn(z);
    }
    return sign;
}

/* Row and column of the dead relu units of a layer. */
static void
fix_dead(slice_t *s, slong k)
{
    const problem_t *P = s->p->P;
    slong u, i, in = qmat_cols(P->W + k);

    for (u = 0; u < qmat_rows(P->W + k); u++)
    {
        if (sign_of(s->p, k, u) >= 0)
            continue;
        for (i = 0; i < in && !s->decay; i++)
            fix(s, k, u, i);
        for (i = 0; i < qmat_rows(P->W + k + 1) && !s->decay; i++)
            fix(s, k + 1, i, u);
        if (problem_bias(P, k) != NULL && problem_decayed_bias(P, k) == NULL)
            fix(s, k, u, in);
    }
}

/* Biases that the next ones can take over. */
static void
fix_translations(slice_t *s, slong k, const activation_t *act)
{
    const problem_t *P = s->p->P;
    slong u;

    if (problem_bias(P, k) == NULL || problem_bias(P, k + 1) == NULL)
        return;
    for (u = 0; u < qmat_rows(P->W + k); u++)
    {
        int sign = act == NULL || act->kind == ACT_IDENTITY ? 1 : sign_of(s->p, k, u);
        if (sign > 0 || (sign < 0 && !fmpq_is_zero(act->slope)))
            fix(s, k, u, qmat_cols(P->W + k));
    }
}

slong
within_slice(char *fixed, const pass_t *p, facts_t *f)
{
    const problem_t *P = p->P;
    slice_t s = { p, f, fixed, flint_malloc((P->l + 1) * sizeof(slong)), !fmpq_is_zero(P->weight_decay), { { .den = { 1 } } },
                  flint_malloc((within_width(P, 0) + 1) * sizeof(slong)), 0 };
    slong k, i, n = within_order(P), count = 0;
    int ok = 1, kind;

    qmat_init(s.effective, 0, 0);
    for (s.start[0] = k = 0; k < P->l; k++)
        s.start[k + 1] = s.start[k] + qmat_rows(P->W + k) * within_width(P, k);
    memset(fixed, 0, n);
    if (!s.decay && !fix_inputs(&s))
    {
        facts_fail(f, "rank", "the data reduction failed");
        ok = 0;
    }
    for (k = 0; ok && k < P->l - 1; k++)
    {
        kind = P->act == NULL ? ACT_IDENTITY : P->act[k].kind;
        if (kind == ACT_RELU)
            fix_dead(&s, k);
        if (s.decay || !activation_is_rational(kind))
            continue;
        fix_translations(&s, k, P->act == NULL ? NULL : P->act + k);
        ok = fix_layer(&s, k, kind == ACT_IDENTITY);
    }
    fix_softmax(&s);
    for (i = 0; i < n; i++)
        count += fixed[i];
    qmat_clear(s.effective);
    flint_free(s.start);
    flint_free(s.pivot);
    return ok ? count : -1;
}
