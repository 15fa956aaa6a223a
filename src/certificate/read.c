/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The certificate reader: one function per production.  Every count is compared with what is left of the text before
   memory is taken: an entry needs at least two characters. */
#include "config.h"
#include <stdio.h>
#include <string.h>
#include <nettle/sha2.h>
#include "certificate.h"
#include "kernel/limits.h"
#include "kernel/scope.h"

/* rows x cols integers and their denominator, in lowest terms. */
static int
rows(cursor_t *r, qmat_t A, slong nr, slong nc, int triangular)
{
    slong i, j;
    INTEGERS(g);
    qmat_t t;
    int ok = 0;

    if (nc > 0 && nr > (slong) (r->end - r->p) / (triangular ? 1 : nc))
        return cursor_reject(r, "the matrix is larger than the rest of the text");
    if (triangular && nr * (nr + 1) > (slong) (r->end - r->p))
        return cursor_reject(r, "the factor is larger than the rest of the text");
    qmat_init(t, nr, nc);
    fmpz_set(t->den, A->den);
    fmpq_swap(t->rad, A->rad);
    for (i = 0; i < nr; i++)
        for (j = 0; j < (triangular ? i + 1 : nc); j++)
            if ((j > 0 && !cursor_space(r)) || !cursor_integer(r, fmpz_mat_entry(t->num, i, j))
                || (j + 1 == (triangular ? i + 1 : nc) && !cursor_newline(r)))
                goto done;
    fmpz_mat_content(g, t->num);
    fmpz_gcd(g, g, t->den);
    ok = fmpz_is_one(g) || cursor_reject(r, "numerators and denominator have a common factor");
    qmat_swap(A, t);
done:
    qmat_clear(t);
    return ok;
}

/* "ROWS COLS DEN" newline, then the rows. */
static int
matrix(cursor_t *r, qmat_t A)
{
    slong nr, nc;

    ENSURE(cursor_space(r) && cursor_count(r, &nr, 0, limit(LIMIT_ROWS), "the number of rows"));
    ENSURE(cursor_space(r) && cursor_count(r, &nc, 1, limit(LIMIT_COLUMNS), "the number of columns"));
    ENSURE(cursor_space(r) && cursor_integer(r, A->den));
    if (fmpz_sgn(A->den) <= 0)
        return cursor_reject(r, "the denominator must be positive");
    return cursor_newline(r) && rows(r, A, nr, nc, 0);
}

static int
named_matrix(cursor_t *r, const char *name, qmat_t A)
{
    ENSURE(cursor_expect(r, "matrix") && cursor_space(r) && cursor_expect(r, name));
    return matrix(r, A);
}

enum { MAX_SKIPS = 64 };

/* " N K1 .. KN": the layers that the last one sees, too. */
static int
read_skips(cursor_t *r, slong *skip, slong *n, slong l)
{
    slong i;

    ENSURE(cursor_space(r) && cursor_count(r, n, 1, MAX_SKIPS, "the number of skips"));
    for (i = 0; i < *n; i++)
        ENSURE(cursor_space(r) && cursor_count(r, skip + i, 0, l, "a layer"));
    return 1;
}

static int
read_network(cursor_t *r, problem_t *P)
{
    slong i, l, depth = 1, skips = 0, skip[MAX_SKIPS];
    int k;

    ENSURE(cursor_expect(r, "network") && cursor_space(r) && cursor_choice(r, &k, network_name, NET_KINDS, "network"));
    ENSURE(cursor_space(r) && cursor_count(r, &l, 1, limit(LIMIT_LAYERS), "the number of layers"));
    if (k == NET_RESIDUAL)
        ENSURE(cursor_space(r) && cursor_count(r, &depth, 1, limit(LIMIT_LAYERS), "the depth of a unit"));
    if (k == NET_SKIP)
        ENSURE(read_skips(r, skip, &skips, l));
    ENSURE(cursor_newline(r));
    if (l * depth > limit(LIMIT_LAYERS))
        return cursor_reject(r, "more than %ld parameter blocks", (long) limit(LIMIT_LAYERS));
    problem_set_network(P, k, l, depth);
    problem_add_skips(P, skip, skips);
    for (i = 0; P->act != NULL && i < l - 1; i++)
    {
        ENSURE(cursor_expect(r, "activation") && cursor_space(r));
        ENSURE(cursor_choice(r, &k, activation_name, ACT_KINDS, "activation"));
        P->act[i].kind = k;
        if (activation_has_slope(k))
            ENSURE(cursor_space(r) && cursor_rational(r, P->act[i].slope));
        ENSURE(cursor_newline(r));
    }
    return 1;
}

static int
read_problem(cursor_t *r, problem_t *P)
{
    slong i, m;
    int k, weighted;
    char name[40];
    const char *wrong;
    qmat_t X;

    ENSURE(read_network(r, P));
    ENSURE(cursor_expect(r, "loss") && cursor_space(r) && cursor_choice(r, &k, loss_name, LOSS_KINDS, "loss"));
    P->loss = k;
    ENSURE(cursor_space(r) && cursor_rational(r, P->scale));
    if (k == LOSS_SMOOTH_HINGE)
        ENSURE(cursor_space(r) && cursor_count(r, &P->power, 1, 1000, "the power"));
    ENSURE(cursor_newline(r) && cursor_expect(r, "weight-decay") && cursor_space(r)
           && cursor_rational(r, P->weight_decay));
    P->decayed = cursor_take_next(r, "biases") ? DECAY_BIASES
        : cursor_take_next(r, "hidden-biases") ? DECAY_HIDDEN_BIASES : DECAY_WEIGHTS;
    ENSURE(cursor_newline(r));
    qmat_init(X, 0, 0);
    if (!named_matrix(r, "X", X))
    {
        qmat_clear(X);
        return 0;
    }
    qmat_swap(P->X, X);
    qmat_clear(X);
    m = qmat_cols(P->X);
    problem_set_samples(P, m);
    ENSURE(named_matrix(r, "Y", P->Y));
    ENSURE(cursor_expect(r, "weights"));
    if (!cursor_take_next(r, "one"))
    {
        ENSURE(cursor_rationals(r, P->weights, m, m * FLINT_MAX(m, qmat_rows(P->X))));
        for (i = 0, weighted = 0; i < m; i++)
            weighted |= !fmpq_is_one(P->weights + i);
        if (!weighted)
            return cursor_reject(r, "weights that are all 1 are written \"weights one\"");
    }
    ENSURE(cursor_newline(r) && cursor_expect(r, "biases") && cursor_space(r));
    if (cursor_take(r, "yes"))
        problem_add_biases(P);
    else
        ENSURE(cursor_expect(r, "no"));
    if (P->decayed != DECAY_WEIGHTS && (P->b == NULL || fmpq_is_zero(P->weight_decay)))
        return cursor_reject(r, "there are no biases that weight decay could count");
    if (P->b != NULL && network_is_linear(P))
        return cursor_reject(r, "linear and residual networks have no biases");
    ENSURE(cursor_newline(r));
    for (i = 0; i < P->nblocks; i++)
    {
        snprintf(name, sizeof name, "W:%ld", (long) i + 1);
        ENSURE(cursor_expect(r, "matrix") && cursor_space(r));
        if (i == 0 && cursor_take(r, "features"))
        {
            qmat_t zero;
            ENSURE(matrix(r, P->features));
            if (qmat_rows(P->features) == 0)
                return cursor_reject(r, "the features have no rows");
            qmat_init(zero, qmat_rows(P->features), qmat_rows(P->X));
            qmat_swap(P->W, zero);
            qmat_clear(zero);
        }
        else
            ENSURE(cursor_expect(r, name) && matrix(r, P->W + i));
        snprintf(name, sizeof name, "b:%ld", (long) i + 1);
        if (P->b != NULL && !(P->kind == NET_RESNET && i >= P->l - 2))
            ENSURE(named_matrix(r, name, P->b + i));
    }
    wrong = problem_validate(P);
    return wrong == NULL || cursor_reject(r, "%s", wrong);
}

static int
read_claim(cursor_t *r, claim_t *c, const problem_t *P)
{
    slong i;
    const field_t *f;

    ENSURE(cursor_expect(r, "claim") && cursor_space(r));
    for (i = 0; rule_table[i] != NULL && !cursor_take(r, rule_table[i]->name); i++)
        ;
    if (rule_table[i] == NULL)
        return cursor_reject(r, "unknown claim");
    claim_set_rule(c, rule_named(rule_table[i]->name, P));
    f = c->rule->parameters;
    for (i = 0; f[i].name != NULL; i++)
    {
        if (f[i].flags & FIELD_ASKED)
            continue;
        if (f[i].flags & FIELD_MAY_BE_ABSENT)
        {
            if (!cursor_take_next(r, f[i].name))
                continue;
        }
        else if (!(f[i].flags & FIELD_BARE))
            ENSURE(cursor_expect_next(r, f[i].name));
        c->value[i].given = 1;
        ENSURE(f[i].type->read(r, c->value + i, f + i, P));
    }
    return cursor_newline(r);
}

/* n integers >= 0, a space before each. */
static int
read_codes(cursor_t *r, fmpq *x, slong n)
{
    slong i;

    for (i = 0; i < n; i++)
    {
        ENSURE(cursor_space(r) && cursor_integer(r, fmpq_numref(x + i)));
        if (fmpz_sgn(fmpq_numref(x + i)) < 0)
            return cursor_reject(r, "a code is negative");
    }
    return 1;
}

/* " N DEN" newline, then the lower triangle of a matrix of order N. */
static int
factor(cursor_t *r, qmat_t L)
{
    slong n;

    ENSURE(cursor_space(r) && cursor_count(r, &n, 1, limit(LIMIT_ROWS), "the order"));
    ENSURE(cursor_space(r) && cursor_integer(r, L->den) && cursor_newline(r));
    if (fmpz_sgn(L->den) <= 0)
        return cursor_reject(r, "the denominator must be positive");
    return rows(r, L, n, n, 1);
}

static int
bits(cursor_t *r, slong *n)
{
    return cursor_space(r) && cursor_count(r, n, 0, ACTIVATION_MAX_PRECISION, "the number of bits");
}

static int
norm(cursor_t *r, evidence_t *e)
{
    return cursor_space(r) && cursor_rational(r, e->square) && bits(r, e->bits) && factor(r, e->A);
}

static int
read_block(cursor_t *r, facts_t *f, const char *previous)
{
    static const char *const kinds[] = { "bound", "word", "numbers", "matrix", "ball", "codes", "norm", "inverse" };
    static const evidence_kind kind[] = { EVIDENCE_BOUND, EVIDENCE_WORD, EVIDENCE_NUMBERS, EVIDENCE_MATRIX, EVIDENCE_MATRIX,
                                          EVIDENCE_CODES, EVIDENCE_NORM, EVIDENCE_INVERSE };
    const char *s;
    size_t len;
    slong n, i, line = r->line;
    int k, ok = 0, plain;
    char role[ROLE_SIZE];
    evidence_t e;

    ENSURE(cursor_choice(r, &k, kinds, 8, "kind of evidence") && cursor_space(r) && cursor_token(r, &s, &len));
    if (len >= ROLE_SIZE)
        return cursor_reject(r, "the role is too long");
    memcpy(role, s, len);
    role[len] = '\0';
    memcpy(r->why->role, role, len + 1);
    if (strcmp(role, previous) <= 0)
        return cursor_reject(r, "blocks must stand in the order of their roles, each once");
    evidence_init(&e, kind[k], role);
    e.line = line;
    if (k == 0)
    {
        ok = cursor_space(r) && cursor_rational(r, e.value) && factor(r, e.A) && cursor_expect(r, "diagonal");
        n = qmat_rows(e.A);
        if (ok && !cursor_take_next(r, "one"))
        {
            e.nd = n;
            e.d = _fmpq_vec_init(n);
            ok = cursor_rationals(r, e.d, n, n * n);
            for (i = 0, plain = 1; i < n; i++)
                plain &= fmpq_is_one(e.d + i);
            if (ok && plain)
                ok = cursor_reject(r, "a diagonal of ones is written \"diagonal one\"");
        }
        ok = ok && cursor_newline(r);
    }
    else if (k == 1)
    {
        ok = cursor_space(r) && cursor_token(r, &s, &len)
            && (len < sizeof e.word || cursor_reject(r, "the word is too long"));
        if (ok)
        {
            memcpy(e.word, s, len);
            e.word[len] = '\0';
            ok = cursor_newline(r);
        }
    }
    else if (k == 2 || k == 5)
    {
        ok = cursor_space(r) && cursor_count(r, &n, 1, (r->end - r->p) / 2 + 1, "the count");
        if (ok)
        {
            e.nd = n;
            e.d = _fmpq_vec_init(n);
            ok = (k == 2 ? cursor_rationals(r, e.d, n, n) : read_codes(r, e.d, n)) && cursor_newline(r);
        }
    }
    else if (k == 3)
        ok = matrix(r, e.A);
    else if (k == 6)
        ok = cursor_space(r) && cursor_rational(r, e.value) && norm(r, &e);
    else if (k == 7)
        ok = cursor_space(r) && cursor_rational(r, e.value) && bits(r, e.bits + 1) && bits(r, e.bits + 2) && factor(r, e.S)
            && cursor_expect(r, "norm") && norm(r, &e);
    else
        ok = cursor_space(r) && cursor_count(r, &e.precision, 2, ACTIVATION_MAX_PRECISION, "the precision")
            && cursor_space(r) && cursor_rational(r, e.A->rad)
            && (fmpq_sgn(e.A->rad) >= 0 || cursor_reject(r, "the radius is negative"))
            && matrix(r, e.A);
    if (k == 7)
        qmat_transpose(e.S, e.S);               /* its columns were read as rows */
    if (ok)
        facts_add(f, &e);
    else
        evidence_clear(&e);
    return ok;
}

/* A constant; one that repeats a parameter must always be there, and equal it. */
static int
read_constant(cursor_t *r, certificate_t *C, slong i)
{
    const field_t *f = C->k.rule->constants + i;
    const value_t *repeated = claim_value(&C->c, f->name);
    value_t *v = C->k.constant + i;

    if (!cursor_take_next(r, f->name))
        return repeated == NULL || cursor_expect_next(r, f->name);
    v->given = repeated == NULL;
    ENSURE(f->type->read(r, v, f, &C->P));
    return repeated == NULL || f->type->equal(v, repeated, &C->P)
        || cursor_reject(r, "%s differs from the claim", f->name);
}

static int
read_conclusion(cursor_t *r, certificate_t *C)
{
    static const char *const verdicts[] = { "proved", "refuted" };
    slong i;
    int k;

    ENSURE(cursor_expect(r, "conclusion") && cursor_space(r)
           && cursor_choice(r, &k, verdicts, 2, "verdict"));
    conclusion_set_rule(&C->k, C->c.rule);
    C->k.verdict = k == 0 ? VERDICT_PROVED : VERDICT_REFUTED;
    for (i = 0; C->k.rule->constants[i].name != NULL; i++)
        ENSURE(read_constant(r, C, i));
    if (r->p < r->end && *r->p == ' ')
        return cursor_reject(r, "these constants do not belong to this conclusion");
    return cursor_newline(r);
}

/* nettle 4 dropped the length. */
static void
sha256_finish(struct sha256_ctx *ctx, uint8_t digest[SHA256_DIGEST_SIZE])
{
#ifdef NETTLE_DIGEST_TAKES_LENGTH
    sha256_digest(ctx, SHA256_DIGEST_SIZE, digest);
#else
    sha256_digest(ctx, digest);
#endif
}

void
certificate_digest(char hex[65], const char *text, size_t len)
{
    struct sha256_ctx ctx;
    uint8_t digest[SHA256_DIGEST_SIZE];
    int i;

    sha256_init(&ctx);
    sha256_update(&ctx, len, (const uint8_t *) text);
    sha256_finish(&ctx, digest);
    for (i = 0; i < SHA256_DIGEST_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

void
certificate_init(certificate_t *C)
{
    problem_init(&C->P);
    claim_init(&C->c, NULL);
    conclusion_init(&C->k, NULL);
    facts_init(&C->f, 0);
    moments_none(&C->M);
    C->digest[0] = '\0';
}

void
certificate_clear(certificate_t *C)
{
    problem_clear(&C->P);
    claim_clear(&C->c);
    conclusion_clear(&C->k);
    facts_clear(&C->f);
    moments_clear(&C->M);
}

int
certificate_version(const problem_t *P, const claim_t *c, const facts_t *f, int used)
{
    slong i;
    int version = claim_version(P, c);

    for (i = 0; i < f->count; i++)
        if (f->evidence[i]->used >= used && (f->evidence[i]->kind == EVIDENCE_NORM || f->evidence[i]->kind == EVIDENCE_INVERSE))
            version = 2;
    return version;
}

static int
read_all(cursor_t *r, certificate_t *C)
{
    const char *s, *start;
    size_t len;
    slong i, n;
    int version;
    char stated[65];

    ENSURE(cursor_expect(r, "certify-certificate") && cursor_space(r));
    if (cursor_take(r, "1"))
        version = 1;
    else if (cursor_take(r, "2"))
        version = 2;
    else
        return cursor_reject(r, "this format version is not known (1 and 2 are)");
    ENSURE(cursor_newline(r) && cursor_expect(r, "problem") && cursor_space(r) && cursor_expect(r, "sha256") && cursor_space(r));
    ENSURE(cursor_token(r, &s, &len));
    if (len != 64)
        return cursor_reject(r, "the digest must have 64 hexadecimal digits");
    memcpy(stated, s, 64);
    stated[64] = '\0';
    ENSURE(cursor_newline(r));
    start = r->p;
    ENSURE(read_problem(r, &C->P));
    certificate_digest(C->digest, start, r->p - start);
    if (strcmp(stated, C->digest) != 0)
    {
        r->line = 2;
        return cursor_reject(r, "the digest is not that of the problem below");
    }
    ENSURE(read_claim(r, &C->c, &C->P));
    if (claim_version(&C->P, &C->c) > version)
    {
        r->line--;
        return cursor_reject(r, "this claim belongs to version 2 of the format");
    }
    ENSURE(cursor_expect(r, "rounding") && cursor_space(r)
           && cursor_count(r, &C->f.rounding, 1, limit(LIMIT_ROUNDING), "the rounding") && cursor_newline(r));
    ENSURE(cursor_expect(r, "evidence") && cursor_space(r)
           && cursor_count(r, &n, 0, limit(LIMIT_BLOCKS), "the number of blocks") && cursor_newline(r));
    for (i = 0; i < n; i++)
        ENSURE(read_block(r, &C->f, i == 0 ? "" : C->f.evidence[i - 1]->role));
    r->why->role[0] = '\0';
    if (certificate_version(&C->P, &C->c, &C->f, 0) != version)
        return cursor_reject(r, "this claim, with these blocks, belongs to version %d of the format", 3 - version);
    ENSURE(read_conclusion(r, C));
    ENSURE(cursor_expect(r, "end") && cursor_newline(r));
    return r->p == r->end || cursor_reject(r, "text follows after \"end\"");
}

int
certificate_read(certificate_t *C, const char *text, size_t len, rejection_t *why)
{
    cursor_t r = { text, text + len, 1, why };

    memset(why, 0, sizeof *why);
    if (len > (size_t) limit(LIMIT_BYTES))
        return cursor_reject(&r, "the certificate is longer than %ld bytes", (long) limit(LIMIT_BYTES));
    return read_all(&r, C);
}

int
certificate_check(certificate_t *C, const char *text, size_t len, rejection_t *why)
{
    int ok, at_minimum = NOT_ASKED;
    setting_t s = { &C->f, &C->P, &C->M, &at_minimum, NULL, NULL };

    ENSURE(certificate_read(C, text, len, why));
    work_start(len);
    ok = claim_verify(&s, &C->c, &C->k);
    if (ok)
        conclusion_describe(&C->k, &s, &C->c);
    if (ok && work_exceeded() != NULL)
    {
        facts_fail(&C->f, "limits", "%s", work_exceeded());
        ok = 0;
    }
    work_stop();
    if (ok)
        return 1;
    why->line = C->f.failed_line;
    memcpy(why->role, C->f.failed_role, ROLE_SIZE);
    memcpy(why->reason, C->f.reason, sizeof why->reason);
    return 0;
}
