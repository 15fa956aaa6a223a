/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify-check: verifies certificates with the trusted part alone. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "config.h"
#include "limits_option.h"
#include "memory.h"
#include "report.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif

static const char usage[] =
    "Usage: certify-check [--json] [--quiet] [--jobs N] [--limits NAME=N,...] CERTIFICATE...\n"
    "Verifies certificates written by certify(1), with exact arithmetic and\n"
    "without the code that found them.  - is standard input.\n"
    "\n"
    "  --json      one JSON object per certificate\n"
    "  --quiet     the verdicts only\n"
    "  --jobs N    use N threads (default 1)\n"
    "  --limits NAME=N,...\n"
    "              raise (or lower) limits of the format, see certify-certificate(5)\n"
    "  --help      this text\n"
    "  --version   the version\n"
    "\n"
    "Exit status: 0 every certificate VERIFIED, 1 one was REJECTED, 64 usage,\n"
    "66 no such file, 71 out of memory, 74 input or output error.\n";

enum { KEY_HELP = 256, KEY_VERSION, KEY_LIMITS, KEY_JOBS, KEY_JSON };

/* 1 .. 256, or 0. */
static int
jobs_of(const char *text)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *text >= '0' && *text <= '9' && *end == '\0' && n >= 1 && n <= 256 ? (int) n : 0;
}

typedef struct
{
    int json, jobs;
} options_t;

/* -1: go on; otherwise the exit status. */
static int
read_options(options_t *o, report_t *r, int argc, char **argv)
{
    static const struct option known[] = {
        { "json", no_argument, NULL, KEY_JSON }, { "quiet", no_argument, NULL, 'q' }, { "help", no_argument, NULL, KEY_HELP },
        { "version", no_argument, NULL, KEY_VERSION }, { "limits", required_argument, NULL, KEY_LIMITS },
        { "jobs", required_argument, NULL, KEY_JOBS }, { NULL, 0, NULL, 0 }
    };
    char message[256];
    int k;

    while ((k = getopt_long(argc, argv, "q", known, NULL)) != -1)
        switch (k)
        {
            case KEY_JSON: o->json = 1; break;
            case 'q': r->quiet = 1; break;
            case KEY_HELP:
                fputs(usage, stdout);
                return report_close("certify-check", 0);
            case KEY_VERSION:
                printf("certify-check %s\n", PACKAGE_VERSION);
                return report_close("certify-check", 0);
            case KEY_LIMITS:
                if (limits_set(optarg, message, sizeof message))
                    break;
                fprintf(stderr, "certify-check: --limits: %s\n", message);
                return EX_USAGE;
            case KEY_JOBS:
                o->jobs = jobs_of(optarg);
                if (o->jobs > 0)
                    break;
                fprintf(stderr, "certify-check: --jobs: a number from 1 to 256 is expected, not \"%s\"\n", optarg);
                return EX_USAGE;
            default:
                fputs(usage, stderr);
                return EX_USAGE;
        }
    if (optind < argc)
        return -1;
    fprintf(stderr, "certify-check: no certificate is named\n%s", usage);
    return EX_USAGE;
}

int
main(int argc, char **argv)
{
    int s, status;
    options_t o = { 0, 1 };
    report_t r = { "certify-check", NULL, 0, report_load, NULL, NULL };
    json_t *record;

    memory_hooks("certify-check", NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);           /* a write then fails, and is reported */
    status = read_options(&o, &r, argc, argv);
    if (status >= 0)
        return status;
    use_threads(o.jobs);
    for (status = 0; optind < argc; optind++)
    {
        s = report_check(&r, argv[optind], o.json ? &record : NULL);
        if (o.json)
            report_line(record);
        status = s > status ? s : status;
    }
    return report_close("certify-check", status);
}
