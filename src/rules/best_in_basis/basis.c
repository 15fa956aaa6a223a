/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kawaguchi, Huang & Kaelbling 2019, Theorem 1, as weak duality: for u in the domain of the
   conjugate, phi(q) >= <u, q> + V(u).  If <u, t> = 0 for all t of a space T, phi(f0 + t) >=
   V(u) + <u, f0>; if T = {M beta}, |beta| <= r, then phi >= V(u) + <u, f0> - r |M^T u|.  And the
   infimum over f + T is phi(f) iff grad phi(f) is orthogonal to T.  doc/rules/best-in-basis.md. */
#include <stdio.h>
#include <string.h>
#include "basis.h"
#include "kernel/ask.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "kernel/scope.h"
#include "network/conjugate.h"
#include "rules/cell.h"
#include "rules/flat.h"
#include "rules/samples.h"

const char basis_about_type[] = "basis";

static const char *const words[BASIS_KINDS] = { "functions", "inputs", "layers", "last", "residual", "cell", "chain", "tangent", "flat" };

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
    if (k == BASIS_CHAIN && network_has_shortcuts(P))
        return "the basis chain is for networks without skips";
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
    return pass_outputs_refuses(P);
}

int
basis_has_radius(const basis_t *b, const problem_t *P)
{
    return basis_is_affine(b) || (b->kind == BASIS_LAYERS && b->n == 1 && b->layer[0] == P->l - 1
                                        && P->b != NULL && !network_has_shortcuts(P));
}

int
basis_needs_slopes(const basis_t *b)
{
    return b->kind >= BASIS_CELL;
}

int
basis_is_affine(const basis_t *b)
{
    return b->kind >= BASIS_TANGENT;
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

/* Phi := the rows by which the members of a linear basis are written. */
static int
set_rows(qmat_t Phi, const basis_t *b, const pass_t *p)
{
    slong i;

    if (b->kind == BASIS_CELL)
        return cell_space(Phi, p);
    if (b->kind == BASIS_CHAIN)
        return chain_space(Phi, p);
    if (b->kind == BASIS_LAST)
        pass_input_rows(Phi, p, p->l - 1);
    else
        qmat_set(Phi, p->in + (b->kind == BASIS_LAYERS ? b->layer[0] : 0));
    for (i = 1; i < b->n; i++)
        qmat_stack(Phi, Phi, p->in + b->layer[i]);
    if (b->kind == BASIS_RESIDUAL)
        qmat_stack(Phi, Phi, p->in + p->l - 2);
    else if (b->kind == BASIS_INPUTS || b->kind == BASIS_LAYERS)
        cell_append_ones(Phi, qmat_cols(p->P->X));
    return 1;
}

int
basis_space(space_t *T, const basis_t *b, const pass_t *p, setting_t *s)
{
    int ok = 1;

    space_init(T, b->kind == BASIS_FLAT ? 2 * p->l - 1 : b->kind == BASIS_TANGENT ? p->l : 1);
    if (basis_is_affine(b))
        space_set_tangent(T, p);
    else
        T->layer[0] = p->l;
    if (b->kind == BASIS_FLAT)
        ok = flat_space(T, p->l, p);
    else if (b->kind != BASIS_TANGENT && b->kind != BASIS_FUNCTIONS)
        ok = set_rows(T->rows, b, p);
    if (!ok)
        facts_fail(s->f, words[b->kind], "the basis is beyond the limits");
    return ok;
}

/* g[i] := the gradient by the parameters of part i of <u, members>: M^T u. */
static void
pullback(qmat_struct *g, const space_t *T, const basis_t *b, const pass_t *p, setting_t *s, const qmat_t u)
{
    if (b->kind == BASIS_FUNCTIONS)
        sum_groups(g, u, p->P->X, 0);
    else
        pass_pull(g, p, s, u, T);
}

/* 1 if all n matrices are 0, 0 if not, decided exactly; -1 if one is a ball. */
static int
are_zero(const qmat_struct *g, slong n)
{
    slong i;
    int zero = 1, exact = 1;

    for (i = 0; i < n; i++)
    {
        exact &= qmat_is_exact(g + i);
        zero &= qmat_is_zero(g + i);
    }
    return exact ? zero : -1;
}

int
basis_annihilates(const basis_t *b, const pass_t *p, setting_t *s, const qmat_t u)
{
    qmat_struct *g;
    space_t T;
    int zero = -1;

    if (basis_space(&T, b, p, s))
    {
        g = qmat_vec_init(T.n);
        pullback(g, &T, b, p, s, u);
        zero = are_zero(g, T.n);
        qmat_vec_clear(g, T.n);
    }
    space_clear(&T);
    return zero;
}

int
basis_annihilates_gradient(const basis_t *b, const pass_t *p, setting_t *s)
{
    MATRICES(E);

    loss_gradient(E, p->P, pass_output(p));
    return qmat_is_exact(E) ? basis_annihilates(b, p, s, E) : -1;
}

/* x >= the root of the sum of the squares of the norms of n matrices. */
static void
norm_upper(fmpq_t x, const qmat_struct *g, slong n)
{
    slong i;
    NUMBERS(t);

    fmpq_zero(x);
    for (i = 0; i < n; i++)
    {
        qmat_frobenius_upper(t, g + i);
        number_addmul(x, t, t);
    }
    number_sqrt_upper(x, x);
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
    if (basis_is_affine(b) && strcmp(kind, "member") == 0)
        text_printf(&t, ":%ld", (long) i + 1);
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

/* low <= the loss of every member of a linear basis with transcendental rows R, by a dual point that is nearly orthogonal
   to it, size >= |u R^T|: its projection u - u R^+ R is, and lies within |u R^T| / sigma_min(R) of u. */
static int
projected_lower(fmpq_t low, const fmpq_t size, const qmat_t R, const basis_t *b, setting_t *s, const qmat_t u)
{
    char role[ROLE_SIZE];
    const char *why = "the dual point is not orthogonal to the basis, and its rows may be dependent";
    NUMBERS(mu, tau);
    MATRICES(K, N);

    basis_role(role, "rows", b, 0);
    if (facts_expect_bound(s->f, role, qmat_rows(R)))
    {
        qmat_gram_rows(K, R);
        qmat_round(K, s->f->rounding);
        qmat_set_one(N, qmat_rows(K));
        fact_lower(mu, s->f, role, "\\sigma_{\\min}(R)^2", K, N, NULL, 1);
    }
    if (fmpq_sgn(mu) > 0)
    {
        number_sqrt_lower(mu, mu);
        number_div(tau, size, mu);
        number_round_up(tau, tau);
        why = loss_dual_value_near(low, s->P, u, tau);
    }
    if (why != NULL)
        facts_fail(s->f, role, "%s", why);
    return why == NULL && !s->f->failed;
}

/* low, the bound where <u, members> = 0, made one for all members; 0 after a failure. */
static int
allow_for_members(fmpq_t low, const basis_t *b, const fmpq *radius, const pass_t *p, setting_t *s, const qmat_t u)
{
    char role[ROLE_SIZE];
    space_t T;
    qmat_struct *g;
    int ok = basis_space(&T, b, p, s), zero;
    NUMBERS(size);

    g = qmat_vec_init(T.n);
    if (ok)
        pullback(g, &T, b, p, s, u);
    zero = are_zero(g, T.n);
    if (ok && (radius != NULL || zero < 0))
        norm_upper(size, g, T.n);
    if (ok && radius != NULL)
    {
        number_mul(size, size, radius);
        number_sub(low, low, size);
    }
    else if (ok && zero < 0 && !basis_is_affine(b))
        ok = projected_lower(low, size, T.rows, b, s, u);
    else if (ok && zero != 1)
    {
        basis_role(role, "dual", b, 0);
        facts_fail(s->f, role, zero < 0 ? "orthogonality is not exact: transcendental features; give a radius"
                   : "the dual point is not orthogonal to the basis");
        ok = 0;
    }
    qmat_vec_clear(g, T.n);
    space_clear(&T);
    return ok;
}

int
basis_lower(fmpq_t low, const basis_t *b, const fmpq *radius, const pass_t *p, setting_t *s)
{
    NUMBERS(t);
    MATRICES(u);

    fmpq_zero(low);
    if (!dual_point(u, b, radius, p, s))
        return 0;
    loss_dual_value(low, p->P, u);
    if (basis_is_affine(b) || radius != NULL)
    {   /* the centre is f(W) */
        inner_lower(t, u, pass_output(p));
        number_add(low, low, t);
    }
    return (radius != NULL && fmpq_is_zero(radius)) || allow_for_members(low, b, radius, p, s, u);
}

/* C[i] := the parameters of part i of the member, C[0] alone for functions; x := the square of their
   distance from the centre. */
static int
member(qmat_struct *C, fmpq_t x, const space_t *T, basis_about_t about, setting_t *s)
{
    const basis_t *b = about.basis;
    const problem_t *P = about.pass->P;
    char role[ROLE_SIZE];
    slong i, rows;
    MATRICES(centre);
    NUMBERS(y);

    fmpq_zero(x);
    for (i = 0; i < T->n; i++)
    {
        const qmat_struct *A;
        rows = b->kind == BASIS_FUNCTIONS ? samples_count(P->X) : qmat_rows(T->rows + i);
        if (rows == 0)
            continue;
        basis_role(role, "member", b, i);
        A = fact_matrix(s->f, role, qmat_rows(P->W + T->layer[i] - 1), rows, &about.about, 1);
        if (A == NULL || !qmat_is_exact(A))
        {
            facts_fail(s->f, role, "an exact matrix is expected");
            return 0;
        }
        qmat_set(C + i, A);
        if (about.radius == NULL)
            continue;
        if (basis_is_affine(b))
            qmat_sub(centre, A, A);
        else
            problem_block(centre, P, P->l - 1, 1);
        qmat_sub(centre, centre, A);
        qmat_frobenius2_midpoint(y, centre);
        number_add(x, x, y);
    }
    return 1;
}

/* F := the outputs of the member. */
static void
member_outputs(qmat_t F, const qmat_struct *C, const space_t *T, const basis_t *b, const pass_t *p, setting_t *s)
{
    NUMBERS(one);

    fmpq_one(one);
    if (b->kind == BASIS_FUNCTIONS)
        sum_groups(F, C, p->P->X, 1);
    else
        pass_push(F, p, s, C, T);
    if (basis_is_affine(b))
        qmat_add_scaled(F, pass_output(p), one, F);
}

int
basis_upper(fmpq_t high, const basis_t *b, const fmpq *radius, const pass_t *p, setting_t *s)
{
    basis_about_t about = { { basis_about_type }, b, radius, p };
    qmat_struct *C;
    space_t T;
    int ok = basis_space(&T, b, p, s);
    NUMBERS(dist2, r2);
    MATRICES(F);

    C = qmat_vec_init(T.n);
    ok = ok && member(C, dist2, &T, about, s);
    if (ok)
    {
        if (radius != NULL)
            number_mul(r2, radius, radius);
        member_outputs(F, C, &T, b, p, s);
        loss_bounds(NULL, high, p->P, F);
        if (fmpq_cmp(dist2, r2) > 0)
            facts_fail(s->f, "member", "it lies outside the radius");
    }
    qmat_vec_clear(C, T.n);
    space_clear(&T);
    return ok && !s->f->failed;
}
