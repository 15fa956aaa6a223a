/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify escape PROBLEM: the problem file of the network with one more unit, whose loss is lower. */
#include "config.h"
#include <sysexits.h>
#include "certify.h"
#include "problem_text.h"
#include "prove/regularized_global_minimum/escape.h"
#include "text/decimal.h"

/* The file: to standard output, or a new one. */
static int
write_wider(const options_t *opt, const problem_file_t *F, const problem_t *wider, const fmpq_t decrease)
{
    text_t t;
    int status;

    text_init(&t);
    text_printf(&t, "# With one more unit than %s: the loss is lower by ", opt->files[0]);
    decimal_text(&t, decrease, 6, 0);
    text_printf(&t, ", rounded down.\n");
    problem_text(&t, wider, F->title, matrix_written_out, NULL);
    text_printf(&t, "claims:\n  - regularized-global-minimum: {gap: best}\n");
    status = text_write_out(opt->output, &t);
    text_clear(&t);
    return status;
}

int
command_escape(const options_t *opt)
{
    problem_file_t F;
    fault_t err = { 0 };
    problem_t wider;
    const char *why;
    fmpq_t decrease;
    int status;

    if (!problem_file_read(&F, opt->files[0], &opt->reading, &err))
    {
        fprintf(stderr, "certify: %s\n", err.message);
        problem_file_clear(&F);
        return err.status;
    }
    problem_init(&wider);
    fmpq_init(decrease);
    why = escape_refuses(&F.P);
    if (why != NULL)
    {
        fprintf(stderr, "certify: %s: %s\n", opt->files[0], why);
        status = EX_DATAERR;
    }
    else if (escape_unit(&wider, decrease, &F.P))
        status = write_wider(opt, &F, &wider, decrease);
    else
    {
        fprintf(stderr, "certify: %s: no unit was found that lowers the loss\n", opt->files[0]);
        status = 2;
    }
    problem_clear(&wider);
    fmpq_clear(decrease);
    problem_file_clear(&F);
    return status;
}
