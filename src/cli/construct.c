/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify construct PROBLEM: the problem with its point written out. */
#include "config.h"
#include "certify.h"

/* [[1, 1/2], [0, 3]] */
static void
write_matrix(text_t *t, const qmat_t A)
{
    slong i, j;
    fmpq_t x;

    fmpq_init(x);
    text_printf(t, "[");
    for (i = 0; i < qmat_rows(A); i++)
    {
        text_printf(t, i == 0 ? "[" : ", [");
        for (j = 0; j < qmat_cols(A); j++)
        {
            qmat_get_entry(x, A, i, j);
            text_printf(t, j == 0 ? "" : ", ");
            text_fmpq(t, x);
        }
        text_printf(t, "]");
    }
    text_printf(t, "]\n");
    fmpq_clear(x);
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
    for (i = 0; i < m && weighted; i++)
    {
        text_printf(t, i == 0 ? ", weights: [" : ", ");
        text_fmpq(t, P->weights + i);
    }
    text_printf(t, weighted ? "]}\n" : "}\n");
}

static void
write_point(text_t *t, const problem_t *P)
{
    slong i;

    if (qmat_rows(P->features) > 0)
    {
        text_printf(t, "point:\n  features: ");
        write_matrix(t, P->features);
        text_printf(t, "  W_2: ");
        write_matrix(t, P->W + 1);
        return;
    }
    text_printf(t, P->kind == NET_RESIDUAL ? "point:\n  A:\n" : "point:\n  W:\n");
    for (i = 0; i < P->nblocks; i++)
    {
        text_printf(t, P->kind != NET_RESIDUAL ? "    - " : i % P->r == 0 ? "    - - " : "      - ");
        write_matrix(t, P->W + i);
    }
}

int
command_construct(const options_t *opt)
{
    problem_file_t F;
    fault_t err = { 0, "" };
    text_t t;
    const problem_t *P = &F.P;

    if (!problem_file_read(&F, opt->files[0], &err))
    {
        fprintf(stderr, "certify: %s\n", err.message);
        problem_file_clear(&F);
        return err.status;
    }
    text_init(&t);
    if (F.rounded)
    {
        text_printf(&t, "# Sigma has irrational eigenvectors: every block is within ");
        decimal_text(&t, F.distance, 3, 1);
        text_printf(&t, " (Frobenius norm)\n# of an exact critical point.\n");
    }
    text_printf(&t, "certify: 1\n");
    if (F.title != NULL)
    {
        text_printf(&t, "title: ");
        report_json_string(&t, F.title);
        text_printf(&t, "\n");
    }
    text_printf(&t, "network: {kind: %s", network_name[P->kind]);
    if (P->kind == NET_FEEDFORWARD && P->l == 2)
    {
        text_printf(&t, ", activation: %s", activation_name[P->act->kind]);
        if (activation_has_slope(P->act->kind))
        {
            text_printf(&t, " ");
            text_fmpq(&t, P->act->slope);
        }
    }
    text_printf(&t, "}\n");
    write_loss(&t, P);
    text_printf(&t, "data:\n  X: ");
    write_matrix(&t, P->X);
    text_printf(&t, "  Y: ");
    write_matrix(&t, P->Y);
    write_point(&t, P);
    if (P->kind == NET_FEEDFORWARD)
        text_printf(&t, "claims: [regularity]\n");
    else if (F.rounded)
        text_printf(&t, "claims: [critical-point: {gradient: best}%s]\n",
                    F.minimizer ? ", global-minimizer: {gap: best}" : "");
    else
        text_printf(&t, "claims: [critical-point%s]\n", F.minimizer ? ", global-minimizer" : "");
    fwrite(t.data, 1, t.len, stdout);
    text_clear(&t);
    problem_file_clear(&F);
    return 0;
}
