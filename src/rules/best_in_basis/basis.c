/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kawaguchi, Huang & Kaelbling 2019, Theorem 1, as weak duality: for u in the domain of the
   conjugate, phi(q) >= <u, q> + V(u).  If <u, t> = 0 for all t of a space T, phi(f0 + t) >=
   V(u) + <u, f0>; if T = {M beta}, |beta| <= r, then phi >= V(u) + <u, f0> - r |M^T u|.  And the
   infimum over f + T is phi(f) iff grad phi(f) is orthogonal to T.  doc/rules/best-in-basis.md. */
#include <stdio.h>
#include <string.h>
#include "basis.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/conjugate.h"
#include "rules/cell.h"
#include "rules/samples.h"

const char basis_about_type[] = "basis";

static const char *const words[BASIS_KINDS] = { "functions", "inputs", "layers", "last", "residual", "cell", "tangent" };

/* A number of a list of layers, rising, at most l - 1. */
static const char *
parse_layer(basis_t *b, const char **p, const char *end, const problem_t *P)
{
    slong k = 0;
    const char *s = *p;

    while (s < end && *s >= '0' && *s <= '9' && k < P->l)
        k = 10 * k + (*s++ - '0');
    if (s == *p || (**p == '0' && s > *p + 1) || k >= P->l)
        return "a layer from 0, the inputs, to the last hidden one is expected";
    if (b->n > 0 && k <= b->layer[b->n - 1])
        return "the layers rise";
    if (b->n == BASIS_MAX_LAYERS)
        return "too many layers";
    b->layer[b->n++] = k;
    *p = s;
    return NULL;
}

const char *
basis_parse(basis_t *b, const char **p, const char *end, const problem_t *P)
{
    const char *wrong = NULL;
    int k;

    memset(b, 0, sizeof *b);
    for (k = 0; k < BASIS_KINDS; k++)
    {
        size_t n = strlen(words[k]);
        if ((size_t) (end - *p) >= n && memcmp(*p, words[k], n) == 0)
        {
            *p += n;
            break;
        }
    }
    if (k == BASIS_KINDS)
        return BASIS_WORDS;
    if (k == BASIS_RESIDUAL && P->kind != NET_RESNET)
        return "the basis residual is for resnets";
    if (k == BASIS_CELL && !network_is_rational(P))
        return "the basis cell is for piecewise linear activations";
    b->kind = k;
    while (k == BASIS_LAYERS && wrong == NULL && *p < end && **p == ':')
    {
        ++*p;
        wrong = parse_layer(b, p, end, P);
    }
    return wrong == NULL && k == BASIS_LAYERS && b->n == 0 ? "layers:K is expected" : wrong;
}

void
basis_text(text_t *t, const basis_t *b)
{
    slong i;

    text_printf(t, "%s", words[b->kind]);
    for (i = 0; i < b->n; i++)
        text_printf(t, ":%ld", (long) b->layer[i]);
}

int
basis_equal(const basis_t *a, const basis_t *b)
{
    return a->kind == b->kind && a->n == b->n && memcmp(a->layer, b->layer, a->n * sizeof *a->layer) == 0;
}

const char *
basis_refuses(const problem_t *P)
{
    const char *why = pass_refuses(P);

    if (why == NULL)
        why = loss_refuses(P);
    return why == NULL && !fmpq_is_zero(P->weight_decay)
        ? "not with weight-decay: the loss is then no function of the outputs" : why;
}

int
basis_has_radius(const basis_t *b, const problem_t *P)
{
    return b->kind == BASIS_TANGENT || (b->kind == BASIS_LAYERS && b->n == 1 && b->layer[0] == P->l - 1
                                        && P->b != NULL && !network_has_shortcuts(P));
}

int
basis_needs_slopes(const basis_t *b)
{
    return b->kind == BASIS_TANGENT || b->kind == BASIS_CELL;
}

int
basis_has_point(const basis_t *b, const problem_t *P)
{
    slong i, k;

    if (b->kind == BASIS_INPUTS)
        return P->l == 1;
    if (b->kind != BASIS_LAYERS)
        return 1;
    for (i = k = 0; i < P->skips; i++)
    {
        while (k < b->n && b->layer[k] < P->skip[i])
            k++;
        if (k == b->n || b->layer[k] != P->skip[i])
            return 0;
    }
    return b->layer[b->n - 1] == P->l - 1;
}

/* A := the sums of the columns of u over the groups of equal samples, exact; or, spread, for A
   with a column for every group the matrix with those columns for the samples. */
static void
sum_groups(qmat_t A, const qmat_t u, const qmat_t X, int spread)
{
    slong i, j, m = qmat_cols(X), *group = flint_malloc(m * sizeof *group), n = samples_group(group, X);
    qmat_t t;

    qmat_init(t, qmat_rows(u), spread ? m : n);
    if (work_take(qmat_rows(u), 1, m, FLINT_ABS(fmpz_mat_max_bits(u->num)), 64))
        for (i = 0; i < qmat_rows(u); i++)
            for (j = 0; j < m; j++)
            {
                fmpz *sum = fmpz_mat_entry(t->num, i, spread ? j : group[j]);
                fmpz_add(sum, sum, fmpz_mat_entry(u->num, i, spread ? group[j] : j));
            }
    fmpz_set(t->den, u->den);
    fmpq_set(t->rad, u->rad);   /* only compared with 0 */
    qmat_canonicalise(t);
    qmat_swap(A, t);
    qmat_clear(t);
    flint_free(group);
}

int
basis_rows(qmat_t Phi, const basis_t *b, const pass_t *p)
{
    slong i;

    if (b->kind == BASIS_CELL)
        return cell_space(Phi, p);
    if (b->kind == BASIS_LAST)
        qmat_set(Phi, pass_input(p, p->l - 1));
    else
        qmat_set(Phi, p->in + (b->kind == BASIS_LAYERS ? b->layer[0] : 0));
    if (b->kind == BASIS_RESIDUAL)
        qmat_stack(Phi, Phi, p->in + p->l - 2);
    for (i = 1; i < b->n; i++)
        qmat_stack(Phi, Phi, p->in + b->layer[i]);
    if (b->kind == BASIS_LAST ? problem_bias(p->P, p->l - 1) != NULL : b->kind != BASIS_RESIDUAL)
        cell_append_ones(Phi, qmat_cols(p->P->X));
    return 1;
}

void
basis_pullback(qmat_struct *g, const basis_t *b, const pass_t *p, setting_t *s, const qmat_t u)
{
    MATRICES(Phi);

    if (b->kind == BASIS_TANGENT)
        pass_backward(g, g + p->l, p, s, u);
    else if (b->kind == BASIS_FUNCTIONS)
        sum_groups(g, u, p->P->X, 0);
    else if (!basis_rows(Phi, b, p))
        facts_fail(s->f, "cell", "the span of the cell is beyond the limits");
    else if (qmat_rows(Phi) > 0)
    {
        qmat_transpose(Phi, Phi);
        qmat_mul(g, u, Phi);
    }
}

int
basis_annihilates(const basis_t *b, const pass_t *p, setting_t *s, const qmat_t u)
{
    qmat_struct *g = qmat_vec_init(2 * p->l);
    slong i;
    int zero = 1, exact = 1;

    basis_pullback(g, b, p, s, u);
    for (i = 0; i < 2 * p->l; i++)
    {
        exact &= qmat_is_exact(g + i);
        zero &= qmat_is_zero(g + i);
    }
    qmat_vec_clear(g, 2 * p->l);
    return exact ? zero : -1;
}

int
basis_annihilates_gradient(const basis_t *b, const pass_t *p, setting_t *s)
{
    MATRICES(E);

    loss_gradient(E, p->P, pass_output(p));
    return qmat_is_exact(E) ? basis_annihilates(b, p, s, E) : -1;
}

/* x >= |M^T u|, M the map from the parameters of the basis to the outputs. */
static void
pullback_norm(fmpq_t x, const basis_t *b, const pass_t *p, setting_t *s, const qmat_t u)
{
    slong i;
    qmat_struct *g = qmat_vec_init(2 * p->l);
    NUMBERS(t);

    fmpq_zero(x);
    basis_pullback(g, b, p, s, u);
    for (i = 0; i < 2 * p->l; i++)
    {
        qmat_frobenius_upper(t, g + i);
        number_addmul(x, t, t);
    }
    number_sqrt_upper(x, x);
    qmat_vec_clear(g, 2 * p->l);
}

/* x <= <u, F> for all matrices of the ball F. */
static void
inner_lower(fmpq_t x, const qmat_t u, const qmat_t F)
{
    NUMBERS(t);

    qmat_inner(x, u, F);
    if (qmat_is_exact(F))
        return;
    qmat_frobenius_upper(t, u);
    number_mul(t, t, F->rad);
    number_sub(x, x, t);
}

void
basis_role(char role[ROLE_SIZE], const char *kind, const basis_t *b, slong i)
{
    text_t t;

    text_init(&t);
    text_printf(&t, "%s:", kind);
    basis_text(&t, b);
    if (i > 0)
        text_printf(&t, ":%ld", (long) i);
    snprintf(role, ROLE_SIZE, "%s", t.data);
    text_clear(&t);
}

/* u := the dual point, corrected. */
static int
dual_point(qmat_t u, const basis_t *b, const fmpq *radius, const pass_t *p, setting_t *s)
{
    basis_about_t about = { { basis_about_type }, b, radius, p };
    slong d = qmat_rows(p->P->Y), m = qmat_cols(p->P->Y);
    char role[ROLE_SIZE];
    const qmat_struct *A;
    const char *why;
    NUMBERS(one);

    basis_role(role, "dual", b, 0);
    A = fact_matrix(s->f, role, d, m, &about.about, 1);
    if (A == NULL)
        return 0;
    qmat_set(u, A);
    basis_role(role, "dual-correction", b, 0);
    A = fact_matrix(s->f, role, d, m, &about.about, 0);
    fmpq_one(one);
    if (A != NULL)
        qmat_add_scaled(u, u, one, A);
    basis_role(role, "dual", b, 0);
    if (!qmat_is_exact(u))
    {
        facts_fail(s->f, role, "the dual point has an error");
        return 0;
    }
    why = loss_dual_refuses(p->P, u);
    if (why != NULL)
        facts_fail(s->f, role, "%s", why);
    return why == NULL;
}

int
basis_lower(fmpq_t low, const basis_t *b, const fmpq *radius, const pass_t *p, setting_t *s)
{
    char role[ROLE_SIZE];
    NUMBERS(t);
    MATRICES(u);

    fmpq_zero(low);
    if (!dual_point(u, b, radius, p, s))
        return 0;
    loss_dual_value(low, p->P, u);
    if (b->kind == BASIS_TANGENT || radius != NULL)
    {   /* the centre is f(W) */
        inner_lower(t, u, pass_output(p));
        number_add(low, low, t);
    }
    if (radius == NULL)
    {
        int zero = basis_annihilates(b, p, s, u);
        basis_role(role, "dual", b, 0);
        if (zero != 1)
            facts_fail(s->f, role, zero < 0 ? "orthogonality is not exact: transcendental features; give a radius"
                       : "the dual point is not orthogonal to the basis");
        return zero == 1;
    }
    if (!fmpq_is_zero(radius))
    {
        pullback_norm(t, b, p, s, u);
        number_mul(t, t, radius);
        number_sub(low, low, t);
    }
    return 1;
}

/* The outputs F of the member with parameters beta, and dist2 := |beta - centre|^2. */
static int
tangent_member(qmat_t F, fmpq_t dist2, const basis_about_t *about, setting_t *s)
{
    const pass_t *p = about->pass;
    const problem_t *P = p->P;
    qmat_struct *V = qmat_vec_init(2 * p->l);
    slong k;
    int ok = 1;
    char role[ROLE_SIZE];
    NUMBERS(x, one);

    fmpq_zero(dist2);
    fmpq_one(one);
    for (k = 0; k < 2 * p->l && ok; k++)
    {
        slong i = k % p->l;
        const qmat_struct *A;
        if (k >= p->l && problem_bias(P, i) == NULL)
            continue;
        basis_role(role, k < p->l ? "member" : "member-bias", about->basis, i + 1);
        A = fact_matrix(s->f, role, qmat_rows(P->W + i), k < p->l ? qmat_cols(P->W + i) : 1, &about->about, 1);
        ok = A != NULL && qmat_is_exact(A);
        if (!ok)
            break;
        qmat_set(V + k, A);
        qmat_frobenius2_midpoint(x, A);
        number_add(dist2, dist2, x);
    }
    if (ok)
    {
        pass_tangent(F, p, s, V, V + p->l);
        qmat_add_scaled(F, pass_output(p), one, F);
    }
    else
        facts_fail(s->f, role, "an exact matrix is expected");
    qmat_vec_clear(V, 2 * p->l);
    return ok;
}

void
basis_centre(qmat_t A, const problem_t *P)
{
    MATRICES(t);

    qmat_transpose(A, P->W + P->l - 1);
    qmat_transpose(t, P->b + P->l - 1);
    qmat_stack(A, A, t);
    qmat_transpose(A, A);
}

/* The same for A Phi; the centre is (W_l, b_l). */
static int
linear_member(qmat_t F, fmpq_t dist2, const basis_about_t *about, setting_t *s)
{
    const pass_t *p = about->pass;
    const problem_t *P = p->P;
    int all = about->basis->kind == BASIS_FUNCTIONS;
    slong *group = flint_malloc(qmat_cols(P->X) * sizeof *group);
    slong groups = all ? samples_group(group, P->X) : 0;
    char role[ROLE_SIZE];
    const qmat_struct *A;
    MATRICES(Phi, centre);

    flint_free(group);
    if (!all && !basis_rows(Phi, about->basis, p))
    {
        facts_fail(s->f, "cell", "the span of the cell is beyond the limits");
        return 0;
    }
    if (!all && qmat_rows(Phi) == 0)
    {   /* 0 alone: a cell of dead units */
        qmat_sub(F, P->Y, P->Y);
        return 1;
    }
    basis_role(role, "member", about->basis, 0);
    A = fact_matrix(s->f, role, qmat_rows(P->Y), all ? groups : qmat_rows(Phi), &about->about, 1);
    if (A == NULL || !qmat_is_exact(A))
    {
        facts_fail(s->f, role, "an exact matrix is expected");
        return 0;
    }
    if (all)
        sum_groups(F, A, P->X, 1);
    else
        qmat_mul(F, A, Phi);
    if (about->radius != NULL)
    {
        basis_centre(centre, P);
        qmat_sub(centre, centre, A);
        qmat_frobenius2_midpoint(dist2, centre);
    }
    return 1;
}

int
basis_upper(fmpq_t high, const basis_t *b, const fmpq *radius, const pass_t *p, setting_t *s)
{
    basis_about_t about = { { basis_about_type }, b, radius, p };
    int ok;
    NUMBERS(dist2, r2);
    MATRICES(F);

    ok = b->kind == BASIS_TANGENT ? tangent_member(F, dist2, &about, s) : linear_member(F, dist2, &about, s);
    if (!ok)
        return 0;
    if (radius != NULL)
    {
        number_mul(r2, radius, radius);
        if (fmpq_cmp(dist2, r2) > 0)
        {
            facts_fail(s->f, "member", "it lies outside the radius");
            return 0;
        }
    }
    loss_bounds(NULL, high, p->P, F);
    return 1;
}

void
basis_say_members(say_t *s, const basis_t *b, const problem_t *P)
{
    static const char *const plain[BASIS_KINDS] = {
        [BASIS_FUNCTIONS] = "all functions $g$ of the sample $x$",
        [BASIS_INPUTS] = "all maps $g(x) = A x + a$ with matrices $A$ and vectors $a$",
        [BASIS_LAST] = "the maps $g$ of all networks whose layers but the last are those of the point of the problem",
        [BASIS_RESIDUAL] = "all maps $g(x) = A x + B z(x)$ with matrices $A$ and $B$, $z(x)$ being the features at the point of "
                           "the problem that $R$ multiplies",
        [BASIS_CELL] = "all linear combinations $G$ of the outputs on the samples of networks with the activation pattern of "
                       "the point of the problem, the same units active on the same samples",
        [BASIS_TANGENT] = "all outputs $G = f(X) + J \\beta$, $J$ being the derivative of the outputs $f(X)$ on the samples by "
                          "all weights%s at the point of the problem"
    };
    slong i;

    for (i = 0; i < b->n; i++)
        say(s, "%sA_{%ld} h_{%ld}(x)", i > 0 ? " + " : "all maps $g(x) = ", (long) b->layer[i], (long) b->layer[i]);
    if (plain[b->kind] != NULL)
        say(s, plain[b->kind], P->b != NULL ? " and biases" : "");
    else
        say(s, " + a$ with matrices $A_k$ and vectors $a$, $h_k(x)$ being the features of hidden layer $k$ at "
            "the point of the problem%s", b->layer[0] == 0 ? " and $h_0(x) = x$" : "");
    if (P->kind == NET_RESNET && b->n > 0 && b->layer[b->n - 1] == P->l - 1)
        say(s, ", $h_{%ld}(x) = x + R h_{%ld}(x)$", (long) P->l - 1, (long) P->l - 2);
}
