/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include <gmp.h>
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

void
report_json_string(text_t *t, const char *s)
{
    text_printf(t, "\"");
    for (; *s != '\0'; s++)
        if (*s == '"' || *s == '\\')
            text_printf(t, "\\%c", *s);
        else if ((unsigned char) *s < 32)
            text_printf(t, "\\u%04x", *s);
        else
            text_printf(t, "%c", *s);
    text_printf(t, "\"");
}

void
report_json_number(text_t *t, const char *key, const fmpq_t x, int digits, int up)
{
    if (key != NULL)
        text_printf(t, ", \"%s\": ", key);
    text_printf(t, "{\"exact\": \"");
    text_fmpq(t, x);
    text_printf(t, "\", \"decimal\": \"");
    decimal_text(t, x, digits + 1, up);
    text_printf(t, "\"}");
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
        report_json_string(&t, path);
        text_printf(&t, ", \"verdict\": \"%s\", \"claim\": ", ok ? "VERIFIED" : "REJECTED");
        if (C.f.rounding > 0)           /* the claim was read */
            text_printf(&t, "\"%s\"", claim_name[C.c.kind]);
        else
            text_printf(&t, "null");
        if (ok)
        {
            text_printf(&t, ", \"conclusion\": \"%s\", \"digest\": \"%s\"",
                        C.k.verdict == VERDICT_PROVED ? "proved" : "refuted", C.digest);
            if (C.c.kind == CLAIM_REGULARITY)
            {
                int refuted = C.k.verdict == VERDICT_REFUTED;
                report_json_number(&t, "delta", C.c.delta, 4, !refuted);
                report_json_number(&t, "alpha", C.c.alpha, 4, refuted);
                report_json_number(&t, "beta", C.c.beta, 4, refuted);
            }
            if (C.c.kind == CLAIM_GRADIENT_DOMINANCE)
                report_json_number(&t, "lambda", C.c.lambda, 4, C.k.verdict == VERDICT_PROVED);
        }
        else
        {
            text_printf(&t, ", \"line\": %ld, \"role\": ", (long) why.line);
            report_json_string(&t, why.role);
            text_printf(&t, ", \"reason\": ");
            report_json_string(&t, why.reason);
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
            sentence_claim(&t, &C.P, &C.c, &C.k);
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

/* Out of memory. */

static const char *hook_program = "certify";
static void (*hook_cleanup)(void);

static void *
enough(void *p, size_t size)
{
    if (p == NULL && size > 0)
    {
        static const char text[] = ": out of memory\n";
        if (hook_cleanup != NULL)
            hook_cleanup();
        if (write(STDERR_FILENO, hook_program, strlen(hook_program)) < 0
            || write(STDERR_FILENO, text, sizeof text - 1) < 0)
            _exit(EX_IOERR);
        _exit(EX_OSERR);
    }
    return p;
}

static void *hook_malloc(size_t n) { return enough(malloc(n), n); }
static void *hook_calloc(size_t k, size_t n) { return enough(calloc(k, n), k * n); }
static void *hook_realloc(void *p, size_t n) { return enough(realloc(p, n), n); }
static void *hook_gmp_realloc(void *p, size_t old, size_t n) { (void) old; return hook_realloc(p, n); }
static void hook_gmp_free(void *p, size_t n) { (void) n; free(p); }

void
report_memory_hooks(const char *program, void (*cleanup)(void))
{
    hook_program = program;
    hook_cleanup = cleanup;
    __flint_set_memory_functions(hook_malloc, hook_calloc, hook_realloc, free);
    mp_set_memory_functions(hook_malloc, hook_gmp_realloc, hook_gmp_free);
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
