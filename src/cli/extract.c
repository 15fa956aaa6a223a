/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify extract CERTIFICATE: the problem file, and its larger arrays as tables beside it. */
#include "config.h"
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sysexits.h>
#include "certificate/certificate.h"
#include "certify.h"
#include "compressed.h"
#include "problem_text.h"

/* Matrices of more entries get a file of their own. */
#define WRITTEN_OUT 100

typedef struct
{
    const char *folder;
    char base[NAME_MAX];
    int status;
} extract_t;

static int
write_file(extract_t *x, const char *name, const text_t *t)
{
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/%s", x->folder, name);
    x->status = file_create(path, t);
    if (x->status == 0)
        printf("%s\n", path);
    return x->status == 0;
}

/* A matrix_form_f: large matrices become FILE-NAME.csv, of exact rationals. */
static int
write_matrix(text_t *t, const char *name, const qmat_t A, void *context)
{
    extract_t *x = context;
    char file[2 * NAME_MAX];
    text_t table;
    slong i, j;
    fmpq_t q;
    int ok;

    if (qmat_rows(A) * qmat_cols(A) <= WRITTEN_OUT)
        return matrix_written_out(t, name, A, NULL);
    text_init(&table);
    fmpq_init(q);
    for (i = 0; i < qmat_rows(A); i++)
        for (j = 0; j < qmat_cols(A); j++)
        {
            qmat_get_entry(q, A, i, j);
            text_fmpq(&table, q);
            text_printf(&table, j + 1 < qmat_cols(A) ? "," : "\n");
        }
    snprintf(file, sizeof file, "%s-%s.csv", x->base, name);
    ok = write_file(x, file, &table);
    text_printf(t, "{csv: ");
    yaml_string(t, file);
    text_printf(t, "}");
    fmpq_clear(q);
    text_clear(&table);
    return ok;
}

/* proofs/iris.2.cert -> iris.2 */
static void
base_name(extract_t *x, const char *path)
{
    char copy[PATH_MAX], *base, *dot;

    snprintf(copy, sizeof copy, "%s", path);
    base = basename(copy);
    dot = strrchr(base, '.');
    if (dot != NULL && dot != base && strcmp(dot, ".cert") == 0)
        *dot = '\0';
    snprintf(x->base, sizeof x->base, "%.200s", base);
}

int
command_extract(const options_t *opt)
{
    extract_t x = { opt->folder == NULL ? "." : opt->folder, "", 0 };
    certificate_t C;
    rejection_t why;
    load_fault_t fault;
    size_t len;
    char *text = certificate_load(opt->files[0], &len, &fault), file[NAME_MAX + 8];
    text_t t;

    if (text == NULL)
    {
        fprintf(stderr, "certify: %s\n", fault.message);
        return fault.status;
    }
    certificate_init(&C);
    text_init(&t);
    base_name(&x, opt->files[0]);
    if (!certificate_read(&C, text, len, &why))
    {
        fprintf(stderr, "certify: %s: not a certificate: line %ld: %s%s%s\n", opt->files[0], (long) why.line,
                why.role, why.role[0] ? ": " : "", why.reason);
        x.status = EX_DATAERR;
    }
    else if (problem_text(&t, &C.P, NULL, write_matrix, &x))
    {
        text_printf(&t, "claims:\n  - ");
        claim_text(&t, &C.c, &C.P);
        text_printf(&t, "\n");
        snprintf(file, sizeof file, "%s.yaml", x.base);
        write_file(&x, file, &t);
    }
    text_clear(&t);
    certificate_clear(&C);
    flint_free(text);
    return x.status;
}
