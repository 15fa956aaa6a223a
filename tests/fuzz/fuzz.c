/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzing targets for libFuzzer, one program per TARGET: certificate (reader
   and whole checker), yaml (problem files), and one for every kind of array or table.  Built by
   make fuzz. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "certificate/certificate.h"
#include "input/array.h"
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
#define NPZ 5
#define SAFETENSORS 6
#define MTX 7
#define TXT 8

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
    fault_t err = { 0 };

    if (!problem_file_read(&F, file_with(data, size), NULL, &err) && err.status == 0)
        abort();
    problem_file_clear(&F);
#else
    static const char *const keys[] = { "csv", "npy", "npz", "safetensors", "mtx", "txt" };
    static const char *const slices[] = { "1:", "::-1, ::2", "-2:, :3" };
    const file_kind_t *kind = file_kind_named(keys[TARGET - CSV]);
    fault_t err = { 0 };
    selection_t s;
    qmat_t A;
    listing_t l;
    const char *path;
    unsigned options = size > 0 ? data[0] : 0;      /* the first byte chooses them */

    selection_init(&s);
    listing_init(&l);
    qmat_init(A, 0, 0);
    s.delimiter = kind->delimiter;
    s.transpose = options & 1;
    s.classes = options >> 1 & 3;
    s.skip_rows = kind->text ? options >> 3 & 1 : 0;
    s.header = kind->text ? options >> 4 & 1 : 0;
    s.rows.first = options >> 5 & 1;
    s.rows.last = 2 * s.rows.first;
    s.slice = options >> 6 & 1 ? slices[options % 3] : NULL;
    path = file_with(data + (size > 0), size - (size > 0));
    if (kind->list != NULL && !kind->list(&l, path, "list", &err) && err.status == 0)
        abort();
    s.key = l.n > 0 ? l.array[l.n - 1].name : "W";
    err.status = 0;
    if (!matrix_from_file(A, kind, path, &s, "file", &err) && err.status == 0)
        abort();
    qmat_clear(A);
    listing_clear(&l);
    selection_clear(&s);
#endif
    return 0;
}
