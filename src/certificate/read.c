/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The certificate reader: a cursor over the text, one function per
   production.  Every count is compared with what is left of the text before
   memory is taken: an entry needs at least two characters. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "certificate.h"
#include "kernel/limits.h"
#include "kernel/number.h"

typedef struct
{
    const char *p, *end;
    slong line;
    rejection_t *why;
} reader_t;

/* Everything below returns 1 = read, 0 = rejected with the reason recorded. */
static int
reject(reader_t *r, const char *format, ...)
{
    va_list ap;

    r->why->line = r->line;
    va_start(ap, format);
    vsnprintf(r->why->reason, sizeof r->why->reason, format, ap);
    va_end(ap);
    return 0;
}

#define ENSURE(x) do { if (!(x)) return 0; } while (0)

/* The next token: printable characters up to a space or newline. */
static int
token(reader_t *r, const char **start, size_t *len)
{
    *start = r->p;
    while (r->p < r->end && *r->p > ' ' && *r->p < 127)
        r->p++;
    *len = r->p - *start;
    if (r->p == r->end)
        return reject(r, "the text ends here");
    if (*len == 0 || (*r->p != ' ' && *r->p != '\n'))
        return reject(r, "a word is expected here");
    return 1;
}

static int
space(reader_t *r)
{
    if (r->p == r->end || *r->p != ' ')
        return reject(r, "one space and another word are expected here");
    r->p++;
    return 1;
}

static int
newline(reader_t *r)
{
    if (r->p == r->end || *r->p != '\n')
        return reject(r, "the line must end here");
    r->p++;
    r->line++;
    return 1;
}

/* 1 if the next token is word (consumed), without an error otherwise. */
static int
take(reader_t *r, const char *word)
{
    size_t n = strlen(word);

    if ((size_t) (r->end - r->p) > n && memcmp(r->p, word, n) == 0
        && (r->p[n] == ' ' || r->p[n] == '\n'))
    {
        r->p += n;
        return 1;
    }
    return 0;
}

/* The same for a space and the word. */
static int
take_next(reader_t *r, const char *word)
{
    if (r->p == r->end || *r->p != ' ')
        return 0;
    r->p++;
    if (take(r, word))
        return 1;
    r->p--;
    return 0;
}

static int
expect(reader_t *r, const char *word)
{
    return take(r, word) || reject(r, "\"%s\" is expected here", word);
}

static int
integer(reader_t *r, fmpz_t x)
{
    const char *s;
    size_t len;

    ENSURE(token(r, &s, &len));
    return number_parse_integer(x, s, len)
        || reject(r, "an integer in canonical form is expected here");
}

static int
rational(reader_t *r, fmpq_t x)
{
    const char *s;
    size_t len;

    ENSURE(token(r, &s, &len));
    return number_parse(x, s, len)
        || reject(r, "a rational p or p/q in lowest terms is expected here");
}

static int
count(reader_t *r, slong *n, slong min, slong max, const char *what)
{
    fmpz_t x;
    int ok;

    fmpz_init(x);
    ok = integer(r, x);
    if (ok && (fmpz_cmp_si(x, min) < 0 || fmpz_cmp_si(x, max) > 0))
        ok = reject(r, "%s must be from %ld to %ld", what, (long) min, (long) max);
    if (ok)
        *n = fmpz_get_si(x);
    fmpz_clear(x);
    return ok;
}

/* rows x cols integers and their denominator, in lowest terms. */
static int
rows(reader_t *r, qmat_t A, slong nr, slong nc, int triangular)
{
    slong i, j;
    fmpz_t g;
    qmat_t t;
    int ok = 0;

    if (nc > 0 && nr > (slong) (r->end - r->p) / (triangular ? 1 : nc))
        return reject(r, "the matrix is larger than the rest of the text");
    if (triangular && nr * (nr + 1) > (slong) (r->end - r->p))
        return reject(r, "the factor is larger than the rest of the text");
    qmat_init(t, nr, nc);
    fmpz_init(g);
    fmpz_set(t->den, A->den);
    fmpq_swap(t->rad, A->rad);
    for (i = 0; i < nr; i++)
        for (j = 0; j < (triangular ? i + 1 : nc); j++)
            if ((j > 0 && !space(r)) || !integer(r, fmpz_mat_entry(t->num, i, j))
                || (j + 1 == (triangular ? i + 1 : nc) && !newline(r)))
                goto done;
    fmpz_mat_content(g, t->num);
    fmpz_gcd(g, g, t->den);
    ok = fmpz_is_one(g) || reject(r, "numerators and denominator have a common factor");
    qmat_swap(A, t);
done:
    qmat_clear(t);
    fmpz_clear(g);
    return ok;
}

/* "ROWS COLS DEN" newline, then the rows. */
static int
matrix(reader_t *r, qmat_t A)
{
    slong nr, nc;

    ENSURE(space(r) && count(r, &nr, 0, limit(LIMIT_ROWS), "the number of rows"));
    ENSURE(space(r) && count(r, &nc, 1, limit(LIMIT_COLUMNS), "the number of columns"));
    ENSURE(space(r) && integer(r, A->den));
    if (fmpz_sgn(A->den) <= 0)
        return reject(r, "the denominator must be positive");
    return newline(r) && rows(r, A, nr, nc, 0);
}

static int
named_matrix(reader_t *r, const char *name, qmat_t A)
{
    ENSURE(expect(r, "matrix") && space(r) && expect(r, name));
    return matrix(r, A);
}

/* n rationals, a space before each; area: entries of the matrix that will get
   their common denominator. */
static int
rationals(reader_t *r, fmpq *x, slong n, slong area)
{
    slong i, most = limit(LIMIT_EXPANSION) / FLINT_MAX(area, 1);
    int ok = 1;
    fmpz_t lcm, inverse;

    fmpz_init_set_ui(lcm, 1);
    fmpz_init_set_ui(inverse, 1);
    for (i = 0; i < n && ok; i++)
    {
        ok = space(r) && rational(r, x + i);
        if (ok)
            fmpz_lcm(lcm, lcm, fmpq_denref(x + i));
        if (ok && !fmpq_is_zero(x + i))         /* some rules divide by them */
            fmpz_lcm(inverse, inverse, fmpq_numref(x + i));
        if (ok && ((slong) fmpz_bits(lcm) > most || (slong) fmpz_bits(inverse) > most))
            ok = reject(r, "the common denominator of these numbers, or of their inverses, is too long");
    }
    fmpz_clear(lcm);
    fmpz_clear(inverse);
    return ok;
}

static int
choice(reader_t *r, int *k, const char *const *names, int n, const char *what)
{
    for (*k = 0; *k < n; (*k)++)
        if (take(r, names[*k]))
            return 1;
    return reject(r, "unknown %s", what);
}

static int
read_network(reader_t *r, problem_t *P)
{
    slong i, l, depth = 1;
    int k;

    ENSURE(expect(r, "network") && space(r) && choice(r, &k, network_name, NET_KINDS, "network"));
    ENSURE(space(r) && count(r, &l, 1, limit(LIMIT_LAYERS), "the number of layers"));
    if (k == NET_RESIDUAL)
        ENSURE(space(r) && count(r, &depth, 1, limit(LIMIT_LAYERS), "the depth of a unit"));
    ENSURE(newline(r));
    if (l * depth > limit(LIMIT_LAYERS))
        return reject(r, "more than %ld parameter blocks", (long) limit(LIMIT_LAYERS));
    problem_set_network(P, k, l, depth);
    for (i = 0; P->act != NULL && i < l - 1; i++)
    {
        ENSURE(expect(r, "activation") && space(r));
        ENSURE(choice(r, &k, activation_name, ACT_KINDS, "activation"));
        P->act[i].kind = k;
        if (activation_has_slope(k))
            ENSURE(space(r) && rational(r, P->act[i].slope));
        ENSURE(newline(r));
    }
    return 1;
}

static int
read_problem(reader_t *r, problem_t *P)
{
    slong i, m;
    int k, weighted;
    char name[40];
    const char *wrong;
    qmat_t X;

    ENSURE(read_network(r, P));
    ENSURE(expect(r, "loss") && space(r) && choice(r, &k, loss_name, LOSS_KINDS, "loss"));
    P->loss = k;
    ENSURE(space(r) && rational(r, P->scale));
    if (k == LOSS_SMOOTH_HINGE)
        ENSURE(space(r) && count(r, &P->power, 1, 1000, "the power"));
    ENSURE(newline(r) && expect(r, "weight-decay") && space(r)
           && rational(r, P->weight_decay) && newline(r));
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
    ENSURE(expect(r, "weights"));
    if (!take_next(r, "one"))
    {
        ENSURE(rationals(r, P->weights, m, m * FLINT_MAX(m, qmat_rows(P->X))));
        for (i = 0, weighted = 0; i < m; i++)
            weighted |= !fmpq_is_one(P->weights + i);
        if (!weighted)
            return reject(r, "weights that are all 1 are written \"weights one\"");
    }
    ENSURE(newline(r) && expect(r, "biases") && space(r));
    if (take(r, "yes"))
        problem_add_biases(P);
    else
        ENSURE(expect(r, "no"));
    if (P->b != NULL && P->kind != NET_FEEDFORWARD)
        return reject(r, "only feedforward networks have biases");
    ENSURE(newline(r));
    for (i = 0; i < P->nblocks; i++)
    {
        snprintf(name, sizeof name, "W:%ld", (long) i + 1);
        ENSURE(expect(r, "matrix") && space(r));
        if (i == 0 && take(r, "features"))
        {
            qmat_t zero;
            ENSURE(matrix(r, P->features));
            if (qmat_rows(P->features) == 0)
                return reject(r, "the features have no rows");
            qmat_init(zero, qmat_rows(P->features), qmat_rows(P->X));
            qmat_swap(P->W, zero);
            qmat_clear(zero);
        }
        else
            ENSURE(expect(r, name) && matrix(r, P->W + i));
        snprintf(name, sizeof name, "b:%ld", (long) i + 1);
        if (P->b != NULL)
            ENSURE(named_matrix(r, name, P->b + i));
    }
    wrong = problem_validate(P);
    return wrong == NULL || reject(r, "%s", wrong);
}

static int
read_inequality(reader_t *r, inequality_t *q, const problem_t *P)
{
    const char *s, *wrong;
    size_t len;
    int k;

    ENSURE(space(r) && token(r, &s, &len));
    wrong = inequality_parse_side(q->side, s, len, P);
    if (wrong != NULL)
        return reject(r, "the left side: %s", wrong);
    ENSURE(space(r) && choice(r, &k, relation_name, REL_KINDS, "relation") && space(r)
           && token(r, &s, &len));
    q->relation = k;
    wrong = inequality_parse_side(q->side + 1, s, len, P);
    return wrong == NULL || reject(r, "the right side: %s", wrong);
}

static int
read_claim(reader_t *r, claim_t *c, const problem_t *P)
{
    int k;
    slong n;

    ENSURE(expect(r, "claim") && space(r) && choice(r, &k, claim_name, CLAIM_KINDS, "claim"));
    c->kind = k;
    if (claim_has_tolerance(k) && take_next(r, k == CLAIM_CRITICAL_POINT ? "gradient" : "gap"))
    {
        c->has_tolerance = 1;
        ENSURE(space(r) && rational(r, c->tolerance));
    }
    else if (k == CLAIM_INEQUALITY)
        ENSURE(read_inequality(r, &c->q, P));
    else if (k == CLAIM_GRADIENT_DOMINANCE || k == CLAIM_REGULARITY)
    {
        ENSURE(space(r) && expect(r, "norm") && space(r)
               && choice(r, &k, norm_name, NORM_KINDS, "norm"));
        c->norm = k;
        ENSURE(space(r) && expect(r, "radius") && space(r)
               && count(r, &n, 0, limit(LIMIT_LAYERS), "the number of radii"));
        claim_set_radii(c, n);
        ENSURE(rationals(r, c->radius, n, 1));
        if (c->kind == CLAIM_REGULARITY)
            ENSURE(space(r) && expect(r, "delta") && space(r) && rational(r, c->delta)
                   && space(r) && expect(r, "alpha") && space(r) && rational(r, c->alpha)
                   && space(r) && expect(r, "beta") && space(r) && rational(r, c->beta));
        else
            ENSURE(space(r) && expect(r, "lambda") && space(r) && rational(r, c->lambda));
    }
    return newline(r);
}

static int
read_block(reader_t *r, facts_t *f, const char *previous)
{
    static const char *const kinds[] = { "bound", "word", "numbers", "matrix", "ball" };
    const char *s;
    size_t len;
    slong n, i, line = r->line;
    int k, ok = 0, plain;
    char role[ROLE_SIZE];
    evidence_t e;

    ENSURE(choice(r, &k, kinds, 5, "kind of evidence") && space(r) && token(r, &s, &len));
    if (len >= ROLE_SIZE)
        return reject(r, "the role is too long");
    memcpy(role, s, len);
    role[len] = '\0';
    memcpy(r->why->role, role, len + 1);
    if (strcmp(role, previous) <= 0)
        return reject(r, "blocks must stand in the order of their roles, each once");
    evidence_init(&e, k == 4 ? EVIDENCE_MATRIX : (evidence_kind) k, role);
    e.line = line;
    if (k == 0)
    {
        ok = space(r) && rational(r, e.value)
            && space(r) && count(r, &n, 1, limit(LIMIT_ROWS), "the order")
            && space(r) && integer(r, e.A->den) && newline(r)
            && (fmpz_sgn(e.A->den) > 0 || reject(r, "the denominator must be positive"))
            && rows(r, e.A, n, n, 1) && expect(r, "diagonal");
        if (ok && !take_next(r, "one"))
        {
            e.nd = n;
            e.d = _fmpq_vec_init(n);
            ok = rationals(r, e.d, n, n * n);
            for (i = 0, plain = 1; i < n; i++)
                plain &= fmpq_is_one(e.d + i);
            if (ok && plain)
                ok = reject(r, "a diagonal of ones is written \"diagonal one\"");
        }
        ok = ok && newline(r);
    }
    else if (k == 1)
    {
        ok = space(r) && token(r, &s, &len)
            && (len < sizeof e.word || reject(r, "the word is too long"));
        if (ok)
        {
            memcpy(e.word, s, len);
            e.word[len] = '\0';
            ok = newline(r);
        }
    }
    else if (k == 2)
    {
        ok = space(r) && count(r, &n, 1, (r->end - r->p) / 2 + 1, "the count");
        if (ok)
        {
            e.nd = n;
            e.d = _fmpq_vec_init(n);
            ok = rationals(r, e.d, n, n) && newline(r);
        }
    }
    else if (k == 3)
        ok = matrix(r, e.A);
    else
        ok = space(r) && count(r, &e.precision, 2, ACTIVATION_MAX_PRECISION, "the precision")
            && space(r) && rational(r, e.A->rad)
            && (fmpq_sgn(e.A->rad) >= 0 || reject(r, "the radius is negative"))
            && matrix(r, e.A);
    if (ok)
        facts_add(f, &e);
    else
        evidence_clear(&e);
    return ok;
}

static int
read_pattern(reader_t *r, certificate_t *C)
{
    slong i, k, n, d = qmat_rows(C->P.Y);
    pattern_t *p;

    ENSURE(space(r) && count(r, &k, C->k.npatterns, C->k.npatterns, "the number of the pattern")
           && space(r) && count(r, &n, 1, d, "the number of eigenvalues"));
    p = conclusion_add_pattern(&C->k, n);
    for (i = 0; i < n; i++)
        ENSURE(space(r) && rational(r, p->low + i) && space(r) && rational(r, p->high + i)
               && space(r) && count(r, p->multiplicity + i, 1, d, "a multiplicity")
               && space(r) && count(r, p->captured + i, 0, d, "a captured multiplicity"));
    return 1;
}

static int
read_conclusion(reader_t *r, certificate_t *C)
{
    static const char *const verdicts[] = { "proved", "refuted" };
    int k;
    fmpq_t x;

    ENSURE(expect(r, "conclusion") && space(r) && choice(r, &k, verdicts, 2, "verdict"));
    C->k.verdict = k == 0 ? VERDICT_PROVED : VERDICT_REFUTED;
    if (C->c.kind == CLAIM_GRADIENT_DOMINANCE)
    {
        fmpq_init(x);
        k = space(r) && expect(r, "lambda") && space(r) && rational(r, x);
        if (k && !fmpq_equal(x, C->c.lambda))
            k = reject(r, "lambda differs from the claim");
        fmpq_clear(x);
        ENSURE(k);
    }
    if (take_next(r, "lambda_lower"))
    {
        C->k.has_lambda_lower = 1;
        ENSURE(space(r) && rational(r, C->k.lambda_lower));
        if (fmpq_sgn(C->k.lambda_lower) <= 0)
            return reject(r, "lambda_lower must be positive");
    }
    if (take_next(r, "radius_factor"))
    {
        C->k.has_radius_factor = 1;
        ENSURE(space(r) && rational(r, C->k.radius_factor));
        if (fmpq_cmp_si(C->k.radius_factor, 1) < 0)
            return reject(r, "radius_factor must be at least 1");
    }
    if (take_next(r, "paper_lambda"))
    {
        C->k.has_paper_lambda = 1;
        ENSURE(space(r) && rational(r, C->k.paper_lambda));
        if (fmpq_sgn(C->k.paper_lambda) <= 0)
            return reject(r, "paper_lambda must be positive");
    }
    while (take_next(r, "pattern"))
        ENSURE(read_pattern(r, C));
    return newline(r);
}

void
certificate_init(certificate_t *C)
{
    problem_init(&C->P);
    claim_init(&C->c, CLAIM_GRADIENT_DOMINANCE);
    conclusion_init(&C->k);
    facts_init(&C->f, 0);
    C->digest[0] = '\0';
}

void
certificate_clear(certificate_t *C)
{
    problem_clear(&C->P);
    claim_clear(&C->c);
    conclusion_clear(&C->k);
    facts_clear(&C->f);
}

static int
read_all(reader_t *r, certificate_t *C)
{
    const char *s, *start;
    size_t len;
    slong i, n;
    char stated[65];

    ENSURE(expect(r, "certify-certificate") && space(r));
    if (!take(r, "1"))
        return reject(r, "this format version is not known (1 is)");
    ENSURE(newline(r) && expect(r, "problem") && space(r) && expect(r, "sha256") && space(r));
    ENSURE(token(r, &s, &len));
    if (len != 64)
        return reject(r, "the digest must have 64 hexadecimal digits");
    memcpy(stated, s, 64);
    stated[64] = '\0';
    ENSURE(newline(r));
    start = r->p;
    ENSURE(read_problem(r, &C->P));
    certificate_digest(C->digest, start, r->p - start);
    if (strcmp(stated, C->digest) != 0)
    {
        r->line = 2;
        return reject(r, "the digest is not that of the problem below");
    }
    ENSURE(read_claim(r, &C->c, &C->P));
    ENSURE(expect(r, "rounding") && space(r)
           && count(r, &C->f.rounding, 1, limit(LIMIT_ROUNDING), "the rounding") && newline(r));
    ENSURE(expect(r, "evidence") && space(r)
           && count(r, &n, 0, limit(LIMIT_BLOCKS), "the number of blocks") && newline(r));
    for (i = 0; i < n; i++)
        ENSURE(read_block(r, &C->f, i == 0 ? "" : C->f.evidence[i - 1]->role));
    r->why->role[0] = '\0';
    ENSURE(read_conclusion(r, C));
    ENSURE(expect(r, "end") && newline(r));
    return r->p == r->end || reject(r, "text follows after \"end\"");
}

int
certificate_read(certificate_t *C, const char *text, size_t len, rejection_t *why)
{
    reader_t r = { text, text + len, 1, why };

    memset(why, 0, sizeof *why);
    if (len > (size_t) limit(LIMIT_BYTES))
        return reject(&r, "the certificate is longer than %ld bytes", (long) limit(LIMIT_BYTES));
    return read_all(&r, C);
}

int
certificate_check(certificate_t *C, const char *text, size_t len, rejection_t *why)
{
    int ok;

    ENSURE(certificate_read(C, text, len, why));
    work_start(len);
    ok = claim_verify(&C->f, &C->P, &C->c, &C->k);
    if (ok)
        conclusion_describe(&C->k, &C->P, &C->c);
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
