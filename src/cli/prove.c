/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify prove: one child process per claim. */
#include "config.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include "memory.h"
#include "prove/write.h"
#include "reading.h"
#include "task.h"

static void
temporary_name(char *name, size_t size, const char *target, pid_t pid)
{
    snprintf(name, size, "%s.tmp.%ld", target, (long) pid);
}

/* In the child. */

static char child_temporary[PATH_MAX + 32];

static void
child_cleanup(void)
{
    if (child_temporary[0] != '\0')
        unlink(child_temporary);
}

static void
child_signal(int sig)
{
    child_cleanup();
    _exit(128 + sig);
}

static void
progress(void *context, const char *what)
{
    const job_t *job = context;
    double s = jobs_now() - job->start;

    if (s > 0.5)
        fprintf(stderr, "\r%s: %-24s %.0f s ", job->name, what, s);
}

/* Writes, re-reads, re-checks, renames.  Returns 0 or a sysexits status. */
static int
write_certificate(const task_t *task, const proof_t *proof)
{
    text_t t;
    certificate_t C;
    rejection_t why;
    char *text;
    size_t len;
    int status = 0, ok, fd;
    FILE *out;

    struct stat st;

    if (lstat(task->target, &st) == 0 && !S_ISREG(st.st_mode))
    {   /* a device, a pipe, a link: renaming over it would destroy it */
        fprintf(stderr, "certify: %s: cannot create: it exists and is not a regular file\n",
                task->target);
        return EX_CANTCREAT;
    }
    text_init(&t);
    certificate_write(&t, &task->F->P, &proof->c, &proof->k, &proof->f);
    temporary_name(child_temporary, sizeof child_temporary, task->target, getpid());
    fd = open(child_temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
    out = fd < 0 ? NULL : fdopen(fd, "wb");
    if (out == NULL)
    {
        fprintf(stderr, "certify: %s: cannot create: %s\n", task->target, strerror(errno));
        child_temporary[0] = '\0';
        text_clear(&t);
        return EX_CANTCREAT;
    }
    ok = fwrite(t.data, 1, t.len, out) == t.len && fflush(out) == 0 && fsync(fd) == 0;
    if (fclose(out) != 0 || !ok)
    {
        fprintf(stderr, "certify: %s: cannot write: %s\n", task->target, strerror(errno));
        status = EX_IOERR;
    }
    else if ((text = report_load("certify", child_temporary, &len, &status)) != NULL)
    {
        status = 0;
        certificate_init(&C);
        if (!certificate_check(&C, text, len, &why))
        {
            int large = strcmp(why.role, "limits") == 0;
            fprintf(stderr, "certify: %s: %s: line %ld: %s: %s; nothing was written%s\n", task->target,
                    large ? "the certificate is beyond the limits of the format"
                    : "internal error: the new certificate does not check",
                    (long) why.line, why.role, why.reason,
                    large ? "; --limits raises them, when proving and when checking" : "");
            status = large ? EX_CANTCREAT : EX_SOFTWARE;
        }
        else if (rename(child_temporary, task->target) != 0)
        {
            fprintf(stderr, "certify: %s: cannot create: %s\n", task->target, strerror(errno));
            status = EX_CANTCREAT;
        }
        certificate_clear(&C);
        flint_free(text);
    }
    if (status != 0)
        child_cleanup();
    child_temporary[0] = '\0';
    text_clear(&t);
    return status;
}

static void
send_report(int fd, const text_t *t)
{
    size_t done = 0;

    while (done < t->len)
    {
        ssize_t n = write(fd, t->data + done, t->len - done);
        if (n <= 0)
            _exit(EX_IOERR);
        done += n;
    }
}

/* Proves, writes the certificate, reports. */
static int
work(job_t *job, int fd)
{
    const task_t *task = job->context;
    const options_t *opt = task->opt;
    const claim_t *asked = task->F->claim + task->index;
    prove_options_t po = { opt->precision_limit, opt->digits, NULL, NULL };
    proof_t proof;
    text_t t;
    int status = 0, written = 0;
    double seconds;

    memory_hooks("certify", child_cleanup);
    signal(SIGINT, child_signal);
    signal(SIGTERM, child_signal);
    signal(SIGHUP, child_signal);
    if (!opt->quiet && !opt->json && isatty(STDERR_FILENO))
    {
        po.progress = progress;
        po.context = job;
    }
    proof_init(&proof, asked->rule);
    text_init(&t);
    claim_prove(&proof, &task->F->P, asked, &po);
    seconds = jobs_now() - job->start;
    if (po.progress != NULL && seconds > 0.5)
        fprintf(stderr, "\r%70s\r", "");
    if (proof.outcome == OUTCOME_BAD_DATA)
    {
        status = EX_DATAERR;
        fprintf(stderr, "certify: %s:%ld: %s\n", task->problem, (long) asked->line, proof.message);
    }
    else if (proof.outcome != OUTCOME_UNDECIDED && !opt->no_certificate)
    {
        status = write_certificate(task, &proof);
        written = status == 0;
    }
    if (status == 0)
    {
        status = proof.outcome == OUTCOME_PROVED ? 0 : proof.outcome == OUTCOME_REFUTED ? 1 : 2;
        task_report(&t, task, &proof, seconds, written);
        send_report(fd, &t);
    }
    proof_clear(&proof);
    text_clear(&t);
    return status;
}

/* In the parent. */

static int
expired(job_t *job, text_t *report)
{
    const task_t *task = job->context;
    proof_t p;

    proof_init(&p, task->F->claim[task->index].rule);
    proof_miss(&p, OUTCOME_UNDECIDED, "the time limit of %g s was reached", task->opt->time_limit);
    task_report(report, task, &p, jobs_now() - job->start, 0);
    proof_clear(&p);
    return 2;
}

static void
lost(job_t *job)
{
    const task_t *task = job->context;
    char name[PATH_MAX + 32];

    temporary_name(name, sizeof name, task->target, job->pid);
    unlink(name);
}

typedef struct
{
    problem_file_t *F;              /* one per problem file ... */
    double *seconds;                /* ... and how long it took to read */
    int files;
    job_t *job;                     /* one per claim ... */
    task_t *task;                   /* ... with what it is about */
    slong n;
} session_t;

static void
session_clear(void *context)
{
    session_t *s = context;
    slong i;

    for (i = 0; i < s->n; i++)
        job_clear(s->job + i);
    for (i = 0; i < s->files; i++)
        problem_file_clear(s->F + i);
    flint_free(s->job);
    flint_free(s->task);
    flint_free(s->F);
    flint_free(s->seconds);
}

/* examples/iris.yaml -> iris.cert, or iris.K.cert. */
static void
target_name(char *target, size_t size, const char *problem, slong k, slong claims)
{
    char copy[PATH_MAX], *base, *dot;

    snprintf(copy, sizeof copy, "%s", problem);
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

/* Reads all files; the claims to prove, or -1, the worst status in *status. */
static slong
read_files(session_t *s, const options_t *opt, int *status)
{
    slong total = 0;
    int f, read;
    double begin;

    for (f = 0; f < opt->count; f++)
    {
        fault_t err = { 0, "" };
        begin = jobs_now();
        reading_begins(opt, opt->files[f]);
        read = problem_file_read(s->F + f, opt->files[f], &opt->reading, &err);
        reading_ends();
        s->seconds[f] = jobs_now() - begin;
        if (read && s->F[f].claims == 0)
            read = error_set(&err, EX_DATAERR, "%s:1: claims: there is nothing to prove; certify claims %s lists what can be asked for",
                             opt->files[f], opt->files[f]);
        if (read && opt->claim > s->F[f].claims)
            read = error_set(&err, EX_USAGE, "%s: there is no claim %ld, only %ld", opt->files[f],
                             (long) opt->claim, (long) s->F[f].claims);
        if (!read)
        {
            fprintf(stderr, "certify: %s\n", err.message);
            *status = FLINT_MAX(*status, err.status);
        }
        total += opt->claim ? 1 : s->F[f].claims;
    }
    return total;
}

/* 1 if the certificate would go over a problem file, or over another one. */
static int
collides(const session_t *s, const task_t *task, const options_t *opt)
{
    slong i;

    for (i = 0; i < opt->count; i++)
        if (same_file(opt->files[i], task->target))
        {
            fprintf(stderr, "certify: the certificate would overwrite the problem %s; "
                    "choose another name with -o\n", opt->files[i]);
            return 1;
        }
    for (i = 0; i < s->n; i++)
        if (strcmp(s->task[i].target, task->target) == 0)
        {
            fprintf(stderr, "certify: %s and %s would both write %s\n", s->task[i].problem,
                    task->problem, task->target);
            return 1;
        }
    return 0;
}

/* Claim k of file f becomes a task; 0 if its certificate has no place. */
static int
add_task(session_t *s, int f, slong k, const options_t *opt)
{
    task_t *task = s->task + s->n;
    job_t *job = s->job + s->n;

    task->opt = opt;
    task->F = s->F + f;
    task->problem = opt->files[f];
    task->index = k;
    snprintf(task->name, sizeof task->name, "%s: claim %ld", task->problem, (long) k + 1);
    if (opt->output != NULL)
        snprintf(task->target, sizeof task->target, "%s", opt->output);
    else
        target_name(task->target, sizeof task->target, opt->files[f], k, s->F[f].claims);
    if (!opt->no_certificate && collides(s, task, opt))
        return 0;
    job_init(job);
    job->work = work;
    job->expired = expired;
    job->lost = lost;
    job->name = task->name;
    job->context = task;
    job->start = s->seconds[f];         /* its clock began with the reading */
    s->n++;
    return 1;
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
        if (one >= EX__BASE ? one > status : status < EX__BASE && one != 0 && (status == 0 || one < status))
            status = one;
    }
    return status;
}

int
command_prove(const options_t *opt)
{
    session_t s;
    slong k, total;
    int f, status = 0, sig;

    memset(&s, 0, sizeof s);
    s.files = opt->count;
    s.F = flint_calloc(opt->count, sizeof *s.F);
    s.seconds = flint_calloc(opt->count, sizeof *s.seconds);
    total = read_files(&s, opt, &status);
    if (status == 0 && opt->output != NULL && total != 1)
    {
        fprintf(stderr, "certify: -o goes with one claim, there are %ld; choose one with --claim\n",
                (long) total);
        status = EX_USAGE;
    }
    s.job = flint_calloc(total + 1, sizeof *s.job);
    s.task = flint_calloc(total + 1, sizeof *s.task);
    for (f = 0; status == 0 && f < opt->count; f++)
        for (k = 0; status == 0 && k < s.F[f].claims; k++)
            if ((opt->claim == 0 || k == opt->claim - 1) && !add_task(&s, f, k, opt))
                status = EX_USAGE;
    if (status == 0)
    {
        sig = jobs_run(s.job, s.n, opt->jobs, opt->time_limit, session_clear, &s);
        if (sig != 0)
        {
            signal(sig, SIG_DFL);
            raise(sig);
        }
        status = worst_status(&s);
    }
    session_clear(&s);
    return status;
}
