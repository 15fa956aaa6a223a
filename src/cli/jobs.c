/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>
#include "jobs.h"
#include "report.h"

void
job_init(job_t *job)
{
    memset(job, 0, sizeof *job);
    text_init(&job->report);
}

void
job_clear(job_t *job)
{
    text_clear(&job->report);
}

#define SIGNALS 3
static const int noted[SIGNALS] = { SIGINT, SIGTERM, SIGHUP };
static volatile sig_atomic_t interrupted;

static void
note_signal(int sig)
{
    interrupted = sig;
}

/* Forks.  job->start is how long the job's clock runs already. */
static int
start(job_t *job, void (*at_exit)(void *context), void *context)
{
    int fds[2], status;

    if (pipe(fds) != 0)
        return 0;
    fflush(stdout);
    fflush(stderr);
    job->start = report_now() - job->start;
    job->pid = fork();
    if (job->pid < 0)
        return 0;
    if (job->pid == 0)
    {
        close(fds[0]);
#ifdef PR_SET_PDEATHSIG                 /* else an orphan ends when its claim is done */
        prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
        status = job->work(job, fds[1]);
        at_exit(context);
        flint_cleanup();
        _exit(status);
    }
    close(fds[1]);
    job->fd = fds[0];
    job->state = JOB_RUNNING;
    return 1;
}

/* The child has ended: what it said, or what became of it. */
static void
finish(job_t *job, int timed_out)
{
    int ws;

    if (timed_out)
        kill(job->pid, SIGKILL);
    while (waitpid(job->pid, &ws, 0) < 0 && errno == EINTR)
        ;
    close(job->fd);
    job->state = JOB_DONE;
    if (WIFEXITED(ws) && !timed_out)
    {
        job->status = WEXITSTATUS(ws);
        return;
    }
    job->lost(job);
    job->report.len = 0;
    if (timed_out)
    {
        job->status = job->expired(job, &job->report);
        return;
    }
    job->status = WTERMSIG(ws) == SIGKILL ? EX_OSERR : EX_SOFTWARE;
    fprintf(stderr, "certify: %s: %s\n", job->name, job->status == EX_OSERR
            ? "killed, probably out of memory" : "internal error");
}

/* Starts what may be started. */
static void
start_some(job_t *jobs, slong n, int at_a_time, void (*at_exit)(void *context), void *context)
{
    slong i, running = 0;

    for (i = 0; i < n; i++)
        running += jobs[i].state == JOB_RUNNING;
    for (i = 0; i < n && running < at_a_time; i++)
    {
        if (jobs[i].state != JOB_WAITING)
            continue;
        if (start(jobs + i, at_exit, context))
            running++;
        else
        {
            fprintf(stderr, "certify: cannot start a process: %s\n", strerror(errno));
            jobs[i].state = JOB_DONE;
            jobs[i].status = EX_OSERR;
        }
    }
}

/* Milliseconds until the first job's time is up; -1: never. */
static int
time_left(const job_t *jobs, slong n, double limit)
{
    slong i;
    int ms, least = -1;

    for (i = 0; i < n && limit > 0; i++)
        if (jobs[i].state == JOB_RUNNING)
        {
            ms = (int) fmin(fmax(ceil(1000 * (jobs[i].start + limit - report_now())), 0), 1e9);
            least = least < 0 ? ms : FLINT_MIN(least, ms);
        }
    return least;
}

/* One wait for what the children say. */
static void
attend(job_t *jobs, slong n, double limit, struct pollfd *p)
{
    slong i;
    char buf[4096];
    ssize_t got;

    for (i = 0; i < n; i++)
    {
        p[i].fd = jobs[i].state == JOB_RUNNING ? jobs[i].fd : -1;
        p[i].events = POLLIN;
        p[i].revents = 0;
    }
    if (poll(p, n, time_left(jobs, n, limit)) < 0)
        return;
    for (i = 0; i < n; i++)
    {
        if (jobs[i].state != JOB_RUNNING)
            continue;
        if (p[i].revents == 0)
        {
            if (limit > 0 && report_now() > jobs[i].start + limit)
                finish(jobs + i, 1);
            continue;
        }
        got = read(jobs[i].fd, buf, sizeof buf);
        if (got > 0)
            text_append(&jobs[i].report, buf, got);
        else if (got == 0 || errno != EINTR)
            finish(jobs + i, 0);
    }
}

static void
end_all(job_t *jobs, slong n)
{
    slong i;

    for (i = 0; i < n; i++)
        if (jobs[i].state == JOB_RUNNING)
        {
            kill(jobs[i].pid, SIGTERM);
            waitpid(jobs[i].pid, NULL, 0);
            jobs[i].lost(jobs + i);
        }
}

int
jobs_run(job_t *jobs, slong n, int at_a_time, double limit, void (*at_exit)(void *context),
         void *context)
{
    slong printed = 0;
    struct pollfd *p = flint_malloc((n + 1) * sizeof *p);
    struct sigaction sa, before[SIGNALS];
    int i;

    memset(&sa, 0, sizeof sa);
    sa.sa_handler = note_signal;
    for (i = 0; i < SIGNALS; i++)
        sigaction(noted[i], &sa, before + i);
    while (printed < n && !interrupted)
    {
        start_some(jobs, n, at_a_time, at_exit, context);
        if (jobs[printed].state != JOB_DONE)
            attend(jobs, n, limit, p);
        for (; printed < n && jobs[printed].state == JOB_DONE; printed++)
            jobs[printed].done(jobs + printed);
    }
    end_all(jobs, n);
    for (i = 0; i < SIGNALS; i++)
        sigaction(noted[i], before + i, NULL);
    flint_free(p);
    return interrupted;
}
