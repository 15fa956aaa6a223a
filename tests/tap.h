/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Test Anything Protocol: ok(condition, name...) and done(). */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdio.h>

static int tap_count, tap_failed;

__attribute__((unused, format(printf, 2, 3))) static int
ok(int condition, const char *format, ...)
{
    va_list ap;

    printf("%sok %d - ", condition ? "" : "not ", ++tap_count);
    va_start(ap, format);
    vprintf(format, ap);
    va_end(ap);
    printf("\n");
    fflush(stdout);
    tap_failed += !condition;
    return condition;
}

__attribute__((unused)) static int
done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed != 0;
}

#endif
