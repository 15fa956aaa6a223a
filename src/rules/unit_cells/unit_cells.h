/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cells of hidden units, on which the signs of all w.x_j are the same, and the critical points in them: doc/rules/critical-point-exists.md,
   doc/rules/landscape.md.  With S the slopes of a cell (1 where w.x_j > 0, a where it is negative),
       M = Y D S X^T,   G = X S D S X^T,   K G = M,   Sigma = K M^T.
   A critical point whose units share the cell and have W_2 = U, the columns of a space T of dimension r, has T invariant under Sigma, of positive
   eigenvalues, and w_i in K^T T + ker G if U has r columns, in K^T T + ker M if it has more; and where a w of that space is in the cell, there is one. */
#ifndef CERTIFY_UNIT_CELLS_H
#define CERTIFY_UNIT_CELLS_H

#include "kernel/facts.h"
#include "kernel/roots.h"
#include "network/problem.h"
#include "text/say.h"

/* NULL if the network has one hidden layer, piecewise linear with a kink, no biases, the square loss and no weight decay; or why not. */
const char *cells_refuse(const problem_t *P);
/* "between .. and ..", or the exact loss, for text around it. */
void cells_say_loss(say_t *s, const fmpq_t low, const fmpq_t high);
/* say_here, and what D is, without the full stop. */
void cells_say_here(say_t *s, const problem_t *P);
/* column (with room for all) := the samples that count; returns how many. */
slong cells_columns(slong *column, const problem_t *P);
/* X (r x n) := independent rows of the samples that count, in integers; Y and D their labels and 2 scale weight, D with room for all samples; x := sum D_j |y_j|^2
   over all samples; rows (with room for all, or NULL) := which rows they are.  0 beyond the limits. */
int cells_data(qmat_t X, qmat_t Y, fmpq *D, fmpq_t x, slong *rows, const problem_t *P);
/* The samples that count: D_j > 0, x_j != 0. */
typedef struct
{
    slong n, r, k;              /* samples, independent rows of X, outputs */
    slong words;                /* of a cell */
    fmpz *X;                    /* n x r: the samples, in integers, in independent rows of X */
    fmpz *up, *down;            /* n x (k r + r r): what a sample adds to the integers M and G, where it is positive, negative */
    fmpq_t M_unit, G_unit;      /* M and G are these times the integers */
    slong bits;                 /* about the length of the integers, summed over all samples */
    int relu;                   /* a = 0 */
} cell_samples_t;

/* X (r x n) integer with independent rows, Y (k x n), D (n numbers > 0), the slope a.  0 beyond the limits; the caller clears it either way. */
int cell_samples_init(cell_samples_t *s, const qmat_t X, const qmat_t Y, const fmpq *D, const fmpq_t a);
void cell_samples_clear(cell_samples_t *s);

/* The signs of a cell: bit 63 - j % 64 of word j / 64 is set where w.x_j > 0, the others are clear.  Cells are ordered as words. */
int cell_has(const ulong *cell, slong j);
void cell_set(ulong *cell, slong j, int positive);
/* The cell of -w. */
void cell_negate(ulong *cell, const cell_samples_t *s);
/* z := x_j.w, w of r numbers. */
void cell_product(fmpq_t z, const cell_samples_t *s, slong j, const fmpq *w);
/* 1 if w (r numbers) is in the cell. */
int cell_holds(const ulong *cell, const cell_samples_t *s, const fmpq *w);

/* The cells of the arrangement of the x_j^perp that are positive at the first sample, ascending: *count of them.  The others are their opposites.  NULL, and *wrong says why, beyond the limits. */
ulong *cells_enumerate(slong *count, const char **wrong, const cell_samples_t *s);

/* The integers M (k x r) and G (r x r) of one cell after the other. */
typedef struct
{
    const cell_samples_t *s;
    ulong *cell;
    fmpz *sum;
} cell_sums_t;

void cell_sums_init(cell_sums_t *t, const cell_samples_t *s);
void cell_sums_clear(cell_sums_t *t);
/* 0 beyond the limits. */
int cell_sums_move(cell_sums_t *t, const ulong *cell);
/* 1 if numbers lambda_j >= 0, not all 0, of n samples have sum lambda_j s_j x_j = G z, M z = 0, s_j the signs of the cell: then no w of the cell has
   G w in the image of M^T.  They must be determined but for a factor. */
int cell_sums_exclude(const cell_sums_t *t, const slong *sample, slong n);

/* So many samples at most are needed. */
enum { CELL_SUBSET = 16 };
/* sample := those of a code >= 2: code - 1 in digits 1 .. n of base n + 1, least first; 0 if it is none. */
int cell_subset_read(slong *sample, slong *size, const fmpz_t code, slong n);
/* 1 if the numbers are samples, ascending, at least one. */
int cell_samples_are(const cell_samples_t *s, const slong *sample, slong n);
/* A (r x n) := the samples with these numbers (NULL: all), each times its sign in the cell (NULL: as they are). */
void cell_signed_samples(fmpz_mat_t A, const cell_samples_t *s, const ulong *cell, const slong *sample, slong n);
/* The last n entries of a vector in the kernel of A: 1 if they are all >= 0 or all <= 0, not all 0, and determined but for a factor; lambda (n numbers, or NULL) :=
   their absolute values. */
int cell_gordan(fmpz *lambda, const fmpz_mat_t A, slong n);

/* One cell with its possible critical points. */
typedef struct
{
    const cell_samples_t *s;
    const ulong *cell;
    qmat_t M, G, K, Sigma;
    qmat_t kernel;              /* its rows span ker G, or ker M */
    slong count;
    root_t *root;               /* the positive eigenvalues of Sigma times the denominator of Sigma, largest first */
} unit_cell_t;

/* more: the space has fewer dimensions than there are units.  0 beyond the limits; the caller clears it either way. */
int unit_cell_init(unit_cell_t *p, const cell_sums_t *t, int more);
void unit_cell_clear(unit_cell_t *p);
/* sum := that of those among n captured eigenvalues (the same ones side by side) for which it is rational; rest (room for n) := the others, returns how many; -1 beyond
   the limits. */
slong unit_cell_rational_sum(fmpq_t sum, slong *rest, unit_cell_t *p, const slong *captured, slong n);
/* 1 if low <= (norm2 - sum sigma_i)/2 <= high, the sum over n captured eigenvalues, which may be repeated; 0 also beyond the limits, and if several irrational ones add
   up to a sum that is not told from a bound. */
int unit_cell_loss_within(unit_cell_t *p, const slong *captured, slong n, const fmpq_t norm2, const fmpq_t low, const fmpq_t high);

/* h := the product of the irreducible factors of n different eigenvalues (times the denominator of Sigma); 1 if no other one is a root of it. */
int unit_cell_factor(fmpz_poly_t h, unit_cell_t *p, const slong *which, slong n);

/* The space T that some eigenvalues choose, and with it all w = B^T y + kernel^T n. */
typedef struct
{
    slong *simple, simples;     /* simple eigenvalues, each with a row b of B; if there are none: */
    slong rows;                 /* of B */
    qmat_t B;                   /* rational rows that span K^T T */
    fmpz_poly_struct *b;        /* of simple ones: the r entries of each b are these polynomials at the root */
} cell_choice_t;

/* The choice of n >= 0 different eigenvalues with their whole eigenspaces: one simple one, or a rational T, or several simple ones; 0 if it is none of
   these, or beyond the limits; the caller clears it either way. */
int cell_choice_init(cell_choice_t *c, unit_cell_t *p, const slong *which, slong n);
void cell_choice_clear(cell_choice_t *c, const unit_cell_t *p);
/* 1 if w = B^T y + kernel^T n is in the cell; the numbers y, then n.  Simple eigenvalues have an integer t != 0 in the place of their
   y: y = 2^(1 - t), or - 2^(1 + t) for t < 0, since b is of any length; several ones each a factor > 0 besides, behind t. */
enum { CELL_BITS = 16 };                    /* of |t| at most */
slong cell_choice_numbers(const cell_choice_t *c, const unit_cell_t *p);
int cell_choice_contains(const cell_choice_t *c, unit_cell_t *p, const fmpq *y);
/* 1 if numbers lambda_j >= 0, not all 0, of n samples, determined but for a factor, show that no w is in the cell: v = sum lambda_j s_j x_j is orthogonal to
   kernel and B; or with one simple eigenvalue to kernel, and b.v <= 0 (sign 1: for y >= 0) or >= 0 (sign -1: for y <= 0).  Not for several simple ones. */
int cell_choice_excludes(const cell_choice_t *c, unit_cell_t *p, const slong *sample, slong n, int sign);

#endif
