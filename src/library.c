/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public C API. */
#include "config.h"
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "certify.h"
#include "certificate/certificate.h"
#include "input/problem_file.h"
#include "prove/prover.h"
#include "prove/write.h"

const char *
certify_version(void)
{
    return CERTIFY_VERSION;
}

/* Hands the text to a caller who frees it with free. */
static char *
hand_over(text_t *t, size_t *len)
{
    char *s = malloc(t->len + 1);

    if (s != NULL)
        memcpy(s, t->data, t->len + 1);
    if (len != NULL)
        *len = s == NULL ? 0 : t->len;
    text_clear(t);
    return s;
}

static void
report_text(char **report, text_t *t)
{
    if (report != NULL)
        *report = hand_over(t, NULL);
    else
        text_clear(t);
}

int
certify_check(const char *text, size_t len, char **report)
{
    certificate_t C;
    rejection_t why;
    text_t t;
    int ok;

    certificate_init(&C);
    text_init(&t);
    ok = certificate_check(&C, text, len, &why);
    if (ok)
    {
        sentence_problem(&t, &C);
        sentence_claim(&t, &C, 0);
    }
    else
        text_printf(&t, "line %ld: %s%s%s", (long) why.line, why.role, why.role[0] ? ": " : "", why.reason);
    certificate_clear(&C);
    report_text(report, &t);
    return ok ? CERTIFY_VERIFIED : CERTIFY_REJECTED;
}

int
certify_prove(const char *problem_path, long claim, const certify_options *options,
              char **certificate, size_t *length, char **report)
{
    problem_file_t F;
    fault_t err = { 0, "" };
    prove_options_t po;
    proof_t p;
    text_t t, cert;
    say_t e = { &t, 0 };
    int status;

    *certificate = NULL;
    *length = 0;
    text_init(&t);
    memset(&po, 0, sizeof po);
    po.digits = options != NULL && options->digits > 0 ? options->digits : 4;
    po.precision_limit = options != NULL && options->precision_limit > 0
        ? options->precision_limit : ORACLE_PRECISION;
    if (!problem_file_read(&F, problem_path, &err) || claim < 1 || claim > F.claims)
    {
        if (err.status == 0)
            error_set(&err, EX_DATAERR, "%s: there is no claim %ld", problem_path, claim);
        text_printf(&t, "%s", err.message);
        problem_file_clear(&F);
        report_text(report, &t);
        return err.status;
    }
    proof_init(&p, F.claim[claim - 1].rule);
    claim_prove(&p, &F.P, F.claim + claim - 1, &po);
    status = p.outcome == OUTCOME_PROVED ? CERTIFY_PROVED : p.outcome == OUTCOME_REFUTED
        ? CERTIFY_REFUTED : p.outcome == OUTCOME_UNDECIDED ? CERTIFY_UNDECIDED : CERTIFY_DATAERR;
    if (status <= CERTIFY_REFUTED)
    {
        text_init(&cert);
        certificate_write(&cert, &F.P, &p.c, &p.k, &p.f);
        p.c.rule->say(&e, &F.P, &p.c, &p.k);
        *certificate = hand_over(&cert, length);
    }
    else
        text_printf(&t, "%s", p.message);
    proof_clear(&p);
    problem_file_clear(&F);
    report_text(report, &t);
    return status;
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
