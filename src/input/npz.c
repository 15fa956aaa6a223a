/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NumPy's .npz files: ZIP archives, stored or deflated, of NAME.npy.  libzip reads them and
   compares the checksums. */
#include "config.h"
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <zip.h>
#include "array.h"

#define MAX_MEMBERS 4096

static zip_t *
open_archive(const char *path, const char *what, fault_t *err)
{
    int code = 0;
    zip_t *zip = zip_open(path, ZIP_RDONLY, &code);
    zip_error_t why;

    if (zip != NULL && zip_get_num_entries(zip, 0) > MAX_MEMBERS)
    {
        error_set(err, EX_DATAERR, "%s: more than %d arrays", what, MAX_MEMBERS);
        zip_discard(zip);
        return NULL;
    }
    if (zip != NULL)
        return zip;
    zip_error_init_with_code(&why, code);
    error_set(err, code == ZIP_ER_NOENT || code == ZIP_ER_OPEN ? EX_NOINPUT
              : code == ZIP_ER_MEMORY ? EX_OSERR : EX_DATAERR, "%s: not an NPZ archive (%s)", what,
              code == ZIP_ER_NOZIP ? "not a ZIP file, or cut off" : zip_error_strerror(&why));
    zip_error_fini(&why);
    return NULL;
}

/* The name of member i without .npy; NULL if it is no array. */
static char *
array_name(zip_t *zip, zip_uint64_t i)
{
    const char *name = zip_get_name(zip, i, ZIP_FL_ENC_RAW);
    size_t n = name == NULL ? 0 : strlen(name);
    char *copy;

    if (n <= 4 || strcmp(name + n - 4, ".npy") != 0)
        return NULL;
    copy = flint_malloc(n - 3);
    memcpy(copy, name, n - 4);
    copy[n - 4] = '\0';
    return copy;
}

/* As much of member i as size bytes hold; the number of bytes, or -1 with a fault. */
static zip_int64_t
read_member(unsigned char *data, zip_uint64_t size, zip_t *zip, zip_uint64_t i, const char *what,
            fault_t *err)
{
    zip_file_t *file = zip_fopen_index(zip, i, 0);
    zip_int64_t n = -1, got = 0;

    if (file == NULL)
    {
        error_set(err, EX_DATAERR, "%s: %s", what, zip_strerror(zip));
        return -1;
    }
    while ((zip_uint64_t) got < size && (n = zip_fread(file, data + got, size - got)) > 0)
        got += n;
    if (n < 0)
        error_set(err, EX_DATAERR, "%s: %s", what, zip_file_strerror(file));
    zip_fclose(file);
    return n < 0 ? -1 : got;
}

/* The header of member i, and its size. */
static int
member_header(npy_header_t *h, zip_uint64_t *size, zip_t *zip, zip_uint64_t i, const char *what,
              fault_t *err)
{
    zip_stat_t st;
    unsigned char *data;
    zip_int64_t n;
    int ok;

    if (zip_stat_index(zip, i, 0, &st) != 0 || !(st.valid & ZIP_STAT_SIZE))
        return error_set(err, EX_DATAERR, "%s: %s", what, zip_strerror(zip));
    *size = st.size;
    data = flint_malloc(NPY_MAX_HEADER);
    n = read_member(data, FLINT_MIN(st.size, NPY_MAX_HEADER), zip, i, what, err);
    ok = n >= 0 && npy_header(h, data, n, what, err);
    flint_free(data);
    return ok;
}

int
npz_list(listing_t *l, const char *path, const char *what, fault_t *err)
{
    zip_t *zip = open_archive(path, what, err);
    zip_int64_t i, n = zip == NULL ? 0 : zip_get_num_entries(zip, 0);
    zip_uint64_t size;
    npy_header_t h;
    char inside[600];

    for (i = 0; i < n && err->status == 0; i++)
    {
        char *name = array_name(zip, i);
        listed_t *a;
        if (name == NULL)
            continue;
        if (listing_find(l, name) != NULL)
            error_set(err, EX_DATAERR, "%s: two arrays are named \"%.80s\"", what, name);
        snprintf(inside, sizeof inside, "%.400s: %.80s", what, name);
        a = listing_add(l, name);
        flint_free(name);
        name = a->name;
        if (err->status == 0 && member_header(&h, &size, zip, i, inside, err))
        {
            *a = h.listed;
            a->name = name;
        }
    }
    if (zip != NULL)
        zip_discard(zip);
    return err->status == 0;
}

/* The index of the member that holds an array, or -1 with a fault that names those there. */
static zip_int64_t
find_member(zip_t *zip, const char *key, const char *what, fault_t *err)
{
    zip_int64_t i, n = zip_get_num_entries(zip, 0), found = -1;
    char known[300] = "";

    for (i = 0; i < n; i++)
    {
        char *name = array_name(zip, i);
        if (name == NULL)
            continue;
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", known[0] ? ", " : "", name);
        if (strcmp(name, key) == 0)
        {
            if (found >= 0)
                error_set(err, EX_DATAERR, "%s: two arrays are named \"%.80s\"", what, name);
            found = i;
        }
        flint_free(name);
    }
    if (found < 0)
        error_set(err, EX_DATAERR, "%s: there is no array \"%.80s\" (there: %s)", what, key,
                  known[0] ? known : "none");
    return err->status == 0 ? found : -1;
}

static int
read_items(array_t *A, zip_t *zip, zip_uint64_t i, const char *what, fault_t *err)
{
    npy_header_t h = { .fortran = 0 };
    zip_uint64_t size = 0;
    unsigned char *data;
    int ok;

    if (!member_header(&h, &size, zip, i, what, err) || !array_shape(A, &h.listed, what, err))
        return 0;
    if (size != h.begin + (zip_uint64_t) (A->rows * A->columns * h.type.size))
        return error_set(err, EX_DATAERR, "%s: %ld x %ld items of %d bytes do not fit the %llu bytes of "
                         "the array", what, (long) A->rows, (long) A->columns, h.type.size,
                         (unsigned long long) size);
    data = flint_malloc(size + 1);      /* one more, so that the end and its checksum are reached */
    ok = read_member(data, size + 1, zip, i, what, err) >= 0;
    ok = ok && array_from_items(A, data + h.begin, &h.type, h.fortran, what, err);
    flint_free(data);
    return ok;
}

int
npz_read(array_t *A, const char *path, selection_t *s, const char *what, fault_t *err)
{
    zip_t *zip = open_archive(path, what, err);
    zip_int64_t i = zip == NULL ? -1 : find_member(zip, s->key, what, err);
    char inside[600];
    int ok;

    snprintf(inside, sizeof inside, "%.400s: %.80s", what, s->key);
    ok = i >= 0 && read_items(A, zip, i, inside, err);
    if (zip != NULL)
        zip_discard(zip);
    return ok;
}
