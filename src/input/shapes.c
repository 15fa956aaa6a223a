/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shapes that do not fit: which matrices stand the other way round? */
#include "config.h"
#include <stdio.h>
#include <string.h>
#include "array.h"
#include "reader.h"

enum { TURN_X = 1, TURN_Y = 2, TURN_W = 4 };

static slong
rows(const qmat_t A, int turned)
{
    return turned ? qmat_cols(A) : qmat_rows(A);
}

/* 1 if the chain of layers fits with the matrices turned that way. */
static int
fits(const problem_t *P, int turned)
{
    slong i, width = rows(P->X, turned & TURN_X), samples = rows(P->X, !(turned & TURN_X));

    for (i = 0; i < P->nblocks; i++)
    {
        if (rows(P->W + i, !(turned & TURN_W)) != width)
            return 0;
        width = rows(P->W + i, turned & TURN_W);
    }
    return rows(P->Y, turned & TURN_Y) == width && rows(P->Y, !(turned & TURN_Y)) == samples;
}

/* "X: {npy: X.npy, transpose: true}" for a file, nothing for a matrix that is written out. */
static void
write_form(char *text, size_t size, const char *name, const ynode_t *n)
{
    size_t i;

    for (i = 0; n != NULL && n->kind == YAML_MAP && i < n->count; i += 2)
        if (file_kind_named(n->item[i]->text) != NULL && n->item[i + 1]->kind == YAML_SCALAR)
            snprintf(text, size, "; %s: {%s: %s%s, transpose: true}", name, n->item[i]->text,
                     n->item[i + 1]->text, n->count > 2 ? ", .." : "");
}

void
yaml_shape_hint(char *hint, size_t size, const problem_t *P, const ynode_t *data)
{
    static const struct { int turned; const char *what; } tries[] = {
        { TURN_X, "X is" }, { TURN_Y, "Y is" }, { TURN_X | TURN_Y, "X and Y are" },
        { TURN_W, "every W is" }, { TURN_X | TURN_W, "X and every W are" },
        { TURN_Y | TURN_W, "Y and every W are" }, { TURN_X | TURN_Y | TURN_W, "X, Y and every W are" }
    };
    size_t i;

    hint[0] = '\0';
    for (i = 0; i < sizeof tries / sizeof *tries; i++)
        if (fits(P, tries[i].turned))
        {
            snprintf(hint, size, "; it fits when %s transposed: samples are columns", tries[i].what);
            if (tries[i].turned & TURN_X)
                write_form(hint + strlen(hint), size - strlen(hint), "X", ynode_get(data, "X"));
            if (tries[i].turned & TURN_Y)
                write_form(hint + strlen(hint), size - strlen(hint), "Y", ynode_get(data, "Y"));
            return;
        }
}
