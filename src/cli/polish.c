/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify polish PROBLEM: the problem file of a critical point near the point, up to some hundred bits; never trusted. */
#include "config.h"
#include <sysexits.h>
#include "certify.h"
#include "problem_text.h"
#include "prove/prover.h"
#include "prove/within/within.h"

/* The file: to standard output, or a new one. */
static int
write_polished(const options_t *opt, const problem_file_t *F, const problem_t *Q, int minimum)
{
    text_t t;
    int status;

    text_init(&t);
    text_printf(&t, "# %s near the point of %s, by Newton's method: exact but for some 90 bits after the point.\n",
                minimum ? "A local minimum" : "A critical point", opt->files[0]);
    problem_text(&t, Q, F->title, matrix_written_out, NULL);
    text_printf(&t, "claims:\n  - %s\n  - critical-point: {gradient: best}\n", minimum ? "local-minimum-within" : "critical-point-within");
    status = text_write_out(opt->output, &t);
    text_clear(&t);
    return status;
}

int
command_polish(const options_t *opt)
{
    prove_options_t how = { .precision_limit = opt->precision_limit, .digits = opt->digits };
    problem_file_t F;
    fault_t err = { 0 };
    const char *why;
    problem_t Q;
    oracle_t o;
    moments_t M;
    int status = 0, minimum = 1;
    within_spectrum_t S = { 0 };

    if (!problem_file_read(&F, opt->files[0], &opt->reading, &err))
    {
        fprintf(stderr, "certify: %s\n", err.message);
        problem_file_clear(&F);
        return err.status;
    }
    problem_init(&Q);
    why = within_refuses(&F.P);
    if (why != NULL)
    {
        fprintf(stderr, "certify: %s: %s\n", opt->files[0], why);
        status = EX_DATAERR;
    }
    else
    {
        moments_none(&M);
        oracle_init(&o, prover_of(rule_named("local-minimum-within", &F.P)), &F.P, &M, opt->precision_limit);
        why = within_find(&Q, &o, 1, &how);
        if (why != NULL)
        {
            fprintf(stderr, "certify: %s: %s; a critical point of another kind is looked for\n", opt->files[0], why);
            minimum = 0;
            why = within_find(&Q, &o, 0, &how);
        }
        if (why == NULL)
            within_spectrum(&S, &Q, &o);
        if (why != NULL)
        {
            fprintf(stderr, "certify: %s: %s\n", opt->files[0], why);
            status = 2;
        }
        else if (S.zero > 0)
        {
            fprintf(stderr, "certify: %s: %ld eigenvalues of the Hessian are as good as 0, beyond the %ld parameters that symmetries fix: the weights may run off\n",
                    opt->files[0], (long) S.zero, (long) S.fixed);
            status = 2;
        }
        else
            status = write_polished(opt, &F, &Q, minimum);
        oracle_clear(&o);
        moments_clear(&M);
    }
    problem_clear(&Q);
    problem_file_clear(&F);
    return status;
}
