/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One claim of one problem file, to be proved. */
#ifndef CERTIFY_TASK_H
#define CERTIFY_TASK_H

#include <limits.h>
#include "certify.h"
#include "jobs.h"
#include "prove/prover.h"

typedef struct
{
    const options_t *opt;
    const problem_file_t *F;
    const char *problem;            /* path */
    slong index;                    /* of the claim, from 0 */
    char name[PATH_MAX + 40];       /* "examples/iris.yaml: claim 1" */
    char target[PATH_MAX];          /* certificate */
} task_t;

/* The report of a claim that was tried; written: a certificate was. */
void task_report(text_t *t, const task_t *task, const proof_t *p, double seconds, int written);

#endif
