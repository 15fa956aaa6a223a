/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text of an inequality, canonical and as a person writes it. */
#include <string.h>
#include "inequality.h"
#include "kernel/number.h"

#define MOST_TERMS 8

const char *const relation_name[REL_KINDS + 1] = { ">=", ">", "<=", "<", "=", NULL };
static const char *const term_name[TERM_KINDS] = { "", "loss", "h_inf", "gradient", "omega", "inf", "norm", "eta_min" };

static void
term_clear(term_t *t)
{
    fmpq_clear(t->number);
    factors_clear(&t->factors);
}

static void
side_clear(product_t *s)
{
    slong i;

    for (i = 0; i < s->n; i++)
        term_clear(s->term + i);
    flint_free(s->term);
}

static void
clear(void *object)
{
    inequality_t *q = object;

    side_clear(q->side);
    side_clear(q->side + 1);
    flint_free(q);
}

/* Takes word from *p if it stands there. */
static int
take(const char **p, const char *end, const char *word)
{
    size_t n = strlen(word);

    if ((size_t) (end - *p) < n || memcmp(*p, word, n) != 0)
        return 0;
    *p += n;
    return 1;
}

/* One term of a side, t all zero before. */
static const char *
parse_term(term_t *t, const char **p, const char *end, const problem_t *P)
{
    const char *stop, *wrong;
    int k;

    fmpq_init(t->number);
    for (k = TERM_LOSS; k < TERM_KINDS; k++)
        if (take(p, end, term_name[k]))
            break;
    t->kind = k == TERM_KINDS ? TERM_NUMBER : (term_kind) k;
    if (t->kind == TERM_NUMBER)
    {
        for (stop = *p; stop < end && *stop != '*'; stop++)
            ;
        if (!number_parse(t->number, *p, stop - *p) || fmpq_sgn(t->number) < 0)
            return "a quantity (loss, h_inf, gradient, omega, inf(...), norm(...), eta_min(...)) or a number >= 0 "
                   "in lowest terms is expected";
        *p = stop;
        return NULL;
    }
    if (t->kind >= TERM_INF)
    {
        if (!take(p, end, "("))
            return "\"(\" is expected";
        wrong = t->kind == TERM_INF ? basis_parse(&t->basis, p, end, P) : factors_parse(&t->factors, p, end, P);
        if (wrong != NULL)
            return wrong;
        if (!take(p, end, ")"))
            return "\")\" is expected";
    }
    t->squared = take(p, end, "^2");
    return NULL;
}

static const char *
parse_side(product_t *s, const char *text, size_t len, const problem_t *P)
{
    const char *p = text, *end = text + len, *wrong;

    s->term = flint_calloc(MOST_TERMS, sizeof *s->term);
    do
    {
        if (s->n == MOST_TERMS)
            return "too many terms";
        wrong = parse_term(s->term + s->n++, &p, end, P);
        if (wrong != NULL)
            return wrong;
    }
    while (take(&p, end, "*"));
    return p == end ? NULL : "the expression should end here";
}

void
inequality_term_text(text_t *t, const term_t *term, const problem_t *P)
{
    if (term->kind == TERM_NUMBER)
    {
        text_fmpq(t, term->number);
        return;
    }
    text_printf(t, "%s", term_name[term->kind]);
    if (term->kind >= TERM_INF)
    {
        text_append(t, "(", 1);
        if (term->kind == TERM_INF)
            basis_text(t, &term->basis);
        else
            factors_text(t, &term->factors, P);
        text_append(t, ")", 1);
    }
    text_printf(t, term->squared ? "^2" : "");
}

static void
write_side(text_t *t, const problem_t *P, const product_t *s)
{
    slong i;

    for (i = 0; i < s->n; i++)
    {
        text_append(t, "*", i > 0);
        inequality_term_text(t, s->term + i, P);
    }
}

void
inequality_text(text_t *t, const inequality_t *q, const problem_t *P)
{
    write_side(t, P, q->side);
    text_printf(t, " %s ", relation_name[q->relation]);
    write_side(t, P, q->side + 1);
}

/* " SIDE RELATION SIDE" */
static int
read_value(cursor_t *r, value_t *v, const field_t *f, const problem_t *P)
{
    inequality_t *q = flint_calloc(1, sizeof *q);
    const char *s, *wrong;
    size_t len;
    int k;

    v->object = q;
    ENSURE(cursor_space(r) && cursor_token(r, &s, &len));
    wrong = parse_side(q->side, s, len, P);
    if (wrong != NULL)
        return cursor_reject(r, "left side: %s", wrong);
    ENSURE(cursor_space(r) && cursor_choice(r, &k, relation_name, REL_KINDS, "relation")
           && cursor_space(r) && cursor_token(r, &s, &len));
    q->relation = k;
    wrong = parse_side(q->side + 1, s, len, P);
    return wrong == NULL || cursor_reject(r, "right side: %s", wrong);
}

static int
is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* A person's text, with spaces anywhere but inside of words, as canonical text. */
static const char *
read_text(value_t *v, const char *text, const problem_t *P)
{
    static _Thread_local rejection_t why;
    const char *p;
    char *canonical = flint_malloc(strlen(text) + 5), *out = canonical;
    cursor_t r = { canonical, NULL, 1, &why };
    int before = 1;             /* before the relation, in it, behind it: 1, 0, -1 */
    int in_basis = 0;           /* inside of inf(..) */

    memset(&why, 0, sizeof why);
    *out++ = ' ';
    for (p = text; *p != '\0' && why.reason[0] == '\0'; p++)
    {
        int relation = strchr("<>=", *p) != NULL;
        if (*p == ' ' && p > text && is_word(p[-1]) && is_word(p[strspn(p, " ")]))
        {
            if (in_basis)       /* "layers 1 2" */
                *out++ = ':';
            else
                strcpy(why.reason, "an operator is missing between two words");
        }
        in_basis = *p == '(' ? p - text >= 3 && strncmp(p - 3, "inf", 3) == 0 : *p == ')' ? 0 : in_basis;
        if (*p == ' ')
            continue;
        if (relation ? before == 1 : before == 0)
        {
            *out++ = ' ';
            before--;
        }
        *out++ = *p;
    }
    *out++ = '\n';
    r.end = out;
    if (why.reason[0] == '\0' && before != -1)
        strcpy(why.reason, "one of >=, >, <=, <, = is expected between the two sides");
    if (why.reason[0] == '\0' && read_value(&r, v, NULL, P) && (r.end - r.p != 1 || *r.p != '\n'))
        strcpy(why.reason, "the expression should end here");
    flint_free(canonical);
    return why.reason[0] == '\0' ? NULL : why.reason;
}

static void
write_value(text_t *t, const value_t *v, const field_t *f, const problem_t *P)
{
    text_append(t, " ", 1);
    inequality_text(t, v->object, P);
}

/* The same canonical text. */
static int
equal(const value_t *a, const value_t *b, const problem_t *P)
{
    text_t s, t;
    int same;

    text_init(&s);
    text_init(&t);
    write_value(&s, a, NULL, P);
    write_value(&t, b, NULL, P);
    same = strcmp(s.data, t.data) == 0;
    text_clear(&s);
    text_clear(&t);
    return same;
}

const value_type_t value_inequality = { read_value, read_text, write_value, equal, clear, NULL };
