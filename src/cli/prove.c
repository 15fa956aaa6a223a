/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify prove: one child process per claim. */
#include "config.h"
#include <libgen.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include "reading.h"
#include "task.h"

struct session
{
    const options_t *opt;
    reading_t *file;                /* one per problem file */
    job_t *job;                     /* one per claim, and one per file without ... */
    task_t *task;                   /* ... with what it is about */
    slong n;
    slong proved, refuted, undecided, errors;
    json_t *records;                /* of a format that is made at the end */
    FILE *out;
};

static void
session_clear(void *context)
{
    session_t *s = context;
    slong i;

    for (i = 0; i < s->n; i++)
        job_clear(s->job + i);
    readings_clear(s->file, s->opt->count);
    flint_free(s->job);
    flint_free(s->task);
    json_decref(s->records);
}

/* Text and JSON come as they are ready; a table needs all of its rows. */
static void
session_takes(session_t *s, const text_t *report)
{
    if (s->opt->format == FORMAT_TEXT || s->opt->format == FORMAT_JSON)
    {
        fwrite(report->data, 1, report->len, s->out);
        fflush(s->out);
    }
    else if (report->len > 0)
        json_array_append_new(s->records, json_loadb(report->data, report->len, 0, NULL));
}

/* A child that ended in an error said so on standard error; its report may be missing. */
static void
done(job_t *job)
{
    const task_t *task = job->context;
    session_t *s = task->session;
    fault_t fault = { 0 };

    *(job->status == 0 ? &s->proved : job->status == 1 ? &s->refuted
      : job->status == 2 ? &s->undecided : &s->errors) += 1;
    if (job->status >= EX__BASE && job->report.len == 0)
    {
        error_set(&fault, job->status, "%s: %s", job->name, job->status == EX_OSERR
                  ? "out of memory" : job->status == EX_IOERR ? "output error" : "internal error");
        task_error(&job->report, task, &fault);
    }
    session_takes(s, &job->report);
}

/* What had to wait for the last result. */
static void
print_records(session_t *s)
{
    text_t t;

    if (s->opt->format == FORMAT_TEXT || s->opt->format == FORMAT_JSON)
        return;
    text_init(&t);
    format_results(&t, s->opt->format, s->records, format_prove);
    fwrite(t.data, 1, t.len, s->out);
    text_clear(&t);
}

static void
print_summary(const session_t *s)
{
    if (s->n > 1 && s->opt->format != FORMAT_JSON)
        fprintf(s->opt->format == FORMAT_TEXT ? s->out : stderr,
                "%ld proved, %ld refuted, %ld undecided, %ld errors\n", (long) s->proved,
                (long) s->refuted, (long) s->undecided, (long) s->errors);
}

/* examples/iris.yaml -> iris.cert, or iris.K.cert. */
static void
target_name(char *target, size_t size, const char *problem, slong k, slong claims)
{
    char copy[PATH_MAX], *base, *dot;

    snprintf(copy, sizeof copy, "%s", strcmp(problem, "-") == 0 ? "stdin" : problem);
    base = basename(copy);
    dot = strrchr(base, '.');
    if (dot != NULL && dot != base)
        *dot = '\0';
    if (claims > 1)
        snprintf(target, size, "%s.%ld.cert", base, (long) k + 1);
    else
        snprintf(target, size, "%s.cert", base);
}

static int
same_file(const char *a, const char *b)
{
    struct stat s, t;

    return stat(a, &s) == 0 && stat(b, &t) == 0 && s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}

/* Fills the fault if the certificate would go over a problem file, or over another one. */
static void
collides(const session_t *s, const task_t *task, fault_t *fault)
{
    slong i;

    if (s->opt->no_certificate || strcmp(task->target, "-") == 0)
        return;
    for (i = 0; i < s->opt->count; i++)
        if (same_file(s->opt->files[i], task->target))
            error_set(fault, EX_USAGE, "the certificate would overwrite the problem %s; "
                      "choose another name with -o", s->opt->files[i]);
    for (i = 0; i < s->n; i++)
        if (strcmp(s->task[i].target, task->target) == 0)
            error_set(fault, EX_USAGE, "%s and %s would both write %s", s->task[i].problem,
                      task->problem, task->target);
}

/* The next task, about a file. */
static task_t *
new_task(session_t *s, const char *problem)
{
    task_t *task = s->task + s->n;
    job_t *job = s->job + s->n;

    task->opt = s->opt;
    task->session = s;
    task->problem = problem;
    job_init(job);
    job->work = claim_work;
    job->expired = claim_expired;
    job->lost = claim_lost;
    job->done = done;
    job->name = task->name;
    job->context = task;
    return task;
}

/* A file without claims to prove: the task is done, and has its report. */
static void
add_unread(session_t *s, const reading_t *r)
{
    task_t *task = new_task(s, r->path);
    job_t *job = s->job + s->n++;

    job->state = JOB_DONE;
    job->status = r->late ? 2 : r->fault.status;
    if (r->late)
        reading_report(&job->report, s->opt, r->path);
    else
        task_error(&job->report, task, &r->fault);
}

static void
add_claim(session_t *s, const reading_t *r, slong k, fault_t *fault)
{
    task_t *task = new_task(s, r->path);

    task->F = &r->F;
    task->index = k;
    snprintf(task->name, sizeof task->name, "%s: claim %ld", task->problem, (long) k + 1);
    if (s->opt->output != NULL)
        snprintf(task->target, sizeof task->target, "%s", s->opt->output);
    else
        target_name(task->target, sizeof task->target, task->problem, k, r->F.claims);
    collides(s, task, fault);
    s->job[s->n].start = r->seconds;    /* its clock began with the reading */
    s->n++;
}

static int
unread(const reading_t *r)
{
    return r->late || r->fault.status != 0;
}

/* A task for every claim, and for every file that has none. */
static void
add_tasks(session_t *s, fault_t *fault)
{
    const options_t *opt = s->opt;
    slong k, total = 0;
    int f;

    for (f = 0; f < opt->count; f++)
        total += unread(s->file + f) || opt->claim ? 1 : s->file[f].F.claims;
    if (opt->output != NULL && total != 1)
        error_set(fault, EX_USAGE, "-o goes with one claim, there are %ld; choose one with --claim",
                  (long) total);
    s->job = flint_calloc(total + 1, sizeof *s->job);
    s->task = flint_calloc(total + 1, sizeof *s->task);
    for (f = 0; f < opt->count; f++)
    {
        if (unread(s->file + f))
            add_unread(s, s->file + f);
        for (k = 0; !unread(s->file + f) && k < s->file[f].F.claims; k++)
            if (opt->claim == 0 || k == opt->claim - 1)
                add_claim(s, s->file + f, k, fault);
    }
}

/* Nothing is proved: the command makes no sense. */
static int
refuse(session_t *s, const fault_t *fault)
{
    task_t none = { .opt = s->opt };
    text_t t;

    fprintf(stderr, "certify: %s\n", fault->message);
    text_init(&t);
    task_error(&t, &none, fault);
    session_takes(s, &t);
    text_clear(&t);
    print_records(s);
    return fault->status;
}

/* Errors before results, refuted before undecided. */
static int
worst_status(const session_t *s)
{
    slong i;
    int status = 0;

    for (i = 0; i < s->n; i++)
    {
        int one = s->job[i].status;
        if (one >= EX__BASE ? one > status
            : status < EX__BASE && one != 0 && (status == 0 || one < status))
            status = one;
    }
    return status;
}

int
command_prove(const options_t *opt)
{
    session_t s = { .opt = opt, .records = json_array(), .out = stdout };
    fault_t fault = { 0 };
    int status, sig;

    if (opt->output != NULL && strcmp(opt->output, "-") == 0)
        s.out = stderr;                 /* standard output is the certificate's */
    s.file = readings_init(opt);
    add_tasks(&s, &fault);
    if (fault.status != 0)
        status = refuse(&s, &fault);
    else
    {
        for (slong i = 0; i < s.n; i++)
            s.task[i].threads = (int) FLINT_MAX(opt->jobs / s.n, 1);
        sig = jobs_run(s.job, s.n, opt->jobs, opt->time_limit, session_clear, &s);
        if (sig != 0)
        {
            signal(sig, SIG_DFL);
            raise(sig);
        }
        print_records(&s);
        print_summary(&s);
        status = worst_status(&s);
    }
    session_clear(&s);
    return status;
}
