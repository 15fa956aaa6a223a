/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NumPy's .npy files, format versions 1 to 3 (numpy.lib.format).  The header is a Python
   dictionary of three keys; it is parsed as one, so that nothing is read that NumPy would
   read otherwise, and nothing is found inside a string. */
#include "config.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "array.h"

typedef struct
{
    const char *p;              /* what is left of the header, zero-terminated */
    const char *what;
    fault_t *err;
    npy_header_t *h;
    int seen[3];                /* the keys */
} header_t;

static const char *const keys[] = { "descr", "fortran_order", "shape" };

static int
wrong(header_t *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int
wrong(header_t *s, const char *format, ...)
{
    char text[300];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    return error_set(s->err, EX_DATAERR, "%s: the NPY header: %s", s->what, text);
}

static void
blanks(header_t *s)
{
    s->p += strspn(s->p, " \t\r\n\f");
}

/* The next character, blanks before it left out, if it is c. */
static int
take(header_t *s, char c)
{
    blanks(s);
    if (*s->p != c)
        return 0;
    s->p++;
    return 1;
}

static int
take_word(header_t *s, const char *word)
{
    size_t n = strlen(word);

    blanks(s);
    if (strncmp(s->p, word, n) != 0)
        return 0;
    s->p += n;
    return 1;
}

/* A string of printable characters in quotes of either kind. */
static int
take_string(header_t *s, char *text, size_t size)
{
    char quote;
    size_t n = 0;

    blanks(s);
    quote = *s->p;
    if (quote != '\'' && quote != '"')
        return 0;
    for (s->p++; *s->p != quote; s->p++)
    {
        if (*s->p < ' ' || *s->p == '\\' || n + 1 >= size)
            return 0;
        text[n++] = *s->p;
    }
    text[n] = '\0';
    s->p++;
    return 1;
}

/* What is stored, where it is nothing that can be read. */
static const char *
refused_type(char kind)
{
    switch (kind)
    {
        case 'c': return "complex numbers";
        case 'O': return "Python objects";
        case 'S': case 'a': case 'U': return "strings";
        case 'V': return "raw bytes";
        case 'M': case 'm': return "dates or times";
        default: return "items of an unknown kind";
    }
}

static int
read_type(header_t *s)
{
    static const char expected[] = "floating point numbers of 16, 32 or 64 bits, integers or "
                                   "booleans are expected";
    char type[32];
    const char *t = type;
    item_type_t *item = &s->h->type;
    int sized;

    blanks(s);
    if (*s->p == '[')
        return wrong(s, "descr: a structured array, with named fields; %s", expected);
    if (!take_string(s, type, sizeof type))
        return wrong(s, "descr: a type like '<f8' is expected");
    snprintf(s->h->listed.type, sizeof s->h->listed.type, "%s", type);
    item->big_endian = *t == '>';
    if (strchr("<>|=", *t) != NULL && *t != '\0')
        t++;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    item->big_endian |= t == type || type[0] == '|' || type[0] == '=';  /* the machine's order */
#endif
    item->kind = t[0];
    item->size = t[0] == '\0' ? 0 : t[1] - '0';
    sized = item->size > 0 && item->size <= 8 && t[2] == '\0';
    if (item->kind == '?' && t[1] == '\0')
    {
        item->kind = 'b';
        item->size = 1;
        return 1;
    }
    if (item->kind == 'b' && sized && item->size == 1)
        return 1;
    if (item->kind == 'f' && sized && (item->size == 2 || item->size == 4 || item->size == 8))
        return 1;
    if ((item->kind == 'i' || item->kind == 'u') && sized && (item->size & (item->size - 1)) == 0)
        return 1;
    if (strchr("fiub", item->kind) != NULL && item->kind != '\0')
        return wrong(s, "descr: '%s' is not read: %s", type, expected);
    return wrong(s, "descr: '%s' stands for %s; %s", type, refused_type(item->kind), expected);
}

static int
read_order(header_t *s)
{
    s->h->fortran = take_word(s, "True");
    return s->h->fortran || take_word(s, "False")
        || wrong(s, "fortran_order: True or False is expected");
}

/* (), (3,), (3, 4), a comma at the end allowed, integers as Python 2 wrote them too. */
static int
read_shape(header_t *s)
{
    listed_t *a = &s->h->listed;
    int comma = 1;

    if (!take(s, '('))
        return wrong(s, "shape: a tuple like (3, 4) is expected");
    for (a->dimensions = 0; !take(s, ')'); )
    {
        char *end;
        blanks(s);
        if (!comma || *s->p < '0' || *s->p > '9')
            return wrong(s, "shape: a tuple like (3, 4) is expected");
        if (a->dimensions == ARRAY_MAX_DIMENSIONS)
            return wrong(s, "shape: more than %d dimensions", ARRAY_MAX_DIMENSIONS);
        if (s->p[0] == '0' && s->p[1] >= '0' && s->p[1] <= '9')
            return wrong(s, "shape: a number begins with 0");
        a->shape[a->dimensions++] = strtol(s->p, &end, 10);
        if (end - s->p > 18)
            return wrong(s, "shape: a number is too large");
        s->p = end;
        if (*s->p == 'L')
            s->p++;
        comma = take(s, ',');
    }
    if (a->dimensions == 1 && !comma)
        return wrong(s, "shape: a tuple of one number is written (3,)");
    return 1;
}

static int
read_item(header_t *s)
{
    char key[32];
    int k;

    if (!take_string(s, key, sizeof key))
        return wrong(s, "a key in quotes is expected");
    for (k = 0; k < 3 && strcmp(key, keys[k]) != 0; k++)
        ;
    if (k == 3)
        return wrong(s, "unknown key '%s' (known: descr, fortran_order, shape)", key);
    if (s->seen[k]++)
        return wrong(s, "%s: stands there twice", key);
    if (!take(s, ':'))
        return wrong(s, "%s: a colon is expected after the key", key);
    return k == 0 ? read_type(s) : k == 1 ? read_order(s) : read_shape(s);
}

static int
read_dictionary(header_t *s)
{
    int k, comma = 1;

    if (!take(s, '{'))
        return wrong(s, "a dictionary {'descr': ..} is expected");
    while (!take(s, '}'))
    {
        if (!comma)
            return wrong(s, "a comma or } is expected before \"%.20s\"", s->p);
        if (!read_item(s))
            return 0;
        comma = take(s, ',');
    }
    for (k = 0; k < 3; k++)
        if (!s->seen[k])
            return wrong(s, "%s is missing", keys[k]);
    blanks(s);
    return *s->p == '\0' || wrong(s, "something follows the dictionary: \"%.20s\"", s->p);
}

int
npy_header(npy_header_t *h, const unsigned char *data, size_t length, const char *what, fault_t *err)
{
    header_t s = { NULL, what, err, h, { 0, 0, 0 } };
    size_t begin, size;
    char *text;
    int ok;

    memset(h, 0, sizeof *h);
    if (length < 8 || memcmp(data, "\x93NUMPY", 6) != 0)
        return error_set(err, EX_DATAERR, "%s: not an NPY array", what);
    if (data[6] < 1 || data[6] > 3 || data[7] != 0)
        return error_set(err, EX_DATAERR, "%s: NPY version %d.%d is not read (1.0, 2.0 and 3.0 are)",
                         what, data[6], data[7]);
    begin = data[6] == 1 ? 10 : 12;
    if (length < begin)
        return error_set(err, EX_DATAERR, "%s: the NPY header is cut off", what);
    size = data[8] | (size_t) data[9] << 8;
    if (data[6] > 1)
        size |= (size_t) data[10] << 16 | (size_t) data[11] << 24;
    if (size > length - begin)
        return error_set(err, EX_DATAERR, "%s: the NPY header is cut off", what);
    if (size > NPY_MAX_HEADER - begin)
        return error_set(err, EX_DATAERR, "%s: the NPY header is longer than %d bytes", what,
                         NPY_MAX_HEADER);
    text = flint_malloc(size + 1);
    memcpy(text, data + begin, size);
    text[size] = '\0';
    h->begin = begin + size;
    s.p = text;
    ok = memchr(text, '\0', size) == NULL ? read_dictionary(&s) : wrong(&s, "a zero byte");
    flint_free(text);
    return ok;
}

int
npy_read(array_t *A, const char *path, selection_t *s, const char *what, fault_t *err)
{
    size_t length;
    char *text = read_file(path, &length, FILE_MAX_BYTES, err);
    const unsigned char *data = (const unsigned char *) text;
    npy_header_t h;
    int ok;

    (void) s;
    if (text == NULL)
        return 0;
    ok = npy_header(&h, data, length, what, err) && array_shape(A, &h.listed, what, err);
    if (ok && (size_t) (A->rows * A->columns * h.type.size) != length - h.begin)
        ok = error_set(err, EX_DATAERR, "%s: %ld x %ld items of %d bytes do not fit the %zu bytes of "
                       "data", what, (long) A->rows, (long) A->columns, h.type.size, length - h.begin);
    ok = ok && array_from_items(A, data + h.begin, &h.type, h.fortran, what, err);
    flint_free(text);
    return ok;
}
