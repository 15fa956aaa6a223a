/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NumPy's .npy files, format versions 1 to 3: floats and integers, exactly. */
#include "config.h"
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "problem_file.h"

/* The text after 'key': in the header dictionary, or NULL. */
static const char *
after_key(const char *header, const char *key)
{
    char quoted[32];
    const char *p;

    snprintf(quoted, sizeof quoted, "'%s':", key);
    p = strstr(header, quoted);
    if (p == NULL)
        return NULL;
    p += strlen(quoted);
    return p + strspn(p, " ");
}

/* x := the value of the item at p, size bytes, little endian after a swap. */
static int
item(fmpq_t x, const unsigned char *p, char kind, int size, int big)
{
    unsigned char b[8];
    int i;
    uint64_t u = 0;

    for (i = 0; i < size; i++)
        b[i] = big ? p[size - 1 - i] : p[i];
    for (i = size - 1; i >= 0; i--)
        u = u << 8 | b[i];  /* NOLINT(clang-analyzer-core.UndefinedBinaryOperatorResult): size <= 8 */
    fmpz_one(fmpq_denref(x));
    if (kind == 'u')
        fmpz_set_ui(fmpq_numref(x), u);
    else if (kind == 'i')
    {
        int64_t s = size == 8 ? (int64_t) u : (int64_t) (u << (64 - 8 * size)) >> (64 - 8 * size);
        fmpz_set_si(fmpq_numref(x), s);
    }
    else
    {
        double v;
        int e;
        if (size == 4)
        {
            uint32_t w = (uint32_t) u;
            float f;
            memcpy(&f, &w, 4);
            v = f;
        }
        else
            memcpy(&v, &u, 8);
        if (!isfinite(v))
            return 0;
        v = frexp(v, &e);
        fmpz_set_d(fmpq_numref(x), ldexp(v, 53));
        e -= 53;
        if (e >= 0)
            fmpq_mul_2exp(x, x, e);
        else
            fmpq_div_2exp(x, x, -e);
    }
    return 1;
}

int
npy_read(qmat_t A, const char *path, const char *where, fault_t *err)
{
    size_t len, at, hlen;
    char *text = read_file(path, &len, FILE_MAX_BYTES, err), *header = NULL, *end;
    const unsigned char *u = (const unsigned char *) text;
    const char *p;
    long shape[2] = { 1, 1 }, dims = 0, i, j;
    int big, size, fortran, ok = 0;
    char kind;
    fmpq *e = NULL;

    if (text == NULL)
        return 0;
    if (len < 12 || memcmp(text, "\x93NUMPY", 6) != 0 || u[6] < 1 || u[6] > 3)
    {
        error_set(err, EX_DATAERR, "%s: %s: not an NPY file of version 1 to 3", where, path);
        goto done;
    }
    at = u[6] == 1 ? 10 : 12;
    hlen = u[6] == 1 ? u[8] | (size_t) u[9] << 8
        : u[8] | (size_t) u[9] << 8 | (size_t) u[10] << 16 | (size_t) u[11] << 24;
    if (hlen > len - at)
    {
        error_set(err, EX_DATAERR, "%s: %s: the NPY header is cut off", where, path);
        goto done;
    }
    header = flint_malloc(hlen + 1);
    memcpy(header, text + at, hlen);
    header[hlen] = '\0';
    at += hlen;
    p = after_key(header, "descr");
    if (p == NULL || p[0] != '\'' || strchr("<>|=", p[1]) == NULL || p[1] == '\0'
        || p[2] == '\0' || strchr("iuf", p[2]) == NULL
        || strchr("1248", p[3]) == NULL || p[3] == '\0' || p[4] != '\''
        || (p[2] == 'f' && p[3] != '4' && p[3] != '8'))
    {
        error_set(err, EX_DATAERR, "%s: %s: float32, float64 or integers are expected", where, path);
        goto done;
    }
    big = p[1] == '>';
    kind = p[2];
    size = p[3] - '0';
    p = after_key(header, "fortran_order");
    fortran = p != NULL && strncmp(p, "True", 4) == 0;
    p = after_key(header, "shape");
    if (p == NULL || *p != '(')
    {
        error_set(err, EX_DATAERR, "%s: %s: the NPY header has no shape", where, path);
        goto done;
    }
    for (p++; *p != ')' && *p != '\0'; dims++)
    {
        long v = strtol(p, &end, 10);
        if (end == p || v < 0 || dims == 2)
        {
            error_set(err, EX_DATAERR, "%s: %s: an array of one or two dimensions is expected",
                      where, path);
            goto done;
        }
        shape[dims] = v;
        p = end + strspn(end, ", ");
    }
    if (dims == 0 || shape[0] == 0 || shape[1] == 0)
    {
        error_set(err, EX_DATAERR, "%s: %s: the array is empty", where, path);
        goto done;
    }
    if (shape[0] > (long) len || shape[1] > (long) len
        || (unsigned long) shape[0] * shape[1] > (len - at) / size
        || (unsigned long) shape[0] * shape[1] * size != len - at)
    {
        error_set(err, EX_DATAERR, "%s: %s: %ld x %ld items of %d bytes do not fit the file's "
                  "%zu bytes of data", where, path, shape[0], shape[1], size, len - at);
        goto done;
    }
    e = _fmpq_vec_init(shape[0] * shape[1]);
    for (i = 0; i < shape[0]; i++)
        for (j = 0; j < shape[1]; j++)
        {
            long k = fortran ? j * shape[0] + i : i * shape[1] + j;
            if (!item(e + i * shape[1] + j, u + at + k * size, kind, size, big))
            {
                error_set(err, EX_DATAERR, "%s: %s: entry (%ld, %ld) is not a finite number",
                          where, path, i + 1, j + 1);
                goto done;
            }
        }
    qmat_set_entries(A, shape[0], shape[1], e);
    ok = 1;
done:
    if (e != NULL)
        _fmpq_vec_clear(e, shape[0] * shape[1]);
    flint_free(header);
    flint_free(text);
    return ok;
}
