/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify check [--problem FILE] CERTIFICATE... */
#include "config.h"
#include <string.h>
#include "certify.h"
#include "memory.h"
#include "compressed.h"
#include "prove/prover.h"

/* The problem file that certificates must be about, and which of its claims this one is. */
typedef struct
{
    problem_file_t F;
    slong claim;                        /* from 1; 0: none */
} wanted_t;

static int
about_problem(void *context, const certificate_t *C, rejection_t *why)
{
    wanted_t *a = context;
    slong i;

    if (!problem_equal(&a->F.P, &C->P))
    {
        why->line = 2;
        strcpy(why->role, "problem");
        strcpy(why->reason, "the certificate is about another problem than the file");
        return 0;
    }
    for (i = 0; i < a->F.claims; i++)
        if (claim_matches(a->F.claim + i, &C->P, &C->c, &C->k))
        {
            a->claim = i + 1;
            return 1;
        }
    why->line = 0;
    strcpy(why->role, "claim");
    strcpy(why->reason, "the claim is not one of the problem file's, "
           "with every given parameter equal");
    return 0;
}

static void
print(const options_t *opt, const json_t *records)
{
    text_t t;

    text_init(&t);
    format_results(&t, opt->format, records, format_check);
    fwrite(t.data, 1, t.len, stdout);
    text_clear(&t);
}

/* Checks every certificate.  Text and JSON come as they are ready; a table needs all of its
   rows. */
static int
check_all(const options_t *opt, const report_t *r, wanted_t *a)
{
    json_t *records = json_array(), *record;
    int i, s, status = 0;

    for (i = 0; i < opt->count; i++)
    {
        a->claim = 0;
        s = report_check(r, opt->files[i], opt->format == FORMAT_TEXT ? NULL : &record);
        status = FLINT_MAX(status, s);
        if (opt->format == FORMAT_TEXT)
            continue;
        if (opt->problem != NULL)
            record_set(record, "title", record_text(a->F.title));
        if (a->claim > 0)
            record_set(record, "claim_number", json_integer(a->claim));
        if (opt->format == FORMAT_JSON)
            report_line(record);
        else
            json_array_append_new(records, record);
    }
    if (opt->format != FORMAT_TEXT && opt->format != FORMAT_JSON)
        print(opt, records);
    json_decref(records);
    return status;
}

/* The problem file itself is at fault. */
static int
refuse(const options_t *opt, const fault_t *fault)
{
    json_t *record = record_new(opt->problem, NULL), *records = json_pack("[o]", record);

    fprintf(stderr, "certify: %s\n", fault->message);
    record_error(record, opt->problem, fault->line, fault->key, fault->message, fault->status);
    if (opt->format != FORMAT_TEXT)
        print(opt, records);
    json_decref(records);
    return fault->status;
}

int
command_check(const options_t *opt)
{
    wanted_t a = { .claim = 0 };
    fault_t fault = { 0 };
    report_t r = { "certify", opt->problem, opt->quiet, certificate_load,
                   opt->problem != NULL ? about_problem : NULL, &a };
    int status;

    use_threads(opt->jobs);
    if (opt->problem != NULL && !problem_file_read(&a.F, opt->problem, &opt->reading, &fault))
        status = refuse(opt, &fault);
    else
        status = check_all(opt, &r, &a);
    if (opt->problem != NULL)
        problem_file_clear(&a.F);
    return status;
}
