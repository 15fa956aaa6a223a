/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The statement that a certificate makes, in words.  Generated from what was
   parsed and verified; no text of the file is repeated. */
#include <stdlib.h>
#include <string.h>
#include "certificate.h"

void
decimal_round(fmpq_t y, const fmpq_t x, int digits, int up)
{
    slong e;
    fmpz_t n, d, ten;

    if (fmpq_is_zero(x))
    {
        fmpq_zero(y);
        return;
    }
    fmpz_init(n);
    fmpz_init(d);
    fmpz_init(ten);
    fmpz_abs(n, fmpq_numref(x));
    /* 10^(digits-1) <= |x| 10^e < 10^(digits+1), then made exact */
    e = digits - 1 - ((slong) fmpz_sizeinbase(n, 10) - (slong) fmpz_sizeinbase(fmpq_denref(x), 10));
    for (e++; ; e--)
    {
        fmpz_set_ui(ten, 10);
        fmpz_pow_ui(ten, ten, labs(e));
        if (e >= 0)
        {
            fmpz_mul(n, fmpq_numref(x), ten);
            fmpz_set(d, fmpq_denref(x));
        }
        else
        {
            fmpz_set(n, fmpq_numref(x));
            fmpz_mul(d, fmpq_denref(x), ten);
        }
        if (up)
            fmpz_cdiv_q(n, n, d);
        else
            fmpz_fdiv_q(n, n, d);
        fmpz_set_ui(d, 10);
        fmpz_pow_ui(d, d, digits);
        if (fmpz_cmpabs(n, d) <= 0)
            break;
    }
    if (e >= 0)
        fmpq_set_fmpz_frac(y, n, ten);
    else
    {
        fmpz_mul(fmpq_numref(y), n, ten);
        fmpz_one(fmpq_denref(y));
    }
    fmpz_clear(n);
    fmpz_clear(d);
    fmpz_clear(ten);
}

void
decimal_text(text_t *t, const fmpq_t x, int digits, int up)
{
    slong e, i, len;
    char *s;
    fmpq_t y;
    fmpz_t n, ten, five;

    fmpq_init(y);
    fmpz_init(n);
    fmpz_init(five);
    fmpz_init_set_ui(ten, 10);
    decimal_round(y, x, digits, up);
    /* y = n 10^-e: the denominator is 2^a 5^b, e = max(a, b) */
    e = fmpz_is_zero(fmpq_numref(y)) ? 0 : (slong) fmpz_val2(fmpq_denref(y));
    fmpz_set_ui(five, 5);
    e = FLINT_MAX(e, fmpz_remove(n, fmpq_denref(y), five));
    fmpz_pow_ui(n, ten, e);
    fmpq_mul_fmpz(y, y, n);
    s = fmpz_get_str(NULL, 10, fmpq_numref(y));
    i = s[0] == '-';
    len = strlen(s + i);
    if (i)
        text_printf(t, "-");
    if (e == 0 && len <= 15)
        text_printf(t, "%s", s + i);
    else if (e < len && e > 0)
        text_printf(t, "%.*s.%s", (int) (len - e), s + i, s + i + len - e);
    else if (e > 0 && e - len < 5)
        text_printf(t, "0.%.*s%s", (int) (e - len), "00000", s + i);
    else
    {
        slong x10 = len - 1 - e;
        while (len > 1 && s[i + len - 1] == '0')
            s[i + --len] = '\0';
        text_printf(t, "%c%s%se%ld", s[i], len > 1 ? "." : "", s + i + 1, (long) x10);
    }
    flint_free(s);
    fmpq_clear(y);
    fmpz_clear(n);
    fmpz_clear(ten);
    fmpz_clear(five);
}

void
sentence_problem(text_t *t, const certificate_t *C)
{
    const problem_t *P = &C->P;
    slong i;
    char name[32];

    text_printf(t, "problem   sha256 %s\n", C->digest);
    if (P->kind == NET_RESIDUAL)
        text_printf(t, "network   residual, %ld units of depth %ld, width %ld\n", (long) P->l,
                    (long) P->r, (long) qmat_rows(P->X));
    else
    {
        text_printf(t, "network   %s %ld", network_name[P->kind], (long) qmat_rows(P->X));
        for (i = 0; i < P->l; i++)
            text_printf(t, "-%ld", (long) qmat_rows(P->W + i));
        for (i = 0; P->act != NULL && i < P->l - 1; i++)
        {
            text_printf(t, "%s%s", i == 0 ? ", activations " : ", ",
                        activation_name[P->act[i].kind]);
            if (activation_has_slope(P->act[i].kind))
            {
                text_printf(t, " ");
                text_fmpq(t, P->act[i].slope);
            }
        }
        text_printf(t, P->b != NULL ? ", biases\n" : "\n");
    }
    text_printf(t, "data      %ld samples, X %ld x %ld, Y %ld x %ld\n",
                (long) qmat_cols(P->X), (long) qmat_rows(P->X), (long) qmat_cols(P->X),
                (long) qmat_rows(P->Y), (long) qmat_cols(P->Y));
    problem_block_name(name, sizeof name, P, 0);
    text_printf(t, "loss      h(W) = ");
    text_fmpq(t, P->scale);
    for (i = 0; i < qmat_cols(P->X) && fmpq_is_one(P->weights + i); i++)
        ;
    text_printf(t, i == qmat_cols(P->X) ? " ||f(X) - Y||_F^2" : " sum_i w_i ||f(x_i) - y_i||^2");
    if (!fmpq_is_zero(P->weight_decay))
    {
        text_printf(t, " + ");
        text_fmpq(t, P->weight_decay);
        text_printf(t, "/2 ||W||_F^2");
    }
    text_printf(t, ", point %s*, ...\n", name);
}

/* "1/20", or "1/20, 1/10, ..." when they differ. */
static void
radii(text_t *t, const claim_t *c)
{
    slong i, same = 1;

    for (i = 1; i < c->nradius; i++)
        same &= fmpq_equal(c->radius, c->radius + i);
    for (i = 0; i < (same ? 1 : c->nradius); i++)
    {
        if (i > 0)
            text_printf(t, ", ");
        text_fmpq(t, c->radius + i);
    }
}

static void
neighbourhood(text_t *t, const problem_t *P, const claim_t *c, int latex)
{
    const char *w = P->kind == NET_RESIDUAL ? (latex ? "A_{kq}" : "A_kq") : latex ? "W_k" : "W_k";
    const char *bar = latex ? "\\|" : "||", *le = latex ? "\\le" : "<=";
    const char *star = latex ? "^*" : "*", *f = c->norm == NORM_FROBENIUS ? "_F" : "";

    if (c->norm == NORM_FEATURE)
        text_printf(t, latex ? "\\|s(W_1 X%s) - s(W_1^* X%s)\\| \\le " : "||s(W_1 X%s) - s(W_1* X%s)|| <= ",
                    P->b != NULL ? " + b_1" : "", P->b == NULL ? "" : latex ? " + b_1^*" : " + b_1*");
    else
        text_printf(t, "%s%s - %s%s%s%s %s ", bar, w, w, star, bar, f, le);
    radii(t, c);
}

/* "1/3 (= 0.33333 rounded up)". */
static void
constant(text_t *t, const fmpq_t x, int up)
{
    fmpq_t d;

    text_fmpq(t, x);
    if (fmpz_is_one(fmpq_denref(x)))
        return;
    fmpq_init(d);
    decimal_round(d, x, 5, up);
    text_printf(t, " (= ");
    decimal_text(t, x, 5, up);
    text_printf(t, fmpq_equal(d, x) ? ")" : up ? " rounded up)" : " rounded down)");
    fmpq_clear(d);
}

static void
regularity(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int refuted = k->verdict == VERDICT_REFUTED;

    text_printf(t, refuted ? "It is not true that for every W with " : "For every W with ");
    neighbourhood(t, P, c, 0);
    text_printf(t, " for all %s, and ||G v|| >= delta ||v||,\n"
                "    <grad h(W), v> >= alpha ||grad h(W)||^2 + beta ||v||^2,   v = vec(W - W*),\n",
                P->kind == NET_RESIDUAL ? "k, q" : "k");
    text_printf(t, "    delta = ");
    constant(t, c->delta, 1);
    text_printf(t, ", alpha = ");
    constant(t, c->alpha, 0);
    text_printf(t, ", beta = ");
    constant(t, c->beta, 0);
    text_printf(t, ".\nG is the Jacobian of the residual at W*; G^T G is the Hessian of h there where "
                "the residual vanishes.\n");
    if (qmat_rows(P->features) > 0)
        text_printf(t, "W_1* = s^-1(Phi*) X^+ for the given features Phi*.\n");
    if (k->rank >= 0 && k->rank == k->directions)
        text_printf(t, "G is injective: the kernel that the cone keeps away from is zero.\n");
    else if (k->rank >= 0)
        text_printf(t, "The kernel of G has dimension %ld of %ld: the cone leaves out the directions "
                    "near it.\n", (long) (k->directions - k->rank), (long) k->directions);
    if (refuted)
        text_printf(t, "The certificate holds a point of the neighbourhood and the cone where this "
                    "fails.\n");
    if (k->has_radius_factor)
    {
        text_printf(t, "With every radius multiplied by ");
        decimal_text(t, k->radius_factor, 5, 1);
        text_printf(t, " it is false (verified): possible / certified radius <= ");
        decimal_text(t, k->radius_factor, 5, 1);
        text_printf(t, ".\n");
    }
}

static void
regularity_latex(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    text_printf(t, k->verdict == VERDICT_REFUTED ? "It is false that for every $W$ with $"
                : "For every $W$ with $");
    neighbourhood(t, P, c, 1);
    text_printf(t, "$ for every block and $\\|G v\\| \\ge \\delta \\|v\\|$, where "
                "$v = \\mathrm{vec}(W - W^*)$ and $G$ is the Jacobian of the residual at $W^*$,\n"
                "\\[ \\langle \\nabla h(W), v \\rangle \\ge \\alpha\\, \\|\\nabla h(W)\\|^2 + "
                "\\beta\\, \\|v\\|^2, \\qquad \\delta = ");
    text_fmpq(t, c->delta);
    text_printf(t, ", \\quad \\alpha = ");
    text_fmpq(t, c->alpha);
    text_printf(t, ", \\quad \\beta = ");
    text_fmpq(t, c->beta);
    text_printf(t, ". \\]\n");
    if (qmat_rows(P->features) > 0)
        text_printf(t, "Here $W_1^* = s^{-1}(\\Phi^*) X^{+}$ for the given features $\\Phi^*$.\n");
    if (k->verdict == VERDICT_REFUTED)
        text_printf(t, "The certificate holds a point where this fails.\n");
    if (k->has_radius_factor)
    {
        text_printf(t, "With every radius multiplied by $");
        decimal_text(t, k->radius_factor, 5, 1);
        text_printf(t, "$ it is false.\n");
    }
}

/* The first digits of x > 0, none of them rounded, and dots: "3.1415..", "3.1415..e20". */
static void
first_digits(text_t *t, const fmpq_t x, int digits, int latex)
{
    slong e;
    fmpz_t n;
    fmpq_t y;
    text_t s;

    fmpz_init(n);
    fmpq_init(y);
    text_init(&s);
    e = (slong) fmpz_sizeinbase(fmpq_numref(x), 10) - (slong) fmpz_sizeinbase(fmpq_denref(x), 10);
    for (e = e >= -4 && e < digits - 1 ? 0 : e + 1; ; e--)
    {   /* 1 <= x 10^-e < 10, if e is not 0 */
        fmpz_ui_pow_ui(n, 10, labs(e));
        if (e >= 0)
            fmpq_div_fmpz(y, x, n);
        else
            fmpq_mul_fmpz(y, x, n);
        if (e == 0 || fmpq_cmp_si(y, 1) >= 0)
            break;
    }
    decimal_text(&s, y, digits, 0);
    text_printf(t, "%s%s", s.data, strchr(s.data, '.') == NULL ? ".0" : "");
    text_printf(t, latex ? "\\ldots" : "..");
    if (e != 0)
        text_printf(t, latex ? "\\cdot 10^{%ld}" : "e%ld", (long) e);
    fmpz_clear(n);
    fmpq_clear(y);
    text_clear(&s);
}

/* The exact value if it is short, otherwise its first digits. */
static void
loss_value(text_t *t, const fmpq_t x, int latex)
{
    if (fmpz_sizeinbase(fmpq_numref(x), 10) + fmpz_sizeinbase(fmpq_denref(x), 10) <= 24)
        text_fmpq(t, x);
    else
        first_digits(t, x, 12, latex);
}

/* "9", "3.6180339..", the digits that the ends of the interval share, or
   "between 2 and 3.5" if these are few. */
static void
eigenvalue(text_t *t, const pattern_t *p, slong i, int latex)
{
    int digits;
    fmpq_t x, y;

    if (fmpq_equal(p->low + i, p->high + i))
    {
        text_fmpq(t, p->low + i);
        return;
    }
    fmpq_init(x);
    fmpq_init(y);
    for (digits = 8; digits > 2; digits--)
    {
        decimal_round(x, p->low + i, digits, 0);
        decimal_round(y, p->high + i, digits, 0);
        if (fmpq_equal(x, y) && fmpq_sgn(x) > 0)
            break;
    }
    if (digits > 2)
        first_digits(t, x, digits, latex);
    else
    {
        text_printf(t, latex ? "(" : "between ");
        decimal_text(t, p->low + i, 12, 0);
        text_printf(t, latex ? ", " : " and ");
        decimal_text(t, p->high + i, 12, 1);
        text_printf(t, latex ? ")" : "");
    }
    fmpq_clear(x);
    fmpq_clear(y);
}

/* 1 if the loss is 1/2 ||f(X) - Y||_F^2. */
static int
plain_loss(const problem_t *P)
{
    slong i, m = qmat_cols(P->X);
    fmpq *D = _fmpq_vec_init(m);
    int plain = 1;

    problem_curvature(D, P);
    for (i = 0; i < m; i++)
        plain &= fmpq_is_one(D + i);
    _fmpq_vec_clear(D, m);
    return plain;
}

/* The spectra and what the point captures of them, then its class. */
static void
patterns(text_t *t, const problem_t *P, const conclusion_t *k, int latex)
{
    static const char *const says[CRITICAL_CLASSES] = {
        "a global minimiser (Zhou and Liang 2018, Propositions 2 and 5)",
        "of non-optimal order: an eigenvalue is captured, a larger one is not fully; it is not a local minimum (Theorem 2)",
        "of optimal order: none larger than a captured eigenvalue is left out, but the rank is smaller than the width allows; it is not a local minimum (Theorem 2)",
        "of deep-non-optimal order: for some k an eigenvalue is captured, a larger one is not fully; it is not a local minimum (Theorem 4)",
        "of deep-optimal order: none larger than a captured eigenvalue is left out, but the rank of the last layer is smaller than its width allows; it is not a local minimum (Theorem 4)",
        "of the kind that Zhou and Liang 2018, section 3, leave open"
    };
    const char *d = latex ? "$" : "";
    char between[64];
    slong i, j, l = P->l;

    for (j = 0; j < k->npatterns; j++)
    {
        const pattern_t *p = k->pattern + j;
        if (l == 1)
            snprintf(between, sizeof between, "The empty product");
        else if (l == j + 2)
            snprintf(between, sizeof between, latex ? "W_{%ld}" : "W_%ld", (long) l);
        else
            snprintf(between, sizeof between, latex ? "W_{%ld} \\cdots W_{%ld}" : "W_%ld..W_%ld", (long) l, (long) j + 2);
        text_printf(t, "%s%s%s has rank %ld and captures, of the eigenvalues of ", l == 1 ? "" : d, between, l == 1 ? "" : d,
                    (long) pattern_rank(p));
        if (j == 0)
            text_printf(t, latex ? "$\\Sigma = Y X^{+} X Y^T$: " : "Sigma = Y X^+ X Y^T: ");
        else
        {
            text_printf(t, latex ? "$\\Sigma_{%ld} = Y (A X)^{+} A X Y^T$, $A = W_{%ld}" : "Sigma_%ld = Y (A X)^+ A X Y^T, A = W_%ld",
                        (long) j, (long) j);
            text_printf(t, j == 1 ? "" : latex ? " \\cdots W_1" : "..W_1");
            text_printf(t, latex ? "$: " : ": ");
        }
        for (i = 0; i < p->n; i++)
        {
            text_printf(t, "%s%s", i == 0 ? "" : ", ", d);
            eigenvalue(t, p, i, latex);
            text_printf(t, "%s (%ld of %ld)", d, (long) p->captured[i], (long) p->multiplicity[i]);
        }
        text_printf(t, ".\n");
    }
    if (k->npatterns == 0)
        return;
    text_printf(t, latex ? "$h(W^*) = \\frac12 (\\mathrm{tr}\\, Y Y^T - \\sum_i p_i \\sigma_i)$, $p_i$ of the eigenvalue "
                "$\\sigma_i$ of $\\Sigma$ being captured.\n"
                : "h(W*) = 1/2 (tr Y Y^T - the sum of the captured eigenvalues of Sigma).\n");
    if (!plain_loss(P))
        text_printf(t, latex ? "Here $X D^{1/2}$ and $Y D^{1/2}$ stand for $X$ and $Y$, $D$ the diagonal of $2 \\cdot \\mathrm{scale} \\cdot \\mathrm{weight}$ per sample.\n"
                    : "Here X D^{1/2} and Y D^{1/2} stand for X and Y, D the diagonal of 2 * scale * weight of each sample.\n");
    text_printf(t, "The critical point is %s.\n", says[pattern_class(k->pattern, P)]);
}

/* What the claims without parameters say of W*, and of its refutation. */
static void
local_nature(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k, int latex)
{
    static const char *const says[][2] = {
        { "The gradient of h vanishes at W*", "The gradient of h does not vanish at W*" },
        { "W* is a strict saddle: a critical point with a direction of negative curvature",
          "W* is not a strict saddle" },
        { "W* is a saddle: a critical point with smaller and larger values of h in every neighbourhood",
          "W* is not a saddle" },
        { "W* is a local minimum, and a global one",
          "W* is not a local minimum: h decreases along a polynomial curve from it" },
        { "W* is not a local minimum: h decreases along a polynomial curve from it",
          "It is not true that W* is not a local minimum: it is a global minimum" },
        { "The Hessian of h at W* is positive semidefinite",
          "The Hessian of h at W* is not positive semidefinite" }
    };
    const char *s = says[c->kind - CLAIM_CRITICAL_POINT][k->verdict == VERDICT_REFUTED];

    if (c->has_tolerance)
    {
        text_printf(t, latex ? "$\\|\\nabla h(W^*)\\| %s " : "||grad h(W*)|| %s ",
                    k->verdict == VERDICT_REFUTED ? ">" : latex ? "\\le" : "<=");
        constant(t, c->tolerance, k->verdict == VERDICT_PROVED);
        s = latex ? "$" : "";
    }
    for (; *s != '\0'; s++)
        if (latex && s[0] == 'W' && s[1] == '*')
        {
            text_printf(t, "$W^*$");
            s++;
        }
        else
            text_printf(t, "%c", *s);
    text_printf(t, latex ? ".  $h(W^*) = " : ".  h(W*) = ");
    loss_value(t, k->loss, latex);
    text_printf(t, latex ? "$.\n" : ".\n");
    patterns(t, P, k, latex);
}

/* W* is a global minimiser, or nearly; plain text or LaTeX. */
static void
global_minimizer(text_t *t, const claim_t *c, const conclusion_t *k, int latex)
{
    int refuted = k->verdict == VERDICT_REFUTED;
    const char *d = latex ? "$" : "", *star = latex ? "^*" : "*";

    if (c->has_tolerance)
    {
        text_printf(t, refuted ? "It is not true that %sh(W%s) - h%s %s " : "%sh(W%s) - h%s %s ", d, star, star,
                    latex ? "\\le" : "<=");
        text_fmpq(t, c->tolerance);
        text_printf(t, "%s", d);
        if (!refuted && !fmpz_is_one(fmpq_denref(c->tolerance)))
        {
            text_printf(t, latex ? " ($\\le$ $" : " (<= ");
            decimal_text(t, c->tolerance, 5, 1);
            text_printf(t, latex ? "$)" : ")");
        }
        text_printf(t, ".\n");
    }
    else
        text_printf(t, refuted ? "The point %sW%s%s is not a global minimiser.\n"
                    : "The point %sW%s%s is a global minimiser.\n", d, star, d);
    text_printf(t, "%sh(W%s) = ", d, star);
    loss_value(t, k->loss, latex);
    text_printf(t, "%s%s.\n", d, refuted || c->has_tolerance ? "" : k->at_minimum == 1
                ? ", the infimum over all matrices in place of the product"
                : ", more than the infimum over all matrices: the narrowest layer limits the rank");
    if (refuted)
        text_printf(t, "The certificate holds a better point.\n");
}

void
sentence_claim(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int refuted = k->verdict == VERDICT_REFUTED;

    if (c->kind == CLAIM_FULL_RANK)
    {
        text_printf(t, refuted ? "It is not true that X X^T and X Y^T both have full rank.\n"
                    : "X X^T and X Y^T have full rank.\n");
        return;
    }
    if (c->kind == CLAIM_DISTINCT_EIGENVALUES)
    {
        text_printf(t, "Sigma = Y X^+ X Y^T %s.\n",
                    refuted ? "has a repeated eigenvalue" : "has pairwise distinct eigenvalues");
        return;
    }
    if (c->kind == CLAIM_REGULARITY)
    {
        regularity(t, P, c, k);
        return;
    }
    if (c->kind == CLAIM_GLOBAL_MINIMIZER)
    {
        global_minimizer(t, c, k, 0);
        return;
    }
    if (claim_is_local(c->kind))
    {
        local_nature(t, P, c, k, 0);
        return;
    }
    if (c->kind == CLAIM_INEQUALITY)
    {
        text_printf(t, refuted ? "It is not true that " : "At this point ");
        certificate_write_side(t, P, c->q.side);
        text_printf(t, " %s ", relation_name[c->q.relation]);
        certificate_write_side(t, P, c->q.side + 1);
        text_printf(t, refuted ? " at this point.\n" : ".\n");
        return;
    }
    text_printf(t, refuted ? "It is not true that for every W with " : "For every W with ");
    neighbourhood(t, P, c, 0);
    if (P->kind == NET_FEEDFORWARD && c->norm != NORM_FEATURE)
        text_printf(t, " for k < %ld%s", (long) P->l, P->b != NULL ? ", the same for b_k" : "");
    else if (c->norm != NORM_FEATURE)
        text_printf(t, P->kind == NET_RESIDUAL ? " for all k, q" : " for all k");
    if (P->kind == NET_FEEDFORWARD)
        text_printf(t, " (W_%ld%s is unrestricted)", (long) P->l, P->b != NULL ? " with its bias" : "");
    text_printf(t, ",\n    h(W) - h* <= lambda ||grad h(W)||^2   with lambda = ");
    text_fmpq(t, c->lambda);
    if (!fmpz_is_one(fmpq_denref(c->lambda)))
    {
        fmpq_t d;
        fmpq_init(d);
        decimal_round(d, c->lambda, 5, 1);
        text_printf(t, " (= ");
        decimal_text(t, c->lambda, 5, 1);
        text_printf(t, fmpq_equal(d, c->lambda) ? ")" : " rounded up)");
        fmpq_clear(d);
    }
    text_printf(t, ".\n");
    if (refuted)
        text_printf(t, "The certificate holds a point of the neighbourhood where this fails.\n");
    else if (P->kind == NET_FEEDFORWARD)
        text_printf(t, "The gradient with respect to W_%ld%s alone suffices, so kinks of the "
                    "activation do no harm.\n", (long) P->l, P->b != NULL ? " and its bias" : "");
    if (k->has_lambda_lower)
    {
        text_printf(t, "No lambda below ");
        decimal_text(t, k->lambda_lower, 5, 0);
        text_printf(t, " is valid here (verified): certified / possible <= ");
        {
            fmpq_t q;
            fmpq_init(q);
            if (!fmpq_is_zero(k->lambda_lower))
                fmpq_div(q, c->lambda, k->lambda_lower);
            decimal_text(t, q, 4, 1);
            fmpq_clear(q);
        }
        text_printf(t, ".\n");
    }
    if (k->has_paper_lambda)
    {
        text_printf(t, "The constant of Zhou & Liang 2017, Theorem %d, is at least ",
                    P->kind == NET_LINEAR ? 1 : P->kind == NET_RESIDUAL ? 2 : 3);
        decimal_text(t, k->paper_lambda, 5, 0);
        text_printf(t, " (verified%s).\n",
                    qmat_rows(P->X) == qmat_cols(P->X) ? "" : "; the paper states it for m = d");
    }
    if (!refuted && k->at_minimum < 0)
        text_printf(t, "Whether W* is a minimiser is not examined: the inequality holds around it "
                    "all the same.\n");
    else if (!refuted && k->at_minimum)
        text_printf(t, "The point W* is an exact global minimiser%s.\n",
                    P->kind == NET_FEEDFORWARD ? ", with zero loss" : "");
    else if (!refuted)
        text_printf(t, "The point W* does not %s: the inequality holds around it all the same.\n",
                    P->kind == NET_FEEDFORWARD ? "have zero loss" : "attain the least-squares minimum h_inf");
}

void
sentence_claim_latex(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    int refuted = k->verdict == VERDICT_REFUTED;

    if (c->kind == CLAIM_FULL_RANK)
    {
        text_printf(t, refuted ? "$XX^T$ and $XY^T$ do not both have full rank.\n"
                    : "$XX^T$ and $XY^T$ have full rank.\n");
        return;
    }
    if (c->kind == CLAIM_DISTINCT_EIGENVALUES)
    {
        text_printf(t, "$\\Sigma = Y X^{+} X Y^T$ %s.\n",
                    refuted ? "has a repeated eigenvalue" : "has pairwise distinct eigenvalues");
        return;
    }
    if (c->kind == CLAIM_REGULARITY)
    {
        regularity_latex(t, P, c, k);
        return;
    }
    if (c->kind == CLAIM_GLOBAL_MINIMIZER)
    {
        global_minimizer(t, c, k, 1);
        return;
    }
    if (claim_is_local(c->kind))
    {
        local_nature(t, P, c, k, 1);
        return;
    }
    if (c->kind == CLAIM_INEQUALITY)
    {
        text_printf(t, refuted ? "It is false at this point that\n\\[ \\texttt{\\detokenize{"
                    : "At this point\n\\[ \\texttt{\\detokenize{");
        certificate_write_side(t, P, c->q.side);
        text_printf(t, "}} %s \\texttt{\\detokenize{", c->q.relation == REL_GE ? "\\ge"
                    : c->q.relation == REL_LE ? "\\le" : relation_name[c->q.relation]);
        certificate_write_side(t, P, c->q.side + 1);
        text_printf(t, "}}. \\]\n");
        return;
    }
    text_printf(t, refuted ? "It is false that for every $W$ with $" : "For every $W$ with $");
    neighbourhood(t, P, c, 1);
    text_printf(t, "$%s%s,\n\\[ h(W) - h^* \\le \\lambda\\, \\|\\nabla h(W)\\|^2, \\qquad \\lambda = ",
                P->kind == NET_FEEDFORWARD && c->norm != NORM_FEATURE ? " in every hidden layer"
                : c->norm == NORM_FEATURE ? "" : " for every block",
                P->kind != NET_FEEDFORWARD ? "" : P->b != NULL
                ? c->norm == NORM_FEATURE ? " (the last layer and its bias are unrestricted)"
                : " (the same for the biases; the last layer and its bias are unrestricted)"
                : " (the last layer is unrestricted)");
    text_fmpq(t, c->lambda);
    text_printf(t, ". \\]\n");
    if (refuted)
        text_printf(t, "The certificate holds a point where this fails.\n");
    else if (P->kind == NET_FEEDFORWARD)
        text_printf(t, "The gradient with respect to the last layer alone suffices, so kinks of the "
                    "activation do no harm.\n");
    if (k->has_lambda_lower)
    {
        text_printf(t, "No $\\lambda$ below $");
        decimal_text(t, k->lambda_lower, 5, 0);
        text_printf(t, "$ is valid on this neighbourhood.\n");
    }
    if (k->has_paper_lambda)
    {
        text_printf(t, "The constant of Zhou and Liang (2017) is at least $");
        decimal_text(t, k->paper_lambda, 5, 0);
        text_printf(t, "$.\n");
    }
}
