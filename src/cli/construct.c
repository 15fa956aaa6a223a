/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify construct PROBLEM: the problem with its point written out. */
#include "config.h"
#include <sysexits.h>
#include "certify.h"
#include "problem_text.h"
#include "text/decimal.h"

int
command_construct(const options_t *opt)
{
    problem_file_t F;
    fault_t err = { 0 };
    text_t t;
    const problem_t *P = &F.P;

    if (!problem_file_read(&F, opt->files[0], &opt->reading, &err))
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
    problem_text(&t, P, F.title, matrix_written_out, NULL);
    if (!network_is_linear(P))
        text_printf(&t, qmat_rows(P->features) > 0 ? "claims: [regularity]\n"
                    : P->b != NULL ? "claims: [full-rank: {of: features}]\n" : "claims: [inequality: \"loss = 0\"]\n");
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
