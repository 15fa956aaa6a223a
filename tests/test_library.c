/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public API, through the shared library. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <gmp.h>
#include <certify.h>
#include "tap.h"

/* GMP functions of the host's own: they must not be given blocks of others. */
static size_t outstanding;
static void *own_malloc(size_t n) { long *p = malloc(n + 16); outstanding++; p[0] = 4711; return p + 2; }
static void *own_realloc(void *q, size_t old, size_t n)
{
    long *p = (long *) q - 2;
    (void) old;
    if (p[0] != 4711)
        abort();
    return (long *) realloc(p, n + 16) + 2;
}
static void own_free(void *q, size_t n)
{
    long *p = (long *) q - 2;
    (void) n;
    if (p[0] != 4711)
        abort();
    outstanding--;
    free(p);
}

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/* In a host that may take only little more memory: a status, and the host goes on. */
static void
little_memory(const char *srcdir)
{
#ifndef SANITIZED                       /* the sanitizers need terabytes of address space */
    char path[4096], line[256], *certificate, *report;
    struct rlimit old, little;
    long pages = 0, kb;
    size_t length;
    int status, no_memory = 0, proved = 0, other = 0, bad_text = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (f == NULL || fgets(line, sizeof line, f) == NULL || (pages = atol(line)) <= 0)
    {
        if (f != NULL)
            fclose(f);
        ok(1, "little memory # SKIP no /proc/self/statm");
        return;
    }
    fclose(f);
    snprintf(path, sizeof path, "%s/examples/digits.yaml", srcdir == NULL ? "." : srcdir);
    getrlimit(RLIMIT_AS, &old);
    for (kb = 64; kb <= 256 * 1024; kb *= 2)
    {
        little = old;
        little.rlim_cur = (rlim_t) pages * sysconf(_SC_PAGESIZE) + 1024 * kb;
        setrlimit(RLIMIT_AS, &little);
        status = certify_prove(path, 1, NULL, &certificate, &length, &report);
        if (status == CERTIFY_PROVED && certificate != NULL)
            proved++;
        else if (status == CERTIFY_NO_MEMORY)
        {
            no_memory++;
            bad_text += certificate != NULL || (report != NULL && strstr(report, "memory") == NULL);
        }
        else
            other++;
        certify_free(certificate);
        certify_free(report);
    }
    setrlimit(RLIMIT_AS, &old);
    ok(no_memory > 0 && proved > 0 && other == 0 && bad_text == 0,
       "little memory: %d times CERTIFY_NO_MEMORY, %d times proved", no_memory, proved);
#else
    (void) srcdir;
    ok(1, "little memory # SKIP sanitized");
#endif
}

int
main(void)
{
    const char *srcdir = getenv("srcdir");
    char path[4096], *certificate, *report, *edited;
    size_t length;
    int status;

    snprintf(path, sizeof path, "%s/examples/identity.yaml", srcdir == NULL ? "." : srcdir);
    ok(strcmp(certify_version(), CERTIFY_VERSION) == 0, "version %s", certify_version());
    status = certify_prove(path, 1, NULL, &certificate, &length, &report);
    ok(status == CERTIFY_PROVED && certificate != NULL && strlen(certificate) == length, "proved");
    ok(report != NULL && strstr(report, "25/81") != NULL, "the report has the constant");
    certify_free(report);
    ok(certify_check(certificate, length, &report) == CERTIFY_VERIFIED, "verified");
    ok(strstr(report, "25/81") != NULL, "the sentence has the constant");
    certify_free(report);
    ok(certify_check(certificate, length, NULL) == CERTIFY_VERIFIED, "without a report");
    edited = strstr(certificate, "25/81");
    edited[1] = '4';
    status = certify_check(certificate, length, &report);
    ok(status == CERTIFY_REJECTED, "rejected when edited: %s", report);
    certify_free(report);
    certify_free(certificate);
    status = certify_prove(path, 4, NULL, &certificate, &length, NULL);
    ok(status == CERTIFY_REFUTED && certificate != NULL, "claim 4 is refuted");
    certify_free(certificate);
    status = certify_prove(path, 9, NULL, &certificate, &length, &report);
    ok(status == CERTIFY_DATAERR && certificate == NULL, "no claim 9: %s", report);
    certify_free(report);
    status = certify_prove("no-such-file.yaml", 1, NULL, &certificate, &length, &report);
    ok(status == CERTIFY_NOINPUT, "%s", report);
    certify_free(report);
    ok(certify_check("", 0, NULL) == CERTIFY_REJECTED, "the empty text");
    little_memory(srcdir);
    mp_set_memory_functions(own_malloc, own_realloc, own_free);
    status = certify_prove(path, 1, NULL, &certificate, &length, &report);
    ok(status == CERTIFY_PROVED && outstanding == 0, "a host with its own GMP functions");
    certify_free(report);
    signal(SIGCHLD, SIG_IGN);           /* the system takes the child's status away */
    ok(certify_check(certificate, length, NULL) == CERTIFY_VERIFIED, "a host that ignores SIGCHLD");
    certify_free(certificate);
    certify_cleanup();
    return done();
}
