/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* point: {construct: {active: .., units: .., eigenvalues: .., width: p}}: a critical point of one hidden layer with a given activation pattern
   (doc/rules/critical-point-exists.md). */
#include "config.h"
#include "algebra/cell_search.h"
#include "kernel/limits.h"
#include "kernel/scope.h"
#include "reader.h"
#include "rules/critical_point_exists/critical_point_exists.h"

extern const rule_t rule_critical_point_exists;

/* A (p x d) := row i of the rows at places of the data's rows; unit number i of the list gets row i, the others dead. */
static void
place_units(qmat_t A, const qmat_t W, const fmpq *dead, const slong *row, slong r, slong p, slong d, const value_t *units)
{
    slong i, j, at = 0;
    fmpq *e = _fmpq_vec_init(p * d + 1);

    for (i = 0; i < p; i++)
    {
        int listed = at < units->n && fmpq_cmp_si(units->list + at, i + 1) == 0;
        for (j = 0; j < r; j++)
            if (listed)
                qmat_get_entry(e + i * d + row[j], W, at, j);
            else
                fmpq_set(e + i * d + row[j], dead + j);
        at += listed;
    }
    qmat_set_entries(A, p, d, e);
    _fmpq_vec_clear(e, p * d + 1);
}

/* A (k x p) := the columns of W at the units of the list, 0 at the others. */
static void
place_columns(qmat_t A, const qmat_t W, slong p, const value_t *units)
{
    slong i, j, k = qmat_rows(W);
    fmpq *e = _fmpq_vec_init(k * p + 1);

    for (j = 0; j < units->n; j++)
        for (i = 0; i < k; i++)
            qmat_get_entry(e + i * p + fmpz_get_si(fmpq_numref(units->list + j)) - 1, W, i, j);
    qmat_set_entries(A, k, p, e);
    _fmpq_vec_clear(e, k * p + 1);
}

/* The point, or what is wrong. */
static const char *
construct(problem_t *P, const claim_t *claim)
{
    const char *wrong = claim_refused(P, claim);
    const value_t *units = claim->value + EXISTS_UNITS;
    exists_t e;
    cell_choice_t choice;
    decision_t d = { .y = NULL };
    slong r = 0, *row = flint_malloc((qmat_rows(P->X) + 1) * sizeof *row);
    fmpq *dead = NULL, *D;
    NUMBERS(x);
    MATRICES(W_1, W_2, X, Y);

    if (wrong != NULL)
    {
        flint_free(row);
        return wrong;
    }
    if (!exists_init(&e, P, claim))
        wrong = "the data are beyond the limits";
    else if (!e.enough)
        wrong = "Sigma has fewer positive eigenvalues";
    r = e.samples.r;
    dead = _fmpq_vec_init(r + 1);
    D = _fmpq_vec_init(qmat_cols(P->X));
    cells_data(X, Y, D, x, row, P);
    _fmpq_vec_clear(D, qmat_cols(P->X));
    if (wrong == NULL && e.dead && !dead_point(dead, &e.samples))
        wrong = "no unit can be inactive on all samples";
    if (wrong == NULL)
    {
        if (!cell_choice_init(&choice, &e.cell, e.which, e.distinct))
            wrong = "these eigenvalues are irrational and not simple";
        else if (choice_decide(&d, &choice, &e.cell) != 1)
            wrong = "no critical point of this kind is found: claim critical-point-exists to know whether there is one";
        else if (!cell_construct(W_1, W_2, units->n, e.rank, &choice, &e.cell, d.y))
            wrong = "of an eigenvalue that occurs several times, one eigenvector or all are needed";
        if (d.y != NULL)
            decision_clear(&d);
        cell_choice_clear(&choice, &e.cell);
    }
    if (wrong == NULL)
    {
        slong p = qmat_rows(P->W);
        place_units(P->W, W_1, dead, row, r, p, qmat_rows(P->X), units);
        place_columns(P->W + 1, W_2, p, units);
    }
    _fmpq_vec_clear(dead, r + 1);
    flint_free(row);
    exists_clear(&e);
    return wrong;
}

int
yaml_construct_cell(ctx_t *c, const ynode_t *net, const ynode_t *map)
{
    static const char *const keys[] = { "active", "units", "eigenvalues", "width", NULL };
    problem_t *P = &c->F->P;
    const ynode_t *act = ynode_get(net, "activation"), *v;
    claim_t claim;
    slong i, p = 0;
    const char *wrong;
    int ok;

    if (!yaml_keys(c, map, "construct", keys))
        return 0;
    if (act == NULL)
        return yaml_bad(c, net, "activation", "is missing");
    claim_init(&claim, &rule_critical_point_exists);
    ok = yaml_parameters(c, map, map, &claim);
    for (i = 0; ok && i < claim.value[EXISTS_UNITS].n; i++)
        if (fmpq_cmp_si(claim.value[EXISTS_UNITS].list + i, limit(LIMIT_LAYERS)) <= 0)
            p = FLINT_MAX(p, fmpz_get_si(fmpq_numref(claim.value[EXISTS_UNITS].list + i)));
    v = ynode_get(map, "width");
    ok = ok && (v == NULL || yaml_whole(c, v, "width", 1, limit(LIMIT_ROWS), &p));
    if (ok)
    {
        problem_set_network(P, NET_FEEDFORWARD, 2, 1);
        ok = yaml_activation(c, act->kind == YAML_LIST && act->count == 1 ? act->item[0] : act, P->act);
    }
    if (ok)
    {
        qmat_t zero;
        qmat_init(zero, p, qmat_rows(P->X));
        qmat_swap(P->W, zero);
        qmat_clear(zero);
        qmat_init(zero, qmat_rows(P->Y), p);
        qmat_swap(P->W + 1, zero);
        qmat_clear(zero);
        wrong = construct(P, &claim);
        ok = wrong == NULL || yaml_bad(c, map, "construct", "%s", wrong);
    }
    claim_clear(&claim);
    return ok;
}
