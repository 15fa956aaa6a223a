/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines along which h falls on one side: against the gradient, in a direction of a unit that linear programs give, out of a unit whose outgoing weights
   are 0, along an eigenvector of the Hessian of a piece.  Each is tried exactly. */
#include "config.h"
#include <math.h>
#include "algebra/approx.h"
#include "kernel/scope.h"
#include "kinks.h"
#include "rules/hessian/hessian.h"

enum { DIRECTION_BITS = 20, MOST_PIECES = 64, MOST_PARAMETERS = 300 };

/* V := 0. */
static void
clear_line(qmat_struct *V, const kinks_t *T)
{
    slong k;

    for (k = 0; k < 2; k++)
    {
        problem_block(V + k, T->P, k, 1);
        qmat_sub(V + k, V + k, V + k);
    }
}

/* 1 if h falls (rises) along V. */
static int
works(const kinks_t *T, const qmat_struct *V, int up)
{
    fmpq *c = _fmpq_vec_init(5);
    slong order;
    int ok;

    kinks_curve_loss(c, T, V, 1);
    for (order = 1; order < 4 && fmpq_is_zero(c + order); order++)
        ;
    ok = fmpq_sgn(c + order) == (up ? 1 : -1);
    _fmpq_vec_clear(c, 5);
    return ok;
}

/* Row i, or column i, of block k := x. */
static void
set_part(qmat_struct *V, slong k, slong i, const fmpq *x)
{
    slong r = qmat_rows(V + k), c = qmat_cols(V + k), a, n = k == 0 ? c : r;
    fmpq *all = _fmpq_vec_init(r * c);

    for (a = 0; a < r * c; a++)
        qmat_get_entry(all + a, V + k, a / c, a % c);
    for (a = 0; a < n; a++)
        fmpq_set(k == 0 ? all + i * c + a : all + a * c + i, x + a);
    qmat_set_entries(V + k, r, c, all);
    _fmpq_vec_clear(all, r * c);
}

/* Short numbers in the place of x. */
static void
shorten(fmpq *x, slong n)
{
    double most = 0, *y = flint_malloc((n + 1) * sizeof *y);
    slong i;
    MATRICES(A);

    for (i = 0; i < n; i++)
    {
        y[i] = approx_fmpq(x + i);
        most = fmax(most, fabs(y[i]));
    }
    for (i = 0; i < n && most > 0; i++)
        y[i] /= most;
    approx_to_matrix(A, y, 1, n, DIRECTION_BITS);
    for (i = 0; i < n; i++)
        qmat_get_entry(x + i, A, 0, i);
    flint_free(y);
}

/* Against the gradient by the last layer. */
static int
against_last(qmat_struct *V, const kinks_t *T, int up)
{
    slong e, r, c;
    fmpq *x;
    int ok;
    NUMBERS(sign);
    MATRICES(g);

    fmpq_set_si(sign, up ? 1 : -1, 1);
    clear_line(V, T);
    kinks_last_gradient(g, T);
    qmat_scale(g, g, sign);
    r = qmat_rows(g);
    c = qmat_cols(g);
    x = _fmpq_vec_init(r * c);
    for (e = 0; e < r * c; e++)
        qmat_get_entry(x + e, g, e / c, e % c);
    shorten(x, r * c);
    qmat_set_entries(V + 1, r, c, x);
    ok = works(T, V, up);
    _fmpq_vec_clear(x, r * c);
    return ok;
}

/* In the weights of one unit. */
static int
in_unit(qmat_struct *V, const kinks_t *T, int up)
{
    slong i, a, concave;
    fmpq *delta = _fmpq_vec_init(T->d);
    int ok = 0;
    MATRICES(g, A);

    for (i = 0; i < T->units && !ok; i++)
    {
        clear_line(V, T);
        if (!up && kinks_sharp(&concave, T, i) > 0)
        {
            if (kinks_multipliers(A, delta, T, i, 0))
                continue;
        }
        else
        {
            kinks_unit_gradient(g, T, i);
            for (a = 0; a < T->d; a++)
            {
                qmat_get_entry(delta + a, g, 0, a);
                if (!up)
                    fmpq_neg(delta + a, delta + a);
            }
            shorten(delta, T->d);
        }
        set_part(V, 0, i, delta);
        ok = works(T, V, up);
    }
    _fmpq_vec_clear(delta, T->d);
    return ok;
}

/* Unit i by delta, of size large, and its outgoing weights against what its outputs then change the loss by. */
static int
with_outgoing(qmat_struct *V, const kinks_t *T, slong i, const fmpq *delta, slong large, int up)
{
    slong j, k = qmat_rows(T->P->Y), a;
    fmpq *out = _fmpq_vec_init(k), *big = _fmpq_vec_init(T->d), *s = _fmpq_vec_init(T->m);
    int ok;
    NUMBERS(x);
    MATRICES(t);

    clear_line(V, T);
    qmat_set_entries(t, 1, T->d, delta);
    qmat_mul(t, t, T->X);
    for (j = 0; j < T->m; j++)
    {
        qmat_get_entry(s + j, t, 0, j);
        qmat_get_entry(x, T->slopes, i, j);
        if (T->kink[i * T->m + j] && fmpq_sgn(s + j) > 0)
            fmpq_one(x);
        else if (T->kink[i * T->m + j])
            fmpq_set(x, T->slope);
        fmpq_mul(s + j, s + j, x);
    }
    qmat_set_entries(t, T->m, 1, s);
    qmat_mul(t, T->residual, t);
    for (a = 0; a < k; a++)
    {
        qmat_get_entry(out + a, t, a, 0);
        if (!up)
            fmpq_neg(out + a, out + a);
    }
    shorten(out, k);
    for (a = 0; a < T->d; a++)
        fmpq_mul_si(big + a, delta + a, large);
    set_part(V, 0, i, big);
    set_part(V, 1, i, out);
    ok = works(T, V, up);
    _fmpq_vec_clear(out, k);
    _fmpq_vec_clear(big, T->d);
    _fmpq_vec_clear(s, T->m);
    return ok;
}

/* Whether unit i has a kink; whether no weight goes out of it. */
static int
has_kink(const kinks_t *T, slong i)
{
    slong j;

    for (j = 0; j < T->m; j++)
        if (T->kink[i * T->m + j])
            return 1;
    return 0;
}

static int
sends_nothing(const kinks_t *T, slong i)
{
    slong c;

    for (c = 0; c < qmat_rows(T->P->Y); c++)
        if (!fmpz_is_zero(fmpz_mat_entry(T->P->W[1].num, c, i)))
            return 0;
    return 1;
}

/* Out of units: along +- the axes and +- the samples. */
static int
out_of_units(qmat_struct *V, const kinks_t *T, int up)
{
    slong i, n, a, tries = 2 * (T->d + FLINT_MIN(T->m, 100));
    fmpq *delta = _fmpq_vec_init(T->d);
    int ok = 0;

    for (i = 0; i < T->units && !ok; i++)
        for (n = 0; n < tries && !ok; n++)
        {
            for (a = 0; a < T->d; a++)
            {
                if (n / 2 < T->d)
                    fmpq_set_si(delta + a, n / 2 == a, 1);
                else
                    qmat_get_entry(delta + a, T->X, a, n / 2 - T->d);
                if (n % 2)
                    fmpq_neg(delta + a, delta + a);
            }
            shorten(delta, T->d);
            ok = (up || sends_nothing(T, i)) && (with_outgoing(V, T, i, delta, 1, up) || with_outgoing(V, T, i, delta, 1000, up));
            if (!ok && (up || has_kink(T, i)))
            {   /* with the outgoing weights that it has */
                clear_line(V, T);
                set_part(V, 0, i, delta);
                ok = works(T, V, up);
            }
        }
    _fmpq_vec_clear(delta, T->d);
    return ok;
}

/* Unit i in one piece, with the slopes S. */
static void
add_unit(hidden_t *h, const kinks_t *T, const qmat_t B, slong i, const qmat_t S)
{
    slong j;
    fmpq *s = _fmpq_vec_init(T->m);
    MATRICES(A, w);

    for (j = 0; j < T->m; j++)
        qmat_get_entry(s + j, S, i, j);
    qmat_mul(A, B, T->X);
    qmat_scale_columns(A, A, s);
    qmat_stack(h->A, h->A, A);
    h->start[i + 1] = qmat_rows(h->A);
    problem_block(w, T->P, 0, 1);
    qmat_some_rows(w, w, i, 1);
    qmat_mul(w, w, T->X);
    qmat_scale_columns(w, w, s);
    qmat_stack(h->Phi, h->Phi, w);
    _fmpq_vec_clear(s, T->m);
}

/* Along v, coordinates in the spaces B, then the last layer by columns. */
static int
along(qmat_struct *V, const kinks_t *T, const qmat_struct *B, const double *v, slong n, int sign, int up)
{
    slong i, a, k = qmat_rows(T->P->Y), cols = qmat_cols(T->P->W + 1) + (problem_bias(T->P, 1) != NULL);
    double *x = flint_malloc((n + 1) * sizeof *x);
    fmpq *u = _fmpq_vec_init(k), *w = _fmpq_vec_init(T->d);
    const double *at = x;
    MATRICES(A);

    for (i = 0; i < n; i++)
        x[i] = sign * v[i];
    clear_line(V, T);
    for (i = 0; i < T->units; i++)
    {
        approx_to_matrix(A, at, 1, qmat_rows(B + i), DIRECTION_BITS);
        at += qmat_rows(B + i);
        qmat_mul(A, A, B + i);
        for (a = 0; a < T->d; a++)
            qmat_get_entry(w + a, A, 0, a);
        set_part(V, 0, i, w);
    }
    for (i = 0; i < cols; i++)
    {
        approx_to_matrix(A, at, 1, k, DIRECTION_BITS);
        at += k;
        for (a = 0; a < k; a++)
            qmat_get_entry(u + a, A, 0, a);
        set_part(V, 1, i, u);
    }
    flint_free(x);
    _fmpq_vec_clear(u, k);
    _fmpq_vec_clear(w, T->d);
    return works(T, V, up);
}

/* An eigenvector of the Hessian of one piece, on the stratum; weight decay as on all parameters. */
static int
in_piece(qmat_struct *V, const kinks_t *T, slong bits, int up)
{
    slong i, n;
    qmat_struct *B = qmat_vec_init(T->units);
    hidden_t h;
    double *H, *ev;
    int ok = 0;
    MATRICES(exact, ones, S);

    kinks_sides(S, T, bits);
    hidden_init(&h, T->units, T->P);
    for (i = 0; i < T->units; i++)
    {
        kinks_space(B + i, T, i);
        add_unit(&h, T, B + i, i, S);
    }
    qmat_ones(ones, 1, T->m);
    if (problem_bias(T->P, 1) != NULL)
        qmat_stack(h.Phi, h.Phi, ones);
    qmat_set(h.U, T->P->W + 1);
    qmat_sub(h.E, pass_output(T->p), T->P->Y);
    n = qmat_rows(h.A) + qmat_rows(h.Phi) * qmat_rows(h.U);
    if (n > 0 && n <= MOST_PARAMETERS)
    {
        hidden_hessian(exact, &h, NULL);
        H = approx_matrix(exact, 0);
        ev = flint_malloc(n * sizeof *ev);
        for (i = 0; i < n; i++)
            H[i * n + i] += approx_fmpq(T->P->weight_decay);
        if (approx_eigen(ev, H, n, 1) && (up || ev[0] < -1e-9 * fmax(fabs(ev[n - 1]), 1e-9)))
        {
            const double *v = H + (up ? n - 1 : 0) * n;
            ok = along(V, T, B, v, n, 1, up) || along(V, T, B, v, n, -1, up);
        }
        flint_free(ev);
        flint_free(H);
    }
    hidden_clear(&h);
    qmat_vec_clear(B, T->units);
    return ok;
}

int
kinks_find_line(qmat_struct *V, const kinks_t *T, int up)
{
    slong bits, flat = kinks_count(T, KINK_FLAT);
    int ok = against_last(V, T, up) || in_unit(V, T, up) || out_of_units(V, T, up);

    for (bits = 0; !ok && bits < MOST_PIECES && bits < WORD(1) << FLINT_MIN(flat, 20); bits++)
        ok = in_piece(V, T, bits, up);
    return ok;
}
