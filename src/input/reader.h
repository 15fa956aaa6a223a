/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the reader of problem files share.  Every function returns 0 after
   filling the fault of the context with "file:line: key: what was expected". */
#ifndef CERTIFY_READER_H
#define CERTIFY_READER_H

#include <limits.h>
#include "problem_file.h"

typedef struct
{
    const char *path;
    char folder[PATH_MAX];
    fault_t *err;
    problem_file_t *F;
    int moments;                /* the data are covariances */
    const read_options_t *options;
    slong claim;                /* the number of the claim that is read, or 0 */
} ctx_t;

int yaml_bad(ctx_t *c, const ynode_t *n, const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Every key of the map is one of those allowed (ended by NULL). */
int yaml_keys(ctx_t *c, const ynode_t *map, const char *where, const char *const *allowed);
/* The word of a list (ended by NULL) that a misspelt one may be, or NULL. */
const char *yaml_nearest(const char *word, const char *const *known);
/* What is wrong with a word: what, the nearest of those known, all of them. */
int yaml_unknown(ctx_t *c, const ynode_t *n, const char *key, const char *word, const char *what,
                 const char *const *known);
int yaml_number(ctx_t *c, const ynode_t *n, const char *key, fmpq_t x);
int yaml_whole(ctx_t *c, const ynode_t *n, const char *key, slong min, slong max, slong *v);
/* All entries of a list. */
int yaml_numbers(ctx_t *c, const ynode_t *n, const char *key, fmpq *x);
/* One of the matrix forms of the format; a flat list is a column if allowed. */
int yaml_matrix(ctx_t *c, const ynode_t *n, const char *key, int column, qmat_t A);
int yaml_activation(ctx_t *c, const ynode_t *n, activation_t *a);
/* Every feature of the point is a value of the activation. */
int yaml_features_in_range(ctx_t *c, const ynode_t *n);
/* point: {construct: map}; the data are read. */
int yaml_construct(ctx_t *c, const ynode_t *net, const ynode_t *map, int kind);
/* point: {construct: {margin: eps}} of a feedforward network: features of full rank. */
int yaml_construct_features(ctx_t *c, const ynode_t *net, const ynode_t *map);
/* point: {construct: {active: .., units: .., eigenvalues: ..}} of one hidden layer: a critical point with that pattern. */
int yaml_construct_cell(ctx_t *c, const ynode_t *net, const ynode_t *map);
/* The parameters of a claim from a map that may have other keys too; n: where a missing one is reported. */
int yaml_parameters(ctx_t *c, const ynode_t *n, const ynode_t *map, claim_t *s);
/* skip: and S: of a feedforward network whose layers are read; nothing without both. */
int yaml_skips(ctx_t *c, const ynode_t *net, const ynode_t *point);
/* The network and the point of kind resnet. */
int yaml_resnet(ctx_t *c, const ynode_t *net, const ynode_t *point);
/* Writes how matrices would have to be turned for the shapes of P to fit, or "". */
void yaml_shape_hint(char *hint, size_t size, const problem_t *P, const ynode_t *data);
int yaml_claim(ctx_t *c, const ynode_t *n, claim_t *s);

#endif
