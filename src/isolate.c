/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif
#include <sys/types.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>
#include <gmp.h>
#include "isolate.h"

/* What the child sends first; the texts follow. */
typedef struct
{
    int status;
    size_t result, report;          /* bytes */
} head_t;

/* In the child.  It shares nothing with the host but the pipe. */

static int channel;

static void
send_bytes(const void *p, size_t n)
{
    const char *s = p;
    ssize_t k;

    for (; n > 0; s += k, n -= k)
        if ((k = write(channel, s, n)) < 0)
        {
            if (errno != EINTR)
                _exit(EX_IOERR);
            k = 0;
        }
}

static void give_up(int status) __attribute__((noreturn));
static void
give_up(int status)
{
    head_t h;

    memset(&h, 0, sizeof h);
    h.status = status;
    send_bytes(&h, sizeof h);
    _exit(status);
}

static void child_abort(void) __attribute__((noreturn));
static void
child_abort(void)
{
    give_up(EX_SOFTWARE);
}

static void *
enough(void *p, size_t size)
{
    if (p == NULL && size > 0)
        give_up(EX_OSERR);
    return p;
}

static void *child_malloc(size_t n) { return enough(malloc(n), n); }
static void *child_calloc(size_t k, size_t n) { return enough(calloc(k, n), k * n); }
static void *child_realloc(void *p, size_t n) { return enough(realloc(p, n), n); }
static void *child_gmp_realloc(void *p, size_t old, size_t n) { (void) old; return child_realloc(p, n); }
static void child_gmp_free(void *p, size_t n) { (void) n; free(p); }

/* GMP's functions are replaced unless the host has replaced them already: what
   it has allocated with its own must be freed with its own. */
static void
memory_hooks(void)
{
    void *(*a)(size_t);
    void *(*r)(void *, size_t, size_t);
    void (*f)(void *, size_t);
    void *(*da)(size_t);
    void *(*dr)(void *, size_t, size_t);
    void (*df)(void *, size_t);

    mp_get_memory_functions(&a, &r, &f);
    mp_set_memory_functions(NULL, NULL, NULL);
    mp_get_memory_functions(&da, &dr, &df);
    if (a == da && r == dr && f == df)
        mp_set_memory_functions(child_malloc, child_gmp_realloc, child_gmp_free);
    else
        mp_set_memory_functions(a, r, f);
    __flint_set_memory_functions(child_malloc, child_calloc, child_realloc, free);
    flint_set_abort(child_abort);
}

static void child(isolated_work work, const void *request, int wants_result) __attribute__((noreturn));
static void
child(isolated_work work, const void *request, int wants_result)
{
    static const int own[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGABRT, SIGSEGV };
    text_t result, report;
    head_t h;
    size_t i;

    /* the host's handlers are not for this process */
    for (i = 0; i < sizeof own / sizeof *own; i++)
        signal(own[i], SIG_DFL);
#ifdef PR_SET_PDEATHSIG
    prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
    memory_hooks();
    memset(&h, 0, sizeof h);
    text_init(&result);
    text_init(&report);
    h.status = work(request, &result, &report);
    h.result = wants_result && h.status <= 1 ? result.len : 0;
    h.report = report.len;
    send_bytes(&h, sizeof h);
    send_bytes(result.data, h.result);
    send_bytes(report.data, h.report);
    text_clear(&result);
    text_clear(&report);
    flint_cleanup();
    _exit(0);
}

/* In the host: nothing here calls FLINT or GMP. */

static int
receive(int fd, void *p, size_t n)
{
    char *s = p;
    ssize_t k;

    for (; n > 0; s += k, n -= k)
        if ((k = read(fd, s, n)) <= 0)
        {
            if (k == 0 || errno != EINTR)
                return 0;
            k = 0;
        }
    return 1;
}

/* n bytes as a string, or NULL; *status is changed then. */
static char *
receive_text(int fd, size_t n, int *status)
{
    char *s = malloc(n + 1);

    if (s == NULL)
        *status = EX_OSERR;
    else if (!receive(fd, s, n))
    {
        free(s);
        s = NULL;
        *status = EX_SOFTWARE;
    }
    else
        s[n] = '\0';
    return s;
}

static char *
copy_text(const char *s)
{
    char *copy = malloc(strlen(s) + 1);

    return copy == NULL ? NULL : strcpy(copy, s);
}

int
isolate(isolated_work work, const void *request, char **result, size_t *length, char **report)
{
    int fds[2], status, ws = 0, known;
    char *first = NULL, *second = NULL;
    head_t h;
    pid_t pid, got;

    if (result != NULL)
    {
        *result = NULL;
        *length = 0;
    }
    if (report != NULL)
        *report = NULL;
    if (pipe(fds) != 0)
        return EX_SOFTWARE;
    fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    pid = fork();
    if (pid == 0)
    {
        close(fds[0]);
        channel = fds[1];
        child(work, request, result != NULL);
    }
    status = pid > 0 ? EX_OK : errno == ENOMEM || errno == EAGAIN ? EX_OSERR : EX_SOFTWARE;
    close(fds[1]);
    if (pid > 0)
    {
        known = receive(fds[0], &h, sizeof h);
        status = known ? h.status : EX_SOFTWARE;
        if (known && h.result > 0)
            first = receive_text(fds[0], h.result, &status);
        if (known && status == h.status && report != NULL && h.report > 0)
            second = receive_text(fds[0], h.report, &status);
        close(fds[0]);              /* a child that still writes ends by SIGPIPE */
        while ((got = waitpid(pid, &ws, 0)) < 0 && errno == EINTR)
            ;
        if (!known && got == pid && WIFSIGNALED(ws) && WTERMSIG(ws) == SIGKILL)
            status = EX_OSERR;      /* most likely the kernel's, for want of memory */
    }
    else
        close(fds[0]);
    if (status == EX_SOFTWARE || status == EX_OSERR)
    {
        free(first);
        first = NULL;
        if (second == NULL && report != NULL)
            second = copy_text(status == EX_OSERR ? "out of memory" : "internal error");
    }
    if (result != NULL && first != NULL)
    {
        *result = first;
        *length = h.result;
    }
    if (report != NULL)
        *report = second;
    return status;
}
