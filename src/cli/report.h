/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What certify and certify-check share: reading certificates, checking them and
   saying so.  Links nothing but the trusted part. */
#ifndef CERTIFY_REPORT_H
#define CERTIFY_REPORT_H

#include <stdio.h>
#include "certificate/certificate.h"
#include "kernel/limits.h"

/* Reads a whole certificate; NULL with a message on standard error and
   *status = a sysexits value. */
char *report_load(const char *program, const char *path, size_t *len, int *status);

/* Extra condition on a verified certificate (certify check --problem); fills
   *why and returns 0 to reject. */
typedef int (*report_condition)(void *context, const certificate_t *C, rejection_t *why);

/* Checks one certificate and reports on standard output.  Returns 0, 1
   (rejected) or a sysexits value. */
int report_check(const char *program, const char *path, int json, int quiet,
                 report_condition condition, void *context);

/* Flushes standard output; EX_IOERR if anything could not be written. */
int report_close(const char *program, int status);

#endif
