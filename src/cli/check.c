/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify check [--problem FILE] CERTIFICATE... */
#include "config.h"
#include <string.h>
#include "certify.h"
#include "prove/prover.h"

static int
about_problem(void *context, const certificate_t *C, rejection_t *why)
{
    const problem_file_t *F = context;
    slong i;

    if (!problem_equal(&F->P, &C->P))
    {
        why->line = 2;
        strcpy(why->role, "problem");
        strcpy(why->reason, "the certificate is about another problem than the file");
        return 0;
    }
    for (i = 0; i < F->claims; i++)
        if (claim_matches(F->claim + i, &C->P, &C->c, &C->k))
            return 1;
    why->line = 0;
    strcpy(why->role, "claim");
    strcpy(why->reason, "the claim is not one of the problem file's, with every given parameter equal");
    return 0;
}

int
command_check(const options_t *opt)
{
    problem_file_t F;
    fault_t err;
    int i, status = 0, s;

    memset(&err, 0, sizeof err);
    if (opt->problem != NULL && !problem_file_read(&F, opt->problem, &opt->reading, &err))
    {
        fprintf(stderr, "certify: %s\n", err.message);
        problem_file_clear(&F);
        return err.status;
    }
    for (i = 0; i < opt->count; i++)
    {
        s = report_check("certify", opt->files[i], opt->json, opt->quiet,
                         opt->problem != NULL ? about_problem : NULL, &F);
        if (s > status)
            status = s;
    }
    if (opt->problem != NULL)
        problem_file_clear(&F);
    return status;
}
