/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public API, through the shared library. */
#include <stdlib.h>
#include <string.h>
#include <certify.h>
#include "tap.h"

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
    certify_cleanup();
    return done();
}
