/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include "report.h"

double
report_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

char *
load_failed(load_fault_t *fault, int status, const char *format, ...)
{
    va_list ap;

    fault->status = status;
    va_start(ap, format);
    vsnprintf(fault->message, sizeof fault->message, format, ap);
    va_end(ap);
    return NULL;
}

/* What the stream has, one byte beyond the limit at most. */
static char *
read_all(FILE *in, size_t room, size_t *len)
{
    char *text = flint_malloc(room);
    size_t n;

    *len = 0;
    while (*len <= (size_t) limit(LIMIT_BYTES) && (n = fread(text + *len, 1, room - *len, in)) > 0)
    {
        *len += n;
        if (*len == room)
            text = flint_realloc(text, room *= 2);
    }
    return text;
}

char *
report_load(const char *path, size_t *len, load_fault_t *fault)
{
    int standard = strcmp(path, "-") == 0;
    FILE *in = standard ? stdin : fopen(path, "rb");
    struct stat st;
    char *text = NULL;

    if (in == NULL || fstat(fileno(in), &st) != 0)
        load_failed(fault, errno == ENOMEM ? EX_OSERR : EX_NOINPUT, "%s: %s", path,
                    strerror(errno));
    else if (S_ISDIR(st.st_mode))
        load_failed(fault, EX_NOINPUT, "%s: is a directory", path);
    else
    {
        text = read_all(in, S_ISREG(st.st_mode) ? FLINT_MIN((size_t) st.st_size,
                        (size_t) limit(LIMIT_BYTES)) + 2 : 1 << 16, len);
        if (ferror(in))
        {
            flint_free(text);
            text = load_failed(fault, EX_IOERR, "%s: %s", path, strerror(errno));
        }
    }
    if (in != NULL && !standard)
        fclose(in);
    return text;
}

static void
record_verdict(json_t *record, const certificate_t *C, int ok, const rejection_t *why)
{
    record_set(record, "verdict", record_text(ok ? "VERIFIED" : "REJECTED"));
    if (C->c.rule != NULL)              /* the claim was read */
        record_set(record, "claim", record_text(C->c.rule->name));
    if (ok)
    {
        record_set(record, "conclusion", record_text(C->k.verdict == VERDICT_PROVED
                                                     ? "proved" : "refuted"));
        record_set(record, "digest", record_text(C->digest));
        record_problem(record, &C->P);
        record_claim(record, &C->P, &C->c, &C->k, 4);
        return;
    }
    record_set(record, "line", json_integer(why->line));
    record_set(record, "role", record_text(why->role));
    record_set(record, "reason", record_text(why->reason));
}

static void
print_verdict(const report_t *r, const char *path, const certificate_t *C, int ok,
              const rejection_t *why)
{
    text_t t;

    text_init(&t);
    if (ok)
    {
        text_printf(&t, "%s: VERIFIED%s\n", path,
                    C->k.verdict == VERDICT_REFUTED ? ": the claim is false" : "");
        if (!r->quiet)
        {
            sentence_problem(&t, C);
            sentence_claim(&t, C, 0);
        }
    }
    else
    {
        text_printf(&t, "%s: REJECTED: ", path);
        if (why->line > 0)
            text_printf(&t, "line %ld: ", (long) why->line);
        text_printf(&t, "%s%s%s\n", why->role, why->role[0] != '\0' ? ": " : "", why->reason);
    }
    fwrite(t.data, 1, t.len, stdout);
    text_clear(&t);
}

int
report_check(const report_t *r, const char *path, json_t **record)
{
    load_fault_t fault;
    double begin = report_now();
    size_t len;
    char *text = r->load(path, &len, &fault);
    certificate_t C;
    rejection_t why;
    int ok;

    if (record != NULL)
    {
        *record = record_new(r->problem, NULL);
        record_set(*record, "certificate", record_text(path));
    }
    if (text == NULL)
    {
        fprintf(stderr, "%s: %s\n", r->program, fault.message);
        if (record != NULL)
            record_error(*record, path, 0, "", fault.message, fault.status);
        return fault.status;
    }
    certificate_init(&C);
    ok = certificate_check(&C, text, len, &why)
        && (r->condition == NULL || r->condition(r->context, &C, &why));
    if (record != NULL)
    {
        record_verdict(*record, &C, ok, &why);
        record_seconds(*record, report_now() - begin);
    }
    else
        print_verdict(r, path, &C, ok, &why);
    certificate_clear(&C);
    flint_free(text);
    return ok ? 0 : 1;
}

void
report_line(json_t *record)
{
    text_t t;

    text_init(&t);
    record_write(&t, record);
    fwrite(t.data, 1, t.len, stdout);
    text_clear(&t);
    json_decref(record);
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
