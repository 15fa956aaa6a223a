/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_READING_H
#define CERTIFY_READING_H

#include "certify.h"

/* A problem file, read for its claims to be proved. */
typedef struct
{
    const char *path;
    const options_t *opt;
    problem_file_t F;
    double seconds;             /* that it took */
    fault_t fault;              /* status 0: none */
    int late;                   /* it was not read: the time limit came first */
} reading_t;

/* Reads all files, solve and construct included; errors are told on standard error, and do
   not stop the others.  Progress is shown, and the time limit holds for every file: the only
   one that is left, or standard input, is told of at the limit, and the process ends with
   status 2. */
reading_t *readings_init(const options_t *opt);
void readings_clear(reading_t *r, int count);

/* The report of a file that was not read in time. */
void reading_report(text_t *t, const options_t *opt, const char *path);
/* 1 if somebody looks at progress lines. */
int reading_shows_progress(const options_t *opt);

#endif
