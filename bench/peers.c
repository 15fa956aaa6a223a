/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What other programs take for the same matrix of doubles: seconds, the least of some runs.
   usage: bench/peers FILE.npy PEER RUNS, PEER one of svd (dgesdd with vectors), values (without), product (fmpz_mat_mul of
   its transpose and itself), cholesky and eigenvalues (Arb, of the Gram matrix, 128 bits); the result is one number.
   usage: bench/peers CERTIFICATE check RUNS: what certify's own check of a text in memory takes, as a program that calls it has it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <lapacke.h>
#include "certificate/certificate.h"
#include "kernel/compat.h"
#if __FLINT_RELEASE >= 30000
#include <flint/acb_mat.h>
#else
#include <acb_mat.h>
#endif

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);         /* wall time: a BLAS may have threads */
    return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

/* A square matrix of doubles by rows. */
static double *
read_npy(const char *name, int *n)
{
    FILE *f = fopen(name, "rb");
    unsigned char head[10];
    char *text, *shape;
    double *x = NULL;
    size_t length;

    if (f == NULL || fread(head, 1, 10, f) != 10)
        return NULL;
    length = head[8] + 256U * head[9];
    text = calloc(length + 1, 1);
    if (fread(text, 1, length, f) == length && strstr(text, "<f8") != NULL && (shape = strchr(text, '(')) != NULL)
    {
        *n = atoi(shape + 1);
        x = malloc(sizeof *x * *n * *n);
        if (fread(x, sizeof *x, (size_t) *n * *n, f) != (size_t) *n * *n)
            exit(66);
    }
    free(text);
    fclose(f);
    return x;
}

static double
svd(const double *x, int n, int vectors)
{
    double *a = malloc(sizeof *a * n * n), *s = malloc(sizeof *s * n), *u = malloc(sizeof *u * n * n), *v = malloc(sizeof *v * n * n), t;

    memcpy(a, x, sizeof *a * n * n);
    t = now();
    LAPACKE_dgesdd(LAPACK_COL_MAJOR, vectors ? 'S' : 'N', n, n, a, n, s, u, n, v, n);
    t = now() - t;
    free(a);
    free(s);
    free(u);
    free(v);
    return t;
}

/* The integers of x times a power of two, exact. */
static void
integers(fmpz_mat_t A, const double *x, int n)
{
    int i, e, least = 0;

    for (i = 0; i < n * n; i++)
    {
        frexp(x[i], &e);
        least = x[i] != 0 && e - 53 < least ? e - 53 : least;
    }
    for (i = 0; i < n * n; i++)
    {
        fmpz *a = fmpz_mat_entry(A, i / n, i % n);
        fmpz_set_d(a, ldexp(frexp(x[i], &e), 53));
        if (x[i] != 0)
            fmpz_mul_2exp(a, a, e - 53 - least);
    }
}

static double
product(const double *x, int n)
{
    fmpz_mat_t A, B, C;
    double t;

    fmpz_mat_init(A, n, n);
    fmpz_mat_init(B, n, n);
    fmpz_mat_init(C, n, n);
    integers(A, x, n);
    fmpz_mat_transpose(B, A);
    t = now();
    fmpz_mat_mul(C, B, A);
    t = now() - t;
    fmpz_mat_clear(A);
    fmpz_mat_clear(B);
    fmpz_mat_clear(C);
    return t;
}

static double
arb(const double *x, int n, int eigenvalues)
{
    enum { BITS = 128 };
    arb_mat_t A, B, K;
    acb_mat_t C, R;
    acb_ptr e = _acb_vec_init(n), f = _acb_vec_init(n);
    double t;
    int i, ok;

    arb_mat_init(A, n, n);
    arb_mat_init(B, n, n);
    arb_mat_init(K, n, n);
    acb_mat_init(C, n, n);
    acb_mat_init(R, n, n);
    for (i = 0; i < n * n; i++)
        arb_set_d(arb_mat_entry(A, i / n, i % n), x[i]);
    arb_mat_transpose(B, A);
    t = now();
    arb_mat_mul(K, B, A, BITS);
    if (eigenvalues)
    {
        acb_mat_set_arb_mat(C, K);
        acb_mat_approx_eig_qr(e, NULL, R, C, NULL, 0, BITS);
        ok = acb_mat_eig_multiple(f, C, e, R, BITS);
    }
    else
        ok = arb_mat_cho(A, K, BITS);
    t = now() - t;
    arb_mat_clear(A);
    arb_mat_clear(B);
    arb_mat_clear(K);
    acb_mat_clear(C);
    acb_mat_clear(R);
    _acb_vec_clear(e, n);
    _acb_vec_clear(f, n);
    return ok ? t : INFINITY;
}

static double
check(const char *name)
{
    FILE *f = fopen(name, "rb");
    size_t room = 1 << 26, len;
    char *text = malloc(room);
    certificate_t C;
    rejection_t why;
    double t;

    if (f == NULL)
        exit(66);
    len = fread(text, 1, room, f);
    fclose(f);
    t = now();
    certificate_init(&C);
    if (!certificate_check(&C, text, len, &why))
        exit(1);
    certificate_clear(&C);
    t = now() - t;
    free(text);
    return t;
}

int
main(int argc, char **argv)
{
    int n = 0, k, own = argc == 4 && strcmp(argv[2], "check") == 0;
    double *x = argc == 4 && !own ? read_npy(argv[1], &n) : NULL, least = INFINITY;

    if (x == NULL && !own)
    {
        fprintf(stderr, "usage: %s FILE.npy svd|values|product|cholesky|eigenvalues RUNS, or CERTIFICATE check RUNS\n", argv[0]);
        return 64;
    }
    for (k = 0; k < atoi(argv[3]); k++)
        switch (argv[2][0])
        {
            case 's': least = fmin(least, svd(x, n, 1)); break;
            case 'v': least = fmin(least, svd(x, n, 0)); break;
            case 'p': least = fmin(least, product(x, n)); break;
            case 'c': least = fmin(least, own ? check(argv[1]) : arb(x, n, 0)); break;
            default: least = fmin(least, arb(x, n, 1)); break;
        }
    printf("%.4f\n", least);
    free(x);
    return 0;
}
