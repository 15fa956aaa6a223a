/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify bounds PROBLEM */
#include "config.h"
#include <string.h>
#include <sysexits.h>
#include "certify.h"
#include "json.h"
#include "input/array.h"
#include "rules/critical_point/pattern.h"
#include "text/decimal.h"
#include "kernel/number.h"
#include "kernel/spectrum.h"
#include "algebra/eigenvalues.h"
#include "algebra/enclose.h"
#include "algebra/jacobian.h"

/* One quantity: lower <= name <= upper. */
static void
row_digits(const options_t *opt, const char *name, const fmpq_t lower, const fmpq_t upper, int digits)
{
    text_t t;

    text_init(&t);
    if (opt->json)
    {
        text_printf(&t, "{\"name\": ");
        json_string(&t, name);
        json_number(&t, "lower", lower, digits, 0);
        json_number(&t, "upper", upper, digits, 1);
        text_printf(&t, "}\n");
    }
    else
    {
        text_printf(&t, "%-28s ", name);
        if (fmpq_equal(lower, upper) && fmpz_bits(fmpq_numref(lower)) + fmpz_bits(fmpq_denref(lower)) < 60)
        {
            text_printf(&t, "= ");
            text_fmpq(&t, lower);
        }
        else
        {
            text_printf(&t, "in [");
            decimal_text(&t, lower, digits, 0);
            text_printf(&t, ", ");
            decimal_text(&t, upper, digits, 1);
            text_printf(&t, "]");
        }
        text_printf(&t, "\n");
    }
    fwrite(t.data, 1, t.len, stdout);
    text_clear(&t);
}

static void
row(const options_t *opt, const char *name, const fmpq_t lower, const fmpq_t upper)
{
    row_digits(opt, name, lower, upper, opt->digits + 4);
}

/* --spectrum: the distinct values of A, its eigenvalues or (singular) its singular values, largest first,
   and their multiplicities. */
static void
spectrum_rows(const options_t *opt, const char *name, const qmat_t A, int singular)
{
    char label[128];
    slong i;
    qmat_t K;
    eigenvalues_t e;
    fmpq_t lo, hi;

    if (FLINT_MIN(qmat_rows(A), qmat_cols(A)) > LARGEST_SPECTRUM)
    {
        fprintf(stderr, "certify: %s: spectra are isolated up to order %d\n", name, LARGEST_SPECTRUM);
        return;
    }
    qmat_init(K, 0, 0);
    fmpq_init(lo);
    fmpq_init(hi);
    if (singular)
        qmat_gram_smaller(K, A);
    else
        qmat_set(K, A);
    eigenvalues_init(&e, K, 2 * opt->digits + 8);
    for (i = 0; i < e.n; i++)
    {
        fmpq_set(lo, e.low + i);
        fmpq_set(hi, e.high + i);
        if (singular)
        {
            number_sqrt_lower(lo, lo);
            number_sqrt_upper(hi, hi);
        }
        snprintf(label, sizeof label, "%s_%ld(%s)", singular ? "singular" : "eigenvalue", (long) i + 1, name);
        row_digits(opt, label, lo, hi, FLINT_MAX(opt->digits + 4, e.digits - opt->digits));
        fmpq_set_si(lo, e.multiplicity[i], 1);
        snprintf(label, sizeof label, "multiplicity(%s_%ld(%s))", singular ? "singular" : "eigenvalue", (long) i + 1, name);
        if (e.multiplicity[i] > 1 || opt->json)
            row(opt, label, lo, lo);
    }
    eigenvalues_clear(&e);
    qmat_clear(K);
    fmpq_clear(lo);
    fmpq_clear(hi);
}

static void
matrix_rows(const options_t *opt, const char *name, const qmat_t A)
{
    char label[128];
    singular_t s;
    fmpq_t r;

    singular_init(&s);
    fmpq_init(r);
    if (!enclose_singular(&s, A, opt->precision_limit))
        fprintf(stderr, "certify: %s: the precision limit of %ld bits did not suffice\n", name,
                (long) opt->precision_limit);
    snprintf(label, sizeof label, "rank(%s)", name);
    fmpq_set_si(r, s.rank, 1);
    row(opt, label, r, r);
    snprintf(label, sizeof label, "eta_min(%s)", name);
    row(opt, label, s.eta_lower, s.eta_upper);
    snprintf(label, sizeof label, "norm(%s)", name);
    row(opt, label, s.norm_lower, s.norm_upper);
    if (opt->spectrum)
        spectrum_rows(opt, name, A, 1);
    if (opt->spectrum && qmat_rows(A) == qmat_cols(A) && qmat_midpoint_is_symmetric(A))
        spectrum_rows(opt, name, A, 0);
    fmpq_clear(r);
    singular_clear(&s);
}

/* certify bounds FILE.npz: the arrays that a container has. */
static void
listing_rows(const options_t *opt, const listing_t *l)
{
    char shape[200];
    slong i;

    for (i = 0; i < l->n; i++)
    {
        listed_shape(shape, sizeof shape, l->array + i);
        if (opt->json)
        {
            text_t t;
            int k;
            text_init(&t);
            text_printf(&t, "{\"name\": ");
            json_string(&t, l->array[i].name);
            text_printf(&t, ", \"type\": ");
            json_string(&t, l->array[i].type);
            text_printf(&t, ", \"shape\": [");
            for (k = 0; k < l->array[i].dimensions; k++)
                text_printf(&t, "%s%ld", k == 0 ? "" : ", ", l->array[i].shape[k]);
            text_printf(&t, "]}\n");
            fwrite(t.data, 1, t.len, stdout);
            text_clear(&t);
        }
        else
            printf("%-28s %s, %s\n", l->array[i].name, shape, l->array[i].type);
    }
}

/* certify bounds of a file that holds a matrix, or several. */
static int
matrix_file(const options_t *opt, const file_kind_t *kind, const char *path)
{
    qmat_t A;
    fault_t err = { 0 };
    selection_t s;
    listing_t l;

    selection_init(&s);
    listing_init(&l);
    s.delimiter = kind->delimiter;
    s.key = opt->key;
    qmat_init(A, 0, 0);
    if (kind->list == NULL && opt->key != NULL)
        error_set(&err, EX_USAGE, "%s: --key is for files of several arrays", path);
    else if (kind->list != NULL && opt->key == NULL)
    {
        if (kind->list(&l, path, path, &err))
            listing_rows(opt, &l);
    }
    else if (matrix_from_file(A, kind, path, &s, path, &err))
    {
        options_t with = *opt;
        with.spectrum = 1;
        matrix_rows(&with, opt->key == NULL ? "A" : opt->key, A);
    }
    if (err.status != 0)
        fprintf(stderr, "certify: %s\n", err.message);
    qmat_clear(A);
    listing_clear(&l);
    selection_clear(&s);
    return err.status;
}

static void
root_row(const options_t *opt, const char *name, const fmpq_t square)
{
    fmpq_t lo, hi;

    fmpq_init(lo);
    fmpq_init(hi);
    number_sqrt_lower(lo, square);
    number_sqrt_upper(hi, square);
    row(opt, name, lo, hi);
    fmpq_clear(lo);
    fmpq_clear(hi);
}

static void
arb_row(const options_t *opt, const char *name, const arb_t x)
{
    fmpq_t lo, hi;
    arf_t a;

    if (!arb_is_finite(x))
    {
        if (opt->json)
            printf("{\"name\": \"%s\", \"lower\": null, \"upper\": null}\n", name);
        else
            printf("%-28s undefined (a unit is at a kink)\n", name);
        return;
    }
    fmpq_init(lo);
    fmpq_init(hi);
    arf_init(a);
    arb_get_lbound_arf(a, x, 256);
    arf_get_fmpq(lo, a);
    number_clamp(lo);
    arb_get_ubound_arf(a, x, 256);
    arf_get_fmpq(hi, a);
    row(opt, name, lo, hi);
    fmpq_clear(lo);
    fmpq_clear(hi);
    arf_clear(a);
}

/* Prefixes W_k..W_1 and suffixes W_l..W_k of the chain of layers or units. */
static void
chain_rows(const options_t *opt, const problem_t *P)
{
    qmat_struct *U = network_units(P);
    const char *c = network_unit_symbol(P) == 'M' ? "M" : "W";
    char name[64];
    slong k;
    qmat_t t;

    qmat_init(t, 0, 0);
    if (network_reaches_every_map(P))
        for (k = 0; k < P->l; k++)
        {
            snprintf(name, sizeof name, "M_%ld", (long) k + 1);
            matrix_rows(opt, name, U + k);
        }
    qmat_set(t, U);
    for (k = 1; k < P->l; k++)
    {
        qmat_mul(t, U + k, t);
        snprintf(name, sizeof name, "%s_%ld..%s_1", c, (long) k + 1, c);
        matrix_rows(opt, name, t);
    }
    qmat_set(t, U + P->l - 1);
    for (k = P->l - 2; k > 0; k--)
    {
        qmat_mul(t, t, U + k);
        snprintf(name, sizeof name, "%s_%ld..%s_%ld", c, (long) P->l, c, (long) k + 1);
        matrix_rows(opt, name, t);
    }
    qmat_vec_clear(U, P->l);
    qmat_clear(t);
}

/* The ball matrix as midpoint; its error is far below the digits shown. */
static void
feature_rows(const options_t *opt, const problem_t *P, arb_mat_t *H)
{
    slong k, i, j;
    char name[64];

    for (k = 0; k < P->l - 1; k++)
    {
        slong r = arb_mat_nrows(H[k]), c = arb_mat_ncols(H[k]);
        fmpq *e = _fmpq_vec_init(r * c);
        fmpq_t err, sum;
        qmat_t A;
        singular_t s;
        arf_t a;
        qmat_init(A, 0, 0);
        singular_init(&s);
        arf_init(a);
        fmpq_init(err);
        fmpq_init(sum);
        for (i = 0; i < r; i++)
            for (j = 0; j < c; j++)
            {
                arf_get_fmpq(e + i * c + j, arb_midref(arb_mat_entry(H[k], i, j)));
                arf_set_mag(a, arb_radref(arb_mat_entry(H[k], i, j)));
                arf_get_fmpq(err, a);
                fmpq_add(sum, sum, err);        /* >= the Frobenius norm of the error */
            }
        qmat_set_entries(A, r, c, e);
        if (fmpq_is_zero(sum))
        {
            snprintf(name, sizeof name, "H_%ld", (long) k + 1);
            matrix_rows(opt, name, A);
        }
        else if (enclose_singular(&s, A, opt->precision_limit))
        {
            fmpq_sub(s.eta_lower, s.eta_lower, sum);
            number_clamp(s.eta_lower);
            fmpq_add(s.eta_upper, s.eta_upper, sum);
            fmpq_sub(s.norm_lower, s.norm_lower, sum);
            number_clamp(s.norm_lower);
            fmpq_add(s.norm_upper, s.norm_upper, sum);
            if (s.rank == FLINT_MIN(r, c) && fmpq_sgn(s.eta_lower) > 0)
            {
                fmpq_set_si(err, s.rank, 1);
                snprintf(name, sizeof name, "rank(H_%ld)", (long) k + 1);
                row(opt, name, err, err);
                snprintf(name, sizeof name, "eta_min(H_%ld)", (long) k + 1);
                row(opt, name, s.eta_lower, s.eta_upper);
            }
            snprintf(name, sizeof name, "norm(H_%ld)", (long) k + 1);
            row(opt, name, s.norm_lower, s.norm_upper);
        }
        _fmpq_vec_clear(e, r * c);
        qmat_clear(A);
        singular_clear(&s);
        arf_clear(a);
        fmpq_clear(err);
        fmpq_clear(sum);
    }
}

/* The Jacobian G of the residual, and, where the residual vanishes, the Hessian
   G^T G of the loss. */
static void
jacobian_rows(const options_t *opt, const problem_t *P, const moments_t *M)
{
    qmat_t K, N;
    singular_t s;
    fmpq_t x, y;
    slong i, size = 0;
    int minimum;

    qmat_init(K, 0, 0);
    qmat_init(N, 0, 0);
    if (!jacobian_form(K, N, P, M, 400))
    {
        qmat_clear(K);
        qmat_clear(N);
        return;
    }
    singular_init(&s);
    fmpq_init(x);
    fmpq_init(y);
    for (i = 0; i < P->nblocks; i++)
        size += qmat_rows(P->W + i) * qmat_cols(P->W + i);
    if (!enclose_pencil(&s, K, N, opt->precision_limit))
        fprintf(stderr, "certify: G: the precision limit of %ld bits did not suffice\n",
                (long) opt->precision_limit);
    else
    {
        fmpq_set_si(x, s.rank, 1);
        row(opt, "rank(G)", x, x);
        fmpq_set_si(x, size - s.rank, 1);
        row(opt, "dim(ker G)", x, x);
        number_sqrt_lower(x, s.eta_lower);
        number_sqrt_upper(y, s.eta_upper);
        row(opt, "eta_min(G)", x, y);
        number_sqrt_lower(x, s.norm_lower);
        number_sqrt_upper(y, s.norm_upper);
        row(opt, "norm(G)", x, y);
        if (!network_is_linear(P))
        {
            network_loss(x, P, NULL);
            minimum = fmpq_is_zero(x);
        }
        else
            minimum = network_is_minimizer(P, M);
        if (minimum)
        {
            row(opt, "eta_min(Hessian)", s.eta_lower, s.eta_upper);
            row(opt, "norm(Hessian)", s.norm_lower, s.norm_upper);
        }
    }
    singular_clear(&s);
    fmpq_clear(x);
    fmpq_clear(y);
    qmat_clear(K);
    qmat_clear(N);
}

/* The eigenvalues of Sigma_k, largest first, with their multiplicities, and at
   points where col(W_l..W_{k+2}) is invariant, as at critical points, how many of them it captures
   (the p_i(k) of Zhou & Liang 2018, Theorems 1 and 3). */
static void
sigma_rows(const options_t *opt, const problem_t *P, const moments_t *M, slong k)
{
    qmat_t Sigma, C;
    eigenvalues_t e;
    spectrum_t part;
    slong i;
    char name[64], of[32] = "";
    fmpq_t x;
    int invariant;

    qmat_init(Sigma, 0, 0);
    qmat_init(C, 0, 0);
    fmpq_init(x);
    invariant = network_is_chain(P) && pattern_matrices(Sigma, C, P, M, k);
    if (invariant || pattern_matrices(Sigma, NULL, P, M, k))
    {
        eigenvalues_init(&e, Sigma, opt->digits + 6);
        if (invariant)
            spectrum_init(&part, C);
        if (k > 0)
            snprintf(of, sizeof of, "(%ld)", (long) k);
        for (i = 0; i < e.n; i++)
        {
            snprintf(name, sizeof name, "sigma_%ld%s", (long) i + 1, of);
            row_digits(opt, name, e.low + i, e.high + i, FLINT_MAX(opt->digits + 4, e.digits - 2));
            snprintf(name, sizeof name, "multiplicity(sigma_%ld%s)", (long) i + 1, of);
            fmpq_set_si(x, e.multiplicity[i], 1);
            if (e.multiplicity[i] > 1 || opt->json)
                row(opt, name, x, x);
            if (!invariant)
                continue;
            snprintf(name, sizeof name, "captured(sigma_%ld%s)", (long) i + 1, of);
            fmpq_set_si(x, spectrum_multiplicity(&part, e.low + i, e.high + i), 1);
            row(opt, name, x, x);
        }
        if (invariant)
            spectrum_clear(&part);
        eigenvalues_clear(&e);
    }
    qmat_clear(Sigma);
    qmat_clear(C);
    fmpq_clear(x);
}

int
command_bounds(const options_t *opt)
{
    problem_file_t F;
    fault_t err = { 0 };
    slong i;
    char name[64];
    fmpq_t x;
    const file_kind_t *kind = file_kind_of(opt->files[0]);

    if (kind != NULL)
        return matrix_file(opt, kind, opt->files[0]);
    if (!file_kind_refuse(opt->files[0], &err))
    {
        fprintf(stderr, "certify: %s\n", err.message);
        return err.status;
    }
    if (opt->key != NULL)
    {
        fprintf(stderr, "certify: %s: --key is for .npz and .safetensors files\n", opt->files[0]);
        return EX_USAGE;
    }
    if (!problem_file_read(&F, opt->files[0], &opt->reading, &err))
    {
        fprintf(stderr, "certify: %s\n", err.message);
        problem_file_clear(&F);
        return err.status;
    }
    fmpq_init(x);
    if (F.P.loss != LOSS_SQUARE || !fmpq_is_zero(F.P.weight_decay))
    {
        fprintf(stderr, "certify: %s: bounds treats the square loss without weight decay\n",
                opt->files[0]);
        problem_file_clear(&F);
        fmpq_clear(x);
        return EX_DATAERR;
    }
    matrix_rows(opt, "X", F.P.X);
    if (qmat_rows(F.P.features) > 0)
    {   /* W_1 is not rational */
        matrix_rows(opt, "features", F.P.features);
        matrix_rows(opt, "W_2", F.P.W + 1);
        fmpq_clear(x);
        problem_file_clear(&F);
        return 0;
    }
    for (i = 0; i < F.P.nblocks; i++)
    {
        problem_block_name(name, sizeof name, &F.P, i);
        matrix_rows(opt, name, F.P.W + i);
    }
    if (network_is_linear(&F.P))
    {
        moments_t M;
        chain_rows(opt, &F.P);
        if (moments_init(&M, &F.P))
        {
            network_loss(x, &F.P, &M);
            row(opt, "h(W)", x, x);
            moments_infimum(x, &M);
            row(opt, "h_inf", x, x);
            network_gradient_norm2(x, &F.P, &M);
            root_row(opt, "norm(grad h)", x);
            jacobian_rows(opt, &F.P, &M);
            for (i = 0; i < (network_is_chain(&F.P) ? pattern_count(&F.P) : 1); i++)
                if (qmat_rows(F.P.Y) <= LARGEST_SPECTRUM)
                    sigma_rows(opt, &F.P, &M, i);
        }
        moments_clear(&M);
    }
    else
    {
        arb_t h, g;
        arb_mat_t *H = flint_malloc(F.P.l * sizeof *H);
        int rational = 1;
        arb_init(h);
        arb_init(g);
        enclose_feedforward(h, g, H, &F.P, 256);
        for (i = 0; i < F.P.l - 1; i++)
            rational &= activation_is_rational(F.P.act[i].kind);
        feature_rows(opt, &F.P, H);
        if (rational)
        {
            network_loss(x, &F.P, NULL);
            row(opt, "h(W)", x, x);
            if (network_gradient_norm2(x, &F.P, NULL))
                root_row(opt, "norm(grad h)", x);
            else
                arb_row(opt, "norm(grad h)", g);
            jacobian_rows(opt, &F.P, NULL);
        }
        else
        {
            arb_row(opt, "h(W)", h);
            arb_row(opt, "norm(grad h)", g);
        }
        for (i = 0; i < F.P.l - 1; i++)
            arb_mat_clear(H[i]);
        flint_free(H);
        arb_clear(h);
        arb_clear(g);
    }
    if (F.has_given)
    {
        qmat_t d;
        qmat_init(d, 0, 0);
        qmat_sub(d, F.P.W + F.solved, F.given);
        qmat_frobenius2_midpoint(x, d);
        root_row(opt, "distance(solve, given)", x);
        qmat_clear(d);
    }
    fmpq_clear(x);
    problem_file_clear(&F);
    return 0;
}
