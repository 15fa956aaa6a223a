/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify decompose PROBLEM: the matrices by which the theorems describe the point. */
#include "config.h"
#include <string.h>
#include <sysexits.h>
#include "certify.h"
#include "matrix_text.h"
#include "kernel/rank.h"
#include "algebra/decompose.h"
#include "rules/global_minimizer/global_minimizer.h"
#include "rules/gradient_dominance/gradient_dominance.h"

/* 1 if every entry is known to so many digits: relatively, or those near zero absolutely. */
static int
precise(const enclosed_t *A, int digits)
{
    slong i, j;
    mag_t r;
    int ok = 1;

    if (A->exact)
        return 1;
    mag_init(r);
    for (i = 0; i < arb_mat_nrows(A->a); i++)
        for (j = 0; j < arb_mat_ncols(A->a); j++)
        {
            arb_get_mag(r, arb_mat_entry(A->a, i, j));
            ok &= arb_rel_accuracy_bits(arb_mat_entry(A->a, i, j)) >= 4 * digits
                || (arb_contains_zero(arb_mat_entry(A->a, i, j)) && mag_cmp_2exp_si(r, -4 * digits) < 0);
        }
    mag_clear(r);
    return ok;
}

/* NAME: a matrix of rationals, or of decimals correct to one unit of the last digit. */
static void
write_enclosed(const char *name, const enclosed_t *A, int digits)
{
    slong i, j;
    text_t t;

    text_init(&t);
    text_printf(&t, "%s: ", name);
    if (A->exact)
        qmat_text(&t, A->q);
    for (i = 0; i < arb_mat_nrows(A->a) && !A->exact; i++)
    {
        text_printf(&t, i == 0 ? "[[" : ", [");
        for (j = 0; j < arb_mat_ncols(A->a); j++)
        {
            arb_srcptr x = arb_mat_entry(A->a, i, j);
            char *s = arb_get_str(x, digits, ARB_STR_NO_RADIUS);
            text_printf(&t, j == 0 ? "" : ", ");
            if (arb_contains_zero(x) && !arb_is_zero(x))
                text_printf(&t, "0.%0*d", digits, 0);
            else
                text_printf(&t, "%s", s);
            flint_free(s);
        }
        text_printf(&t, i + 1 < arb_mat_nrows(A->a) ? "]" : "]]");
    }
    text_printf(&t, "\n");
    fwrite(t.data, 1, t.len, stdout);
    text_clear(&t);
}

static void
write_exact(const char *name, const qmat_t A)
{
    enclosed_t E;

    enclosed_init(&E, 0, 0);
    qmat_set(E.q, A);
    write_enclosed(name, &E, 0);
    enclosed_clear(&E);
}

static int
layers(const problem_t *P, const moments_t *M, const options_t *opt)
{
    slong k, d = qmat_rows(P->Y), l = P->l, prec;
    char name[32];
    int ok = 1;

    printf("# A critical point as in Zhou & Liang 2018, Theorem %d: with A = W_k..W_1 (I for k = 0),\n"
           "# W_l..W_{k+2} = U_k V_k C_k,\n"
           "# W_{k+1} = C_k^-1 V_k^T U_k^T Y (A X)^+ + L_{k+1} - C_k^-1 V_k^T V_k C_k L_{k+1} A X (A X)^+.\n"
           "# Where V_k is square, C_k = U_k^T W_l..W_{k+2}: the C_{k+2} of Zhou & Liang 2017, Proposition 1.\n"
           "# Decimals are correct to one unit of the last digit.\n", l > 2 ? 3 : 1);
    for (k = 0; k < l - 1 && ok; k++)
    {
        slong width = qmat_rows(P->W + k);
        enclosed_t U, C;
        qmat_t V;
        enclosed_init(&U, d, d);
        enclosed_init(&C, width, width);
        qmat_init(V, 0, 0);
        for (prec = 256, ok = 0; prec <= opt->precision_limit && !ok; prec *= 2)
            ok = decompose_suffix(&U, V, &C, P, M, k, prec) && precise(&U, opt->digits + 8)
                && precise(&C, opt->digits + 8);
        if (ok)
        {
            snprintf(name, sizeof name, "U_%ld", (long) k);
            write_enclosed(name, &U, opt->digits + 8);
            snprintf(name, sizeof name, "V_%ld", (long) k);
            write_exact(name, V);
            snprintf(name, sizeof name, "C_%ld", (long) k);
            write_enclosed(name, &C, opt->digits + 8);
            snprintf(name, sizeof name, "L_%ld", (long) k + 1);
            write_exact(name, P->W + k);
        }
        enclosed_clear(&U);
        enclosed_clear(&C);
        qmat_clear(V);
    }
    return ok;
}

/* U, the eigenvectors of Sigma, and the C_i := U^T W_n..W_i, i = n, .., 2, all to the digits printed. */
static int
chain(const char *u, const char *c, slong n, const qmat_struct *W, const qmat_t Sigma, const options_t *opt)
{
    slong i, prec, d = qmat_rows(Sigma);
    int *captured = flint_calloc(d, sizeof *captured), ok = 0, digits = opt->digits + 8;
    char name[64];
    enclosed_t U, *C = flint_malloc((n + 1) * sizeof *C);
    qmat_t t;

    enclosed_init(&U, d, d);
    for (i = 2; i <= n; i++)
        enclosed_init(C + i, d, d);
    qmat_init(t, 0, 0);
    for (prec = 256; prec <= opt->precision_limit && !ok; prec *= 2)
    {
        ok = decompose_eigenvectors(&U, captured, Sigma, NULL, prec) && precise(&U, digits);
        qmat_set_one(t, d);
        for (i = n; i >= 2 && ok; i--)
        {
            qmat_mul(t, t, W + i - 1);
            decompose_apply(C + i, &U, t, prec);
            ok = precise(C + i, digits);
        }
    }
    if (ok)
        write_enclosed(u, &U, digits);
    for (i = n; i >= 2; i--)
    {
        snprintf(name, sizeof name, "%s%ld", c, (long) i);
        if (ok)
            write_enclosed(name, C + i, digits);
        enclosed_clear(C + i);
    }
    flint_free(captured);
    flint_free(C);
    enclosed_clear(&U);
    qmat_clear(t);
    return ok;
}

static int
units(const problem_t *P, const moments_t *M, const options_t *opt)
{
    slong k, d = qmat_rows(P->Y);
    qmat_struct *U = network_units(P);
    qmat_t Sigma, one;
    char u[32], c[32];
    int ok;

    printf("# A full-rank global minimiser as in Zhou & Liang 2017, Proposition 2: M_k = I + A_kr..A_k1,\n"
           "# M_l = U C_l, M_k = C_{k+1}^-1 C_k, M_1 = C_2^-1 U^T Y X^+, and in each unit A_kr = U_k C_kr,\n"
           "# A_kq = C_{k,q+1}^-1 C_kq, A_k1 = C_k2^-1 U_k^T (M_k - I), U_k the eigenvectors of\n"
           "# (M_k - I) (M_k - I)^T.  Decimals are correct to one unit of the last digit.\n");
    qmat_init(Sigma, 0, 0);
    qmat_init(one, 0, 0);
    qmat_set_one(one, d);
    ok = gm_sigma(Sigma, M) && chain("U", "C_", P->l, U, Sigma, opt);
    for (k = 0; k < P->l && ok; k++)
    {
        qmat_sub(Sigma, U + k, one);
        qmat_gram_rows(Sigma, Sigma);
        snprintf(u, sizeof u, "U_%ld", (long) k + 1);
        snprintf(c, sizeof c, "C_%ld", (long) k + 1);
        ok = chain(u, c, P->r, P->W + k * P->r, Sigma, opt);
    }
    qmat_clear(Sigma);
    qmat_clear(one);
    qmat_vec_clear(U, P->l);
    return ok;
}

/* NULL, or why Proposition 2 does not describe this minimiser. */
static const char *
units_why_not(const problem_t *P, const moments_t *M)
{
    slong i;
    qmat_struct *U = network_units(P);
    const char *why = NULL;

    for (i = 0; i < P->nblocks && why == NULL; i++)
        if (rank_of(P->W + i) < qmat_rows(P->W + i))
            why = "Proposition 2 is about minimisers whose blocks all have full rank";
    for (i = 1; i < P->l && why == NULL; i++)
        if (rank_of(U + i) < qmat_rows(U + i))
            why = "Proposition 2 needs invertible units M_2, .., M_l";
    if (why == NULL && M->p < qmat_rows(P->X))
        why = "Proposition 2 needs X of full row rank";
    qmat_vec_clear(U, P->l);
    return why;
}

int
command_decompose(const options_t *opt)
{
    problem_file_t F;
    fault_t err = { 0 };
    moments_t M;
    int status = EX_DATAERR;
    const problem_t *P = &F.P;
    const char *why = NULL;
    char order[64];
    fmpq_t g2;

    if (!problem_file_read(&F, opt->files[0], &opt->reading, &err))
    {
        fprintf(stderr, "certify: %s\n", err.message);
        problem_file_clear(&F);
        return err.status;
    }
    if (!network_is_linear(P) || P->loss != LOSS_SQUARE || !fmpq_is_zero(P->weight_decay))
    {
        fprintf(stderr, "certify: %s: decompose treats linear and residual networks with the square loss\n",
                opt->files[0]);
        problem_file_clear(&F);
        return status;
    }
    fmpq_init(g2);
    if (!moments_init(&M, P))
        why = "the data reduction failed";
    else if (qmat_rows(P->Y) > LARGEST_SPECTRUM)
    {
        snprintf(order, sizeof order, "eigenvectors are computed up to order %d", LARGEST_SPECTRUM);
        why = order;
    }
    else if (network_is_chain(P) && P->l == 1)
        why = "a single layer has nothing to decompose";
    else if (network_is_chain(P))
    {
        network_gradient_norm2(g2, P, &M);
        if (!fmpq_is_zero(g2))
            why = F.rounded ? "the point is rounded, because Sigma has irrational eigenvectors, and not exactly critical"
                : "the point is not critical";
    }
    else if (!network_is_minimizer(P, &M))
        why = "the point is not a global minimiser";
    else
        why = units_why_not(P, &M);
    if (why != NULL)
        fprintf(stderr, "certify: %s: %s\n", opt->files[0], why);
    else if (network_is_chain(P) ? layers(P, &M, opt) : units(P, &M, opt))
        status = 0;
    else
        fprintf(stderr, "certify: %s: the precision limit of %ld bits did not suffice\n", opt->files[0],
                (long) opt->precision_limit);
    fmpq_clear(g2);
    moments_clear(&M);
    problem_file_clear(&F);
    return status;
}
