/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Faults and files. */
#include "config.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include "problem_file.h"

int
error_set(fault_t *err, int status, const char *format, ...)
{
    va_list ap;

    if (err->status != 0)
        return 0;
    err->status = status;
    va_start(ap, format);
    vsnprintf(err->message, sizeof err->message, format, ap);
    va_end(ap);
    return 0;
}

char *
read_file(const char *path, size_t *len, long limit, fault_t *err)
{
    int standard = strcmp(path, "-") == 0;
    FILE *in = standard ? stdin : fopen(path, "rb");
    struct stat st;
    size_t room = 1 << 16, n;
    char *text;

    if (in == NULL || fstat(fileno(in), &st) != 0)
    {
        error_set(err, errno == ENOMEM ? EX_OSERR : EX_NOINPUT, "%s: %s", path, strerror(errno));
        if (in != NULL && !standard)
            fclose(in);
        return NULL;
    }
    if (S_ISDIR(st.st_mode) || (S_ISREG(st.st_mode) && st.st_size > limit))
    {
        if (!standard)
            fclose(in);
        error_set(err, S_ISDIR(st.st_mode) ? EX_NOINPUT : EX_DATAERR, S_ISDIR(st.st_mode)
                  ? "%s: is a directory" : "%s: larger than %ld bytes", path, limit);
        return NULL;
    }
    text = flint_malloc(room);
    *len = 0;
    while ((n = fread(text + *len, 1, room - *len - 1, in)) > 0)
    {
        *len += n;
        if (*len > (size_t) limit)
            break;
        if (room - *len - 1 < room / 4)
            text = flint_realloc(text, room *= 2);
    }
    text[*len] = '\0';
    if (ferror(in) || *len > (size_t) limit)
    {
        if (ferror(in))
            error_set(err, EX_IOERR, "%s: %s", path, strerror(errno));
        else
            error_set(err, EX_DATAERR, "%s: larger than %ld bytes", path, limit);
        flint_free(text);
        text = NULL;
    }
    if (!standard)
        fclose(in);
    return text;
}
