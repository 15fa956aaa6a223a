/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <errno.h>
#include <string.h>
#include <sysexits.h>
#include <archive.h>
#include "compressed.h"

#define PIECE 65536

static const struct
{
    const char *ending, *magic;
    size_t length;                  /* of the magic bytes */
    int filter;
} kinds[] = {
    { ".gz", "\x1f\x8b", 2, ARCHIVE_FILTER_GZIP },
    { ".xz", "\xfd" "7zXZ\0", 6, ARCHIVE_FILTER_XZ },
    { ".zst", "\x28\xb5\x2f\xfd", 4, ARCHIVE_FILTER_ZSTD }
};
#define KINDS ((int) (sizeof kinds / sizeof *kinds))

static int
begins(int kind, const char *data, size_t len)
{
    return len >= kinds[kind].length && memcmp(data, kinds[kind].magic, kinds[kind].length) == 0;
}

/* The kind of compression, or KINDS. */
static int
kind_of(const char *path, const char *data, size_t len)
{
    int k;
    size_t end, n = strlen(path);

    for (k = 0; k < KINDS && !begins(k, data, len); k++)
        ;
    if (k < KINDS)
        return k;
    for (k = 0; k < KINDS; k++)
    {
        end = strlen(kinds[k].ending);
        if (n > end && strcmp(path + n - end, kinds[k].ending) == 0)
            break;
    }
    return k;
}

/* One filter and no other: libarchive by itself would go on into what is compressed twice. */
static struct archive *
open_stream(int kind, const char *data, size_t len)
{
    struct archive *a = archive_read_new();
    struct archive_entry *entry;

    if (a == NULL)
        return NULL;
    if (archive_read_support_format_raw(a) == ARCHIVE_OK
        && archive_read_append_filter(a, kinds[kind].filter) == ARCHIVE_OK
        && archive_read_open_memory(a, data, len) == ARCHIVE_OK
        && archive_read_next_header(a, &entry) == ARCHIVE_OK)
        return a;
    archive_read_free(a);
    return NULL;
}

/* The number of bytes, the first room of which go to text (NULL: none do); it stops beyond the limit.  -1:
   damaged. */
static slong
expand(char *text, size_t room, int kind, const char *data, size_t len)
{
    char piece[PIECE];
    struct archive *a = begins(kind, data, len) ? open_stream(kind, data, len) : NULL;
    la_ssize_t got = -1;
    slong total = 0;

    while (a != NULL && total <= limit(LIMIT_BYTES)
           && (got = archive_read_data(a, piece, sizeof piece)) > 0)
    {
        if (text != NULL && total + (slong) got <= (slong) room)
            memcpy(text + total, piece, got);
        total += got;
    }
    archive_read_free(a);
    return got < 0 ? -1 : total;
}

/* libarchive does not compare the sum at the end of a gzip file (RFC 1952), which has one
   member here. */
static int
gzip_sum_is_right(const char *text, size_t size, const char *data, size_t len)
{
    const unsigned char *end = (const unsigned char *) data + len - 8;
    uint32_t sum = 0xffffffff, stated = 0, length = 0;
    size_t i;
    int bit;

    if (len < 18)                       /* a head and a tail */
        return 0;
    for (i = 0; i < size; i++)
        for (sum ^= (unsigned char) text[i], bit = 0; bit < 8; bit++)
            sum = (sum >> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    for (i = 0; i < 4; i++)
    {
        stated |= (uint32_t) end[i] << (8 * i);
        length |= (uint32_t) end[4 + i] << (8 * i);
    }
    return stated == (sum ^ 0xffffffff) && length == (uint32_t) size;
}

/* Twice: the first time only the size is asked for, so that a small file that would become
   a very large one takes no memory. */
static char *
decompress(const char *path, int kind, const char *data, size_t packed, size_t *len,
           load_fault_t *fault)
{
    slong size = packed > (size_t) limit(LIMIT_BYTES) ? (slong) packed
        : expand(NULL, 0, kind, data, packed);
    char *text;

    if (size > limit(LIMIT_BYTES))
        return load_failed(fault, EX_DATAERR, "%s: larger than %ld bytes when decompressed", path,
                           (long) limit(LIMIT_BYTES));
    text = flint_malloc(size + 2);
    if (size < 0 || expand(text, size, kind, data, packed) != size
        || (kinds[kind].filter == ARCHIVE_FILTER_GZIP
            && !gzip_sum_is_right(text, size, data, packed)))
    {
        flint_free(text);
        return load_failed(fault, EX_DATAERR, "%s: the compressed file is damaged or cut off",
                           path);
    }
    *len = size;
    return text;
}

char *
certificate_load(const char *path, size_t *len, load_fault_t *fault)
{
    char *data = report_load(path, len, fault), *text;
    int kind;

    if (data == NULL)
        return NULL;
    kind = kind_of(path, data, *len);
    if (kind == KINDS)
        return data;
    text = decompress(path, kind, data, *len, len, fault);
    flint_free(data);
    return text;
}
