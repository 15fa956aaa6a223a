/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_YAML_TREE_H
#define CERTIFY_YAML_TREE_H

#include <stddef.h>

#define YAML_MAX_DEPTH 12
#define YAML_MAX_NODES 20000000
#define YAML_MAX_KEYS 500          /* of one map */

typedef enum { YAML_SCALAR, YAML_LIST, YAML_MAP } ynode_kind;

typedef struct yaml_node
{
    ynode_kind kind;
    long line;                          /* 1-based */
    char *text;                         /* scalar */
    size_t count, room;                 /* items, or 2 x pairs: key, value */
    struct yaml_node **item;
} ynode_t;

/* The one document in text[0..len).  Anchors, aliases, tags, duplicate keys,
   keys that are not scalars, and a depth beyond YAML_MAX_DEPTH are errors.
   Returns NULL and sets *line and *reason (static text or a buffer of at least
   200 characters given by the caller); line 0 is "out of memory". */
ynode_t *ynode_parse(const char *text, size_t len, long *line, char *reason, size_t size);
void ynode_free(ynode_t *n);
/* The value of a key of a map, or NULL. */
ynode_t *ynode_get(const ynode_t *map, const char *key);

#endif
