/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The critical points with a pattern are those of a linear network on masked data whose w_i lie in the cell (Zhou & Liang 2018, Propositions 6 and 7, corrected).
   Roles, preconditions and the forgeries that try each of them: doc/rules/critical-point-exists.md. */
#include <stdio.h>
#include "critical_point_exists.h"
#include "kernel/ask.h"
#include "kernel/limits.h"
#include "kernel/scope.h"
#include "rules/definitions.h"

const char exists_about_type[] = "critical-point-exists";

static const field_t parameters[] = {
    { "active", &value_list, FIELD_WHOLE | FIELD_FROM_ONE, NULL, NULL, 0 },
    { "units", &value_list, FIELD_WHOLE | FIELD_FROM_ONE, NULL, NULL, 0 },
    { "eigenvalues", &value_list, FIELD_WHOLE | FIELD_FROM_ONE, NULL, NULL, 0 },
    FIELD_END
};
static const field_t constants[] = {
    { "low", &value_number, FIELD_PROVED, NULL, NULL, 0 },
    { "high", &value_number, FIELD_PROVED | FIELD_UP, NULL, NULL, 0 },
    FIELD_END
};

static const char *const findings[] = { NULL };

/* 1 if the numbers rise and are at most most. */
static int
are_rising(const value_t *v, slong most)
{
    slong i;

    for (i = 0; i < v->n; i++)
        if (fmpq_cmp_si(v->list + i, most) > 0 || (i > 0 && fmpq_cmp(v->list + i, v->list + i - 1) <= 0))
            return 0;
    return 1;
}

/* The first of the numbers that is none of the samples that count, or 0. */
static slong
not_counted(const value_t *active, const slong *column, slong n)
{
    slong i, j = 0;

    for (i = 0; i < active->n; i++)
    {
        slong x = fmpz_get_si(fmpq_numref(active->list + i)) - 1;
        while (j < n && column[j] < x)
            j++;
        if (j == n || column[j] != x)
            return x + 1;
    }
    return 0;
}

static const char *
refuses(const problem_t *P, const claim_t *c)
{
    static _Thread_local char why[120];
    const value_t *v = c->value;
    slong n, first, *column;
    const char *wrong = cells_refuse(P);
    NUMBERS(a);

    if (wrong != NULL)
        return wrong;
    if (!are_rising(v + EXISTS_ACTIVE, qmat_cols(P->X)))
        return "active: numbers of samples are expected, in rising order";
    if (!are_rising(v + EXISTS_UNITS, qmat_rows(P->W)) || v[EXISTS_UNITS].n == 0)
        return "units: numbers of units are expected, in rising order, at least one";
    if (!are_rising(v + EXISTS_EIGENVALUES, limit(LIMIT_ROWS)) || v[EXISTS_EIGENVALUES].n > v[EXISTS_UNITS].n)
        return "eigenvalues: places among them are expected, in rising order, no more than there are units";
    activation_negative_slope(a, P->act);
    if (!fmpq_is_zero(a) && v[EXISTS_UNITS].n < qmat_rows(P->W))
        return "units: all of them are expected: those of a slope other than 0 are never inactive";
    column = flint_malloc((qmat_cols(P->X) + 1) * sizeof *column);
    n = cells_columns(column, P);
    first = not_counted(v + EXISTS_ACTIVE, column, n);
    flint_free(column);
    if (n == 0)
        return "for data with a sample that is not 0 and has a positive weight";
    snprintf(why, sizeof why, "active: sample %ld is 0 or has weight 0", (long) first);
    return first != 0 ? why : NULL;
}

/* which, captured := the eigenvalues whose places are given; 0 if there are not so many. */
static int
find_eigenvalues(exists_t *e, const value_t *places)
{
    slong i, at = 0, passed = 0;

    for (i = 0; i < places->n; i++)
    {
        while (at < e->cell.count && fmpq_cmp_si(places->list + i, passed + e->cell.root[at].multiplicity) > 0)
            passed += e->cell.root[at++].multiplicity;
        if (at == e->cell.count)
            return 0;
        if (e->distinct == 0 || e->which[e->distinct - 1] != at)
            e->which[e->distinct++] = at;
        e->captured[e->rank++] = at;
    }
    return 1;
}

int
exists_init(exists_t *e, const problem_t *P, const claim_t *c)
{
    const value_t *active = c->value + EXISTS_ACTIVE, *places = c->value + EXISTS_EIGENVALUES;
    slong i, j, m = qmat_cols(P->X), *column = flint_malloc((m + 1) * sizeof *column);
    fmpq *D = _fmpq_vec_init(m);
    ulong *cell;
    int ok;
    NUMBERS(a);
    MATRICES(X, Y);

    activation_negative_slope(a, P->act);
    fmpq_init(e->norm2);
    e->distinct = e->rank = 0;
    e->which = flint_malloc((places->n + 1) * sizeof *e->which);
    e->captured = flint_malloc((places->n + 1) * sizeof *e->captured);
    e->units = c->value[EXISTS_UNITS].n;
    e->dead = c->value[EXISTS_UNITS].n < qmat_rows(P->W);
    cells_columns(column, P);
    ok = cells_data(X, Y, D, e->norm2, NULL, P);
    ok = cell_samples_init(&e->samples, X, Y, D, a) && ok;
    cell_sums_init(&e->sums, &e->samples);
    cell = flint_calloc(e->samples.words, sizeof *cell);
    for (i = j = 0; i < active->n; i++)
    {
        while (column[j] != fmpz_get_si(fmpq_numref(active->list + i)) - 1)
            j++;
        cell_set(cell, j, 1);
    }
    ok = ok && cell_sums_move(&e->sums, cell);
    ok = unit_cell_init(&e->cell, &e->sums, places->n < c->value[EXISTS_UNITS].n) && ok;
    e->enough = ok && find_eigenvalues(e, places);
    flint_free(cell);
    flint_free(column);
    _fmpq_vec_clear(D, m);
    return ok;
}

void
exists_clear(exists_t *e)
{
    unit_cell_clear(&e->cell);
    cell_sums_clear(&e->sums);
    cell_samples_clear(&e->samples);
    flint_free(e->which);
    flint_free(e->captured);
    fmpq_clear(e->norm2);
}

int
exists_is_dead(const exists_t *e, const fmpq *w)
{
    ulong *none = flint_calloc(e->samples.words, sizeof *none);
    int dead = cell_holds(none, &e->samples, w);

    flint_free(none);
    return dead;
}

int
exists_excludes_dead(const exists_t *e, const slong *sample, slong n)
{
    const cell_samples_t *s = &e->samples;
    fmpz_mat_t A;
    int excludes;

    if (!cell_samples_are(s, sample, n) || n > s->r + 1)
        return 0;
    fmpz_mat_init(A, s->r, n);
    cell_signed_samples(A, s, NULL, sample, n);
    excludes = cell_gordan(NULL, A, n);
    fmpz_mat_clear(A);
    return excludes;
}

/* The numbers of a role; NULL, and a failure, without them, or if there are not so many. */
static const fmpq *
numbers(setting_t *s, const char *role, slong n)
{
    static const about_t about = { exists_about_type };

    return n == 0 ? NULL : fact_numbers(s->f, role, n, &about, 1);
}

/* There is one. */
static void
verify_there(setting_t *s, const conclusion_t *k, exists_t *e)
{
    cell_choice_t choice;
    const fmpq *w, *y;
    slong n;

    if (!k->constant[EXISTS_LOW].given || !k->constant[EXISTS_HIGH].given)
        facts_fail(s->f, "conclusion", "low and high are expected");
    else if (!e->enough)
        facts_fail(s->f, "conclusion", "Sigma has fewer positive eigenvalues");
    if (s->f->failed)
        return;
    if (!cell_choice_init(&choice, &e->cell, e->which, e->distinct))
        facts_fail(s->f, "point", "these eigenvalues are irrational and not simple, or beyond the limits");
    else
    {
        n = cell_choice_numbers(&choice, &e->cell);
        y = numbers(s, "point", n);
        if (!s->f->failed && !cell_choice_contains(&choice, &e->cell, y))
            facts_fail(s->f, "point", "it does not have the pattern");
    }
    cell_choice_clear(&choice, &e->cell);
    if (!s->f->failed && !unit_cell_loss_within(&e->cell, e->captured, e->rank, e->norm2, k->constant[EXISTS_LOW].x, k->constant[EXISTS_HIGH].x))
        facts_fail(s->f, "conclusion", "the loss is not between the bounds");
    if (s->f->failed || !e->dead)
        return;
    w = numbers(s, "dead", e->samples.r);
    if (w != NULL && !exists_is_dead(e, w))
        facts_fail(s->f, "dead", "it is not negative on all samples");
}

/* The samples of a role with codes, one set after the other; 0, and no failure, without. */
static int
subsets(setting_t *s, const char *role, slong sample[2][CELL_SUBSET], slong size[2], slong n)
{
    static const about_t about = { exists_about_type };
    ask_t ask = { .kind = EVIDENCE_CODES, .role = role, .about = &about };
    const evidence_t *e = facts_ask(s->f, &ask, 0);
    slong i;

    if (e == NULL)
        return 0;
    size[0] = size[1] = 0;
    for (i = 0; i < FLINT_MIN(e->nd, 2); i++)
        if (!cell_subset_read(sample[i], size + i, fmpq_numref(e->d + i), n))
            facts_fail(s->f, role, "a code is no set of samples");
    if (e->nd > 2)
        facts_fail(s->f, role, "one code is expected, or two");
    return !s->f->failed;
}

/* There is none: too few eigenvalues, no inactive unit, or no unit with the pattern. */
static void
verify_none(setting_t *s, exists_t *e)
{
    slong sample[2][CELL_SUBSET], size[2];
    cell_choice_t choice;
    int excluded = !e->enough, known;

    if (!excluded && e->dead && subsets(s, "no-dead", sample, size, e->samples.n))
    {
        excluded = size[1] == 0 && exists_excludes_dead(e, sample[0], size[0]);
        if (!excluded)
            facts_fail(s->f, "no-dead", "no combination of these samples with weights > 0 is 0");
    }
    else if (!excluded && e->rank == e->units && subsets(s, "no-point", sample, size, e->samples.n))
    {
        excluded = size[1] == 0 && cell_sums_exclude(&e->sums, sample[0], size[0]);
        if (!excluded)
            facts_fail(s->f, "no-point", "these samples do not exclude the pattern");
    }
    else if (!excluded && !s->f->failed && subsets(s, "excluded", sample, size, e->samples.n))
    {
        known = cell_choice_init(&choice, &e->cell, e->which, e->distinct);
        excluded = known && cell_choice_excludes(&choice, &e->cell, sample[0], size[0], 1) && (choice.simples == 0 ? size[1] == 0
            : cell_choice_excludes(&choice, &e->cell, sample[1], size[1], -1));
        if (!excluded)
            facts_fail(s->f, "excluded", "these samples do not exclude the eigenvalues");
        cell_choice_clear(&choice, &e->cell);
    }
    else if (!excluded)
        facts_fail(s->f, "excluded", "no evidence that there is none");
}

static int
verify(setting_t *s, const claim_t *c, conclusion_t *k)
{
    exists_t e;

    if (!exists_init(&e, s->P, c))
        facts_fail(s->f, "", "the data are beyond the limits");
    else if (k->verdict == VERDICT_PROVED)
        verify_there(s, k, &e);
    else
        verify_none(s, &e);
    exists_clear(&e);
    return !s->f->failed;
}

static void
say_list(say_t *s, const value_t *v)
{
    slong i;

    for (i = 0; i < v->n; i++)
    {
        say(s, i == 0 ? "" : i == v->n - 1 ? " and " : ", ");
        say(s, "$");
        say_number(s, v->list + i);
        say(s, "$");
    }
}

static void
say_it(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const value_t *active = c->value + EXISTS_ACTIVE, *units = c->value + EXISTS_UNITS, *places = c->value + EXISTS_EIGENVALUES;
    slong p = qmat_rows(P->W);
    NUMBERS(a);

    activation_negative_slope(a, P->act);
    say(s, "There is %s critical point of $h$ such that for ", k->verdict == VERDICT_PROVED ? "a" : "no");
    if (units->n == p)
        say(s, p == 1 ? "the unit" : "all units $i$");
    else
    {
        say(s, units->n == 1 ? "unit $i = $ " : "the units $i = $ ");
        say_list(s, units);
    }
    say(s, " $w_i^T x_j$ is ");
    if (active->n > 0)
    {
        say(s, active->n == 1 ? "positive for sample " : "positive for the samples ");
        say_list(s, active);
        say(s, " and ");
    }
    say(s, "negative for %s samples that are not $0$%s", active->n == 0 ? "all" : "the other", loss_is_unweighted(P) ? "" : " and have a positive weight");
    if (units->n < p)
        say(s, ", for the other units it is negative for all of these");
    if (places->n == 0)
        say(s, ", and the columns of $W_2$ of %s are $0$", units->n == p ? "all units" : "the former units");
    else
    {
        say(s, ", and the columns of $W_2$ of %s span a space of dimension $%ld$ that is invariant under $\\Sigma$, with the eigenvalue%s number ",
            units->n == p ? "all units" : "the former units", (long) places->n, places->n == 1 ? "" : "s");
        say_list(s, places);
        say(s, " of $\\Sigma$ (the positive ones in falling order, as often as they occur)");
    }
    say(s, ".\n");
    if (k->verdict == VERDICT_PROVED)
    {
        say(s, "Its loss is ");
        cells_say_loss(s, k->constant[EXISTS_LOW].x, k->constant[EXISTS_HIGH].x);
        say(s, ".\n");
    }
    say(s, "$\\Sigma = M G^+ M^T$ with $M = Y %sA^T$, $G = A %sA^T$, $A$ being $X$ with the samples for which $w_i^T x_j$ is not positive ", loss_is_plain(P) ? "" : "D ",
        loss_is_plain(P) ? "" : "D ");
    if (fmpq_is_zero(a))
        say(s, "replaced by $0$; $w_i$ is row $i$ of $W_1$.\n");
    else
    {
        say(s, "multiplied by $");
        say_number(s, a);
        say(s, "$; $w_i$ is row $i$ of $W_1$.\n");
    }
    cells_say_here(s, P);
    say(s, ".\n");
}

static void
say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k, const facts_t *f)
{
    (void) P;
    (void) c;
    if (k->verdict == VERDICT_PROVED)
        say(s, "The weights of such a point form a linear space, and a member of it has the pattern");
    else if (f->count == 0)
        say(s, "$\\Sigma$ has fewer positive eigenvalues");
    else
        say(s, "A combination of samples with weights $\\ge 0$ shows that no weights have the pattern (Gordan)");
}

const rule_t rule_critical_point_exists = {
    "critical-point-exists", "critical-point-exists", 2, 0, parameters, constants, findings, NULL, NULL, NULL, refuses, verify, NULL, say_it, say_method
};
