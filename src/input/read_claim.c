/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One entry of claims: in a problem file, by the description of its rule. */
#include "config.h"
#include <stdio.h>
#include <string.h>
#include "reader.h"

/* "best", "paper": a word in place of a value. */
static int
is_word(value_t *v, const field_t *f, const ynode_t *n)
{
    int k;

    if (f->words == NULL || f->type == &value_choice || f->type->read_text != NULL || n->kind != YAML_SCALAR)
        return 0;
    for (k = 0; f->words[k] != NULL; k++)
        if (strcmp(n->text, f->words[k]) == 0)
        {
            v->word = k + 1;
            return 1;
        }
    return 0;
}

/* A number that lies where the field wants it. */
static int
read_number(ctx_t *c, const ynode_t *n, const field_t *f, fmpq_t x)
{
    if (!yaml_number(c, n, f->name, x))
        return 0;
    return value_misfit(x, f) == NULL
        || yaml_bad(c, n, f->name, "a %snumber %s is expected here", f->flags & FIELD_WHOLE ? "whole " : "",
                    f->flags & FIELD_FRACTION ? "between 0 and 1" : f->flags & FIELD_POSITIVE ? "> 0"
                    : f->flags & FIELD_FROM_ONE ? ">= 1" : ">= 0");
}

static int
read_choice(ctx_t *c, const ynode_t *n, const field_t *f, value_t *v)
{
    char known[200] = "";
    int k;

    for (k = 0; f->words[k] != NULL; k++)
    {
        if (n->kind == YAML_SCALAR && strcmp(n->text, f->words[k]) == 0)
        {
            v->n = k;
            return 1;
        }
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s",
                 k == 0 ? "" : f->words[k + 1] == NULL ? " or " : ", ", f->words[k]);
    }
    return yaml_bad(c, n, f->name, "%s is expected here", known);
}

static int
read_list(ctx_t *c, const ynode_t *n, const field_t *f, value_t *v)
{
    size_t k, count = n->kind == YAML_LIST ? n->count : 1;

    if (count == 0 && !(f->flags & FIELD_WHOLE))
        return yaml_bad(c, n, f->name, "the list is empty");
    value_set_list(v, count);
    v->spread = n->kind != YAML_LIST && !(f->flags & FIELD_WHOLE);
    for (k = 0; k < count; k++)
        if (!read_number(c, n->kind == YAML_LIST ? n->item[k] : n, f, v->list + k))
            return 0;
    return 1;
}

/* A type of a family's own, as one text. */
static int
read_text(ctx_t *c, const ynode_t *n, const field_t *f, value_t *v)
{
    const char *wrong;

    if (n->kind != YAML_SCALAR)
        return yaml_bad(c, n, f->name, "a text like \"%s\" is expected here", f->words[0]);
    wrong = f->type->read_text(v, n->text, &c->F->P);
    return wrong == NULL || yaml_bad(c, n, f->name, "%s", wrong);
}

static int
read_value(ctx_t *c, const ynode_t *n, const field_t *f, value_t *v)
{
    v->given = 1;
    if (is_word(v, f, n))
        return 1;
    if (f->type == &value_number)
        return read_number(c, n, f, v->x);
    if (f->type == &value_choice)
        return read_choice(c, n, f, v);
    if (f->type == &value_list)
        return read_list(c, n, f, v);
    return read_text(c, n, f, v);
}

/* The parameters of a claim from its map (NULL: none is given). */
static int
read_values(ctx_t *c, const ynode_t *n, const ynode_t *map, claim_t *s)
{
    const field_t *f = s->rule->parameters;
    slong i, count = fields_count(f);
    const char **keys = flint_malloc((count + 1) * sizeof *keys);
    int ok;

    for (i = 0; i < count; i++)
        keys[i] = f[i].name;
    keys[count] = NULL;
    ok = map == NULL || yaml_keys(c, map, s->rule->name, keys);
    flint_free(keys);
    return ok && yaml_parameters(c, n, map, s);
}

int
yaml_parameters(ctx_t *c, const ynode_t *n, const ynode_t *map, claim_t *s)
{
    const field_t *f = s->rule->parameters;
    slong i, count = fields_count(f);
    int ok = 1;

    for (i = 0; i < count && ok; i++)
    {
        const ynode_t *v = map == NULL ? NULL : ynode_get(map, f[i].name);
        if (v != NULL)
            ok = read_value(c, v, f + i, s->value + i);
        else if (!(f[i].flags & (FIELD_CHOSEN | FIELD_MAY_BE_ABSENT)) && f[i].type != &value_choice)
            ok = yaml_bad(c, n, f[i].name, "is missing");
    }
    return ok;
}

static const rule_t *
find_rule(ctx_t *c, const ynode_t *n, const ynode_t *name)
{
    const rule_t *rule = name->kind == YAML_SCALAR ? rule_named(name->text, &c->F->P) : NULL;
    const char **known;
    char what[120];
    slong i, count = 0;

    if (rule != NULL)
        return rule;
    if (name->kind != YAML_SCALAR)
    {
        yaml_bad(c, n, "claims", "a claim is a name, or a name with parameters: NAME: {..}");
        return NULL;
    }
    while (rule_table[count] != NULL)
        count++;
    known = flint_malloc((count + 1) * sizeof *known);
    for (i = 0, count = 0; rule_table[i] != NULL; i++)
        if (i == 0 || rule_named(rule_table[i]->name, &c->F->P) == rule_table[i])
            known[count++] = rule_table[i]->name;
    known[count] = NULL;
    snprintf(what, sizeof what, "\"%.60s\" is not a claim", name->text);
    yaml_unknown(c, n, "claims", name->text, what, known);
    flint_free(known);
    return NULL;
}

int
yaml_claim(ctx_t *c, const ynode_t *n, claim_t *s)
{
    const ynode_t *name = n, *map = NULL;
    const rule_t *rule;
    int ok;

    if (n->kind == YAML_MAP && n->count > 2)
        return yaml_bad(c, n->item[2], n->item[2]->text, rule_named(n->item[2]->text, &c->F->P) != NULL
                        ? "a second claim in one entry of the list; begin it with \"- \" on a line of its own"
                        : "beside %s: parameters stand in braces or further to the right than it",
                        n->item[0]->text);
    if (n->kind == YAML_MAP && n->count == 2)
    {
        name = n->item[0];
        map = n->item[1];
    }
    rule = find_rule(c, n, name);
    if (rule == NULL)
        return 0;
    claim_set_rule(s, rule);
    s->line = n->line;
    if (rule->parameters[0].name == NULL || !(rule->parameters[0].flags & FIELD_BARE))
        ok = read_values(c, n, map, s);
    else if (map == NULL)
        ok = yaml_bad(c, n, rule->parameters[0].name, "a text like \"%s\" is expected here",
                      rule->parameters[0].words[0]);
    else
        ok = read_value(c, map, rule->parameters, s->value);
    if (ok && c->moments && rule->uses_samples != NULL && rule->uses_samples(s))
        return yaml_bad(c, n, rule->name, "X and Y are not given, only covariances");
    return ok;
}
