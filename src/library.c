/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public C API. */
#include "config.h"
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "certify.h"
#include "isolate.h"
#include "certificate/certificate.h"
#include "input/problem_file.h"
#include "prove/prover.h"
#include "prove/write.h"

const char *
certify_version(void)
{
    return CERTIFY_VERSION;
}

typedef struct
{
    const char *text;               /* to check */
    size_t len;
    const char *problem_path;       /* to prove */
    long claim;
    const certify_options *options;
} request_t;

/* In the child. */

static int
check(const void *in, text_t *certificate, text_t *t)
{
    const request_t *r = in;
    certificate_t C;
    rejection_t why;
    int ok;

    certificate_init(&C);
    ok = certificate_check(&C, r->text, r->len, &why);
    if (ok)
    {
        sentence_problem(t, &C);
        sentence_claim(t, &C, 0);
    }
    else
        text_printf(t, "line %ld: %s%s%s", (long) why.line, why.role, why.role[0] ? ": " : "", why.reason);
    certificate_clear(&C);
    return ok ? CERTIFY_VERIFIED : CERTIFY_REJECTED;
}

static int
prove(const void *in, text_t *certificate, text_t *t)
{
    const request_t *r = in;
    problem_file_t F;
    fault_t err = { 0 };
    prove_options_t po;
    proof_t p;
    say_t e = { t, 0 };
    int status;

    memset(&po, 0, sizeof po);
    po.digits = r->options != NULL && r->options->digits > 0 ? r->options->digits : 4;
    po.precision_limit = r->options != NULL && r->options->precision_limit > 0
        ? r->options->precision_limit : ORACLE_PRECISION;
    if (!problem_file_read(&F, r->problem_path, NULL, &err) || r->claim < 1 || r->claim > F.claims)
    {
        if (err.status == 0)
            error_set(&err, EX_DATAERR, "%s: there is no claim %ld", r->problem_path, r->claim);
        text_printf(t, "%s", err.message);
        problem_file_clear(&F);
        return err.status;
    }
    proof_init(&p, F.claim[r->claim - 1].rule);
    claim_prove(&p, &F.P, F.claim + r->claim - 1, &po);
    status = p.outcome == OUTCOME_PROVED ? CERTIFY_PROVED : p.outcome == OUTCOME_REFUTED
        ? CERTIFY_REFUTED : p.outcome == OUTCOME_UNDECIDED ? CERTIFY_UNDECIDED : CERTIFY_DATAERR;
    if (status <= CERTIFY_REFUTED)
    {
        certificate_write(certificate, &F.P, &p.c, &p.k, &p.f);
        p.c.rule->say(&e, &F.P, &p.c, &p.k);
    }
    else
        text_printf(t, "%s", p.message);
    proof_clear(&p);
    problem_file_clear(&F);
    return status;
}

/* In the host. */

int
certify_check(const char *text, size_t len, char **report)
{
    request_t r = { text, len, NULL, 0, NULL };

    return isolate(check, &r, NULL, NULL, report);
}

int
certify_prove(const char *problem_path, long claim, const certify_options *options,
              char **certificate, size_t *length, char **report)
{
    request_t r = { NULL, 0, problem_path, claim, options };

    return isolate(prove, &r, certificate, length, report);
}

void
certify_free(char *s)
{
    free(s);
}

void
certify_cleanup(void)
{
    flint_cleanup();
}
