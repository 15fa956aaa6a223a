/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include "json.h"
#include "report.h"

char *
report_load(const char *program, const char *path, size_t *len, int *status)
{
    FILE *in = fopen(path, "rb");
    struct stat st;
    char *text = NULL;
    size_t room, n;

    *status = EX_NOINPUT;
    if (in == NULL || fstat(fileno(in), &st) != 0)
    {
        if (errno == ENOMEM)
            *status = EX_OSERR;
        fprintf(stderr, "%s: %s: %s\n", program, path, strerror(errno));
        if (in != NULL)
            fclose(in);
        return NULL;
    }
    if (S_ISDIR(st.st_mode))
    {
        fprintf(stderr, "%s: %s: is a directory\n", program, path);
        fclose(in);
        return NULL;
    }
    room = S_ISREG(st.st_mode) ? FLINT_MIN((size_t) st.st_size, (size_t) limit(LIMIT_BYTES)) + 2 : 1 << 16;
    text = flint_malloc(room);
    *len = 0;
    while (*len <= (size_t) limit(LIMIT_BYTES) && (n = fread(text + *len, 1, room - *len, in)) > 0)
    {
        *len += n;
        if (*len == room)
            text = flint_realloc(text, room *= 2);
    }
    if (ferror(in))
    {
        fprintf(stderr, "%s: %s: %s\n", program, path, strerror(errno));
        *status = EX_IOERR;
        flint_free(text);
        text = NULL;
    }
    fclose(in);
    return text;
}

int
report_check(const char *program, const char *path, int json, int quiet,
             report_condition condition, void *context)
{
    int status, ok;
    size_t len;
    char *text = report_load(program, path, &len, &status);
    certificate_t C;
    rejection_t why;
    text_t t;

    if (text == NULL)
        return status;
    certificate_init(&C);
    text_init(&t);
    ok = certificate_check(&C, text, len, &why)
        && (condition == NULL || condition(context, &C, &why));
    if (json)
    {
        text_printf(&t, "{\"certificate\": ");
        json_string(&t, path);
        text_printf(&t, ", \"verdict\": \"%s\", \"claim\": ", ok ? "VERIFIED" : "REJECTED");
        if (C.c.rule != NULL)           /* the claim was read */
            json_string(&t, C.c.rule->name);
        else
            text_printf(&t, "null");
        if (ok)
        {
            text_printf(&t, ", \"conclusion\": \"%s\", \"digest\": \"%s\"",
                        C.k.verdict == VERDICT_PROVED ? "proved" : "refuted", C.digest);
            json_claim(&t, &C.P, &C.c, &C.k, 4);
        }
        else
        {
            text_printf(&t, ", \"line\": %ld, \"role\": ", (long) why.line);
            json_string(&t, why.role);
            text_printf(&t, ", \"reason\": ");
            json_string(&t, why.reason);
        }
        text_printf(&t, "}\n");
    }
    else if (ok)
    {
        text_printf(&t, "%s: VERIFIED%s\n", path,
                    C.k.verdict == VERDICT_REFUTED ? ": the claim is false" : "");
        if (!quiet)
        {
            sentence_problem(&t, &C);
            sentence_claim(&t, &C, 0);
        }
    }
    else
    {
        text_printf(&t, "%s: REJECTED: ", path);
        if (why.line > 0)
            text_printf(&t, "line %ld: ", (long) why.line);
        if (why.role[0] != '\0')
            text_printf(&t, "%s: ", why.role);
        text_printf(&t, "%s\n", why.reason);
    }
    fwrite(t.data, 1, t.len, stdout);
    text_clear(&t);
    certificate_clear(&C);
    flint_free(text);
    return ok ? 0 : 1;
}

int
report_close(const char *program, int status)
{
    if (fflush(stdout) != 0 || ferror(stdout))
    {
        if (errno != EPIPE)             /* whoever read it has gone: nobody to tell */
            fprintf(stderr, "%s: standard output: %s\n", program, strerror(errno));
        return EX_IOERR;
    }
    return status;
}
