/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify construct PROBLEM: the problem with its point written out. */
#include "config.h"
#include <sysexits.h>
#include "certify.h"
#include "matrix_text.h"
#include "json.h"
#include "text/decimal.h"

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
        qmat_text(t, P->features);
        text_printf(t, "\n  W_2: ");
        qmat_text(t, P->W + 1);
        text_printf(t, "\n");
        return;
    }
    text_printf(t, network_reaches_every_map(P) ? "point:\n  A:\n" : "point:\n  W:\n");
    for (i = 0; i < P->nblocks; i++)
    {
        text_printf(t, !network_reaches_every_map(P) ? "    - " : i % P->r == 0 ? "    - - " : "      - ");
        qmat_text(t, P->W + i);
        text_printf(t, "\n");
    }
}

int
command_construct(const options_t *opt)
{
    problem_file_t F;
    fault_t err = { 0 };
    text_t t;
    const problem_t *P = &F.P;

    if (!problem_file_read(&F, opt->files[0], &err))
    {
        fprintf(stderr, "certify: %s\n", err.message);
        problem_file_clear(&F);
        return err.status;
    }
    if (!F.constructed)
    {
        fprintf(stderr, "certify: %s: its point is not given by construct:, see certify-problem(5)\n", opt->files[0]);
        problem_file_clear(&F);
        return EX_DATAERR;
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
        json_string(&t, F.title);
        text_printf(&t, "\n");
    }
    text_printf(&t, "network: {kind: %s", network_name[P->kind]);
    if (!network_is_linear(P) && P->l == 2)
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
    qmat_text(&t, P->X);
    text_printf(&t, "\n  Y: ");
    qmat_text(&t, P->Y);
    text_printf(&t, "\n");
    write_point(&t, P);
    if (!network_is_linear(P))
        text_printf(&t, qmat_rows(P->features) > 0 ? "claims: [regularity]\n" : "claims: [inequality: \"loss = 0\"]\n");
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
