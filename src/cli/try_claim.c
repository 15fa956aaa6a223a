/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The job of one claim. */
#include "config.h"
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "memory.h"
#include "reading.h"
#include "task.h"

/* In the child. */

static void
child_signal(int sig)
{
    certificate_drop();         /* NOLINT(bugprone-signal-handler): it calls unlink alone */
    _exit(128 + sig);
}

static void
progress(void *context, const char *what)
{
    const job_t *job = context;
    double s = report_now() - job->start;

    if (s > 0.5)
        fprintf(stderr, "\r%s: %-24s %.0f s ", job->name, what, s);
}

static void
send_report(int fd, const text_t *t)
{
    size_t sent = 0;

    while (sent < t->len)
    {
        ssize_t n = write(fd, t->data + sent, t->len - sent);
        if (n <= 0)
            _exit(EX_IOERR);
        sent += n;
    }
}

/* What was tried goes to its place and into the report; returns the exit status. */
static int
conclude(text_t *report, const task_t *task, const proof_t *proof, double seconds)
{
    const claim_t *asked = task->F->claim + task->index;
    fault_t fault = { 0 };
    int written = 0;

    if (proof->outcome == OUTCOME_BAD_DATA)
    {
        fault.line = asked->line;
        snprintf(fault.key, sizeof fault.key, "%s", asked->rule->name);
        error_set(&fault, EX_DATAERR, "%s:%ld: claim %ld: %s", task->problem, (long) asked->line,
                  (long) task->index + 1, proof->message);
    }
    else if (proof->outcome != OUTCOME_UNDECIDED && !task->opt->no_certificate)
        written = certificate_keep(task->target, &task->F->P, proof, &fault);
    if (fault.status != 0)
    {
        fprintf(stderr, "certify: %s\n", fault.message);
        task_error(report, task, &fault);
        return fault.status;
    }
    task_report(report, task, proof, seconds, written);
    return proof->outcome == OUTCOME_PROVED ? 0 : proof->outcome == OUTCOME_REFUTED ? 1 : 2;
}

/* Proves, writes the certificate, reports. */
int
claim_work(job_t *job, int fd)
{
    const task_t *task = job->context;
    const options_t *opt = task->opt;
    const claim_t *asked = task->F->claim + task->index;
    prove_options_t po = { opt->precision_limit, opt->digits, NULL, NULL, 0, task->threads };
    proof_t proof;
    text_t t;
    int status;
    double seconds;

    memory_hooks("certify", certificate_drop);
    use_threads(task->threads);
    signal(SIGINT, child_signal);
    signal(SIGTERM, child_signal);
    signal(SIGHUP, child_signal);
    if (reading_shows_progress(opt))
    {
        po.progress = progress;
        po.context = job;
    }
    if (opt->time_limit > 0)            /* the rest is for what was found */
        po.until = job->start + 0.7 * opt->time_limit;
    proof_init(&proof, asked->rule);
    text_init(&t);
    claim_prove(&proof, &task->F->P, asked, &po);
    seconds = report_now() - job->start;
    if (po.progress != NULL && seconds > 0.5)
        fprintf(stderr, "\r%70s\r", "");
    status = conclude(&t, task, &proof, seconds);
    send_report(fd, &t);
    proof_clear(&proof);
    text_clear(&t);
    return status;
}

/* In the parent. */

int
claim_expired(job_t *job, text_t *report)
{
    const task_t *task = job->context;
    proof_t p;

    proof_init(&p, task->F->claim[task->index].rule);
    proof_miss(&p, OUTCOME_UNDECIDED, "the time limit of %g s was reached", task->opt->time_limit);
    task_report(report, task, &p, report_now() - job->start, 0);
    proof_clear(&p);
    return 2;
}

void
claim_lost(job_t *job)
{
    const task_t *task = job->context;

    certificate_drop_of(task->target, job->pid);
}
