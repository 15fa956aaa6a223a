/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Claims and conclusions by description: random ones of every rule are written, read
   back and compared; sentences of every example certificate are well formed. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include "certificate/certificate.h"
#include "kernel/limits.h"
#include "kernel/number.h"
#include "random.h"
#include "rules/critical_point/critical_point.h"
#include "rules/inequality/inequality.h"
#include "rules/landscape/landscape.h"
#include "rules/neighbourhood.h"
#include "tap.h"

/* The text of a file in the folder certs; the caller frees it. */
static char *
load(const char *name, size_t *len)
{
    const char *srcdir = getenv("srcdir");
    char path[1000], *text = NULL;
    FILE *f;

    *len = 0;
    snprintf(path, sizeof path, "%s/certs/%s", srcdir == NULL ? "." : srcdir, name);
    f = fopen(path, "r");
    if (f == NULL)
        return NULL;
    text = malloc(1 << 23);
    *len = fread(text, 1, (1 << 23) - 1, f);
    text[*len] = '\0';
    fclose(f);
    return text;
}

/* Names and pages of the rules, and names of their fields, each once. */
static void
test_table(void)
{
    slong i, j, twice = 0, lost = 0, fields = 0, count = 0;
    problem_t kinds[NET_KINDS];
    int kind;

    memset(kinds, 0, sizeof kinds);
    for (kind = 0; kind < NET_KINDS; kind++)
        kinds[kind].kind = kind;

    for (i = 0; rule_table[i] != NULL; i++, count++)
    {
        const rule_t *r = rule_table[i];
        const field_t *lists[] = { r->parameters, r->constants };
        int k;
        for (kind = 0; kind < NET_KINDS; kind++)
        {
            if (r->treats != NULL && !r->treats(kinds + kind))
                continue;
            for (j = 0; j < i; j++)
                twice += strcmp(rule_table[j]->name, r->name) == 0
                    && (rule_table[j]->treats == NULL || rule_table[j]->treats(kinds + kind));
            lost += rule_named(r->name, kinds + kind) != r;
        }
        lost += strpbrk(r->name, " \n") != NULL || r->family[0] == '\0'
            || r->say == NULL || r->method == NULL || r->verify == NULL || r->refuses == NULL;
        for (k = 0; k < 2; k++)
            for (j = 0; lists[k][j].name != NULL; j++)
            {
                slong m;
                for (m = 0; m < j; m++)
                    fields += strcmp(lists[k][m].name, lists[k][j].name) == 0;
                fields += strpbrk(lists[k][j].name, " \n") != NULL
                    || (lists[k][j].type == &value_choice && lists[k][j].words == NULL);
            }
    }
    ok(count >= 13 && twice == 0, "%ld rules, no name twice for one kind of network", (long) count);
    ok(lost == 0, "each of them is found by its name, and complete");
    ok(fields == 0, "no field twice in a list");
    ok(rule_named("", kinds) == NULL && rule_named("saddl", kinds) == NULL
       && rule_named("saddles", kinds) == NULL,
       "other names are no rules");
}

static const char *const inequalities[] = {
    "norm(W_2*W_1)<=3*loss", "gradient^2>=2/3*h_inf*loss", "eta_min(X)^2*norm(Y)=1", "loss>0",
    "norm(W_1)^2<7"
};

/* x := a number as the field wants it. */
static void
random_number(fmpq_t x, const field_t *f)
{
    slong n = 1 + pick(1000), d = 1 + pick(1000);

    if (f->flags & FIELD_FRACTION)
        d += n;
    if (f->flags & FIELD_FROM_ONE)
        n += d;
    if (!(f->flags & (FIELD_FRACTION | FIELD_POSITIVE | FIELD_FROM_ONE)) && pick(4) == 0)
        n = 0;
    fmpq_set_si(x, n, f->flags & FIELD_WHOLE ? 1 : d);
    fmpq_canonicalise(x);
}

static void
random_pattern(value_t *v, const problem_t *P)
{
    slong i, n = 1 + pick(qmat_rows(P->Y));
    pattern_t *p = patterns_add(v, n);

    for (i = 0; i < n; i++)
    {
        fmpq_set_si(p->low + i, 5 * (n - i), 2);
        fmpq_canonicalise(p->low + i);
        fmpq_set(p->high + i, p->low + i);
        fmpq_add_si(p->high + i, p->high + i, pick(2));
        p->multiplicity[i] = 1 + pick(qmat_rows(P->Y));
        p->captured[i] = pick(p->multiplicity[i] + 1);
    }
}

/* 0 if this type of value is not known here. */
static int
random_value(value_t *v, const field_t *f, const problem_t *P)
{
    slong i, words = 0;

    if ((f->flags & FIELD_ASKED) || ((f->flags & FIELD_MAY_BE_ABSENT) && pick(3) == 0))
        return 1;
    v->given = 1;
    if (f->type == &value_number)
        random_number(v->x, f);
    else if (f->type == &value_list)
        for (value_set_list(v, pick(5)), i = 0; i < v->n; i++)
            random_number(v->list + i, f);
    else if (f->type == &value_critical_points)
    {
        value_set_list(v, pick(4) * (LANDSCAPE_W + qmat_rows(P->X)));
        for (i = 0; i < v->n; i++)
            fmpq_set_si(v->list + i, pick(9) - 4, 1);
    }
    else if (f->type == &value_choice)
    {
        while (f->words[words] != NULL)
            words++;
        v->n = pick(words);
    }
    else if (f->type->read_text != NULL)        /* words: an example of it */
        return f->type->read_text(v, f->type == &value_inequality ? inequalities[pick(5)] : f->words[0], P)
            == NULL;
    else if (f->type == &value_patterns)
        for (i = 1 + pick(3); i > 0; i--)
            random_pattern(v, P);
    else
        return 0;
    return 1;
}

/* A random claim of a rule and a random conclusion of it. */
static int
random_claim(claim_t *c, conclusion_t *k, const rule_t *rule, const problem_t *P)
{
    slong i;
    int known = 1;

    claim_init(c, rule);
    conclusion_init(k, rule);
    k->verdict = pick(2);
    for (i = 0; rule->parameters[i].name != NULL; i++)
        known &= random_value(c->value + i, rule->parameters + i, P);
    for (i = 0; rule->constants[i].name != NULL; i++)
        if (claim_value(c, rule->constants[i].name) == NULL && pick(3) > 0)
            known &= random_value(k->constant + i, rule->constants + i, P);
    return known;
}

/* t := a certificate with this problem, claim and conclusion, and no evidence. */
static void
certificate_text(text_t *t, const char *problem, size_t len, const problem_t *P, const claim_t *c,
                 const conclusion_t *k)
{
    t->len = 0;
    text_append(t, problem, len);
    t->data[strlen("certify-certificate ")] = '0' + claim_version(P, c);
    claim_write(t, P, c);
    text_printf(t, "\nrounding 64\nevidence 0\n");
    conclusion_write(t, P, c, k);
    text_printf(t, "\nend\n");
}

/* 1 if every constant of both is there or not, and equal, but for repeated ones. */
static int
same_constants(const conclusion_t *k, const conclusion_t *g, const problem_t *P)
{
    slong i;
    const field_t *f = k->rule->constants;
    int same = k->rule == g->rule && k->verdict == g->verdict;

    for (i = 0; f[i].name != NULL && same; i++)
        same = k->constant[i].given == g->constant[i].given
            && (!k->constant[i].given || f[i].type->equal == NULL
                || f[i].type->equal(k->constant + i, g->constant + i, P));
    return same;
}

/* Other values of one parameter: the claims are no longer equal. */
static slong
notices_changes(claim_t *c, const claim_t *d, const problem_t *P)
{
    slong i, missed = 0;
    const field_t *f = c->rule->parameters;

    for (i = 0; f[i].name != NULL; i++)
    {
        value_t *v = c->value + i;
        if (f[i].flags & FIELD_ASKED)
            continue;
        v->given = !v->given;
        missed += claim_equal(c, d, P) || claim_equal(d, c, P);
        v->given = !v->given;
        if (!v->given)
            continue;
        if (f[i].type == &value_number)
        {
            fmpq_add_si(v->x, v->x, 1);
            missed += claim_equal(c, d, P) || claim_equal(d, c, P);
            fmpq_sub_si(v->x, v->x, 1);
        }
        else if (f[i].type == &value_choice)
        {
            v->n++;
            missed += claim_equal(c, d, P) || claim_equal(d, c, P);
            v->n--;
        }
        else if (f[i].type == &value_list && v->n > 0)
        {
            fmpq *last = v->list + v->n - 1;
            fmpq_add_si(last, last, 1);
            missed += claim_equal(c, d, P) || claim_equal(d, c, P);
            fmpq_sub_si(last, last, 1);
            v->n--;
            missed += claim_equal(c, d, P) || claim_equal(d, c, P);
            v->n++;
        }
        else if (f[i].type == &value_inequality)
        {
            inequality_t *q = v->object;
            q->relation = (q->relation + 1) % REL_KINDS;
            missed += claim_equal(c, d, P) || claim_equal(d, c, P);
            q->relation = (q->relation + REL_KINDS - 1) % REL_KINDS;
        }
    }
    return missed + !claim_equal(c, d, P);
}

/* The problem of an example, without its claim, and the rules that are for it; others: those
   that are not for linear networks. */
static void
round_trips(const char *example, int others)
{
    size_t len, problem;
    char *file = load(example, &len);
    certificate_t E;
    rejection_t why;
    slong i, k, unread, different, missed, unknown;
    text_t t, u;

    text_init(&t);
    text_init(&u);
    certificate_init(&E);
    if (!ok(file != NULL && certificate_read(&E, file, len, &why), "a problem for the claims"))
        exit(1);
    problem = strstr(file, "\nclaim ") + 1 - file;
    for (i = 0; rule_table[i] != NULL; i++)
    {
        unread = different = missed = unknown = 0;
        if (rule_named(rule_table[i]->name, &E.P) != rule_table[i] || (others && rule_table[i]->treats == NULL))
            continue;
        for (k = 0; k < 40; k++)
        {
            certificate_t C;
            claim_t c;
            conclusion_t g;
            unknown += !random_claim(&c, &g, rule_table[i], &E.P);
            certificate_text(&t, file, problem, &E.P, &c, &g);
            certificate_init(&C);
            if (!certificate_read(&C, t.data, t.len, &why))
            {
                unread++;
                printf("# %s: %s\n", rule_table[i]->name, why.reason);
            }
            else
            {
                different += !claim_equal(&c, &C.c, &E.P) || !claim_equal(&C.c, &c, &E.P)
                    || !same_constants(&g, &C.k, &E.P);
                certificate_text(&u, file, problem, &C.P, &C.c, &C.k);
                different += u.len != t.len || memcmp(u.data, t.data, t.len) != 0;
                missed += notices_changes(&c, &C.c, &E.P);
            }
            certificate_clear(&C);
            claim_clear(&c);
            conclusion_clear(&g);
        }
        ok(unknown == 0 && unread == 0, "%s: 40 claims are read", rule_table[i]->name);
        ok(different == 0, "%s: and are what was written", rule_table[i]->name);
        ok(missed == 0, "%s: a claim with one other value is not equal", rule_table[i]->name);
    }
    certificate_clear(&E);
    text_clear(&t);
    text_clear(&u);
    free(file);
}

static void
test_round_trips(void)
{
    round_trips("identity.1.cert", 0);
    round_trips("leaky-relu.cert", 1);
    round_trips("relu-two-units.1.cert", 1);
}

/* Claims of different rules, and claims with nothing in them. */
static void
test_equal(void)
{
    slong i, j, wrong = 0;
    problem_t P;
    claim_t c, d;

    problem_init(&P);
    for (i = 0; rule_table[i] != NULL; i++)
        for (j = 0; rule_table[j] != NULL; j++)
        {
            claim_init(&c, rule_table[i]);
            claim_init(&d, rule_table[j]);
            wrong += claim_equal(&c, &d, &P) != (i == j);
            claim_clear(&c);
            claim_clear(&d);
        }
    ok(wrong == 0, "claims of different rules differ");
    claim_init(&c, rule_table[0]);
    ok(claim_value(&c, "radius") != NULL && claim_value(&c, "radii") == NULL,
       "parameters by their names");
    claim_clear(&c);
    claim_init(&c, NULL);
    claim_clear(&c);
    problem_clear(&P);
}

/* The line of a certificate that begins like this; its length without newline. */
static const char *
line_of(const char *text, const char *begin, size_t *len)
{
    const char *p = strstr(text, begin);

    *len = p == NULL ? 0 : strcspn(p + 1, "\n");
    return p == NULL ? NULL : p + 1;
}

/* Lines that are not those of a claim or conclusion, put into an example. */
static void
test_bad_lines(void)
{
    static const struct { const char *begin, *line; } cases[] = {
        { "\nclaim ", "claim gradient-dominance norm spectral radius 2 1/10 1/10 lambda -1" },
        { "\nclaim ", "claim gradient-dominance norm spectral radius 2 1/10 -1/10 lambda 25/81" },
        { "\nclaim ", "claim gradient-dominance norm spectral radius 3 1/10 1/10 lambda 25/81" },
        { "\nclaim ", "claim gradient-dominance norm maximum radius 2 1/10 1/10 lambda 25/81" },
        { "\nclaim ", "claim gradient-dominance radius 2 1/10 1/10 lambda 25/81" },
        { "\nclaim ", "claim gradient-dominance norm spectral radius 2 1/10 1/10 lambda 25/81 x" },
        { "\nclaim ", "claim gradient-domination norm spectral radius 2 1/10 1/10 lambda 25/81" },
        { "\nconclusion ", "conclusion proved lambda 26/81" },
        { "\nconclusion ", "conclusion proved" },
        { "\nconclusion ", "conclusion proved lambda 25/81 paper_lambda 0" },
        { "\nconclusion ", "conclusion proved lambda 25/81 paper_lambda 1 lambda_lower 1/4" },
        { "\nconclusion ", "conclusion proved lambda 25/81 radius_factor 2" },
        { "\nconclusion ", "conclusion shown lambda 25/81" }
    };
    size_t i, len, old;
    char *file = load("identity.1.cert", &len);
    text_t t;

    text_init(&t);
    for (i = 0; file != NULL && i < sizeof cases / sizeof *cases; i++)
    {
        const char *p = line_of(file, cases[i].begin, &old);
        certificate_t C;
        rejection_t why;
        t.len = 0;
        text_append(&t, file, p - file);
        text_append(&t, cases[i].line, strlen(cases[i].line));
        text_append(&t, p + old, strlen(p + old));
        certificate_init(&C);
        ok(!certificate_read(&C, t.data, t.len, &why), "refused: %s", cases[i].line);
        certificate_clear(&C);
    }
    text_clear(&t);
    free(file);
}

/* Where numbers may lie. */
static void
test_misfits(void)
{
    static const struct { unsigned flag; slong num, den; int fits; } cases[] = {
        { 0, 0, 1, 1 }, { 0, -1, 3, 0 }, { 0, 7, 3, 1 }, { FIELD_FRACTION, 0, 1, 0 },
        { FIELD_FRACTION, 1, 2, 1 }, { FIELD_FRACTION, 1, 1, 0 }, { FIELD_FRACTION, -1, 2, 0 },
        { FIELD_POSITIVE, 0, 1, 0 }, { FIELD_POSITIVE, 1, 9, 1 }, { FIELD_POSITIVE, -1, 9, 0 },
        { FIELD_FROM_ONE, 1, 1, 1 }, { FIELD_FROM_ONE, 8, 9, 0 }, { FIELD_FROM_ONE, 10, 9, 1 },
        { FIELD_WHOLE, 3, 2, 0 }, { FIELD_WHOLE, 3, 1, 1 }, { FIELD_WHOLE, -3, 1, 0 }
    };
    size_t i;
    fmpq_t x;

    fmpq_init(x);
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
    {
        field_t f = { "number", &value_number, cases[i].flag, NULL, NULL, 0 };
        fmpq_set_si(x, cases[i].num, cases[i].den);
        ok((value_misfit(x, &f) == NULL) == cases[i].fits, "%ld/%ld %s a field with flags %u",
           (long) cases[i].num, (long) cases[i].den, cases[i].fits ? "fits" : "does not fit",
           cases[i].flag);
    }
    fmpq_clear(x);
}

/* A neighbourhood that is widened contains the old one, and is hardly larger; values
   that are copied are copies. */
static void
test_neighbourhoods(void)
{
    slong i, k, smaller = 0, larger = 0, other = 0;
    value_t norm, radius, copy;
    field_t list = { "radius", &value_list, 0, NULL, NULL, 0 };
    fmpq_t d;

    value_init(&norm);
    fmpq_init(d);
    for (k = 0; k < 300; k++)
    {
        neighbourhood_t N;
        int point = 1, open = 1;
        value_init(&radius);
        value_init(&copy);
        value_set_list(&radius, 1 + pick(5));
        for (i = 0; i < radius.n; i++)
        {
            fmpq *x = radius.list + i;
            fmpq_set_si(x, pick(3) * (1 + pick(100000)), 1 + pick(100000));
            fmpq_canonicalise(x);
            if (pick(2))
                fmpq_pow_si(x, x, 5 + pick(20));
            point &= fmpq_is_zero(x);
            open &= !fmpq_is_zero(x);
        }
        value_set(&copy, &radius);
        other += !value_list.equal(&copy, &radius, NULL);
        fmpq_add_si(copy.list, copy.list, 1);
        other += value_list.equal(&copy, &radius, NULL);
        neighbourhood_set(&N, &norm, &radius);
        other += neighbourhood_is_point(&N) != point || neighbourhood_is_open(&N) != open;
        neighbourhood_widen(&N);
        other += neighbourhood_is_point(&N) != point || neighbourhood_is_open(&N) != open;
        for (i = 0; i < N.n; i++)
        {
            smaller += fmpq_cmp(N.radius + i, radius.list + i) < 0;
            fmpq_sub(d, N.radius + i, radius.list + i);
            fmpq_mul_2exp(d, d, 60);
            larger += fmpq_cmp(d, radius.list + i) > 0;
        }
        radius.spread = 1;
        neighbourhood_take(&N, &radius);
        for (i = 0; i < N.n; i++)
            other += !fmpq_equal(N.radius + i, radius.list);
        neighbourhood_clear(&N);
        value_clear(&radius, &list);
        value_clear(&copy, &list);
    }
    ok(smaller == 0, "300 neighbourhoods: no radius shrinks when it is widened");
    ok(larger == 0, "nor grows by more than 2^-60 of it");
    ok(other == 0, "points, open neighbourhoods, copies, one radius for all");
    value_clear(&norm, &list);
    fmpq_clear(d);
}

/* NULL, or what is wrong with this LaTeX: braces, dollars, displays. */
static const char *
latex_fault(const char *p)
{
    int braces = 0, math = 0, display = 0;

    for (; *p != '\0'; p++)
    {
        if (*p == '\\')
        {
            p++;
            if (*p == '\0')
                return "a backslash at the end";
            if ((*p == '[' && (display || math)) || (*p == ']' && !display))
                return "displayed formulas";
            display += (*p == '[') - (*p == ']');
        }
        else if (*p == '{' || *p == '}')
        {
            braces += *p == '{' ? 1 : -1;
            if (braces < 0)
                return "a closing brace";
        }
        else if (*p == '$')
        {
            if (display)
                return "a dollar in a displayed formula";
            math = !math;
        }
    }
    return braces > 0 ? "an open brace" : math ? "an open dollar"
        : display ? "an open display" : NULL;
}

/* The same for plain text.  Three or four spaces are a \qquad between formulas, or
   four the beginning of a displayed one. */
static const char *
plain_fault(const char *p)
{
    const char *q;
    int start = 1;
    size_t n;

    if (strchr(p, '\\') != NULL)
        return "a backslash";
    if (strchr(p, '$') != NULL)
        return "a dollar";
    for (q = p; *q != '\0'; q += n + (n == 0))
    {
        n = strspn(q, " ");
        if (n > 1 && !(start && n == 4)
            && (start || n < 3 || n > 4 || q[n] == '\n' || q[n] == '\0'))
            return "two spaces";
        if (n > 0 && ((q[n] == '.' && q[n + 1] != '.') || q[n] == ',' || q[n] == '\n'))
            return "a space before a full stop, a comma or the end of a line";
        start = n == 0 && *q == '\n';
    }
    return NULL;
}

/* What is wrong with the sentences of a certificate that is verified. */
static slong
sentence_faults(certificate_t *C, const char *name)
{
    slong i, faults = 0;
    int latex, part;
    text_t t;
    const char *fault;

    text_init(&t);
    for (latex = 0; latex < 2; latex++)
        for (part = 0; part < 2 + C->f.note_count; part++)
        {
            say_t s = { &t, latex };
            t.len = 0;
            t.data[0] = '\0';
            if (part == 0)
                sentence_claim(&t, C, latex);
            else if (part == 1)
                C->c.rule->method(&s, &C->P, &C->c, &C->k, &C->f);
            else
                say(&s, "%s", C->f.notes[part - 2].meaning);
            fault = t.len == 0 ? "nothing is said"
                : latex ? latex_fault(t.data) : plain_fault(t.data);
            if (fault == NULL && (strlen(t.data) != t.len || strstr(t.data, "(null)") != NULL))
                fault = "a missing text";
            if (fault == NULL)
                continue;
            faults++;
            printf("# %s: %s in: ", name, fault);
            for (i = 0; i < (slong) t.len && i < 300; i++)
                putchar(t.data[i] == '\n' ? '|' : t.data[i]);
            printf("\n");
        }
    t.len = 0;
    sentence_problem(&t, C);
    faults += strchr(t.data, '\\') != NULL || strchr(t.data, '$') != NULL;
    text_clear(&t);
    return faults;
}

/* Every certificate in certs: verified, its lines the ones that are written again,
   its sentences well formed. */
static void
test_sentences(void)
{
    const char *srcdir = getenv("srcdir");
    char path[1000];
    DIR *dir;
    struct dirent *e;
    slong count = 0, unverified = 0, rewritten = 0, faults = 0;

    snprintf(path, sizeof path, "%s/certs", srcdir == NULL ? "." : srcdir);
    dir = opendir(path);
    while (dir != NULL && (e = readdir(dir)) != NULL)
    {
        size_t len, n;
        char *file;
        const char *p;
        certificate_t C;
        rejection_t why;
        text_t t;
        if (strlen(e->d_name) < 6 || strcmp(e->d_name + strlen(e->d_name) - 5, ".cert") != 0)
            continue;
        file = load(e->d_name, &len);
        certificate_init(&C);
        text_init(&t);
        count++;
        if (!certificate_check(&C, file, len, &why))
            unverified++;
        else
        {
            p = line_of(file, "\nclaim ", &n);
            claim_write(&t, &C.P, &C.c);
            rewritten += t.len != n || memcmp(p, t.data, n) != 0;
            t.len = 0;
            p = line_of(file, "\nconclusion ", &n);
            conclusion_write(&t, &C.P, &C.c, &C.k);
            rewritten += t.len != n || memcmp(p, t.data, n) != 0;
            faults += sentence_faults(&C, e->d_name);
        }
        text_clear(&t);
        certificate_clear(&C);
        free(file);
    }
    if (dir != NULL)
        closedir(dir);
    ok(count > 50 && unverified == 0, "%ld certificates are verified", (long) count);
    ok(rewritten == 0, "their claims and conclusions are written as they were");
    ok(faults == 0, "their sentences are well formed, in text and LaTeX");
}

/* The two judges of sentences see what they should. */
static void
test_judges(void)
{
    static const char *const bad_latex[] = { "a}{b", "{a", "$x", "\\[ a", "a \\]", "\\[ $a$ \\]",
                                             "\\" };
    static const char *const bad_plain[] = { "\\le", "$x$", "a  b", "a .", "a ,", "a \nb",
                                             "a     b",
                                             "a\n  b" };
    size_t i;

    for (i = 0; i < sizeof bad_latex / sizeof *bad_latex; i++)
        ok(latex_fault(bad_latex[i]) != NULL, "bad LaTeX: %s", bad_latex[i]);
    for (i = 0; i < sizeof bad_plain / sizeof *bad_plain; i++)
        ok(plain_fault(bad_plain[i]) != NULL, "bad text %ld: %s", (long) i,
           strchr(bad_plain[i], '\n') == NULL ? bad_plain[i] : "two lines");
    ok(latex_fault("$a_{b}$ \\{ \\[ x \\]") == NULL, "good LaTeX");
    ok(plain_fault("a b,\n    c.   with d") == NULL, "good text");
}

int
main(void)
{
    test_table();
    test_round_trips();
    test_equal();
    test_bad_lines();
    test_misfits();
    test_neighbourhoods();
    test_judges();
    test_sentences();
    flint_cleanup();
    return done();
}
