/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <stdio.h>
#include <string.h>
#include "limits_option.h"

int
limits_set(const char *text, char *message, size_t size)
{
    slong new[LIMIT_KINDS] = { 0 };
    const char *p = text;
    int k;

    while (1)
    {
        size_t n = strcspn(p, "=,");
        slong x = 0;
        for (k = 0; k < LIMIT_KINDS; k++)
            if (strlen(limit_name[k]) == n && memcmp(p, limit_name[k], n) == 0)
                break;
        if (k == LIMIT_KINDS || p[n] != '=')
        {
            snprintf(message, size, "NAME=VALUE is expected, not \"%.60s\"; the names are bytes, digits, "
                     "layers, rows, columns, blocks, rounding, expansion, matrix, work", p);
            return 0;
        }
        for (p += n + 1; *p >= '0' && *p <= '9' && x <= (1L << 56); p++)
            x = 10 * x + (*p - '0');
        if (x < 1 || x > limit_most(k) || (*p != '\0' && *p != ','))
        {
            snprintf(message, size, "%s: a whole number from 1 to %ld is expected", limit_name[k],
                     (long) limit_most(k));
            return 0;
        }
        new[k] = x;
        if (*p == '\0')
            break;
        p++;
    }
    for (k = 0; k < LIMIT_KINDS; k++)
        if (new[k] > 0)
            limit_set(k, new[k]);
    return 1;
}
