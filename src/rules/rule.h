/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a rule is: the computational content of one theorem, written once and run
   by both sides.  A claim is a rule and the values of its parameters; a conclusion
   is a verdict and the values of the rule's constants.  Everything that reads,
   writes, compares, says or explains claims is a loop over these descriptions. */
#ifndef CERTIFY_RULE_H
#define CERTIFY_RULE_H

#include "setting.h"
#include "text/say.h"
#include "value.h"

typedef struct rule rule_t;

typedef struct
{
    const rule_t *rule;
    value_t *value;             /* as rule->parameters */
    slong line;                 /* in a problem file, or 0 */
} claim_t;

typedef enum { VERDICT_PROVED, VERDICT_REFUTED } verdict_kind;

typedef struct
{
    const rule_t *rule;
    verdict_kind verdict;
    value_t *constant;          /* as rule->constants */
    fmpq *finding;              /* as rule->findings: what the rule found on its way, */
    int *found;                 /* if found; never read from a text */
} conclusion_t;

struct rule
{
    const char *name;
    const char *family;                 /* its page is doc/rules/FAMILY.md */
    int version;                        /* of the format of its certificates ... */
    int shortcuts;                      /* 1 if it treats networks with shortcuts */
    const field_t *parameters;
    const field_t *constants;           /* a constant with the name of a parameter repeats it */
    const char *const *findings;        /* names of numbers, ended by NULL */
    /* 1 if the claim speaks of X and Y, which are not given where the data are
       covariances; NULL: never. */
    int (*uses_samples)(const claim_t *c);

    /* ... unless this says that a claim needs another one; NULL: none does. */
    int (*version_of)(const problem_t *P, const claim_t *c);

    /* Of several rules with one name: whether this one is for such a problem, if none before it in the table is; NULL: for every one. */
    int (*treats)(const problem_t *P);
    /* NULL if the theorem treats this problem with the parameters that are given;
       otherwise the reason, without the name of the claim (static buffer). */
    const char *(*refuses)(const problem_t *P, const claim_t *c);
    /* 1 if the facts prove the claim, or refute it (k->verdict), with every constant
       of k; otherwise 0 and the failure is recorded.  Fills findings. */
    int (*verify)(setting_t *s, const claim_t *c, conclusion_t *k);
    /* Fills the findings that are for readers only; NULL: none. */
    void (*describe)(setting_t *s, const claim_t *c, conclusion_t *k);
    /* The statement, in full sentences, every symbol defined. */
    void (*say)(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
    /* How it is proved: "By the block bound, ..", one sentence. */
    void (*method)(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k,
                   const facts_t *f);
};

/* The rules, one line a claim: table.c.  Ended by NULL. */
extern const rule_t *const rule_table[];
/* The rule with this name for this problem, or NULL.  (Where none treats it, the first with the
   name says why.) */
const rule_t *rule_named(const char *name, const problem_t *P);

/* A claim without a rule may be cleared; claim_set_rule makes it one of that rule,
   every value absent. */
void claim_init(claim_t *c, const rule_t *rule);
void claim_set_rule(claim_t *c, const rule_t *rule);
void claim_clear(claim_t *c);
/* 1 if the text of both claims in a certificate is the same. */
int claim_equal(const claim_t *a, const claim_t *b, const problem_t *P);
/* The value of the parameter with this name, or NULL. */
value_t *claim_value(const claim_t *c, const char *name);

void conclusion_init(conclusion_t *k, const rule_t *rule);
void conclusion_set_rule(conclusion_t *k, const rule_t *rule);
void conclusion_clear(conclusion_t *k);
/* Finding number i := x, an integer. */
void conclusion_find_si(conclusion_t *k, slong i, slong x);
void conclusion_find(conclusion_t *k, slong i, const fmpq_t x);
/* 1 if finding i was found and is x. */
int conclusion_found_si(const conclusion_t *k, slong i, slong x);

/* The version of the format of its certificates. */
int claim_version(const problem_t *P, const claim_t *c);
/* "claim NAME ...", without newline; and what follows the verdict. */
void claim_write(text_t *t, const problem_t *P, const claim_t *c);
void conclusion_write(text_t *t, const problem_t *P, const claim_t *c, const conclusion_t *k);

/* NULL if the rule treats this claim for this problem; otherwise the reason,
   beginning with the claim's name (static buffer). */
const char *claim_refused(const problem_t *P, const claim_t *c);

/* The whole of checking: 1 if the facts prove the claim, or refute it, with
   every constant of the conclusion; otherwise 0 and s->f->reason says why. */
int claim_verify(setting_t *s, const claim_t *c, conclusion_t *k);
/* Fills all findings of a verified conclusion. */
void conclusion_describe(conclusion_t *k, setting_t *s, const claim_t *c);

/* Reasons that several rules give. */
const char *refuse_all_but_square_loss(const problem_t *P);
const char *refuse_weight_decay(const problem_t *P);
/* A whole "refuses": linear and residual networks with square loss only. */
const char *refuse_all_but_linear(const problem_t *P, const claim_t *c);

#endif
