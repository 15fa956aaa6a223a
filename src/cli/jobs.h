/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jobs in child processes, so that one that exhausts memory or time costs nobody
   else anything.  What a job does is its owner's business. */
#ifndef CERTIFY_JOBS_H
#define CERTIFY_JOBS_H

#include <sys/types.h>
#include "text/text.h"

typedef enum { JOB_WAITING, JOB_RUNNING, JOB_DONE } job_state;

typedef struct job
{
    /* In the child: does the work, writes its report to fd, returns the exit status. */
    int (*work)(struct job *job, int fd);
    /* In the parent, when the time is up: writes the report, returns the status. */
    int (*expired)(struct job *job, text_t *report);
    /* In the parent, when a child did not end by itself: removes what it left. */
    void (*lost)(struct job *job);
    /* In the parent, in order, when the job is done: tells of it. */
    void (*done)(struct job *job);
    const char *name;           /* for messages: "examples/iris.yaml: claim 1" */
    void *context;
    double start;               /* of its clock, as report_now */
    pid_t pid;
    int fd;
    text_t report;
    job_state state;
    int status;
} job_t;

void job_init(job_t *job);
void job_clear(job_t *job);

/* Runs n jobs, several at a time, each for at most limit seconds of its own clock
   (0: without), which starts when it does, start seconds earlier; what is done already is
   only told of.  at_exit: in the child, before it ends.  Returns 0, or the signal that
   interrupted it, all children being ended then. */
int jobs_run(job_t *jobs, slong n, int at_a_time, double limit, void (*at_exit)(void *context),
             void *context);

#endif
