/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* landscape: the best of many descents from above, a tree of cones from below. */
#include "config.h"
#include <math.h>
#include "algebra/approx.h"
#include "kernel/number.h"
#include "kernel/rank.h"
#include "kernel/scope.h"
#include "network/copy.h"
#include "network/loss.h"
#include "list.h"
#include "prove/kinks/kinks.h"
#include "prove/regularized_global_minimum/cones.h"
#include "rules/landscape/landscape.h"

typedef struct
{
    const fmpq *rho;
    const cones_t *tree;
    const list_t *list;
} offer_t;

static int
give_list(evidence_t *e, const ask_t *ask, const list_t *list)
{
    const numbers_t *v = list == NULL ? NULL : ask->kind == EVIDENCE_CODES ? &list->codes : &list->numbers;
    ask_t sized = *ask;

    if (v == NULL || v->n == 0)
        return 0;
    sized.count = v->n;
    return oracle_give_numbers(e, &sized, v->x);
}

static int
answer(oracle_t *o, const ask_t *ask, evidence_t *e)
{
    const offer_t *offer = o->offer;
    const landscape_about_t *about = (const landscape_about_t *) ask->about;

    if (offer == NULL || about == NULL || about->about.type != landscape_about_type)
        return 0;
    if (about->list)
        return give_list(e, ask, offer->list);
    if (about->claim == NULL)
        return oracle_give_numbers(e, ask, offer->rho);
    return cones_give(e, ask, offer->tree);
}

/* h := the loss of Q, exact. */
static int
loss_of(fmpq_t h, const problem_t *Q)
{
    facts_t none;
    setting_t s = { &none, Q, NULL, NULL, NULL, NULL };
    pass_t p;
    int ok;

    facts_init(&none, 256);
    ok = pass_forward(&p, &s);
    if (ok)
        loss_bounds(NULL, h, Q, pass_output(&p));
    pass_clear(&p);
    facts_clear(&none);
    return ok;
}

/* W_2 := the best one for W_1, exactly. */
static void
solve_last(problem_t *Q)
{
    fmpq *D = _fmpq_vec_init(qmat_cols(Q->X));
    NUMBERS(x);
    MATRICES(Phi, PhiD, t);

    problem_curvature(D, Q);
    qmat_mul(Phi, Q->W, Q->X);
    activation_apply(Phi, Phi, Q->act);
    qmat_scale_columns(PhiD, Phi, D);
    qmat_inner(x, PhiD, Phi);
    if (!fmpq_is_zero(x))
        fmpq_inv(x, x);
    qmat_transpose(t, PhiD);
    qmat_mul(Q->W + 1, Q->Y, t);
    qmat_scale(Q->W + 1, Q->W + 1, x);
    _fmpq_vec_clear(D, qmat_cols(Q->X));
}

/* Simple numbers in the place of W_1, its largest one 1 or -1, each within the error, with the best W_2 for them: kept if the loss is smaller. */
static void
try_simple(problem_t *Q, fmpq_t h, const double *w, double error)
{
    slong d = qmat_cols(Q->W), i;
    double most = 0;
    fmpq *y = _fmpq_vec_init(d);
    problem_t V;
    NUMBERS(x, low, high);

    for (i = 0; i < d; i++)
        most = fmax(most, fabs(w[i]));
    for (i = 0; i < d && most > 0; i++)
    {
        approx_to_fmpq(low, w[i] / most - error, 53, 0);
        approx_to_fmpq(high, w[i] / most + error, 53, 0);
        fmpq_simplest_between(y + i, low, high);
    }
    problem_init(&V);
    problem_set(&V, Q);
    qmat_set_entries(V.W, 1, d, y);
    solve_last(&V);
    if (loss_of(x, &V) && fmpq_cmp(x, h) < 0)
    {
        fmpq_set(h, x);
        problem_clear(Q);
        *Q = V;
    }
    else
        problem_clear(&V);
    _fmpq_vec_clear(y, d);
}

static void
polish_from(problem_t *Q, fmpq_t h, const double *w)
{
    static const double error[] = { 1e-2, 1e-4, 1e-6, 1e-8 };
    size_t i;

    for (i = 0; i < sizeof error / sizeof *error; i++)
        try_simple(Q, h, w, error[i]);
}

static void
polish(problem_t *Q, fmpq_t h)
{
    double *w = approx_matrix(Q->W, approx_exponent(Q->W));

    polish_from(Q, h, w);
    flint_free(w);
}

/* Q := the best point that descent finds, the point of the problem if there is none; h its loss. */
static int
find_point(problem_t *Q, fmpq_t h, const problem_t *P)
{
    facts_t none;
    setting_t s = { &none, P, NULL, NULL, NULL, NULL };
    pass_t p;
    kinks_t T;
    int ok = loss_of(h, P), better = 0;

    facts_init(&none, 256);
    if (ok && pass_forward(&p, &s))
    {
        if (kinks_init(&T, &p))
            better = kinks_find_better(Q, &T, approx_fmpq(h));
        kinks_clear(&T);
        pass_clear(&p);
    }
    if (!better)
        problem_set(Q, P);
    facts_clear(&none);
    ok = ok && loss_of(h, Q);
    if (ok)
        polish(Q, h);
    return ok;
}

/* The data, and what is asked for. */
typedef struct
{
    proof_t *p;
    problem_t *best;            /* the point with loss high, which trees may still improve so many times */
    int more;
    oracle_t *o;
    const prove_options_t *opt;
    qmat_t X, Y;
    slong *rows;                /* which rows of the data those of X are */
    fmpq *D;
    fmpq_t norm2, high;         /* sum D_j |y_j|^2 */
    list_t *list;               /* NULL: none is made */
    const char *missing;        /* or why */
    int careful;                /* every code of it is verified */
} search_t;

/* So many digits that rounding does not spoil the gap. */
static int
digits_for(const search_t *S, double gap)
{
    return S->opt->digits + 3 + (int) fmax(0, -log10(gap));
}

/* rho for a lower bound of about (1 - gap) high, and the exact lower bound that it gives, rounded down. */
static void
choose(fmpq_t rho, fmpq_t low, const search_t *S, double gap)
{
    double want = approx_fmpq(S->norm2) - 2 * approx_fmpq(S->high) * (1 - gap);
    NUMBERS(x);

    approx_to_fmpq(rho, sqrt(fmax(want, 0)), 45, 0);
    number_mul(x, rho, rho);
    number_sub(low, S->norm2, x);
    fmpq_div_2exp(low, low, 1);
    number_clamp(low);
    round_unless_simple(low, digits_for(S, gap), 0);
}

/* The same for the gap 0: 1 if rho is rational. */
static int
choose_exactly(fmpq_t rho, fmpq_t low, const search_t *S)
{
    NUMBERS(x, y);

    fmpq_set(low, S->high);
    number_sub(x, S->norm2, S->high);
    number_sub(x, x, S->high);
    if (fmpq_sgn(x) < 0)
        return 0;
    number_sqrt_lower(rho, x);
    number_mul(y, rho, rho);
    return fmpq_equal(x, y);
}

enum { EXACT_LEAVES = 20000 };

/* A direction of the independent rows of X in which there is a smaller loss: the best point, if it is better indeed. */
static int
take_witness(search_t *S, const double *c)
{
    slong i;
    double *w = flint_calloc(qmat_cols(S->best->W) + 1, sizeof *w);
    problem_t V;
    int better;
    NUMBERS(h);

    for (i = 0; i < qmat_rows(S->X); i++)
        w[S->rows[i]] = c[i];
    problem_init(&V);
    problem_set(&V, S->best);
    fmpq_set(h, S->high);
    polish_from(&V, h, w);
    better = fmpq_cmp(h, S->high) < 0;
    if (better)
    {
        fmpq_set(S->high, h);
        problem_clear(S->best);
        *S->best = V;
    }
    else
        problem_clear(&V);
    flint_free(w);
    return better;
}

/* Looks for a tree; -1: a better point was found instead. */
static int
find_tree(search_t *S, cones_t *t, const fmpq_t rho)
{
    cone_claim_t c;
    cones_kind found = CONES_LIMIT;

    if (landscape_claim(&c, S->X, S->Y, S->D, S->o->P, rho))
    {
        found = cones_search(t, &c);
        t->exactly = 1;
        if (found == CONES_PROVED)
            found = cones_search(t, &c);
    }
    cone_claim_clear(&c);
    return found == CONES_WITNESS && S->more-- > 0 && take_witness(S, t->w) ? -1 : found == CONES_PROVED;
}

/* S->list := the list of all cells; 0, and NULL, without. */
static int
make_list(search_t *S, int careful)
{
    if (S->list == NULL)
        S->list = flint_malloc(sizeof *S->list);
    else
        list_clear(S->list);
    S->careful = careful;
    list_init(S->list);
    if (list_find(S->list, S->o->P, S->X, S->Y, S->D, S->norm2, S->rows, S->opt, careful))
        return 1;
    S->missing = S->list->missing;
    list_clear(S->list);
    flint_free(S->list);
    S->list = NULL;
    return 0;
}

static void
set_number(value_t *v, slong x)
{
    v->given = 1;
    fmpq_set_si(v->x, x, 1);
}

/* What the list says, in the conclusion. */
static void
set_list(conclusion_t *k, const list_t *l)
{
    slong i;

    if (l == NULL)
        return;
    set_number(k->constant + LANDSCAPE_CELLS, l->cells);
    set_number(k->constant + LANDSCAPE_DEAD, l->dead);
    set_number(k->constant + LANDSCAPE_CRITICAL, l->critical);
    set_number(k->constant + LANDSCAPE_MINIMA, l->minima);
    value_set_list(k->constant + LANDSCAPE_POINTS, l->points.n);
    for (i = 0; i < l->points.n; i++)
        fmpq_set(k->constant[LANDSCAPE_POINTS].list + i, l->points.x + i);
}

/* 1 if a relative gap is proved; 0: exactly, the upper bound is the least loss. */
static int
try_gap(search_t *S, double gap)
{
    offer_t offer;
    cones_t t;
    conclusion_t *k = &S->p->k;
    int ok;
    NUMBERS(rho, low);

    if (gap > 0 && gap < 1)
        choose(rho, low, S, 0.999 * gap);
    else if (gap == 0 && !choose_exactly(rho, low, S) && !fmpq_is_zero(S->high))
        return 0;
    ok = qmat_cols(S->X) == 0 || fmpq_is_zero(low);
    cones_init(&t, S->opt);
    if (gap == 0)
        t.most_leaves = EXACT_LEAVES;
    if (!ok)
        ok = find_tree(S, &t, rho);
    if (ok < 0)
    {
        cones_clear(&t);
        return try_gap(S, gap);
    }
    if (ok)
    {
        offer.rho = rho;
        offer.tree = &t;
        offer.list = S->list;
        S->o->offer = &offer;
        set_list(k, S->list);
        k->constant[LANDSCAPE_LOW].given = k->constant[LANDSCAPE_HIGH].given = 1;
        fmpq_set(k->constant[LANDSCAPE_LOW].x, low);
        fmpq_set(k->constant[LANDSCAPE_HIGH].x, S->high);
        if (gap > 0)
            round_unless_simple(k->constant[LANDSCAPE_HIGH].x, digits_for(S, gap), 1);
        if (S->p->c.value[LANDSCAPE_GAP].word)
            approx_to_fmpq(S->p->c.value[LANDSCAPE_GAP].x, gap, 30, 1);
        ok = proof_try(S->p, S->o, VERDICT_PROVED);
        if (!ok && S->list != NULL && !S->careful && make_list(S, 1))
        {
            offer.list = S->list;
            set_list(k, S->list);
            ok = proof_try(S->p, S->o, VERDICT_PROVED);
        }
        S->o->offer = NULL;
    }
    cones_clear(&t);
    return ok;
}

/* Without being asked, lists of at most so many cells are made, for samples of at most this rank. */
#define LIST_CELLS 1.2e6
enum { LIST_RANK = 4 };

/* The list, where it is asked for, or short enough; the best of its points may improve the upper bound. */
static void
find_list(search_t *S, const value_t *asked)
{
    slong n = qmat_cols(S->X), r = qmat_rows(S->X);
    double cells = list_most_cells(n, r);

    if (n == 0 || (asked->given ? asked->n == LIST_NO : r > LIST_RANK || cells > LIST_CELLS) || !make_list(S, 0))
        return;
    if (S->list->best != NULL)
        polish_from(S->best, S->high, S->list->best);
}

static void
prove(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt)
{
    static const double gaps[] = { 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1 };
    const value_t *gap = asked->value + LANDSCAPE_GAP, *list = asked->value + LANDSCAPE_LIST;
    problem_t Q;
    search_t S = { .p = p, .o = o, .opt = opt, .best = &Q, .more = 20 };
    int i, ok, found, miss = 1;

    problem_init(&Q);
    qmat_init(S.X, 0, 0);
    qmat_init(S.Y, 0, 0);
    S.D = _fmpq_vec_init(qmat_cols(o->P->X));
    S.rows = flint_malloc((qmat_rows(o->P->X) + 1) * sizeof *S.rows);
    fmpq_init(S.norm2);
    fmpq_init(S.high);
    proof_progress(opt, "descents");
    ok = cells_data(S.X, S.Y, S.D, S.norm2, S.rows, o->P) && find_point(&Q, S.high, o->P);
    if (ok)
        find_list(&S, list);
    if (ok && S.list == NULL && list->given && list->n == LIST_YES)
    {
        proof_miss(p, OUTCOME_UNDECIDED, "missing: the list of all critical points: %s", S.missing != NULL ? S.missing : "no sample counts");
        ok = 0;
        miss = 0;
    }
    o->better = &Q;
    found = ok && try_gap(&S, 0);
    if (ok && !found && gap->given && !gap->word)
        found = fmpq_sgn(gap->x) > 0 && try_gap(&S, approx_fmpq(gap->x));
    else if (ok)
        for (i = gap->word ? 0 : 2; i < 7 && !found; i++)
            found = try_gap(&S, gaps[i]);
    if (!found && miss)
        proof_miss(p, OUTCOME_UNDECIDED, "missing: no tree of cones is found, within the limits, that shows %s", gap->given && !gap->word
                   ? "so small a gap" : "a lower bound");
    if (S.list != NULL)
    {
        list_clear(S.list);
        flint_free(S.list);
    }
    o->better = NULL;
    problem_clear(&Q);
    qmat_clear(S.X);
    qmat_clear(S.Y);
    _fmpq_vec_clear(S.D, qmat_cols(o->P->X));
    flint_free(S.rows);
    fmpq_clear(S.norm2);
    fmpq_clear(S.high);
}

static const proposal_t proposals[] = {
    { "landscape", "one hidden unit: the least loss of all, between two bounds" },
    { NULL, NULL }
};

/* A list that is asked for must be there. */
static int
matches(const claim_t *asked, const problem_t *P, const claim_t *c, const conclusion_t *k)
{
    const value_t *list = asked->value + LANDSCAPE_LIST;

    return given_values_match(asked, P, c) && (!list->given || list->n != LIST_YES || k->constant[LANDSCAPE_POINTS].given);
}

const prover_t prover_landscape = { "landscape", proposals, matches, prove, answer, NULL };
