/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "problem_text.h"

void
yaml_string(text_t *t, const char *s)
{
    const unsigned char *p;

    text_printf(t, "\"");
    for (p = (const unsigned char *) s; *p != '\0'; p++)
        if (*p == '"' || *p == '\\')
            text_printf(t, "\\%c", *p);
        else if (*p < ' ' || *p == 127)
            text_printf(t, "\\x%02x", *p);
        else
            text_printf(t, "%c", *p);
    text_printf(t, "\"");
}

int
matrix_written_out(text_t *t, const char *name, const qmat_t A, void *context)
{
    (void) name;
    (void) context;
    qmat_text(t, A);
    return 1;
}

static void
write_activation(text_t *t, const activation_t *a)
{
    text_printf(t, "%s", activation_name[a->kind]);
    if (activation_has_slope(a->kind))
    {
        text_printf(t, " ");
        text_fmpq(t, a->slope);
    }
}

static void
write_network(text_t *t, const problem_t *P)
{
    slong i, hidden = P->act == NULL ? 0 : P->kind == NET_RESNET ? P->l - 2 : P->l - 1;

    text_printf(t, "network: {kind: %s", network_name[P->kind == NET_SKIP ? NET_FEEDFORWARD : P->kind]);
    for (i = 0; i < P->skips; i++)
        text_printf(t, i > 0 ? ", %ld" : ", skip: [%ld", (long) P->skip[i]);
    text_printf(t, P->skips > 0 ? "]" : "");
    for (i = 0; i < hidden; i++)
    {
        text_printf(t, i > 0 ? ", " : hidden > 1 ? ", activation: [" : ", activation: ");
        write_activation(t, P->act + i);
    }
    text_printf(t, hidden > 1 ? "]}\n" : "}\n");
}

static void
write_loss(text_t *t, const problem_t *P)
{
    slong i, m = qmat_cols(P->X);
    int weighted = 0;

    for (i = 0; i < m; i++)
        weighted |= !fmpq_is_one(P->weights + i);
    text_printf(t, "loss: {kind: %s, scale: ", loss_name[P->loss]);
    text_fmpq(t, P->scale);
    if (P->loss == LOSS_SMOOTH_HINGE)
        text_printf(t, ", power: %ld", (long) P->power);
    for (i = 0; i < m && weighted; i++)
    {
        text_printf(t, i == 0 ? ", weights: [" : ", ");
        text_fmpq(t, P->weights + i);
    }
    text_printf(t, weighted ? "]}\n" : "}\n");
    if (!fmpq_is_zero(P->weight_decay))
    {
        text_printf(t, "regularization: {weight-decay: ");
        text_fmpq(t, P->weight_decay);
        text_printf(t, P->decayed == DECAY_BIASES ? ", decay-biases: yes}\n"
                    : P->decayed == DECAY_HIDDEN_BIASES ? ", decay-biases: hidden}\n" : "}\n");
    }
}

static int
write_matrix(text_t *t, const char *before, const char *name, const qmat_t A, matrix_form_f form,
             void *context)
{
    int ok;

    text_printf(t, "%s", before);
    ok = form(t, name, A, context);
    text_printf(t, "\n");
    return ok;
}

/* A := columns first .. of B, n of them. */
static void
columns(qmat_t A, const qmat_t B, slong first, slong n)
{
    qmat_t t;

    qmat_init(t, 0, 0);
    qmat_transpose(t, B);
    qmat_some_rows(t, t, first, n);
    qmat_transpose(A, t);
    qmat_clear(t);
}

static int
write_biases(text_t *t, const char *indent, const problem_t *P, matrix_form_f form, void *context)
{
    char name[32], before[32];
    slong i;
    int ok = 1;

    if (P->b != NULL)
        text_printf(t, "%sb:\n", indent);
    snprintf(before, sizeof before, "%s  - ", indent);
    for (i = 0; ok && i < P->l; i++)
    {
        snprintf(name, sizeof name, "b_%ld", (long) i + 1);
        if (problem_bias(P, i) != NULL)
            ok = write_matrix(t, before, name, problem_bias(P, i), form, context);
    }
    return ok;
}

/* W_l and S_k, which the last block holds side by side. */
static int
write_last_layer(text_t *t, const problem_t *P, matrix_form_f form, void *context)
{
    const qmat_struct *last = P->W + P->l - 1;
    slong i, at = qmat_rows(P->W + P->l - 2);
    char name[32];
    qmat_t A;
    int ok;

    qmat_init(A, 0, 0);
    columns(A, last, 0, at);
    problem_block_name(name, sizeof name, P, P->l - 1);
    ok = write_matrix(t, "    - ", name, A, form, context);
    text_printf(t, "  S:\n");
    for (i = 0; ok && i < P->skips; i++)
    {
        slong k = P->skip[i], n = k == 0 ? qmat_rows(P->X) : qmat_rows(P->W + k - 1);
        columns(A, last, at, n);
        at += n;
        snprintf(name, sizeof name, "S_%ld", (long) k);
        ok = write_matrix(t, "    - ", name, A, form, context);
    }
    qmat_clear(A);
    return ok;
}

static int
write_resnet(text_t *t, const problem_t *P, matrix_form_f form, void *context)
{
    char name[32];
    slong i;
    int ok = write_matrix(t, "point:\n  W: ", "W", P->W + P->l - 1, form, context)
        && write_matrix(t, "  R: ", "R", P->W + P->l - 2, form, context);

    text_printf(t, "  z:\n    W:\n");
    for (i = 0; ok && i < P->l - 2; i++)
    {
        problem_block_name(name, sizeof name, P, i);
        ok = write_matrix(t, "      - ", name, P->W + i, form, context);
    }
    return ok && write_biases(t, "    ", P, form, context);
}

static int
write_point(text_t *t, const problem_t *P, matrix_form_f form, void *context)
{
    char name[32];
    slong i;
    int ok = 1, units = network_reaches_every_map(P);

    if (qmat_rows(P->features) > 0)
        return write_matrix(t, "point:\n  features: ", "features", P->features, form, context)
            && write_matrix(t, "  W_2: ", "W_2", P->W + 1, form, context);
    if (P->kind == NET_RESNET)
        return write_resnet(t, P, form, context);
    text_printf(t, units ? "point:\n  A:\n" : "point:\n  W:\n");
    for (i = 0; ok && i < P->nblocks - (P->skips > 0); i++)
    {
        problem_block_name(name, sizeof name, P, i);
        ok = write_matrix(t, !units ? "    - " : i % P->r == 0 ? "    - - " : "      - ", name, P->W + i, form,
                          context);
    }
    if (P->skips > 0)
        ok = ok && write_last_layer(t, P, form, context);
    return ok && write_biases(t, "  ", P, form, context);
}

int
problem_text(text_t *t, const problem_t *P, const char *title, matrix_form_f form, void *context)
{
    text_printf(t, "certify: 1\n");
    if (title != NULL)
    {
        text_printf(t, "title: ");
        yaml_string(t, title);
        text_printf(t, "\n");
    }
    write_network(t, P);
    write_loss(t, P);
    return write_matrix(t, "data:\n  X: ", "X", P->X, form, context)
        && write_matrix(t, "  Y: ", "Y", P->Y, form, context) && write_point(t, P, form, context);
}

static void
write_list(text_t *t, const value_t *v)
{
    slong i;

    text_printf(t, "[");
    for (i = 0; i < v->n; i++)
    {
        text_printf(t, i == 0 ? "" : ", ");
        text_fmpq(t, v->list + i);
    }
    text_printf(t, "]");
}

static void
write_value(text_t *t, const value_t *v, const field_t *f, const problem_t *P)
{
    text_t inside;

    if (f->type == &value_number)
        text_fmpq(t, v->x);
    else if (f->type == &value_choice)
        text_printf(t, "%s", f->words[v->n]);
    else if (f->type == &value_list)
        write_list(t, v);
    else
    {   /* a family's own: its text is what a person writes, after a blank */
        text_init(&inside);
        f->type->write(&inside, v, f, P);
        yaml_string(t, inside.data + (inside.data[0] == ' '));
        text_clear(&inside);
    }
}

void
claim_text(text_t *t, const claim_t *c, const problem_t *P)
{
    const field_t *f = c->rule->parameters;
    slong i;
    int any = 0;

    text_printf(t, "%s", c->rule->name);
    for (i = 0; f[i].name != NULL; i++)
    {
        if (!c->value[i].given || f[i].flags & FIELD_ASKED)
            continue;
        if (f[i].flags & FIELD_BARE)
            text_printf(t, ": ");
        else
            text_printf(t, any ? ", %s: " : ": {%s: ", f[i].name);
        any |= !(f[i].flags & FIELD_BARE);
        write_value(t, c->value + i, f + i, P);
    }
    text_printf(t, any ? "}" : "");
}

int
file_create(const char *path, const text_t *t)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666), ok;
    FILE *out = fd < 0 ? NULL : fdopen(fd, "wb");

    if (out == NULL)
    {
        fprintf(stderr, "certify: %s: cannot create: %s\n", path, strerror(errno));
        return EX_CANTCREAT;
    }
    ok = fwrite(t->data, 1, t->len, out) == t->len;
    ok = fclose(out) == 0 && ok;
    if (ok)
        return 0;
    fprintf(stderr, "certify: %s: cannot write: %s\n", path, strerror(errno));
    unlink(path);
    return EX_IOERR;
}

int
text_write_out(const char *path, const text_t *t)
{
    if (path != NULL)
        return file_create(path, t);
    fwrite(t->data, 1, t->len, stdout);
    return 0;
}
