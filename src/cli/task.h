/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One claim of one problem file, to be proved, and what is said of it. */
#ifndef CERTIFY_TASK_H
#define CERTIFY_TASK_H

#include <limits.h>
#include "certify.h"
#include "jobs.h"
#include "prove/prover.h"

typedef struct session session_t;

typedef struct
{
    const options_t *opt;
    session_t *session;
    const problem_file_t *F;        /* NULL: it could not be read */
    const char *problem;            /* path */
    slong index;                    /* of the claim, from 0 */
    int threads;                    /* for this claim */
    char name[PATH_MAX + 40];       /* "examples/iris.yaml: claim 1" */
    char target[PATH_MAX];          /* certificate; "-" is standard output */
} task_t;

/* What is known of a claim before it is tried. */
json_t *task_record(const task_t *task, const char *verdict);
/* The report of a claim that was tried, a line of JSON or text; written: a certificate was. */
void task_report(text_t *t, const task_t *task, const proof_t *p, double seconds, int written);
/* The report of an error: nothing in text, where the message on standard error is all. */
void task_error(text_t *t, const task_t *task, const fault_t *fault);

/* The functions of a claim's job, see jobs.h. */
int claim_work(job_t *job, int fd);
int claim_expired(job_t *job, text_t *report);
void claim_lost(job_t *job);

/* Removes what this process left of a certificate that it was writing. */
void certificate_drop(void);
/* The same for the child pid that is gone. */
void certificate_drop_of(const char *target, pid_t pid);
/* Writes, re-reads, re-checks, renames.  0 after filling *fault. */
int certificate_keep(const char *target, const problem_t *P, const proof_t *proof, fault_t *fault);

#endif
