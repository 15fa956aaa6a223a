/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify-check: verifies certificates with the trusted part alone. */
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

/* "-" is standard input. */
static int
is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

/* The value of the option name at argv[*i], "--name=VALUE" or "--name VALUE", *i then at the value; NULL if it is another
   option, or without a value. */
static const char *
value_of(const char *name, int argc, char **argv, int *i)
{
    size_t n = strlen(name);

    if (strncmp(argv[*i], name, n) != 0)
        return NULL;
    if (argv[*i][n] == '=')
        return argv[*i] + n + 1;
    return argv[*i][n] == '\0' && *i + 1 < argc ? argv[++*i] : NULL;
}

/* 1 .. 256, or 0. */
static int
jobs_of(const char *text)
{
    char *end;
    long n = strtol(text, &end, 10);

    return *text >= '0' && *text <= '9' && *end == '\0' && n >= 1 && n <= 256 ? (int) n : 0;
}

int
main(int argc, char **argv)
{
    const char *given;
    int i, jobs = 1, json = 0, quiet = 0, files = 0, status = 0;
    report_t r = { "certify-check", NULL, 0, report_load, NULL, NULL };
    json_t *record;

    memory_hooks("certify-check", NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);           /* a write then fails, and is reported */
    for (i = 1; i < argc; i++)
    {
        if (strcmp(argv[i], "--") == 0)
        {
            files += argc - i - 1;
            break;
        }
        if (!is_option(argv[i]))
            files++;
        else if (strcmp(argv[i], "--json") == 0)
            json = 1;
        else if (strcmp(argv[i], "--quiet") == 0 || strcmp(argv[i], "-q") == 0)
            quiet = 1;
        else if (strcmp(argv[i], "--help") == 0)
        {
            fputs(usage, stdout);
            return report_close("certify-check", 0);
        }
        else if (strcmp(argv[i], "--version") == 0)
        {
            printf("certify-check %s\n", PACKAGE_VERSION);
            return report_close("certify-check", 0);
        }
        else if ((given = value_of("--limits", argc, argv, &i)) != NULL)
        {
            char message[256];
            if (!limits_set(given, message, sizeof message))
            {
                fprintf(stderr, "certify-check: --limits: %s\n", message);
                return EX_USAGE;
            }
        }
        else if ((given = value_of("--jobs", argc, argv, &i)) != NULL)
        {
            jobs = jobs_of(given);
            if (jobs == 0)
            {
                fprintf(stderr, "certify-check: --jobs: a number from 1 to 256 is expected, not \"%s\"\n", given);
                return EX_USAGE;
            }
        }
        else
        {
            fprintf(stderr, "certify-check: unknown option %s\n%s", argv[i], usage);
            return EX_USAGE;
        }
    }
    if (files == 0)
    {
        fprintf(stderr, "certify-check: no certificate is named\n%s", usage);
        return EX_USAGE;
    }
    r.quiet = quiet;
    use_threads(jobs);
    for (i = 1, files = 0; i < argc; i++)
    {
        int s;
        if (!files && strcmp(argv[i], "--") == 0)
        {
            files = 1;
            continue;
        }
        if (!files && is_option(argv[i]))
        {
            if (value_of("--limits", argc, argv, &i) == NULL)
                value_of("--jobs", argc, argv, &i);
            continue;
        }
        s = report_check(&r, argv[i], json ? &record : NULL);
        if (json)
            report_line(record);
        if (s > status)
            status = s;
    }
    flint_cleanup();
    return report_close("certify-check", status);
}
