/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzing targets for libFuzzer, one program per TARGET: certificate (reader
   and whole checker), yaml (problem files), csv, npy.  Built by make fuzz. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "certificate/certificate.h"
#include "input/problem_file.h"
#include "prove/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The problem readers want files: one in a folder of this process's own. */
__attribute__((unused)) static const char *
file_with(const uint8_t *data, size_t size)
{
    static char name[64];
    FILE *out;

    if (name[0] == '\0')
    {
        char folder[] = "/tmp/certify-fuzz-XXXXXX";
        if (mkdtemp(folder) == NULL)
            abort();
        snprintf(name, sizeof name, "%s/input", folder);
    }
    out = fopen(name, "wb");
    if (out == NULL || fwrite(data, 1, size, out) != size || fclose(out) != 0)
        abort();
    return name;
}

#define CERTIFICATE 1
#define YAML 2
#define CSV 3
#define NPY 4

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
#if TARGET == CERTIFICATE
    static const char head[] = "certify-certificate 1\nproblem sha256 ";
    certificate_t C;
    rejection_t why;
    text_t t, u;
    char *copy = malloc(size + 1), *problem, *claim;

    /* the digest made right, or nothing behind it would ever be reached */
    memcpy(copy, data, size);
    copy[size] = '\0';
    if (size > sizeof head + 64 && strncmp(copy, head, sizeof head - 1) == 0)
    {
        problem = copy + sizeof head - 1 + 65;
        claim = strstr(problem, "\nclaim ");
        if (claim != NULL)
        {
            char hex[65];
            certificate_digest(hex, problem, claim + 1 - problem);
            memcpy(copy + sizeof head - 1, hex, 64);
        }
    }
    data = (const uint8_t *) copy;
    certificate_init(&C);
    if (certificate_check(&C, (const char *) data, size, &why))
    {   /* accepted: then it is the canonical text of what was read */
        text_init(&t);
        text_init(&u);
        certificate_write(&t, &C.P, &C.c, &C.k, &C.f);
        if (t.len != size || memcmp(t.data, data, size) != 0)
            abort();
        sentence_problem(&u, &C);
        sentence_claim(&u, &C, 0);
        sentence_claim(&u, &C, 1);
        text_clear(&t);
        text_clear(&u);
    }
    else if (why.reason[0] == '\0')
        abort();
    certificate_clear(&C);
    free(copy);
#elif TARGET == YAML
    problem_file_t F;
    fault_t err = { 0, "" };

    if (!problem_file_read(&F, file_with(data, size), &err) && err.status == 0)
        abort();
    problem_file_clear(&F);
#else
    qmat_t A;
    fault_t err = { 0, "" };
    int read;
#if TARGET == CSV
    csv_options_t opt;

    memset(&opt, 0, sizeof opt);
    opt.first_row = 1;
    if (size > 0)               /* the first byte chooses the options */
    {
        opt.skip_rows = data[0] & 3;
        opt.transpose = data[0] >> 2 & 1;
        opt.one_hot = data[0] >> 3 & 3;
        opt.last_row = data[0] >> 5;
    }
    qmat_init(A, 0, 0);
    read = csv_read(A, file_with(data + (size > 0), size - (size > 0)), &opt, "csv", &err);
#else
    qmat_init(A, 0, 0);
    read = npy_read(A, file_with(data, size), "npy", &err);
#endif
    if (!read && err.status == 0)
        abort();
    qmat_clear(A);
#endif
    return 0;
}
