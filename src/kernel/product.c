/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one trusted file with doubles; they hold integers only.

   Why the results are exact.  Let x be a row of A and y a column of B, integers below 2^53, so exact
   as doubles, with |x|^2 |y|^2 < 2^106.  Every x_i y_i and every sum of any of them is at most
   sum |x_i| |y_i| <= |x| |y| < 2^53 in modulus (Cauchy and Schwarz): an integer that a double holds.
   So whatever product, sum, or fused product and sum is formed on the way, in whatever order and rounding
   mode, with more precision or not, has an exact result, and returns it: x y is exact.
   Integers of up to 62 bits are cut into limbs, x = sum_u x_u 2^(u w), and the norms of x_u and y_v are
   compared, in integers, for every pair u, v.  The x_u y_v 2^(u w + v w') are added in 128 bits, which hold
   the sum x y, and what is added modulo 2^128 on the way does no harm. */
#include "config.h"
#include <limits.h>
#include "product.h"
#include "threads.h"

slong
integers_bits(const fmpz_mat_t A)
{
    slong i, j, most = 0;
    ulong all = 0;

    for (i = 0; i < fmpz_mat_nrows(A); i++)
        for (j = 0; j < fmpz_mat_ncols(A); j++)
        {
            const fmpz *x = fmpz_mat_entry(A, i, j);
            if (COEFF_IS_MPZ(*x))
                most = FLINT_MAX(most, (slong) fmpz_bits(x));
            else
                all |= (ulong) FLINT_ABS(*x);
        }
    return FLINT_MAX(most, (slong) FLINT_BIT_COUNT(all));
}

#if defined DISABLE_EXACT_DOUBLES && !defined TEST_EXACT_DOUBLES

int
product_by_limbs(fmpz_mat_t C, const fmpz_mat_t A, const fmpz_mat_t B, int symmetric)
{
    return 0;
}

#else

enum { LIMBS = 4, ROWS = 4, COLUMNS = 8, STEP = 16 };       /* a thread takes STEP panels of ROWS rows at a time */

typedef unsigned __int128 wide_t;
typedef double row_t __attribute__((vector_size(8 * COLUMNS)));

/* The limbs of the rows of a factor (of its columns, if it is the other one), width rows to a panel, the entries 0 of
   all of them first, then the entries 1, ..; the last panel is filled up with rows of zeros. */
typedef struct
{
    slong n, k, width, panels;
    int limbs, bits;                    /* bits: of a limb but the last */
    double *x[LIMBS];
    slong *from, *to;                   /* all other entries of a panel are 0 */
    wide_t most[LIMBS];                 /* the largest |x_u|^2 */
} panels_t;

static int
length(wide_t x)
{
    int n = 0;

    for (; x != 0; x >>= 1)
        n++;
    return n;
}

#define ENTRY(i, j) *(transposed ? fmpz_mat_entry(A, j, i) : fmpz_mat_entry(A, i, j))       /* at most 62 bits: a word */

/* 0 if a limb has more than 53 bits. */
static int
set_row(panels_t *P, slong i, const fmpz_mat_t A, int transposed)
{
    slong j, high, x, at = i / P->width;
    wide_t sum[LIMBS] = { 0 };
    int u;

    for (j = 0; j < P->k; j++)
    {
        x = ENTRY(i, j);
        if (x == 0)
            continue;
        P->from[at] = FLINT_MIN(P->from[at], j);
        P->to[at] = FLINT_MAX(P->to[at], j + 1);
        for (u = 0; u < P->limbs; u++, x = high)
        {
            high = u + 1 < P->limbs ? (x + (1L << (P->bits - 1))) >> P->bits : 0;
            x -= high * (1L << P->bits);
            if (FLINT_ABS(x) >= 1L << 53)
                return 0;
            P->x[u][(at * P->k + j) * P->width + i % P->width] = (double) x;
            sum[u] += (wide_t) x * (wide_t) x;          /* fewer than 2^22 terms below 2^106 */
        }
    }
    for (u = 0; u < P->limbs; u++)
        P->most[u] = FLINT_MAX(P->most[u], sum[u]);
    return 1;
}

/* The bits of the longest entry of A, and the length of the largest squared norm of its rows, or columns; 0 if entries
   are not words. */
static int
measure(slong *bits, slong *norm, const fmpz_mat_t A, int transposed)
{
    slong i, j, r = fmpz_mat_nrows(A), c = fmpz_mat_ncols(A), n = transposed ? c : r, x;
    wide_t *sum = flint_calloc(n, sizeof *sum), most = 0;
    ulong all = 0;
    int words = 1;

    for (i = 0; i < r && words; i++)
        for (j = 0; j < c; j++)
        {
            x = *fmpz_mat_entry(A, i, j);
            words &= !COEFF_IS_MPZ(x);
            all |= (ulong) FLINT_ABS(x);
            sum[transposed ? j : i] += (wide_t) x * (wide_t) x;
        }
    for (i = 0; i < n; i++)
        most = FLINT_MAX(most, sum[i]);
    flint_free(sum);
    *bits = (slong) FLINT_BIT_COUNT(all);
    *norm = *bits > 53 ? 2 * *bits + (slong) FLINT_BIT_COUNT(transposed ? r : c) : length(most);
    return words;
}

/* The same of the limbs, if there are so many of them. */
static slong
limb_length(slong bits, slong norm, int limbs, slong k)
{
    slong low = bits / limbs;

    return limbs == 1 ? norm : FLINT_MAX(2 * low + (slong) FLINT_BIT_COUNT(k), norm - 2 * (limbs - 1) * (low + 1) + 3);
}

/* Into how many limbs A and B, of k columns and rows, are cut, so that the norms fit and few products are formed: a
   choice, nothing rests on it. */
static int
choose(int limbs[2], const slong bits[2], const slong norm[2], slong k)
{
    int u, v, least = INT_MAX;

    for (u = 1; u <= LIMBS; u++)
        for (v = 1; v <= LIMBS; v++)
            if (u * v < least && limb_length(bits[0], norm[0], u, k) + limb_length(bits[1], norm[1], v, k) <= 106)
            {
                limbs[0] = u;
                limbs[1] = v;
                least = u * v;
            }
    return least < INT_MAX;
}

/* Cuts A, of entries of so many bits, into so many limbs. */
static int
panels_init(panels_t *P, const fmpz_mat_t A, int transposed, slong width, slong bits, int limbs)
{
    slong i, n = fmpz_mat_nrows(A), k = fmpz_mat_ncols(A);
    int u, ok = 1;

    *P = (panels_t) { transposed ? k : n, transposed ? n : k, width, 0, limbs, 0, { NULL }, NULL, NULL, { 0 } };
    P->panels = (P->n + width - 1) / width;
    P->bits = (int) (bits / P->limbs + 1);
    for (u = 0; u < P->limbs; u++)
        P->x[u] = flint_calloc(P->panels * width * P->k, sizeof(double));
    P->from = flint_malloc(2 * P->panels * sizeof(slong));
    P->to = P->from + P->panels;
    for (i = 0; i < P->panels; i++)
    {
        P->from[i] = P->k;
        P->to[i] = 0;
    }
    for (i = 0; i < P->n && ok; i++)
        ok = set_row(P, i, A, transposed);
    return ok;
}

static void
panels_clear(panels_t *P)
{
    int u;

    for (u = 0; u < P->limbs; u++)
        flint_free(P->x[u]);
    flint_free(P->from);
}

/* s := the products of ROWS rows and COLUMNS columns of k entries. */
PRODUCT_CLONES static void
tile(double *s, const double *a, const double *b, slong k)
{
    row_t r[ROWS], r0 = { 0 }, r1 = r0, r2 = r0, r3 = r0, y;            /* (an array would not stay in registers) */
    slong j;

    for (j = 0; j < k; j++, a += ROWS, b += COLUMNS)
    {
        __builtin_memcpy(&y, b, sizeof y);
        r0 += y * a[0];
        r1 += y * a[1];
        r2 += y * a[2];
        r3 += y * a[3];
    }
    r[0] = r0;
    r[1] = r1;
    r[2] = r2;
    r[3] = r3;
    __builtin_memcpy(s, r, sizeof r);
}

typedef struct
{
    const panels_t *A, *B;
    wide_t *C;
    int symmetric;
} task_t;

/* The products of panel p of A and panel q of B. */
static void
set_tile(const task_t *t, slong p, slong q)
{
    const panels_t *A = t->A, *B = t->B;
    slong from = FLINT_MAX(A->from[p], B->from[q]), to = FLINT_MIN(A->to[p], B->to[q]), i, j;
    double s[ROWS * COLUMNS];
    wide_t sum[ROWS * COLUMNS] = { 0 };
    int u, v;

    for (u = 0; u < A->limbs && from < to; u++)
        for (v = 0; v < B->limbs; v++)
        {
            tile(s, A->x[u] + (p * A->k + from) * ROWS, B->x[v] + (q * B->k + from) * COLUMNS, to - from);
            for (i = 0; i < ROWS * COLUMNS; i++)
                sum[i] += (wide_t) (slong) s[i] << (u * A->bits + v * B->bits);
        }
    for (i = 0; i < ROWS && p * ROWS + i < A->n; i++)
        for (j = 0; j < COLUMNS && q * COLUMNS + j < B->n; j++)
            t->C[(p * ROWS + i) * B->n + q * COLUMNS + j] = sum[i * COLUMNS + j];
}

static void
set_panels(void *task, slong step)
{
    const task_t *t = task;
    slong p, q, end = FLINT_MIN((step + 1) * STEP, t->A->panels);

    for (q = 0; q < t->B->panels; q++)
        for (p = step * STEP; p < end; p++)
            if (!t->symmetric || q * COLUMNS < (p + 1) * ROWS)
                set_tile(t, p, q);
}

/* C := A B, if every limb of A fits every limb of B. */
static int
multiply(fmpz_mat_t C, const panels_t *A, const panels_t *B, int symmetric)
{
    task_t t = { A, B, NULL, symmetric };
    slong i, j;
    int u, v;
    wide_t x;

    for (u = 0; u < A->limbs; u++)
        for (v = 0; v < B->limbs; v++)
            if (length(A->most[u]) + length(B->most[v]) > 106)
                return 0;
    t.C = flint_malloc(A->n * B->n * sizeof *t.C);
    threads_loop((A->panels + STEP - 1) / STEP, A->n * A->k * (B->n / 8 + 1), set_panels, &t);
    for (i = 0; i < A->n; i++)
        for (j = 0; j < B->n; j++)
        {
            x = symmetric && j > i ? t.C[j * B->n + i] : t.C[i * B->n + j];
            if ((wide_t) (slong) x == x)
                fmpz_set_si(fmpz_mat_entry(C, i, j), (slong) x);
            else
                fmpz_set_signed_uiui(fmpz_mat_entry(C, i, j), (ulong) (x >> 64), (ulong) x);
        }
    flint_free(t.C);
    return 1;
}

int
product_by_limbs(fmpz_mat_t C, const fmpz_mat_t A, const fmpz_mat_t B, int symmetric)
{
    slong k = fmpz_mat_ncols(A), bits[2], norm[2];
    panels_t P, Q;
    int limbs[2], done;

    if (k >= 1L << 20 || !measure(bits, norm, A, 0) || !measure(bits + 1, norm + 1, B, 1)
        || bits[0] + bits[1] + (slong) FLINT_BIT_COUNT(k) > 126 || !choose(limbs, bits, norm, k))
        return 0;
    done = panels_init(&P, A, 0, ROWS, bits[0], limbs[0]) & panels_init(&Q, B, 1, COLUMNS, bits[1], limbs[1]);
    done = done && multiply(C, &P, &Q, symmetric);
    panels_clear(&P);
    panels_clear(&Q);
    return done;
}

#endif

void
product(fmpz_mat_t C, const fmpz_mat_t A, const fmpz_mat_t B, int symmetric)
{
    slong least = FLINT_MIN(FLINT_MIN(fmpz_mat_nrows(A), fmpz_mat_ncols(B)), fmpz_mat_ncols(A));

    if (least < 12 || !product_by_limbs(C, A, B, symmetric))
        fmpz_mat_mul(C, A, B);
}
