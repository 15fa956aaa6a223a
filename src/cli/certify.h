/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_CLI_H
#define CERTIFY_CLI_H

#include "format.h"
#include "input/problem_file.h"
#include "report.h"

typedef struct
{
    const char *output;             /* -o */
    slong claim;                    /* --claim, 0: all */
    format_kind format;
    int json, quiet, no_certificate, latex, full, spectrum, digits, jobs;
    const char *problem;            /* check --problem */
    slong precision_limit;
    double time_limit;              /* seconds per claim; 0: none */
    unsigned long used;             /* which options were given */
    char **files;
    int count;
} options_t;

/* Each returns the exit status. */
int command_prove(const options_t *opt);
int command_check(const options_t *opt);
int command_bounds(const options_t *opt);
int command_explain(const options_t *opt);
int command_construct(const options_t *opt);
int command_decompose(const options_t *opt);

#endif
