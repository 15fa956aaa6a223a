/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a critical point beyond that it is one: what it captures, for
   the certificate; or which one is near, for the reader. */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "algebra/approx.h"
#include "algebra/eigenvalues.h"
#include "certificate/certificate.h"
#include "describe.h"
#include "kernel/limits.h"
#include "kernel/spectrum.h"
#include "prove/write.h"

#define DIGITS 10               /* of an eigenvalue in a certificate */
#define LARGEST_PATTERN 60      /* outputs; checking costs their fifth power */

/* The units of work that the spectrum of A costs a checker, less a little. */
static double
work_of(const qmat_t A)
{
    double n = qmat_rows(A), w = FLINT_ABS(fmpz_mat_max_bits(A->num)) / 64.0;

    return 2 * n * n * n * n * w + 2 * n * n * n * w * w + n * n * n * w * w;
}

/* The patterns of a critical point, for its certificate of so many bytes.  Returns 0, and adds
   none, if a captured space is not invariant, or checking them is beyond the limits of
   the format. */
static int
patterns(value_t *k, const problem_t *P, const moments_t *M, size_t bytes)
{
    slong i, j;
    qmat_t Sigma, C;
    double units = 0;
    int ok = 1;

    patterns_drop(k);
    qmat_init(Sigma, 0, 0);
    qmat_init(C, 0, 0);
    for (j = 0; j < pattern_count(P) && ok; j++)
    {
        ok = pattern_matrices(Sigma, C, P, M, j);
        units += work_of(Sigma) + work_of(C);
        ok = ok && units <= (double) limit(LIMIT_WORK) * (bytes + 64.0 * qmat_rows(Sigma) * pattern_count(P) + 65536);
    }
    for (j = 0; j < pattern_count(P) && ok; j++)
    {
        eigenvalues_t e;
        pattern_t *p;
        ok = pattern_matrices(Sigma, C, P, M, j);
        if (!ok)
            break;
        eigenvalues_init(&e, Sigma, DIGITS);
        p = patterns_add(k, e.n);
        for (i = 0; i < e.n; i++)
        {
            fmpq_set(p->low + i, e.low + i);
            fmpq_set(p->high + i, e.high + i);
            p->multiplicity[i] = e.multiplicity[i];
        }
        if (qmat_rows(C) > 0)
        {
            spectrum_t part;
            spectrum_init(&part, C);
            for (i = 0; i < e.n; i++)
                p->captured[i] = spectrum_multiplicity(&part, p->low + i, p->high + i);
            spectrum_clear(&part);
        }
        eigenvalues_clear(&e);
    }
    if (!ok)
        patterns_drop(k);
    qmat_clear(Sigma);
    qmat_clear(C);
    return ok;
}

/* Adds the patterns to the conclusion of p, if a checker can afford them. */
static int
add_patterns(proof_t *p, const oracle_t *o)
{
    text_t t;
    certificate_t C;
    rejection_t why;
    int ok;

    text_init(&t);
    certificate_write(&t, o->P, &p->c, &p->k, &p->f);
    ok = patterns(p->k.constant + CP_PATTERN, o->P, o->M, t.len);
    text_clear(&t);
    if (!ok)
        return 0;
    text_init(&t);
    certificate_write(&t, o->P, &p->c, &p->k, &p->f);
    certificate_init(&C);
    ok = certificate_check(&C, t.data, t.len, &why);
    certificate_clear(&C);
    text_clear(&t);
    if (!ok)
        patterns_drop(p->k.constant + CP_PATTERN);
    return ok;
}

/* Which exact critical point is near, in double precision: the eigenvectors of Sigma that the outputs
   Z X nearly span, if the loss is nearly that of the critical points that capture them. */
static void
hint(proof_t *p, const problem_t *P, const moments_t *M)
{
    slong a, i, j, k, n = qmat_rows(P->Y), from, count = 0, es, eg;
    qmat_t Sigma, Z, G;
    double *S, *K, *w, *u, loss, half, captured = 0;
    char list[300] = "", widths[128] = "";
    int whole = 1, ok;
    fmpq_t h;

    if (n > LARGEST_PATTERN)
        return;
    qmat_init(Sigma, 0, 0);
    qmat_init(Z, 0, 0);
    qmat_init(G, 0, 0);
    fmpq_init(h);
    ok = pattern_matrices(Sigma, NULL, P, M, 0);
    network_product(Z, P);
    qmat_mul(G, Z, M->Sxx);
    qmat_transpose(Z, Z);
    qmat_mul(G, G, Z);
    es = approx_exponent(Sigma);
    eg = approx_exponent(G);
    S = approx_matrix(Sigma, es);
    K = approx_matrix(G, eg);
    w = flint_malloc(n * sizeof *w);
    u = flint_malloc(n * sizeof *u);
    ok = ok && approx_eigen(u, K, n, 1) && approx_eigen(w, S, n, 1);
    for (i = n - 1; i >= 0 && ok; i = from - 1)
    {   /* eigenvalues from .. i are equal, nearly */
        double sum = 0;
        for (from = i; from > 0 && w[from - 1] > w[i] - 1e-9 * w[n - 1]; from--)
            ;
        for (j = from; j <= i; j++)
            for (k = 0; k < n; k++)
                if (ldexp(u[k], (int) (eg - es)) > 1e-6 * w[n - 1])
                {
                    double x = 0;
                    for (a = 0; a < n; a++)
                        x += S[j * n + a] * K[k * n + a];
                    sum += x * x;
                }
        whole &= fabs(sum - nearbyint(sum)) < .05;
        captured += ldexp(nearbyint(sum) * w[i], (int) es);
        for (j = 0; j < (slong) nearbyint(sum); j++, count++)
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%ld", list[0] ? ", " : "", (long) (n - i + j));
    }
    network_loss(h, P, M);
    loss = approx_fmpq(h);
    half = approx_fmpq(M->Syy) / 2;
    for (i = 0; i < P->l - 1; i++)
        snprintf(widths + strlen(widths), sizeof widths - strlen(widths), "%s%ld", i == 0 ? "" : ", ", (long) qmat_rows(P->W + i));
    if (!ok || !whole || fabs(loss - half + captured / 2) > .01 * half)
        snprintf(p->remark, sizeof p->remark, "No exact critical point suggests itself (in double precision)");
    else if (strlen(list) < sizeof list - 8 && strlen(widths) < sizeof widths - 8 && P->l > 1)
        snprintf(p->remark, sizeof p->remark, "The loss differs by %.1e from that of the critical points that capture %s%s%s (in double "
                 "precision); point: {construct: {widths: [%s], capture: [%s]}} makes one of them", fabs(loss - half + captured / 2),
                 count == 0 ? "nothing" : count == 1 ? "eigenvalue " : "eigenvalues ", list, count == 0 ? "" : " of Sigma", widths, list);
    flint_free(S);
    flint_free(K);
    flint_free(w);
    flint_free(u);
    qmat_clear(Sigma);
    qmat_clear(Z);
    qmat_clear(G);
    fmpq_clear(h);
}

void
describe_critical(proof_t *p, const oracle_t *o, int critical)
{
    const problem_t *P = o->P;

    if (!network_is_chain(P))
        return;
    if (!critical)
        hint(p, P, o->M);
    else if (p->outcome != OUTCOME_PROVED || p->c.value[CP_GRADIENT].given)
        return;
    else if (qmat_rows(P->Y) > LARGEST_PATTERN)
        snprintf(p->remark, sizeof p->remark, "What it captures of Sigma is stated for at most %d outputs", LARGEST_PATTERN);
    else if (!add_patterns(p, o))
        snprintf(p->remark, sizeof p->remark, "What it captures of Sigma is not stated: checking it is beyond the limits "
                 "of the format (certify bounds prints it)");
    else if (P->l > 1)
        snprintf(p->remark, sizeof p->remark, "certify decompose prints U, V, C and L of Theorem %d", P->l > 2 ? 3 : 1);
}
