/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules ask, evidence answers, the kernel verifies.

   A rule asks for a fact by role and says which matrices the role means; the
   answer comes from the certificate (checking) or from an oracle (proving);
   in both cases it is verified here before the rule sees it.  A failure is
   sticky: once facts_failed, nothing that is derived counts. */
#ifndef CERTIFY_FACTS_H
#define CERTIFY_FACTS_H

#include "activation.h"
#include "cursor.h"
#include "matrix.h"

typedef enum
{
    EVIDENCE_BOUND, EVIDENCE_WORD, EVIDENCE_NUMBERS, EVIDENCE_MATRIX, EVIDENCE_CODES, EVIDENCE_NORM, EVIDENCE_INVERSE
} evidence_kind;

typedef struct
{
    evidence_kind kind;
    char role[ROLE_SIZE];
    fmpq_t value;           /* BOUND, NORM, INVERSE: the eigenvalue bound, >= 0 */
    qmat_t A;               /* the same: the factor L, n x n lower triangular;
                               MATRIX: the matrix, with a radius for a leaf */
    slong bits[3];          /* NORM, INVERSE: to how many bits after the point the matrix of the factor is rounded;
                               INVERSE: the matrix of the role, and its product with S */
    qmat_t S;               /* INVERSE: n x n upper triangular, exact */
    fmpq_t square;          /* NORM: a bound, >= 0, of the square of the norm of the rounded matrix; INVERSE: of S */
    fmpq *d;                /* BOUND: the diagonal, or NULL for all ones;
                               NUMBERS: the numbers; CODES: integers >= 0, of which no rule makes a matrix */
    slong nd;
    slong precision;        /* MATRIX: bits at which a leaf is checked, else 0 */
    char word[ROLE_SIZE];   /* WORD */
    slong line;             /* where the block starts in the certificate, or 0 */
    int used;
} evidence_t;

void evidence_init(evidence_t *e, evidence_kind kind, const char *role);
void evidence_clear(evidence_t *e);
/* What a question is about, for whoever answers it: the first member of a struct
   of the family that asks; type is the address of a constant of that family, so
   that the answerer knows which struct it is.  Never looked at here. */
typedef struct
{
    const char *type;
} about_t;

/* What an oracle is asked. */
typedef struct
{
    evidence_kind kind;
    const char *role;
    const about_t *about;           /* or NULL */
    struct
    {
        int upper;                  /* mu N - K >= 0 instead of K - mu N >= 0 */
        const qmat_struct *K, *N;   /* N == NULL means the identity */
        const fmpq *want;           /* the value that would do, or NULL */
    } bound;
    const qmat_struct *root;        /* NORM, INVERSE: the matrix whose singular values are bounded */
    slong count;                    /* NUMBERS: how many */
    slong rows, cols;               /* MATRIX: the shape */
    struct
    {
        const qmat_struct *Z;       /* MATRIX that is a leaf: s(Z), or s^{-1}(Z) if inverse */
        const activation_t *act;    /* NULL: not a leaf */
        int inverse;
    } leaf;
} ask_t;

/* A verified fact, kept for readers: "meaning relation value". */
typedef struct
{
    int aside;                  /* belongs to a constant beside the proof, not to the proof */
    char role[ROLE_SIZE];
    char *meaning;              /* LaTeX */
    const char *relation;
    fmpq_t value;
} note_t;

typedef struct
{
    evidence_t **evidence;      /* in the order of their roles */
    slong count, room;
    slong rounding;             /* bits at which rules round long matrices */

    /* Fills *e (initialised by the callee) and returns 1, or returns 0 if it
       has no answer.  NULL when checking. */
    int (*oracle)(void *context, const ask_t *ask, evidence_t *e);
    void *context;
    int trusting;               /* a search of the oracle's owner: answers are taken as they are, and nothing
                                   that comes of them is a proof.  Without an oracle it means nothing. */

    note_t *notes;
    slong note_count, note_room;
    int aside;                  /* what is asked from now on is no part of the proof itself */

    int failed;
    char failed_role[ROLE_SIZE];
    slong failed_line;
    char reason[256];
} facts_t;

void facts_init(facts_t *f, slong rounding);
void facts_clear(facts_t *f);
/* Takes ownership of *e.  Returns 0 if the role is there already. */
int facts_add(facts_t *f, const evidence_t *e);
/* Records the first failure; later ones are ignored. */
void facts_fail(facts_t *f, const char *role, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The role of a block that no rule asked for, or NULL. */
const evidence_t *facts_unused(const facts_t *f);
void facts_note(facts_t *f, const char *role, const char *meaning, const char *relation,
                const fmpq_t value);

/* 1 if answers are to be verified: in every check, and in every proof. */
int facts_verifies(const facts_t *f);

/* The block with this role, or NULL. */
evidence_t *facts_find(const facts_t *f, const char *role);
/* The answer to a question, not verified; NULL, and a failure if required, without one. */
const evidence_t *facts_ask(facts_t *f, const ask_t *ask, int required);

/* mu := the verified bound that answers ask, and a note of it; 0 without one. */
void facts_bound(fmpq_t mu, facts_t *f, const ask_t *ask, const char *meaning, int required);

/* mu := a verified mu >= 0 with K - mu N >= 0 (positive semidefinite), K and N
   symmetric n x n.  Absent: if required, a failure; otherwise mu = 0, so K
   must then be positive semidefinite by its meaning (a Gram matrix).
   After a failure mu = 0. */
void fact_lower(fmpq_t mu, facts_t *f, const char *role, const char *meaning,
                const qmat_t K, const qmat_t N, const fmpq *want, int required);
void fact_lower_about(fmpq_t mu, facts_t *f, const char *role, const char *meaning,
                      const qmat_t K, const qmat_t N, const fmpq *want, int required,
                      const about_t *about);

/* mu := a verified mu >= 0 with mu I - K >= 0.  Absent: an upper bound of
   ||K||_F, so always usable. */
void fact_upper(fmpq_t mu, facts_t *f, const char *role, const char *meaning,
                const qmat_t K, const fmpq *want);
void fact_upper_about(fmpq_t mu, facts_t *f, const char *role, const char *meaning,
                      const qmat_t K, const fmpq *want, const about_t *about);

/* The matrix given for a role; NULL, and a failure if required, when absent or of another shape.
   Meaning is the rule's business. */
const qmat_struct *fact_matrix(facts_t *f, const char *role, slong rows, slong cols,
                               const about_t *about, int required);

/* H := a ball that contains s(Z) for every Z in its ball: exact for rational
   s; otherwise from a leaf that Arb verifies at mid Z, its radius enlarged by
   sup|s'| rad(Z). */
void fact_activation(qmat_t H, facts_t *f, const char *role, const qmat_t Z,
                     const activation_t *s);

/* The ball given for s(Z), or s^{-1}(Z), of the shape of Z, not verified; NULL, and a failure, without. */
const evidence_t *fact_leaf(facts_t *f, const char *role, const qmat_t Z, const activation_t *s,
                            int inverse);

#endif
