/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What certify and certify-check share: reading certificates, checking them and
   saying so.  Links nothing but the trusted part and jansson, which writes JSON. */
#ifndef CERTIFY_REPORT_H
#define CERTIFY_REPORT_H

#include <limits.h>
#include <stdio.h>
#include "certificate/certificate.h"
#include "kernel/limits.h"
#include "record.h"

/* Why a file could not be read: a sysexits value and one line that names the file. */
typedef struct
{
    int status;
    char message[PATH_MAX + 200];
} load_fault_t;

/* A whole certificate; "-" is standard input.  NULL after filling *fault. */
char *report_load(const char *path, size_t *len, load_fault_t *fault);
/* Fills *fault; returns NULL. */
char *load_failed(load_fault_t *fault, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

typedef struct
{
    const char *program;
    const char *problem;            /* certify check --problem, or NULL */
    int quiet;
    char *(*load)(const char *path, size_t *len, load_fault_t *fault);
    /* An extra condition on a verified certificate, or NULL; fills *why and returns 0 to
       reject. */
    int (*condition)(void *context, const certificate_t *C, rejection_t *why);
    void *context;
} report_t;

/* Checks one certificate.  What came out is text on standard output, or, with record, an
   object for the caller.  Returns 0, 1 (rejected) or a sysexits value, which has its message
   on standard error. */
int report_check(const report_t *r, const char *path, json_t **record);

/* Seconds on a clock that only goes forward. */
double report_now(void);
/* Writes the record as a line of JSON on standard output, and frees it. */
void report_line(json_t *record);

/* Flushes standard output; EX_IOERR if anything could not be written. */
int report_close(const char *program, int status);

#endif
