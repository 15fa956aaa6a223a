/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The statement that a certificate makes, in words.  Generated from what was
   parsed and verified; no text of the file is repeated. */
#include "certificate.h"
#include "rules/definitions.h"

void
sentence_problem(text_t *t, const certificate_t *C)
{
    const problem_t *P = &C->P;
    slong i;
    char name[32];
    say_t plain = { t, 0 };

    text_printf(t, "problem   sha256 %s\n", C->digest);
    if (P->r > 1 || network_reaches_every_map(P))
        text_printf(t, "network   residual, %ld units of depth %ld, width %ld\n", (long) P->l,
                    (long) P->r, (long) qmat_rows(P->X));
    else
    {
        text_printf(t, "network   %s %ld", network_name[P->kind], (long) qmat_rows(P->X));
        for (i = 0; i < P->l; i++)
            text_printf(t, "-%ld", (long) qmat_rows(P->W + i));
        for (i = 0; P->act != NULL && i < P->l - 1; i++)
        {
            text_printf(t, "%s%s", i == 0 ? ", activations " : ", ",
                        activation_name[P->act[i].kind]);
            if (activation_has_slope(P->act[i].kind))
            {
                text_printf(t, " ");
                text_fmpq(t, P->act[i].slope);
            }
        }
        text_printf(t, P->b != NULL ? ", biases\n" : "\n");
    }
    text_printf(t, "data      %ld samples, X %ld x %ld, Y %ld x %ld\n",
                (long) qmat_cols(P->X), (long) qmat_rows(P->X), (long) qmat_cols(P->X),
                (long) qmat_rows(P->Y), (long) qmat_cols(P->Y));
    text_printf(t, "loss      ");
    say_loss(&plain, P);
    problem_block_name(name, sizeof name, P, 0);
    text_printf(t, ", point %s, ...\n", name);
}

void
sentence_claim(text_t *t, const certificate_t *C, int latex)
{
    say_t s = { t, latex };

    C->c.rule->say(&s, &C->P, &C->c, &C->k);
}
