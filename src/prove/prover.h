/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The untrusted side: answers what rules ask, and searches for parameters and
   counterexamples.  Nothing here can make a false statement pass. */
#ifndef CERTIFY_PROVER_H
#define CERTIFY_PROVER_H

#include "rules/rule.h"

/* Default limit, bits. */
#define ORACLE_PRECISION 4096

typedef struct prover prover_t;

/* Who answers what the rules ask while one claim is being proved. */
typedef struct
{
    const problem_t *P;
    moments_t *M;
    int at_minimum;                     /* see setting_t */
    slong precision_limit;
    int limited;                        /* that limit ended a search for a bound */
    slong leaf_bits;                    /* of features, after the point; 0: as many as are usual */
    slong slack_bits;                   /* how tight bounds and vectors are: 2^-slack_bits */
    const prover_t *prover;             /* is asked first ... */
    const void *offer;                  /* ... and answers from what it put here, or NULL */
    const problem_t *witness, *better;  /* points to be offered, or NULL */
    enum { ROOTS, TIGHT_ROOTS, GRAM_MATRICES } bounds_by;       /* bounds of singular values: quick ones first */
    slong largest_root;                 /* the largest order of a matrix whose singular values were bounded so; 0: none */
    int searching;                      /* attempts follow that differ by their radii alone: kept is used, and answers are
                                           not verified */
    kept_t kept;
    facts_t cache;                      /* facts that do not depend on radii */
} oracle_t;

void oracle_init(oracle_t *o, const prover_t *prover, const problem_t *P, moments_t *M,
                 slong precision_limit);
void oracle_clear(oracle_t *o);
/* What was answered before is of no use any more. */
void oracle_forget(oracle_t *o);
/* The callback of facts_t. */
int oracle_answer(void *context, const ask_t *ask, evidence_t *e);
/* Facts without evidence, to be answered by o. */
void oracle_facts(facts_t *f, oracle_t *o, slong rounding);
setting_t oracle_setting(oracle_t *o, facts_t *f);
/* *e := numbers or codes, one number, a matrix, for the role of an ask; returns 1. */
int oracle_give_numbers(evidence_t *e, const ask_t *ask, const fmpq *x);
int oracle_give_number_si(evidence_t *e, const ask_t *ask, slong x);
int oracle_give_matrix(evidence_t *e, const ask_t *ask, const qmat_t A);

/* *e := a copy of known; e is not initialised before. */
void oracle_copy(evidence_t *e, const evidence_t *known);

/* Evidence that is kept until the claim is decided: the matrix of a role, and what was kept for
   the role of an ask (0: nothing). */
void oracle_keep_matrix(oracle_t *o, const char *role, const qmat_t A);
int oracle_recall(oracle_t *o, const ask_t *ask, evidence_t *e);

typedef enum { OUTCOME_PROVED, OUTCOME_REFUTED, OUTCOME_UNDECIDED, OUTCOME_BAD_DATA } outcome_kind;

typedef struct
{
    slong precision_limit;
    int digits;
    void (*progress)(void *context, const char *what);     /* or NULL */
    void *context;
    double until;                       /* of proof_clock, when a search should end; 0: never */
    int threads;                        /* for one claim; 0: one */
} prove_options_t;

/* The best that was reached where a claim is undecided. */
typedef struct
{
    const char *name;                   /* in JSON; NULL: none */
    const char *before, *after;         /* the text around the number */
    fmpq_t x;
    int up;                             /* its decimal is rounded up */
} reached_t;

#define REACHED 2

typedef struct
{
    outcome_kind outcome;
    claim_t c;
    conclusion_t k;
    facts_t f;
    char message[512];                  /* undecided or bad data: why */
    reached_t best[REACHED];
    char remark[512];                   /* proved: more for the reader, not certified */
} proof_t;

/* A claim that may be asked for: an entry of a problem file's list, and what it would say. */
typedef struct
{
    const char *yaml, *says;
} proposal_t;

/* How claims of one rule are proved. */
struct prover
{
    const char *rule;
    const proposal_t *proposals;        /* ended by yaml NULL */
    /* 1 if a claim about P with this conclusion is what was asked for: what is given
       equal, and what is left out as far as it is determined.  NULL: what is given
       equal, and an optional parameter absent where it was left out. */
    int (*matches)(const claim_t *asked, const problem_t *P, const claim_t *c,
                   const conclusion_t *k);
    /* Chooses what was left out, and fills p. */
    void (*prove)(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt);
    /* Answers the rule's own questions; NULL, or 0: the oracle's general answers. */
    int (*answer)(oracle_t *o, const ask_t *ask, evidence_t *e);
    /* Of several rules with one name: which; NULL: the one that no other prover is for. */
    const rule_t *of;
};

/* The prover of a rule. */
const prover_t *prover_of(const rule_t *rule);
/* The provers, one line a claim: table.c.  Ended by NULL. */
extern const prover_t *const prover_table[];

void proof_init(proof_t *p, const rule_t *rule);
void proof_clear(proof_t *p);
/* Facts without evidence, to be answered by o, for one verdict of p. */
void proof_begin(proof_t *p, oracle_t *o, verdict_kind verdict);
/* proof_begin, and the rule. */
int proof_try(proof_t *p, oracle_t *o, verdict_kind verdict);
/* A constant that is left out: a bound that is larger than any, to see what is proved; then what was found, rounded up
   or down to digits unless it is a short number. */
void value_leave_open(value_t *v);
void value_settle(value_t *v, const fmpq_t x, int up, int digits);
/* Proves the claim with the smallest bound that its evidence shows: tries one that is larger than
   any, then what the rule finds, rounded up to digits; its root where the finding is squared. */
int proof_try_smallest(proof_t *p, oracle_t *o, value_t *bound, slong finding, int squared, int digits);
/* Undecided, or bad data, and why. */
void proof_miss(proof_t *p, outcome_kind outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void proof_reach(proof_t *p, const char *name, const char *before, const char *after,
                 const fmpq_t x, int up);
/* Seconds of a clock that only runs forwards, and whether a search should end. */
double proof_clock(void);
int proof_is_late(const prove_options_t *opt);
/* Tells the user what is being done. */
void proof_progress(const prove_options_t *opt, const char *what);

/* Proved, or else refuted, by the facts alone. */
void prove_by_decision(proof_t *p, oracle_t *o, const claim_t *asked, const prove_options_t *opt);

/* Tries to prove, then to refute, the claim that was asked for. */
void claim_prove(proof_t *p, const problem_t *P, const claim_t *asked, const prove_options_t *opt);
/* Equality number by number. */
int problem_equal(const problem_t *P, const problem_t *Q);
/* 1 if the claim, with this conclusion, is what was asked for. */
int claim_matches(const claim_t *asked, const problem_t *P, const claim_t *c,
                  const conclusion_t *k);
/* 1 if every value given in asked equals that of c, and every optional one that was
   left out is absent. */
int given_values_match(const claim_t *asked, const problem_t *P, const claim_t *c);

/* radius := n radii: those of asked, one of them for all if it is spread, or 0 if it has
   none. */
void claim_take_radii(value_t *radius, const value_t *asked, slong n);
/* 1 if the radii are those that were asked for. */
int radii_match(const value_t *asked, const value_t *radius);

/* "simple": worth stating exactly instead of rounding. */
int is_simple(const fmpq_t x);
/* x rounded up or down to digits, unless it is simple. */
void round_unless_simple(fmpq_t x, int digits, int up);

/* rho := the largest radius that works, searched by doubling, halving and bisection: rounded down to
   digits, or with exactly the simplest number if it is the limit.  Returns 0 if none is found. */
int largest_radius(fmpq_t rho, int (*works)(void *context, const fmpq_t rho), void *context, int digits,
                   int exactly);

#endif
