/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Hessian of h in balls (doc/rules/within.md, "The Hessian").  On every sample, with delta_k the derivative of the loss by z_k,
   T_kj = d z_k / d z_j and R_k = d delta_k / d z_k along the layers above,

     R_l = the Hessian of the loss,   R_k = S_k W_{k+1}^T R_{k+1} W_{k+1} S_k + diag(s''(z_k) o W_{k+1}^T delta_{k+1}),

   the block of layers j <= k has the entries, for the parameters (a, b) of layer j and (c, d) of layer k,

     sum_i (R_k T_kj)[c, a] h_{j-1, b} h_{k-1, d}  +  [j < k] sum_i delta_{k, c} (S_{k-1} T_{k-1, j})[d, a] h_{j-1, b},

   the inputs h with a 1 for biases, of which the second sum has none for d.  From T_kj = T_{k, j+1} W_{j+1} S_j both factors
   come by going down.  Matrices of all samples are stacks: row (x, y) of x n + y, one column for each sample. */
#include "kernel/arrange.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/loss.h"
#include "network/loss_derivatives.h"
#include "rules/curvature.h"
#include "within.h"

/* Bits to which blocks are rounded that are balls, or exact and longer than LONG. */
enum { BLOCK_BITS = 128, LONG = 1024 };

typedef struct
{
    const pass_t *p;
    setting_t *s;
    slong m;
    qmat_struct *rows;          /* of [h_{k-1}; 1] of layer k, from 0 on, those of columns that move in some unit, .. */
    slong **column;             /* .. their numbers */
    slong *place_of, n;         /* of every parameter among the n that move, or -1 */
    qmat_struct *piece;         /* of the Hessian: each with where its entries are */
    struct place { slong j, k, a; } *place;
    slong pieces, room;
} blocks_t;

static void
shorten(qmat_t A, slong bits)
{
    if (!qmat_is_exact(A))
        qmat_round(A, bits);
}

/* B := A with row (x, y) at (y, x), x < n. */
static void
exchange(qmat_t B, const qmat_t A, slong n)
{
    slong y = qmat_rows(A) / n, i, *row = flint_malloc((n * y + 1) * sizeof *row);

    for (i = 0; i < n * y; i++)
        row[i] = i % n * y + i / n;
    qmat_pick_rows(B, A, row, n * y);
    flint_free(row);
}

/* Row (x, y) of A, x < n, becomes (x, z): for each x the rows y are multiplied by W^T. */
static void
contract(qmat_t A, const qmat_t W, slong n, const blocks_t *w)
{
    MATRICES(t);

    qmat_lay_side_by_side(A, A, n);
    qmat_transpose(t, W);
    qmat_mul(A, t, A);
    shorten(A, w->s->f->rounding);
    qmat_stack_up(A, A, n);
}

/* Row (x, y) of A times row y of S. */
static void
scale_rows(qmat_t A, const qmat_t S, const blocks_t *w)
{
    slong i, n = qmat_rows(A), y = qmat_rows(S), *row = flint_malloc((n + 1) * sizeof *row);
    MATRICES(t);

    for (i = 0; i < n; i++)
        row[i] = i % y;
    qmat_pick_rows(t, S, row, n);
    qmat_mul_entries(A, A, t);
    shorten(A, w->s->f->rounding);
    flint_free(row);
}

/* A, row (x, a) below a' of layer j + 2, becomes row (x, a) of layer j + 1 (both counted from 1): times W_{j+2} S_{j+1}. */
static void
go_down(qmat_t A, slong n, slong j, const blocks_t *w)
{
    contract(A, w->p->P->W + j + 1, n, w);
    if (w->p->P->act != NULL)
        scale_rows(A, w->p->slope + j, w);
}

/* row (x, y) of C := row x of A times row y of B, A and B picked. */
static void
outer(qmat_t C, const qmat_t A, const slong *of_A, slong x, const qmat_t B, const blocks_t *w)
{
    slong i, y = qmat_rows(B), *a = flint_malloc((2 * x * y + 1) * sizeof *a), *b = a + x * y;
    MATRICES(s, t);

    for (i = 0; i < x * y; i++)
    {
        a[i] = of_A == NULL ? i / y : of_A[i / y];
        b[i] = i % y;
    }
    qmat_pick_rows(s, A, a, x * y);
    qmat_pick_rows(t, B, b, x * y);
    qmat_mul_entries(C, s, t);
    shorten(C, w->s->f->rounding);
    flint_free(a);
}

/* The pieces of the block of layers j <= k, from 0 on: G has the rows (c, a) of R T, F the rows (d, a) of S T, D those of delta_k. */
static void
add_block(blocks_t *w, slong j, slong k, const qmat_t G, const qmat_t F, const qmat_t D)
{
    const problem_t *P = w->p->P;
    slong a, c, d = qmat_rows(P->W + k), units = qmat_rows(P->W + j), in = qmat_cols(P->W + k), cols = qmat_rows(w->rows + k), b;
    slong *row = flint_malloc((FLINT_MAX(d, cols) + 1) * sizeof *row);
    MATRICES(L, right, both, t);
    NUMBERS(one);

    fmpq_one(one);
    qmat_transpose(right, w->rows + k);
    if (j < k)
        outer(both, D, NULL, d, w->rows + j, w);
    for (a = 0; a < units && work_exceeded() == NULL; a++)
    {
        qmat_struct *piece = w->piece + w->pieces;
        for (c = 0; c < d; c++)
            row[c] = c * units + a;
        outer(L, G, row, d, w->rows + j, w);
        qmat_mul(piece, L, right);
        if (j < k)
        {   /* (a bias of layer k has no second part) */
            for (c = 0; c < cols; c++)
            {
                b = w->column[k][c];
                row[c] = b < in ? b * units + a : -1;
            }
            qmat_pick_rows(t, F, row, cols);
            qmat_transpose(t, t);
            qmat_mul(t, both, t);
            qmat_add_scaled(piece, piece, one, t);
        }
        if (!qmat_is_exact(piece) || qmat_length(piece) > LONG)
            qmat_round(piece, BLOCK_BITS);
        if (!work_keep(qmat_rows(piece), qmat_cols(piece), qmat_length(piece)))
            break;
        w->place[w->pieces++] = (struct place) { j, k, a };
    }
    flint_free(row);
}

/* All blocks, from the last layer down. */
static int
add_blocks(blocks_t *w)
{
    const pass_t *p = w->p;
    const problem_t *P = p->P;
    slong j, k, d;
    MATRICES(R, D, U, G, F, t);
    NUMBERS(one);

    fmpq_one(one);
    loss_gradient(D, P, pass_output(p));
    loss_hessian(R, P, D);
    for (k = P->l - 1; k >= 0; k--)
    {
        d = qmat_rows(P->W + k);
        if (k < P->l - 1)
        {
            slong above = qmat_rows(P->W + k + 1);
            qmat_transpose(t, P->W + k + 1);
            qmat_mul(U, t, D);
            shorten(U, w->s->f->rounding);
            contract(R, P->W + k + 1, above, w);
            exchange(R, R, above);
            contract(R, P->W + k + 1, d, w);
            qmat_set(D, U);
            if (P->act != NULL)
            {
                scale_rows(R, p->slope + k, w);
                exchange(R, R, d);
                scale_rows(R, p->slope + k, w);
                if (curvature_of_units(t, p, k))
                {
                    qmat_mul_entries(t, t, U);
                    qmat_diagonals(t, t);
                    qmat_add_scaled(R, R, one, t);
                    shorten(R, w->s->f->rounding);
                }
                qmat_mul_entries(D, U, p->slope + k);
                shorten(D, w->s->f->rounding);
            }
        }
        qmat_set(G, R);
        for (j = k; j >= 0; j--)
        {
            if (j < k)
                go_down(G, d, j, w);
            if (j == k - 1 && P->act != NULL)
                qmat_diagonals(F, p->slope + j);
            else if (j == k - 1)
            {   /* the identity, on every sample */
                qmat_ones(t, qmat_rows(P->W + j), w->m);
                qmat_diagonals(F, t);
            }
            else if (j < k)
                go_down(F, qmat_rows(P->W + k - 1), j, w);
            add_block(w, j, k, G, F, D);
            if (work_exceeded() != NULL)
                return 0;
        }
    }
    return 1;
}

slong
within_width(const problem_t *P, slong k)
{
    return qmat_cols(P->W + k) + (problem_bias(P, k) != NULL);
}

slong
within_order(const problem_t *P)
{
    slong k, n = 0;

    for (k = 0; k < P->l; k++)
        n += qmat_rows(P->W + k) * within_width(P, k);
    return n;
}

/* H := the pieces, of which the part above the diagonal counts, and the weight decay. */
static void
assemble(qmat_t H, const blocks_t *w)
{
    const problem_t *P = w->p->P;
    slong q, i, j, k, r, c, bits = 0, *start = flint_malloc((P->l + 1) * sizeof *start);
    INTEGERS(factor);
    qmat_t t;

    qmat_init(t, w->n, w->n);
    for (q = 0; q < w->pieces; q++)
    {
        fmpz_lcm(t->den, t->den, w->piece[q].den);
        number_add(t->rad, t->rad, w->piece[q].rad);
        number_round_up(t->rad, t->rad);
    }
    fmpz_lcm(t->den, t->den, fmpq_denref(P->weight_decay));
    for (q = 0; q < w->pieces; q++)             /* (numbers get as long as the common denominator makes them) */
        bits = FLINT_MAX(bits, qmat_length(w->piece + q) - (slong) fmpz_bits(w->piece[q].den));
    if (!work_keep(w->n, w->n, bits + (slong) fmpz_bits(t->den)) || !work_take(w->n, 1, w->n, bits, fmpz_bits(t->den)))
    {
        qmat_clear(t);
        flint_free(start);
        return;
    }
    fmpq_mul_2exp(t->rad, t->rad, 1);           /* what is above the diagonal stands twice */
    for (start[0] = k = 0; k < P->l; k++)
        start[k + 1] = start[k] + qmat_rows(P->W + k) * within_width(P, k);
    for (q = 0; q < w->pieces; q++)
    {
        const qmat_struct *A = w->piece + q;
        slong b;
        j = w->place[q].j;
        k = w->place[q].k;
        b = qmat_rows(w->rows + j);
        fmpz_divexact(factor, t->den, A->den);
        for (r = 0; r < qmat_rows(A); r++)
            for (c = 0; c < qmat_cols(A); c++)
            {
                slong at = w->place_of[start[j] + w->place[q].a * within_width(P, j) + w->column[j][r % b]];
                slong other = w->place_of[start[k] + r / b * within_width(P, k) + w->column[k][c]];
                if (at < 0 || at > other)
                    continue;
                fmpz_mul(fmpz_mat_entry(t->num, at, other), fmpz_mat_entry(A->num, r, c), factor);
                fmpz_set(fmpz_mat_entry(t->num, other, at), fmpz_mat_entry(t->num, at, other));
            }
    }
    fmpz_divexact(factor, t->den, fmpq_denref(P->weight_decay));
    fmpz_mul(factor, factor, fmpq_numref(P->weight_decay));
    for (k = 0; k < P->l; k++)
        for (i = start[k]; i < start[k + 1]; i++)
        {
            r = w->place_of[i];
            if (r >= 0 && ((i - start[k]) % within_width(P, k) < qmat_cols(P->W + k) || problem_decayed_bias(P, k) != NULL))
                fmpz_add(fmpz_mat_entry(t->num, r, r), fmpz_mat_entry(t->num, r, r), factor);
        }
    qmat_canonicalise(t);
    qmat_swap(H, t);
    qmat_clear(t);
    flint_free(start);
}

/* The rows of the inputs of layer k whose parameters, from the one with that number on, move in some unit. */
static void
set_rows(blocks_t *w, slong k, slong start)
{
    const problem_t *P = w->p->P;
    slong b, a, n = 0, units = qmat_rows(P->W + k);

    w->column[k] = flint_malloc((within_width(P, k) + 1) * sizeof(slong));
    for (b = 0; b < within_width(P, k); b++)
    {
        for (a = 0; a < units && w->place_of[start + a * within_width(P, k) + b] < 0; a++)
            ;
        if (a < units)
            w->column[k][n++] = b;
    }
    pass_input_rows(w->rows + k, w->p, k);
    qmat_pick_rows(w->rows + k, w->rows + k, w->column[k], n);
}

int
within_hessian(qmat_t H, const pass_t *p, setting_t *s, const char *fixed)
{
    const problem_t *P = p->P;
    slong k, i, n = within_order(P);
    blocks_t w = { .p = p, .s = s, .m = qmat_cols(P->X), .rows = qmat_vec_init(P->l) };
    int ok;

    w.place_of = flint_malloc((n + 1) * sizeof *w.place_of);
    for (i = 0; i < n; i++)
        w.place_of[i] = fixed != NULL && fixed[i] ? -1 : w.n++;
    ok = work_keep(w.n, w.n, 2 * BLOCK_BITS);
    w.column = flint_malloc((P->l + 1) * sizeof *w.column);
    for (i = k = 0; k < P->l; k++)
    {
        set_rows(&w, k, i);
        i += qmat_rows(P->W + k) * within_width(P, k);
        w.room += (P->l - k) * qmat_rows(P->W + k);
    }
    w.piece = qmat_vec_init(w.room);
    w.place = flint_malloc((w.room + 1) * sizeof *w.place);
    ok = ok && add_blocks(&w);
    if (ok)
        assemble(H, &w);
    for (k = 0; k < P->l; k++)
        flint_free(w.column[k]);
    flint_free(w.column);
    flint_free(w.place_of);
    qmat_vec_clear(w.rows, P->l);
    qmat_vec_clear(w.piece, w.room);
    flint_free(w.place);
    return ok && work_exceeded() == NULL;
}
