/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libcertify: prove statements about loss landscapes, check certificates.

   The functions are not thread-safe beyond what FLINT is: one thread at a
   time, or FLINT built with thread-local storage.  Strings that are returned
   through a char ** are released with certify_free. */
#ifndef CERTIFY_H
#define CERTIFY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CERTIFY_VERSION "0.1.0"

/* The version of the library that is linked. */
const char *certify_version(void);

typedef enum
{
    CERTIFY_VERIFIED = 0,       /* certify_check: everything stated is proved */
    CERTIFY_REJECTED = 1,
    CERTIFY_PROVED = 0,         /* certify_prove */
    CERTIFY_REFUTED = 1,
    CERTIFY_UNDECIDED = 2,
    CERTIFY_DATAERR = 65,       /* the problem file is wrong; see the message */
    CERTIFY_NOINPUT = 66
} certify_status;

/* Checks the certificate text[0..len).  *report (may be NULL) := the statement
   in words, or "line N: role: reason".  Returns CERTIFY_VERIFIED or
   CERTIFY_REJECTED.  Exact arithmetic only; the oracle is not used. */
int certify_check(const char *text, size_t len, char **report);

typedef struct
{
    int digits;                 /* of chosen constants; 0 means 4 */
    long precision_limit;       /* bits; 0 means 4096 */
} certify_options;

/* Proves or refutes claim number claim (from 1) of a problem file.
   *certificate := its text (NULL if undecided or an error), *length its
   length, *report (may be NULL) := the statement, or what was missing or
   wrong.  options may be NULL.  Returns a certify_status. */
int certify_prove(const char *problem_path, long claim, const certify_options *options,
                  char **certificate, size_t *length, char **report);

void certify_free(char *s);

/* Releases what the arithmetic libraries keep for reuse (FLINT's caches).
   Call it when done, from the thread that used the library. */
void certify_cleanup(void);

#ifdef __cplusplus
}
#endif

#endif
