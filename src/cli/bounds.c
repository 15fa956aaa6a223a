/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify bounds PROBLEM */
#include "config.h"
#include <string.h>
#include <sysexits.h>
#include "bounds.h"
#include "memory.h"
#include "certificate/certificate.h"
#include "input/array.h"
#include "network/evaluate.h"
#include "rules/passes.h"
#include "rules/critical_point/pattern.h"
#include "kernel/number.h"
#include "kernel/spectrum.h"
#include "algebra/eigenvalues.h"
#include "algebra/jacobian.h"

static void
root_row(const bounds_t *b, const char *name, const fmpq_t square)
{
    fmpq_t lo, hi;

    fmpq_init(lo);
    fmpq_init(hi);
    number_sqrt_lower(lo, square);
    number_sqrt_upper(hi, square);
    bounds_row(b, name, lo, hi);
    fmpq_clear(lo);
    fmpq_clear(hi);
}

static void
arb_row(bounds_t *b, const char *name, const arb_t x)
{
    fmpq_t lo, hi;
    arf_t a;

    if (!arb_is_finite(x))
    {
        bounds_unknown_row(b, name,
                           "a unit is at a kink, or too near to one for the precision limit");
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
    bounds_row(b, name, lo, hi);
    fmpq_clear(lo);
    fmpq_clear(hi);
    arf_clear(a);
}

/* Prefixes W_k..W_1 and suffixes W_l..W_k of the chain of layers or units. */
static void
chain_rows(bounds_t *b, const problem_t *P)
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
            bounds_matrix_rows(b, name, U + k);
        }
    qmat_set(t, U);
    for (k = 1; k < P->l; k++)
    {
        qmat_mul(t, U + k, t);
        snprintf(name, sizeof name, "%s_%ld..%s_1", c, (long) k + 1, c);
        bounds_matrix_rows(b, name, t);
    }
    qmat_set(t, U + P->l - 1);
    for (k = P->l - 2; k > 0; k--)
    {
        qmat_mul(t, t, U + k);
        snprintf(name, sizeof name, "%s_%ld..%s_%ld", c, (long) P->l, c, (long) k + 1);
        bounds_matrix_rows(b, name, t);
    }
    qmat_vec_clear(U, P->l);
    qmat_clear(t);
}

/* x := x moved by at most error; tight if it still has the digits. */
static void
widen(interval_t *x, const fmpq_t error, int digits)
{
    fmpq_t ten, width;

    if (!x->known)
        return;
    fmpq_init(ten);
    fmpq_init(width);
    fmpq_sub(x->lower, x->lower, error);
    number_clamp(x->lower);
    fmpq_add(x->upper, x->upper, error);
    fmpq_sub(width, x->upper, x->lower);
    fmpq_set_si(ten, 10, 1);
    fmpq_pow_si(ten, ten, digits);
    fmpq_mul(width, width, ten);
    x->tight &= fmpq_cmp(width, x->upper) <= 0;
    fmpq_clear(ten);
    fmpq_clear(width);
}

/* s := the bounds of every matrix in the balls H, eta_min and rank only where the rank is full; 1
   if more precise balls would not help. */
static int
feature_bounds(singular_t *s, const arb_mat_t H, const bounds_t *b)
{
    slong i, c = arb_mat_ncols(H), n = arb_mat_nrows(H) * c, full = FLINT_MIN(arb_mat_nrows(H), c);
    fmpq *e = _fmpq_vec_init(n);
    fmpq_t error, sum;
    qmat_t A;
    arf_t a;
    int finite, ok;

    fmpq_init(error);
    fmpq_init(sum);
    qmat_init(A, 0, 0);
    arf_init(a);
    finite = arb_mat_is_finite(H);
    for (i = 0; finite && i < n; i++)
    {
        arf_get_fmpq(e + i, arb_midref(arb_mat_entry(H, i / c, i % c)));
        arf_set_mag(a, arb_radref(arb_mat_entry(H, i / c, i % c)));
        arf_get_fmpq(error, a);
        fmpq_add(sum, sum, error);              /* >= the Frobenius norm of the error */
    }
    if (finite)
    {
        qmat_set_entries(A, n / c, c, e);
        enclose_singular(s, A, b->opt->digits, b->opt->precision_limit);
        widen(&s->eta, sum, b->opt->digits);
        widen(&s->norm, sum, b->opt->digits);
    }
    ok = fmpq_is_zero(sum) || (s->rank == full && s->eta.known && fmpq_sgn(s->eta.lower) > 0);
    if (!ok)
    {
        s->rank = -1;
        s->eta.known = 0;
    }
    ok = fmpq_is_zero(sum) || (ok && s->eta.tight && s->norm.tight);
    _fmpq_vec_clear(e, n);
    fmpq_clear(error);
    fmpq_clear(sum);
    qmat_clear(A);
    arf_clear(a);
    return finite && ok;
}

/* The features of every hidden layer; their bounds from balls of 256 bits, or of more until the
   precision limit where that does not suffice. */
static void
feature_rows(bounds_t *b, const problem_t *P, arb_t h, arb_t g)
{
    slong k, prec;
    char name[64];
    arb_mat_t *H = flint_malloc(P->l * sizeof *H);
    singular_t *s = flint_malloc(P->l * sizeof *s);
    int ok = 0;

    for (prec = 256; !ok; prec *= 2)
    {
        enclose_feedforward(h, g, H, P, prec);
        for (ok = 1, k = 0; k < P->l - 1; k++)
        {
            singular_init(s + k);
            ok &= feature_bounds(s + k, H[k], b);
            arb_mat_clear(H[k]);
        }
        ok |= 2 * prec > b->opt->precision_limit;
        for (k = 0; k < P->l - 1; k++)
        {
            snprintf(name, sizeof name, "H_%ld", (long) k + 1);
            if (ok)
                bounds_singular_rows(b, name, s + k);
            singular_clear(s + k);
        }
    }
    flint_free(H);
    flint_free(s);
}

/* The Hessian G^T G of the loss, where the residual vanishes. */
static int
has_no_residual(const problem_t *P, const moments_t *M)
{
    fmpq_t h;
    int zero;

    if (network_is_linear(P))
        return network_is_minimizer(P, M);
    fmpq_init(h);
    evaluate_loss(h, P, NULL);
    zero = fmpq_is_zero(h);
    fmpq_clear(h);
    return zero;
}

/* The row of the root of x. */
static void
interval_root_row(bounds_t *b, const char *what, const char *name, const interval_t *x)
{
    interval_t root;

    interval_init(&root);
    number_sqrt_lower(root.lower, x->lower);
    number_sqrt_upper(root.upper, x->upper);
    root.known = x->known;
    root.tight = x->tight;
    bounds_interval_row(b, what, name, &root);
    interval_clear(&root);
}

/* s is about G G^T; G has so many columns. */
static void
jacobian_bounds(bounds_t *b, const singular_t *s, slong columns)
{
    if (s->rank >= 0)
    {
        bounds_count_row(b, "rank", "G", s->rank);
        bounds_count_row(b, "dim", "ker G", columns - s->rank);
    }
    else
        bounds_unknown_row(b, "rank(G)", "it could not be found");
    interval_root_row(b, "eta_min", "G", &s->eta);
    interval_root_row(b, "norm", "G", &s->norm);
}

/* The Jacobian G of the residual, and, where the residual vanishes, the Hessian
   G^T G of the loss. */
static void
jacobian_rows(bounds_t *b, const problem_t *P, const moments_t *M)
{
    qmat_t K, N;
    singular_t s;
    slong i, size = 0;

    qmat_init(K, 0, 0);
    qmat_init(N, 0, 0);
    singular_init(&s);
    for (i = 0; i < P->nblocks; i++)
        size += qmat_rows(P->W + i) * qmat_cols(P->W + i);
    if (jacobian_form(K, N, P, M, 400))
    {
        enclose_pencil(&s, K, N, b->opt->digits, b->opt->precision_limit);
        jacobian_bounds(b, &s, size);
        if (has_no_residual(P, M))
        {
            bounds_interval_row(b, "eta_min", "Hessian", &s.eta);
            bounds_interval_row(b, "norm", "Hessian", &s.norm);
        }
    }
    singular_clear(&s);
    qmat_clear(K);
    qmat_clear(N);
}

/* The eigenvalues of Sigma_k, largest first, with their multiplicities, and at
   points where col(W_l..W_{k+2}) is invariant, as at critical points, how many of them it captures
   (the p_i(k) of Zhou & Liang 2018, Theorems 1 and 3). */
static void
sigma_rows(const bounds_t *b, const problem_t *P, const moments_t *M, slong k)
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
        eigenvalues_init(&e, Sigma, b->opt->digits + 4);
        if (invariant)
            spectrum_init(&part, C);
        if (k > 0)
            snprintf(of, sizeof of, "(%ld)", (long) k);
        for (i = 0; i < e.n; i++)
        {
            snprintf(name, sizeof name, "sigma_%ld%s", (long) i + 1, of);
            bounds_row_digits(b, name, e.low + i, e.high + i, e.digits);
            snprintf(name, sizeof name, "multiplicity(sigma_%ld%s)", (long) i + 1, of);
            fmpq_set_si(x, e.multiplicity[i], 1);
            if (e.multiplicity[i] > 1 || b->opt->json)
                bounds_row(b, name, x, x);
            if (!invariant)
                continue;
            snprintf(name, sizeof name, "captured(sigma_%ld%s)", (long) i + 1, of);
            fmpq_set_si(x, spectrum_multiplicity(&part, e.low + i, e.high + i), 1);
            bounds_row(b, name, x, x);
        }
        if (invariant)
            spectrum_clear(&part);
        eigenvalues_clear(&e);
    }
    qmat_clear(Sigma);
    qmat_clear(C);
    fmpq_clear(x);
}

/* Loss, infimum, gradient, Jacobian and patterns of a linear or residual network; with weight decay loss and gradient. */
static void
linear_rows(bounds_t *b, const problem_t *P)
{
    moments_t M;
    slong i;
    int decayed = !fmpq_is_zero(P->weight_decay);
    fmpq_t x;

    fmpq_init(x);
    chain_rows(b, P);
    if (moments_init(&M, P))
    {
        evaluate_loss(x, P, &M);
        bounds_row(b, "h(W)", x, x);
        if (!decayed)
        {
            moments_infimum(x, &M);
            bounds_row(b, "h_inf", x, x);
        }
        evaluate_gradient_norm2(x, P, &M);
        root_row(b, "norm(grad h)", x);
        if (!decayed)
            jacobian_rows(b, P, &M);
        for (i = 0; i < (network_is_chain(P) ? pattern_count(P) : 1); i++)
            if (!decayed && qmat_rows(P->Y) <= LARGEST_SPECTRUM)
                sigma_rows(b, P, &M, i);
    }
    moments_clear(&M);
    fmpq_clear(x);
}

/* Features, loss, gradient and Jacobian of a feedforward network. */
static void
feedforward_rows(bounds_t *b, const problem_t *P)
{
    slong i;
    arb_t h, g;
    fmpq_t x;
    int rational = 1;

    arb_init(h);
    arb_init(g);
    fmpq_init(x);
    for (i = 0; i < P->l - 1; i++)
        rational &= activation_is_rational(P->act[i].kind);
    feature_rows(b, P, h, g);
    if (rational)
    {
        evaluate_loss(x, P, NULL);
        bounds_row(b, "h(W)", x, x);
        if (evaluate_gradient_norm2(x, P, NULL))
            root_row(b, "norm(grad h)", x);
        else
            bounds_empty_row(b, "norm(grad h)", "undefined (a unit is at a kink)");
        if (fmpq_is_zero(P->weight_decay))
            jacobian_rows(b, P, NULL);
    }
    else
    {
        arb_row(b, "h(W)", h);
        arb_row(b, "norm(grad h)", g);
    }
    arb_clear(h);
    arb_clear(g);
    fmpq_clear(x);
}

/* How far solve moved the matrix that was given. */
static void
distance_row(bounds_t *b, const problem_file_t *F)
{
    fmpq_t x;
    qmat_t d;

    fmpq_init(x);
    qmat_init(d, 0, 0);
    qmat_sub(d, F->P.W + F->solved, F->given);
    qmat_frobenius2_midpoint(x, d);
    root_row(b, "distance(solve, given)", x);
    qmat_clear(d);
    fmpq_clear(x);
}

/* Everything about a problem; values: loss and gradient by the rules, as for all losses and activations. */
static void
problem_rows(bounds_t *b, const problem_file_t *F, int values)
{
    const problem_t *P = &F->P;
    char name[64];
    slong i;

    bounds_matrix_rows(b, "X", P->X);
    if (qmat_rows(P->features) > 0)
    {   /* W_1 is not rational */
        bounds_matrix_rows(b, "features", P->features);
        bounds_matrix_rows(b, "W_2", P->W + 1);
        return;
    }
    for (i = 0; i < P->nblocks; i++)
    {
        problem_block_name(name, sizeof name, P, i);
        bounds_matrix_rows(b, name, P->W + i);
    }
    if (values)
        ;
    else if (network_is_linear(P))
        linear_rows(b, P);
    else
        feedforward_rows(b, P);
    bounds_checkpoint_rows(b, P, values);
    if (F->has_given)
        distance_row(b, F);
}

/* The bounds of a problem; others are refused. */
static void
rows_of(bounds_t *b, const problem_file_t *F)
{
    fault_t fault = { 0 };

    if (F->P.loss == LOSS_SQUARE && !network_has_shortcuts(&F->P) && (fmpq_is_zero(F->P.weight_decay) || network_is_rational(&F->P)))
        problem_rows(b, F, 0);
    else if (pass_loss_refuses(&F->P) == NULL)
        problem_rows(b, F, 1);
    else
    {
        error_set(&fault, EX_DATAERR, "%s: bounds treats residual networks and points given by features with the square loss only", b->opt->files[0]);
        bounds_fault(b, &fault);
    }
}

/* certify bounds CERTIFICATE: of the problem that it is about, checked or not. */
static void
certificate_rows(bounds_t *b, const char *text, size_t len)
{
    certificate_t C;
    rejection_t why;
    problem_file_t F;
    fault_t fault = { 0 };

    certificate_init(&C);
    if (certificate_read(&C, text, len, &why))
    {
        memset(&F, 0, sizeof F);
        F.P = C.P;              /* lent */
        F.solved = -1;
        rows_of(b, &F);
    }
    else
    {
        error_set(&fault, EX_DATAERR, "%s: not a certificate: line %ld: %s%s%s", b->opt->files[0], (long) why.line,
                  why.role, why.role[0] ? ": " : "", why.reason);
        bounds_fault(b, &fault);
    }
    certificate_clear(&C);
}

static void
problem_file_rows(bounds_t *b, const char *text, size_t len)
{
    problem_file_t F;
    fault_t fault = { 0 };

    if (problem_file_parse(&F, text, len, b->opt->files[0], &b->opt->reading, &fault))
        rows_of(b, &F);
    else
        bounds_fault(b, &fault);
    problem_file_clear(&F);
}

int
command_bounds(const options_t *opt)
{
    static const char head[] = "certify-certificate ";
    bounds_t b = { opt, 0 };
    fault_t fault = { 0 };
    char *text = NULL;
    size_t len = 0;

    use_threads(opt->jobs);
    if (bounds_file(&b, opt->files[0]))
        return b.status;
    if (opt->key != NULL)
        error_set(&fault, EX_USAGE, "%s: --key is for .npz and .safetensors files", opt->files[0]);
    else if (file_kind_refuse(opt->files[0], &fault))
        text = read_file(opt->files[0], &len, FILE_MAX_BYTES, &fault);
    if (text == NULL)
        bounds_fault(&b, &fault);
    else if (len >= sizeof head - 1 && memcmp(text, head, sizeof head - 1) == 0)
        certificate_rows(&b, text, len);
    else
        problem_file_rows(&b, text, len);
    flint_free(text);
    return b.status;
}
