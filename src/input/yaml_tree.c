/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <stdio.h>
#include <string.h>
#include <yaml.h>
#include "kernel/compat.h"
#include "yaml_tree.h"

typedef struct
{
    yaml_parser_t parser;
    size_t nodes;
    long line;
    char *reason;
    size_t size;
} state_t;

void
ynode_free(ynode_t *n)
{
    size_t i;

    if (n == NULL)
        return;
    for (i = 0; i < n->count; i++)
        ynode_free(n->item[i]);
    flint_free(n->item);
    flint_free(n->text);
    flint_free(n);
}

ynode_t *
ynode_get(const ynode_t *map, const char *key)
{
    size_t i;

    for (i = 0; map != NULL && map->kind == YAML_MAP && i < map->count; i += 2)
        if (strcmp(map->item[i]->text, key) == 0)
            return map->item[i + 1];
    return NULL;
}

static void *
refuse(state_t *s, long line, const char *reason)
{
    if (s->reason[0] == '\0')
    {
        s->line = line;
        snprintf(s->reason, s->size, "%s", reason);
    }
    return NULL;
}

static int
next(state_t *s, yaml_event_t *e)
{
    if (yaml_parser_parse(&s->parser, e))
        return 1;
    if (s->parser.error == YAML_MEMORY_ERROR)       /* libyaml calls malloc itself */
        refuse(s, 0, "out of memory");
    else
        refuse(s, (long) s->parser.problem_mark.line + 1,
               s->parser.problem != NULL ? s->parser.problem : "not valid YAML");
    return 0;
}

static void
append(ynode_t *n, ynode_t *child)
{
    if (n->count == n->room)
    {
        n->room = 2 * n->room + 4;
        n->item = flint_realloc(n->item, n->room * sizeof *n->item);
    }
    n->item[n->count++] = child;
}

static ynode_t *
node(state_t *s, const yaml_event_t *e, int depth)
{
    ynode_t *n, *child;
    yaml_event_t sub;
    long line = (long) e->start_mark.line + 1;
    int is_list = e->type == YAML_SEQUENCE_START_EVENT;

    if (e->type == YAML_ALIAS_EVENT)
        return refuse(s, line, "aliases (*name) are not allowed");
    if (e->type == YAML_SCALAR_EVENT
        ? e->data.scalar.anchor != NULL || e->data.scalar.tag != NULL
        : is_list ? e->data.sequence_start.anchor != NULL || e->data.sequence_start.tag != NULL
        : e->data.mapping_start.anchor != NULL || e->data.mapping_start.tag != NULL)
        return refuse(s, line, "anchors (&name) and tags (!name) are not allowed");
    if (depth > YAML_MAX_DEPTH)
        return refuse(s, line, "nested too deeply");
    if (++s->nodes > YAML_MAX_NODES)
        return refuse(s, line, "too many values");
    n = flint_calloc(1, sizeof *n);
    n->line = line;
    if (e->type == YAML_SCALAR_EVENT)
    {
        n->kind = YAML_SCALAR;
        n->text = flint_malloc(e->data.scalar.length + 1);
        memcpy(n->text, e->data.scalar.value, e->data.scalar.length);
        n->text[e->data.scalar.length] = '\0';
        if (strlen(n->text) != e->data.scalar.length)
        {
            ynode_free(n);
            return refuse(s, line, "a zero byte in a value");
        }
        return n;
    }
    n->kind = is_list ? YAML_LIST : YAML_MAP;
    for (;;)
    {
        int end;
        if (!next(s, &sub))
            goto fail;
        end = sub.type == YAML_SEQUENCE_END_EVENT || sub.type == YAML_MAPPING_END_EVENT;
        if (!end && !is_list && n->count % 2 == 0 && sub.type != YAML_SCALAR_EVENT)
        {
            refuse(s, (long) sub.start_mark.line + 1, "a key must be a plain word");
            yaml_event_delete(&sub);
            goto fail;
        }
        child = end ? NULL : node(s, &sub, depth + 1);
        yaml_event_delete(&sub);
        if (end)
            return n;
        if (child == NULL)
            goto fail;
        if (!is_list && n->count >= 2 * YAML_MAX_KEYS)
        {   /* (looking for duplicates takes the square of their number) */
            refuse(s, child->line, "too many keys");
            ynode_free(child);
            goto fail;
        }
        if (!is_list && n->count % 2 == 0 && ynode_get(n, child->text) != NULL)
        {
            char what[128];
            snprintf(what, sizeof what, "duplicate key \"%.80s\"", child->text);
            refuse(s, child->line, what);
            ynode_free(child);
            goto fail;
        }
        append(n, child);
    }
fail:
    ynode_free(n);
    return NULL;
}

ynode_t *
ynode_parse(const char *text, size_t len, long *line, char *reason, size_t size)
{
    state_t s;
    yaml_event_t e;
    ynode_t *root = NULL;
    int type, done = 0;

    memset(&s, 0, sizeof s);
    reason[0] = '\0';
    s.reason = reason;
    s.size = size;
    s.line = 1;
    if (!yaml_parser_initialize(&s.parser))
    {
        refuse(&s, 0, "out of memory");
        *line = s.line;
        return NULL;
    }
    yaml_parser_set_input_string(&s.parser, (const unsigned char *) text, len);
    while (!done && next(&s, &e))
    {
        type = e.type;
        if (type == YAML_DOCUMENT_START_EVENT && root != NULL)
        {
            refuse(&s, (long) e.start_mark.line + 1, "a second document in the file");
            done = 1;
        }
        else if (type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT
                 || type == YAML_MAPPING_START_EVENT || type == YAML_ALIAS_EVENT)
            done = (root = node(&s, &e, 0)) == NULL;
        else if (type == YAML_STREAM_END_EVENT)
            done = 1;
        yaml_event_delete(&e);
    }
    yaml_parser_delete(&s.parser);
    if (root == NULL && reason[0] == '\0')
        refuse(&s, 1, "the file is empty");
    if (reason[0] != '\0')
    {
        ynode_free(root);
        root = NULL;
    }
    *line = s.line;
    return root;
}
