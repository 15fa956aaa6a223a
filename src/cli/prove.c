/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify prove: one child process per claim, so that a claim that exhausts
   memory or time costs nobody else anything. */
#include "config.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>
#include "certify.h"

typedef struct
{
    const problem_file_t *F;
    const char *problem;            /* path */
    slong index;                    /* of the claim, from 0 */
    char target[PATH_MAX];          /* certificate */
    pid_t pid;
    int fd;                         /* the child's report */
    text_t report;
    double start;
    int state;                      /* 0 waiting, 1 running, 2 done */
    int status;
} job_t;

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

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
    job_t *job = context;
    double s = now() - job->start;

    if (s > 0.5)
        fprintf(stderr, "\r%s: claim %ld: %-24s %.0f s ", job->problem, (long) job->index + 1, what, s);
}

/* Writes, re-reads, re-checks, renames.  Returns 0 or a sysexits status. */
static int
write_certificate(const job_t *job, const proof_t *proof)
{
    text_t t;
    certificate_t C;
    rejection_t why;
    char *text;
    size_t len;
    int status = 0, ok, fd;
    FILE *out;

    struct stat st;

    if (lstat(job->target, &st) == 0 && !S_ISREG(st.st_mode))
    {   /* a device, a pipe, a link: renaming over it would destroy it */
        fprintf(stderr, "certify: %s: cannot create: it exists and is not a regular file\n",
                job->target);
        return EX_CANTCREAT;
    }
    text_init(&t);
    certificate_write(&t, &job->F->P, &proof->c, &proof->k, &proof->f);
    temporary_name(child_temporary, sizeof child_temporary, job->target, getpid());
    fd = open(child_temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
    out = fd < 0 ? NULL : fdopen(fd, "wb");
    if (out == NULL)
    {
        fprintf(stderr, "certify: %s: cannot create: %s\n", job->target, strerror(errno));
        child_temporary[0] = '\0';
        text_clear(&t);
        return EX_CANTCREAT;
    }
    ok = fwrite(t.data, 1, t.len, out) == t.len && fflush(out) == 0 && fsync(fd) == 0;
    if (fclose(out) != 0 || !ok)
    {
        fprintf(stderr, "certify: %s: cannot write: %s\n", job->target, strerror(errno));
        status = EX_IOERR;
    }
    else if ((text = report_load("certify", child_temporary, &len, &status)) != NULL)
    {
        status = 0;
        certificate_init(&C);
        if (!certificate_check(&C, text, len, &why))
        {
            int large = strcmp(why.role, "limits") == 0;
            fprintf(stderr, "certify: %s: %s: line %ld: %s: %s; nothing was written%s\n", job->target,
                    large ? "the certificate is beyond the limits of the format"
                    : "internal error: the new certificate does not check",
                    (long) why.line, why.role, why.reason,
                    large ? "; --limits raises them, when proving and when checking" : "");
            status = large ? EX_CANTCREAT : EX_SOFTWARE;
        }
        else if (rename(child_temporary, job->target) != 0)
        {
            fprintf(stderr, "certify: %s: cannot create: %s\n", job->target, strerror(errno));
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

/* , "class": "..", "patterns": [{"rank": .., "eigenvalues": [..]}, ..] */
static void
json_patterns(text_t *t, const problem_t *P, const conclusion_t *k)
{
    slong i, j;

    text_printf(t, ", \"class\": \"%s\", \"patterns\": [", critical_name[pattern_class(k->pattern, P)]);
    for (j = 0; j < k->npatterns; j++)
    {
        const pattern_t *p = k->pattern + j;
        text_printf(t, "%s{\"rank\": %ld, \"eigenvalues\": [", j == 0 ? "" : ", ", (long) pattern_rank(p));
        for (i = 0; i < p->n; i++)
        {
            text_printf(t, "%s{\"low\": \"", i == 0 ? "" : ", ");
            text_fmpq(t, p->low + i);
            text_printf(t, "\", \"high\": \"");
            text_fmpq(t, p->high + i);
            text_printf(t, "\", \"multiplicity\": %ld, \"captured\": %ld}", (long) p->multiplicity[i],
                        (long) p->captured[i]);
        }
        text_printf(t, "]}");
    }
    text_printf(t, "]");
}

static void
json_result(text_t *t, const job_t *job, const proof_t *p, const char *verdict, double seconds,
            int written, int digits)
{
    slong i;
    int same = 1;
    const claim_spec_t *s = job->F->claim + job->index;

    text_printf(t, "{\"problem\": ");
    report_json_string(t, job->problem);
    text_printf(t, ", \"claim\": \"%s\", \"verdict\": \"%s\", \"certificate\": ",
                claim_name[job->F->claim[job->index].kind], verdict);
    if (written)
        report_json_string(t, job->target);
    else
        text_printf(t, "null");
    text_printf(t, ", \"seconds\": %.3f", seconds);
    if (p != NULL && p->c.has_tolerance && p->outcome != OUTCOME_UNDECIDED)
        report_json_number(t, p->c.kind == CLAIM_CRITICAL_POINT ? "gradient" : "gap", p->c.tolerance, digits, p->outcome == OUTCOME_PROVED);
    if (p != NULL && (p->c.kind == CLAIM_GLOBAL_MINIMIZER || claim_is_local(p->c.kind))
        && p->outcome != OUTCOME_UNDECIDED)
        report_json_number(t, "loss", p->k.loss, digits + 4, 0);
    if (p != NULL && p->k.npatterns > 0)
        json_patterns(t, &job->F->P, &p->k);
    if (p != NULL && p->c.nradius > 0 && p->outcome != OUTCOME_UNDECIDED)
    {
        for (i = 1; i < p->c.nradius; i++)
            same &= fmpq_equal(p->c.radius, p->c.radius + i);
        text_printf(t, ", \"norm\": \"%s\"", norm_name[p->c.norm]);
        if (same)
            report_json_number(t, "radius", p->c.radius, digits, p->outcome == OUTCOME_REFUTED);
        else
        {
            text_printf(t, ", \"radius\": [");
            for (i = 0; i < p->c.nradius; i++)
            {
                if (i > 0)
                    text_printf(t, ", ");
                report_json_number(t, NULL, p->c.radius + i, digits, p->outcome == OUTCOME_REFUTED);
            }
            text_printf(t, "]");
        }
        if (p->c.kind == CLAIM_REGULARITY)
        {
            int down = p->outcome == OUTCOME_REFUTED;
            if (same)
                report_json_number(t, "epsilon", p->c.radius, digits, down);
            report_json_number(t, "delta", p->c.delta, digits, !down);
            if (!s->has_alpha || !s->has_beta)
            {   /* it had a part in the choice */
                fmpq_t gamma;
                fmpq_init(gamma);
                fmpq_set_si(gamma, 1, 2);
                report_json_number(t, "gamma", s->has_gamma ? s->gamma : gamma, digits, 0);
                fmpq_clear(gamma);
            }
            report_json_number(t, "alpha", p->c.alpha, digits, down);
            report_json_number(t, "beta", p->c.beta, digits, down);
            if (p->k.has_radius_factor)
                report_json_number(t, "radius_factor", p->k.radius_factor, digits, 1);
        }
        else
            report_json_number(t, "lambda", p->c.lambda, digits, p->outcome == OUTCOME_PROVED);
        if (p->k.has_lambda_lower)
            report_json_number(t, "lambda_lower", p->k.lambda_lower, digits, 0);
        if (p->k.has_paper_lambda)
            report_json_number(t, "paper_lambda", p->k.paper_lambda, digits, 0);
    }
    if (p != NULL && p->outcome == OUTCOME_UNDECIDED)
    {
        if (p->has_best_lambda)
            report_json_number(t, "best_lambda", p->best_lambda, digits, 1);
        if (p->has_best_radius)
            report_json_number(t, "best_radius", p->best_radius, digits, 0);
        text_printf(t, ", \"missing\": ");
        report_json_string(t, p->message);
    }
    text_printf(t, "}\n");
}

static void
indent(text_t *t, const char *lines)
{
    const char *end;

    for (; *lines != '\0'; lines = *end ? end + 1 : end)
    {
        end = strchr(lines, '\n');
        if (end == NULL)
            end = lines + strlen(lines);
        text_printf(t, "    %.*s\n", (int) (end - lines), lines);
    }
}

static void
text_result(text_t *t, const job_t *job, const proof_t *p, const char *verdict, double seconds,
            int written, const options_t *opt)
{
    text_t s;

    if (job->index == 0 || opt->claim)
    {
        const char *c = job->F->title;
        text_printf(t, "%s%s", job->problem, c != NULL ? ": " : "");
        for (; c != NULL && *c != '\0'; c++)       /* no control codes on a terminal */
            text_printf(t, "%c", (unsigned char) *c < 32 || *c == 127 ? '?' : *c);
        text_printf(t, "\n");
    }
    text_printf(t, "  claim %ld, %s: %s (%.2f s)\n", (long) job->index + 1,
                claim_name[job->F->claim[job->index].kind], verdict, seconds);
    if (opt->quiet || p == NULL)
        return;
    text_init(&s);
    if (p->outcome == OUTCOME_UNDECIDED)
    {
        text_printf(&s, "%s\n", p->message);
        if (p->has_best_lambda)
        {
            text_printf(&s, "at this radius lambda = ");
            text_fmpq(&s, p->best_lambda);
            text_printf(&s, " (");
            decimal_text(&s, p->best_lambda, opt->digits + 1, 1);
            text_printf(&s, ") is provable\n");
        }
        if (p->has_best_radius)
        {
            text_printf(&s, "%s radius = ", p->c.kind == CLAIM_REGULARITY
                        ? "these constants are provable up to" : job->F->claim[job->index].has_lambda
                        ? "this lambda is provable up to" : "some lambda is provable up to");
            decimal_text(&s, p->best_radius, opt->digits, 0);
            text_printf(&s, "\n");
        }
    }
    else
    {
        sentence_claim(&s, &job->F->P, &p->c, &p->k);
        if (p->remark[0] != '\0')
            text_printf(&s, "%s.\n", p->remark);
    }
    if (written)
        text_printf(&s, "certificate: %s\n", job->target);
    indent(t, s.data);
    text_clear(&s);
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

static int
child(job_t *job, int fd, const options_t *opt)
{
    prove_options_t po;
    proof_t proof;
    text_t t;
    int status, written = 0;
    const char *verdict;
    double seconds;

    memset(&po, 0, sizeof po);
    po.precision_limit = opt->precision_limit;
    po.digits = opt->digits;
    if (!opt->quiet && !opt->json && isatty(STDERR_FILENO))
    {
        po.progress = progress;
        po.context = job;
    }
    proof_init(&proof);
    text_init(&t);
    oracle_prove(&proof, &job->F->P, job->F->claim + job->index, &po);
    seconds = now() - job->start;
    if (po.progress != NULL && seconds > 0.5)
        fprintf(stderr, "\r%70s\r", "");
    status = proof.outcome == OUTCOME_PROVED ? 0 : proof.outcome == OUTCOME_REFUTED ? 1
        : proof.outcome == OUTCOME_UNDECIDED ? 2 : EX_DATAERR;
    verdict = status == 0 ? "proved" : status == 1 ? "refuted" : "undecided";
    if (status == EX_DATAERR)
        fprintf(stderr, "certify: %s:%ld: %s\n", job->problem,
                (long) job->F->claim[job->index].line, proof.message);
    else
    {
        if (status < 2 && !opt->no_certificate)
        {
            int s = write_certificate(job, &proof);
            if (s != 0)
                status = s;
            written = s == 0;
        }
        if (opt->json)
            json_result(&t, job, &proof, verdict, seconds, written, opt->digits);
        else
            text_result(&t, job, &proof, verdict, seconds, written, opt);
        if (status < EX__BASE)
            send_report(fd, &t);
    }
    proof_clear(&proof);
    text_clear(&t);
    return status;
}

/* In the parent. */

typedef struct
{
    problem_file_t *F;              /* one per problem file */
    int files;
    job_t *jobs;                    /* one per claim */
    slong n;
    struct pollfd *poll;            /* of the running jobs ... */
    slong *who;                     /* ... and which they are */
} session_t;

static void
session_clear(session_t *s)
{
    slong i;

    for (i = 0; i < s->n; i++)
        text_clear(&s->jobs[i].report);
    flint_free(s->jobs);
    flint_free(s->poll);
    flint_free(s->who);
    for (i = 0; i < s->files; i++)
        problem_file_clear(s->F + i);
    flint_free(s->F);
}

static volatile sig_atomic_t interrupted;

static void
parent_signal(int sig)
{
    interrupted = sig;
}

static int
start(session_t *s, job_t *job, const options_t *opt)
{
    int fds[2], status;

    if (pipe(fds) != 0)
        return 0;
    fflush(stdout);
    fflush(stderr);
    job->start = now();
    job->pid = fork();
    if (job->pid < 0)
        return 0;
    if (job->pid == 0)
    {
        close(fds[0]);
#ifdef PR_SET_PDEATHSIG                 /* else an orphan ends when its claim is done */
        prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
        report_memory_hooks("certify", child_cleanup);
        signal(SIGINT, child_signal);
        signal(SIGTERM, child_signal);
        signal(SIGHUP, child_signal);
        status = child(job, fds[1], opt);
        session_clear(s);
        flint_cleanup();
        _exit(status);
    }
    close(fds[1]);
    job->fd = fds[0];
    job->state = 1;
    return 1;
}

/* The child has ended: what it said, or what became of it. */
static void
finish(job_t *job, const options_t *opt, int timed_out)
{
    int ws;
    char name[PATH_MAX + 32];

    if (timed_out)
        kill(job->pid, SIGKILL);
    while (waitpid(job->pid, &ws, 0) < 0 && errno == EINTR)
        ;
    close(job->fd);
    job->state = 2;
    if (WIFEXITED(ws) && !timed_out)
    {
        job->status = WEXITSTATUS(ws);
        return;
    }
    temporary_name(name, sizeof name, job->target, job->pid);
    unlink(name);
    job->report.len = 0;
    if (timed_out)
    {
        proof_t p;
        proof_init(&p);
        p.outcome = OUTCOME_UNDECIDED;
        snprintf(p.message, sizeof p.message, "the time limit of %g s was reached", opt->time_limit);
        if (opt->json)
            json_result(&job->report, job, &p, "undecided", now() - job->start, 0, opt->digits);
        else
            text_result(&job->report, job, &p, "undecided", now() - job->start, 0, opt);
        proof_clear(&p);
        job->status = 2;
        return;
    }
    job->status = WTERMSIG(ws) == SIGKILL ? EX_OSERR : EX_SOFTWARE;
    fprintf(stderr, "certify: %s: claim %ld: %s\n", job->problem, (long) job->index + 1,
            job->status == EX_OSERR ? "killed, probably out of memory" : "internal error");
}

static void
run(session_t *s, const options_t *opt)
{
    job_t *jobs = s->jobs;
    slong i, running, printed = 0, n = s->n;
    struct pollfd *p = s->poll;
    slong *who = s->who;

    while (printed < n && !interrupted)
    {
        int timeout = -1;
        for (i = 0, running = 0; i < n; i++)
            running += jobs[i].state == 1;
        for (i = 0; i < n && running < opt->jobs; i++)
            if (jobs[i].state == 0)
            {
                if (!start(s, jobs + i, opt))
                {
                    fprintf(stderr, "certify: cannot start a process: %s\n", strerror(errno));
                    jobs[i].state = 2;
                    jobs[i].status = EX_OSERR;
                    continue;
                }
                running++;
            }
        for (i = 0, running = 0; i < n; i++)
            if (jobs[i].state == 1)
            {
                p[running].fd = jobs[i].fd;
                p[running].events = POLLIN;
                p[running].revents = 0;
                who[running++] = i;
                if (opt->time_limit > 0)
                {
                    double left = 1000 * (jobs[i].start + opt->time_limit - now());
                    int ms = (int) fmin(fmax(ceil(left), 0), 1e9);
                    timeout = timeout < 0 ? ms : FLINT_MIN(timeout, ms);
                }
            }
        if (running > 0 && poll(p, running, timeout) >= 0)
            for (i = 0; i < running; i++)
            {
                job_t *job = jobs + who[i];
                char buf[4096];
                ssize_t got;
                if (p[i].revents == 0)
                {
                    if (opt->time_limit > 0 && now() > job->start + opt->time_limit)
                        finish(job, opt, 1);
                    continue;
                }
                got = read(job->fd, buf, sizeof buf);
                if (got > 0)
                    text_printf(&job->report, "%.*s", (int) got, buf);
                else if (got == 0 || errno != EINTR)
                    finish(job, opt, 0);
            }
        for (; printed < n && jobs[printed].state == 2; printed++)
        {
            fwrite(jobs[printed].report.data, 1, jobs[printed].report.len, stdout);
            fflush(stdout);
        }
    }
    for (i = 0; i < n; i++)
        if (jobs[i].state == 1)
        {
            char name[PATH_MAX + 32];
            kill(jobs[i].pid, SIGTERM);
            waitpid(jobs[i].pid, NULL, 0);
            temporary_name(name, sizeof name, jobs[i].target, jobs[i].pid);
            unlink(name);
        }
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

int
command_prove(const options_t *opt)
{
    session_t s;
    problem_file_t *F = flint_calloc(opt->count, sizeof *F);
    job_t *jobs;
    slong n = 0, i, k, total = 0;
    int f, read, status = 0;
    struct sigaction sa;

    for (f = 0; f < opt->count; f++)
    {
        fault_t err = { 0, "" };
        read = problem_file_read(F + f, opt->files[f], &err);
        if (read && F[f].claims == 0)
            read = error_set(&err, EX_DATAERR, "%s:1: claims: there is nothing to prove",
                             opt->files[f]);
        if (read && opt->claim > F[f].claims)
            read = error_set(&err, EX_USAGE, "%s: there is no claim %ld, only %ld", opt->files[f],
                             (long) opt->claim, (long) F[f].claims);
        if (!read)
        {
            fprintf(stderr, "certify: %s\n", err.message);
            status = FLINT_MAX(status, err.status);
        }
        total += opt->claim ? 1 : F[f].claims;
    }
    if (status == 0 && opt->output != NULL && total != 1)
    {
        fprintf(stderr, "certify: -o goes with one claim, there are %ld; choose one with --claim\n",
                (long) total);
        status = EX_USAGE;
    }
    if (status != 0)
    {
        for (f = 0; f < opt->count; f++)
            problem_file_clear(F + f);
        flint_free(F);
        return status;
    }
    jobs = flint_calloc(total + 1, sizeof *jobs);
    /* a certificate must not be written over a problem */
    for (f = 0; status == 0 && f < opt->count; f++)
        for (k = 0; k < F[f].claims; k++)
        {
            job_t *job = jobs + n;
            if (opt->claim && k != opt->claim - 1)
                continue;
            job->F = F + f;
            job->problem = opt->files[f];
            job->index = k;
            text_init(&job->report);
            if (opt->output != NULL)
                snprintf(job->target, sizeof job->target, "%s", opt->output);
            else
                target_name(job->target, sizeof job->target, opt->files[f], k, F[f].claims);
            for (i = 0; i < opt->count && !opt->no_certificate && status == 0; i++)
                if (same_file(opt->files[i], job->target))
                {
                    fprintf(stderr, "certify: the certificate would overwrite the problem %s; "
                            "choose another name with -o\n", opt->files[i]);
                    status = EX_USAGE;
                }
            for (i = 0; i < n; i++)
                if (strcmp(jobs[i].target, job->target) == 0 && !opt->no_certificate && status == 0)
                {
                    fprintf(stderr, "certify: %s and %s would both write %s\n", jobs[i].problem,
                            job->problem, job->target);
                    status = EX_USAGE;
                }
            n++;
        }
    s.F = F;
    s.files = opt->count;
    s.jobs = jobs;
    s.n = n;
    s.poll = flint_malloc((n + 1) * sizeof *s.poll);
    s.who = flint_malloc((n + 1) * sizeof *s.who);
    if (status == 0)
    {
        memset(&sa, 0, sizeof sa);
        sa.sa_handler = parent_signal;
        sigaction(SIGINT, &sa, NULL);
        sigaction(SIGTERM, &sa, NULL);
        sigaction(SIGHUP, &sa, NULL);
        run(&s, opt);
        if (interrupted)
        {
            signal(interrupted, SIG_DFL);
            raise(interrupted);
        }
        /* errors before results, refuted before undecided */
        for (i = 0; i < n; i++)
            if (jobs[i].status >= EX__BASE ? jobs[i].status > status
                : status < EX__BASE && jobs[i].status != 0 && (status == 0 || jobs[i].status < status))
                status = jobs[i].status;
    }
    session_clear(&s);
    return status;
}
