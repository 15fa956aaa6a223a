/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sysexits.h>
#include <unistd.h>
#include "jobs.h"
#include "reading.h"

#define TICK 500000             /* microseconds */

/* Read by the handler, which may only write: the texts are made before. */
static struct
{
    text_t expired, progress;
    double begin, limit;
    int shown, out;
} state;

static void
say_bytes(int fd, const text_t *t)
{
    if (write(fd, t->data, t->len) < 0)
        _exit(74);
}

static void
tick(int sig)
{
    double s = report_now() - state.begin;

    if (state.limit > 0 && s > state.limit)
    {
        if (state.shown)
            say_bytes(STDERR_FILENO, &state.progress);
        say_bytes(state.out, &state.expired);
        _exit(2);
    }
    if (state.progress.len > 0)
    {
        say_bytes(STDERR_FILENO, &state.progress);
        state.shown = 1;
    }
}

static void
set_timer(double first)
{
    struct itimerval t;

    memset(&t, 0, sizeof t);
    if (first > 0)
    {
        t.it_value.tv_sec = (time_t) first;
        t.it_value.tv_usec = (suseconds_t) ((first - (double) t.it_value.tv_sec) * 1e6) + 1;
        t.it_interval.tv_usec = TICK;
    }
    setitimer(ITIMER_REAL, &t, NULL);
}

int
reading_shows_progress(const options_t *opt)
{
    return !opt->quiet && opt->format != FORMAT_JSON && isatty(STDERR_FILENO);
}

void
reading_report(text_t *t, const options_t *opt, const char *path)
{
    char limit[100];
    json_t *record;

    snprintf(limit, sizeof limit, "the time limit of %g s was reached while the file was read",
             opt->time_limit);
    if (opt->format == FORMAT_TEXT)
    {
        text_printf(t, "%s: undecided: %s\n", path, limit);
        return;
    }
    record = record_new(path, "undecided");
    record_set(record, "missing", record_text(limit));
    record_write(t, record);
    json_decref(record);
}

/* The report in the format of the end, where it is the only one. */
static void
set_expired(const options_t *opt, const char *path)
{
    text_t line;
    json_t *records;

    text_init(&line);
    reading_report(&line, opt, path);
    if (opt->format == FORMAT_TEXT)
        text_append(&state.expired, line.data, line.len);
    else
    {
        records = json_pack("[o]", json_loadb(line.data, line.len, 0, NULL));
        format_results(&state.expired, opt->format, records, format_prove);
        json_decref(records);
    }
    text_clear(&line);
}

/* From here to reading_ends progress is shown, and the limit (0: none) holds. */
static void
reading_begins(const options_t *opt, const char *path, double limit)
{
    struct sigaction sa;
    double first = TICK * 1e-6;

    text_init(&state.expired);
    text_init(&state.progress);
    state.begin = report_now();
    state.limit = limit;
    state.shown = 0;
    state.out = opt->output != NULL && strcmp(opt->output, "-") == 0 ? STDERR_FILENO
        : STDOUT_FILENO;
    if (limit > 0)
        set_expired(opt, path);
    if (reading_shows_progress(opt))
        text_printf(&state.progress, "\r%s: reading ", path);
    if (state.limit > 0 && state.limit < first)
        first = state.limit;
    memset(&sa, 0, sizeof sa);
    sa.sa_handler = tick;
    sa.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &sa, NULL);
    set_timer(first);
}

static void
reading_ends(void)
{
    signal(SIGALRM, SIG_IGN);       /* one may be on its way still */
    set_timer(0);
    if (state.shown)
        fprintf(stderr, "\r%70s\r", "");
    text_clear(&state.expired);
    text_clear(&state.progress);
}

/* The file is read, for its claims. */
static void
read_one(reading_t *r, double limit)
{
    const options_t *opt = r->opt;
    double begin = report_now();
    int ok;

    reading_begins(opt, r->path, limit);
    ok = problem_file_read(&r->F, r->path, &r->opt->reading, &r->fault);
    reading_ends();
    r->seconds = report_now() - begin;
    if (ok && r->F.claims == 0)
        error_set(&r->fault, EX_DATAERR, "%s:1: claims: there is nothing to prove; certify claims %s lists what "
                  "can be asked for", r->path, r->path);
    if (ok && opt->claim > r->F.claims)
        error_set(&r->fault, EX_USAGE, "%s: there is no claim %ld, only %ld", r->path,
                  (long) opt->claim, (long) r->F.claims);
    if (r->fault.status != 0)
        fprintf(stderr, "certify: %s\n", r->fault.message);
}

/* With a time limit a file is read by a process of its own first: one that takes too long
   must not end the others. */

static int
trial(job_t *job, int fd)
{
    reading_t *r = job->context;

    problem_file_read(&r->F, r->path, &r->opt->reading, &r->fault);
    problem_file_clear(&r->F);
    return 0;
}

static int
trial_expired(job_t *job, text_t *report)
{
    ((reading_t *) job->context)->late = 1;
    return 2;
}

static void
nothing(job_t *job)
{
}

static void
nothing_at_exit(void *context)
{
}

static void
try_files(reading_t *r, int count)
{
    job_t *job = flint_calloc(count, sizeof *job);
    int i, sig;
    slong n = 0;

    for (i = 0; i < count; i++)
    {
        if (strcmp(r[i].path, "-") == 0)
            continue;
        job_init(job + n);
        job[n].work = trial;
        job[n].expired = trial_expired;
        job[n].lost = job[n].done = nothing;
        job[n].name = r[i].path;
        job[n++].context = r + i;
    }
    sig = jobs_run(job, n, r->opt->jobs, r->opt->time_limit, nothing_at_exit, NULL);
    if (sig != 0)
        raise(sig);
    for (i = 0; i < n; i++)
        job_clear(job + i);
    flint_free(job);
}

reading_t *
readings_init(const options_t *opt)
{
    reading_t *r = flint_calloc(opt->count, sizeof *r);
    int i, several = opt->count > 1;

    for (i = 0; i < opt->count; i++)
    {
        r[i].path = opt->files[i];
        r[i].opt = opt;
    }
    if (several && opt->time_limit > 0)
        try_files(r, opt->count);
    for (i = 0; i < opt->count; i++)
        if (!r[i].late)
            read_one(r + i, several && strcmp(r[i].path, "-") != 0 ? 0 : opt->time_limit);
    return r;
}

void
readings_clear(reading_t *r, int count)
{
    int i;

    for (i = 0; i < count; i++)
        if (!r[i].late)
            problem_file_clear(&r[i].F);
    flint_free(r);
}
