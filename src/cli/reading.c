/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include "jobs.h"
#include "json.h"
#include "reading.h"

#define TICK 500000             /* microseconds */

/* Read by the handler, which may only write: the texts are made before. */
static struct
{
    text_t expired, progress;
    double begin, limit;
    int shown;
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
    double s = jobs_now() - state.begin;

    if (state.limit > 0 && s > state.limit)
    {
        if (state.shown)
            say_bytes(STDERR_FILENO, &state.progress);
        say_bytes(STDOUT_FILENO, &state.expired);
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

void
reading_begins(const options_t *opt, const char *path)
{
    char limit[64];
    struct sigaction sa;
    double first = TICK * 1e-6;

    text_init(&state.expired);
    text_init(&state.progress);
    state.begin = jobs_now();
    state.limit = opt->time_limit;
    state.shown = 0;
    snprintf(limit, sizeof limit, "the time limit of %g s was reached", opt->time_limit);
    if (opt->json)
    {
        text_printf(&state.expired, "{\"problem\": ");
        json_string(&state.expired, path);
        text_printf(&state.expired, ", \"claim\": null, \"verdict\": \"undecided\", \"certificate\": null, "
                    "\"missing\": \"%s while the file was read\"}\n", limit);
    }
    else
        text_printf(&state.expired, "%s: undecided: %s while the file was read\n", path, limit);
    if (!opt->quiet && !opt->json && isatty(STDERR_FILENO))
        text_printf(&state.progress, "\r%s: reading ", path);
    if (state.limit > 0 && state.limit < first)
        first = state.limit;
    memset(&sa, 0, sizeof sa);
    sa.sa_handler = tick;
    sa.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &sa, NULL);
    set_timer(first);
}

void
reading_ends(void)
{
    set_timer(0);
    signal(SIGALRM, SIG_DFL);
    if (state.shown)
        fprintf(stderr, "\r%70s\r", "");
    text_clear(&state.expired);
    text_clear(&state.progress);
}
