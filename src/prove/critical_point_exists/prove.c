/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* critical-point-exists: a member of the space of weights that has the pattern, or samples that exclude it. */
#include "config.h"
#include <string.h>
#include "kernel/scope.h"
#include "prove/prover.h"
#include "algebra/cell_search.h"
#include "rules/critical_point_exists/critical_point_exists.h"

typedef struct
{
    const fmpq *point, *dead;
    const fmpq *code;           /* of the role */
    slong codes;
    const char *role;
} offer_t;

static int
answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const offer_t *offer = o->offer;
    ask_t sized = *ask;

    if (offer == NULL || ask->about == NULL || ask->about->type != exists_about_type)
        return 0;
    if (ask->kind == EVIDENCE_NUMBERS)
        return oracle_give_numbers(e, ask, strcmp(ask->role, "dead") == 0 ? offer->dead : offer->point);
    if (offer->role == NULL || strcmp(ask->role, offer->role) != 0)
        return 0;
    sized.count = offer->codes;
    return oracle_give_numbers(e, &sized, offer->code);
}

static int
refute(proof_t *p, oracle_t *o, const char *role, const slong *subset, slong size, const slong *second, slong second_size, slong n)
{
    fmpq *code = _fmpq_vec_init(2);
    offer_t offer = { .role = role, .code = code, .codes = second_size > 0 ? 2 : role != NULL };
    int ok;

    if (role != NULL)
        subset_code(fmpq_numref(code), subset, size, n);
    if (second_size > 0)
        subset_code(fmpq_numref(code + 1), second, second_size, n);
    o->offer = &offer;
    ok = proof_try(p, o, VERDICT_REFUTED);
    o->offer = NULL;
    _fmpq_vec_clear(code, 2);
    return ok;
}

/* What is asked for is decided by the choice of the eigenvalues. */
static int
decide(proof_t *p, oracle_t *o, exists_t *e, const fmpq *dead, int digits)
{
    cell_choice_t choice;
    decision_t d = { .y = NULL };
    offer_t offer = { .dead = dead };
    value_t *low = p->k.constant + EXISTS_LOW, *high = p->k.constant + EXISTS_HIGH;
    slong subset[CELL_SUBSET], size, n = e->samples.n;
    int decided = -1, ok = 0;

    if (cell_choice_init(&choice, &e->cell, e->which, e->distinct))
        decided = choice_decide(&d, &choice, &e->cell);
    if (decided == 1)
    {
        offer.point = d.y;
        o->offer = &offer;
        low->given = high->given = 1;
        cell_loss(low->x, high->x, &e->cell, e->captured, e->rank, e->norm2);
        round_unless_simple(low->x, digits, 0);
        round_unless_simple(high->x, digits, 1);
        ok = proof_try(p, o, VERDICT_PROVED);
        o->offer = NULL;
    }
    else if (decided == 0)
        ok = refute(p, o, "excluded", d.subset[0], d.size[0], d.subset[1], choice.simples == 1 ? d.size[1] : 0, n);
    else if (e->rank == e->units && cell_exclude(subset, &size, &e->sums))
        ok = refute(p, o, "no-point", subset, size, NULL, 0, n);
    if (d.y != NULL)
        decision_clear(&d);
    cell_choice_clear(&choice, &e->cell);
    return ok;
}

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    exists_t e;
    slong subset[CELL_SUBSET], size;
    int ok = exists_init(&e, o->P, asked), there = 1;
    fmpq *dead = _fmpq_vec_init(e.samples.r + 1);

    if (ok && !e.enough)
        ok = refute(p, o, NULL, NULL, 0, NULL, 0, e.samples.n);
    else if (ok)
    {
        there = !e.dead || dead_point(dead, &e.samples);
        if (there)
            ok = decide(p, o, &e, dead, opt->digits + 3);
        else
            ok = dead_exclude(subset, &size, &e.samples) && refute(p, o, "no-dead", subset, size, NULL, 0, e.samples.n);
    }
    if (!ok)
        proof_miss(p, OUTCOME_UNDECIDED, "missing: the eigenvalues are irrational, and neither weights with the pattern are found nor samples that exclude it");
    _fmpq_vec_clear(dead, e.samples.r + 1);
    exists_clear(&e);
}

static const proposal_t proposals[] = {
    { NULL, NULL }
};

const prover_t prover_critical_point_exists = { "critical-point-exists", proposals, NULL, prove, answer, NULL };
