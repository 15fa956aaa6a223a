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
    const char *key;                /* bounds --key */
    const char *folder;             /* extract -C */
    const char *kind, *from, *activation;       /* new */
    const char *data[2];            /* ... X and Y, or NULL */
    read_options_t reading;
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
int command_escape(const options_t *opt);
int command_polish(const options_t *opt);
int command_extract(const options_t *opt);
int command_new(const options_t *opt);
int command_claims(const options_t *opt);

/* certify --version. */
struct argp_state;
void print_version(FILE *out, struct argp_state *state);

#endif
