/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A certificate goes to its place: whole and checked, or not at all. */
#include "config.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include "prove/write.h"
#include "task.h"

static char temporary[PATH_MAX + 32];       /* this process writes it; "": none */

static void
temporary_name(char name[PATH_MAX + 32], const char *target, pid_t pid)
{
    snprintf(name, PATH_MAX + 32, "%s.tmp.%ld", target, (long) pid);
}

void
certificate_drop(void)
{
    if (temporary[0] != '\0')
        unlink(temporary);
}

void
certificate_drop_of(const char *target, pid_t pid)
{
    char name[PATH_MAX + 32];

    temporary_name(name, target, pid);
    unlink(name);
}

/* The text as a checker reads it. */
static int
checks(const char *target, const char *text, size_t len, fault_t *fault)
{
    certificate_t C;
    rejection_t why;
    int ok, large;

    certificate_init(&C);
    ok = certificate_check(&C, text, len, &why);
    certificate_clear(&C);
    if (ok)
        return 1;
    large = strcmp(why.role, "limits") == 0;
    return error_set(fault, large ? EX_CANTCREAT : EX_SOFTWARE,
                     "%s: %s: line %ld: %s: %s; nothing was written%s", target,
                     large ? "the certificate is beyond the limits of the format"
                     : "internal error: the new certificate does not check",
                     (long) why.line, why.role, why.reason,
                     large ? "; --limits raises them, when proving and when checking" : "");
}

static int
write_temporary(const char *target, const text_t *t, fault_t *fault)
{
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666), ok;
    FILE *out = fd < 0 ? NULL : fdopen(fd, "wb");

    if (out == NULL)
    {
        temporary[0] = '\0';            /* it is another's */
        return error_set(fault, EX_CANTCREAT, "%s: cannot create: %s", target, strerror(errno));
    }
    ok = fwrite(t->data, 1, t->len, out) == t->len && fflush(out) == 0 && fsync(fd) == 0;
    if (fclose(out) != 0 || !ok)
        return error_set(fault, EX_IOERR, "%s: cannot write: %s", target, strerror(errno));
    return 1;
}

static int
read_back(const char *target, fault_t *fault)
{
    load_fault_t why;
    size_t len;
    char *text = report_load(temporary, &len, &why);
    int ok;

    if (text == NULL)
        return error_set(fault, why.status, "%s", why.message);
    ok = checks(target, text, len, fault);
    flint_free(text);
    return ok;
}

/* A device, a pipe, a link: renaming over it would destroy it. */
static int
may_be_replaced(const char *target, fault_t *fault)
{
    struct stat st;

    return lstat(target, &st) != 0 || S_ISREG(st.st_mode)
        || error_set(fault, EX_CANTCREAT,
                     "%s: cannot create: it exists and is not a regular file", target);
}

static int
write_file(const char *target, const text_t *t, fault_t *fault)
{
    int ok;

    if (!may_be_replaced(target, fault))
        return 0;
    temporary_name(temporary, target, getpid());
    ok = write_temporary(target, t, fault) && read_back(target, fault);
    if (ok && rename(temporary, target) != 0)
        ok = error_set(fault, EX_CANTCREAT, "%s: cannot create: %s", target, strerror(errno));
    if (!ok)
        certificate_drop();
    temporary[0] = '\0';
    return ok;
}

static int
write_standard_output(const text_t *t, fault_t *fault)
{
    return checks("-", t->data, t->len, fault)
        && ((fwrite(t->data, 1, t->len, stdout) == t->len && fflush(stdout) == 0)
            || error_set(fault, EX_IOERR, "standard output: %s", strerror(errno)));
}

int
certificate_keep(const char *target, const problem_t *P, const proof_t *proof, fault_t *fault)
{
    text_t t;
    int ok;

    text_init(&t);
    certificate_write(&t, P, &proof->c, &proof->k, &proof->f);
    ok = strcmp(target, "-") == 0 ? write_standard_output(&t, fault)
        : write_file(target, &t, fault);
    text_clear(&t);
    return ok;
}
