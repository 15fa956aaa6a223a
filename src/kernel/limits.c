/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "limits.h"

const char *const limit_name[LIMIT_KINDS] = {
    "bytes", "digits", "layers", "rows", "columns", "blocks", "rounding", "expansion", "matrix", "leaves", "cells", "work"
};

static slong value[LIMIT_KINDS] = {
    256L << 20, 100000, 200, 4096, 100000, 20000, 1000000, 1L << 29, 1L << 32, 1000000, 1L << 21, 1L << 14
};

/* No limit may be raised above these: products of two stay within a word. */
static const slong most[LIMIT_KINDS] = {
    1L << 40, 1L << 30, 1L << 15, 1L << 30, 1L << 30, 1L << 30, 1L << 40, 1L << 60, 1L << 60, 1L << 40, 1L << 40, 1L << 60
};

/* The meter: one for each thread, which verifies one certificate at a time. */
static _Thread_local int metered;
static _Thread_local ulong left;                  /* units */
static _Thread_local ulong kept;                  /* bits */
static _Thread_local const char *exceeded;

slong
limit(limit_kind k)
{
    return value[k];
}

int
limit_set(limit_kind k, slong x)
{
    if (x < 1 || x > most[k])
        return 0;
    value[k] = x;
    return 1;
}

slong
limit_most(limit_kind k)
{
    return most[k];
}

/* a b, at most 2^63. */
static ulong
product(ulong a, ulong b)
{
    const ulong most = 1UL << 63;

    return b != 0 && a > most / b ? most : a * b;
}

void
work_start(size_t bytes)
{
    metered = 1;
    exceeded = NULL;
    kept = 0;
    left = product(bytes + 65536, value[LIMIT_WORK]);
}

void
work_stop(void)
{
    metered = 0;
    exceeded = NULL;
}

int
work_take(slong r, slong k, slong c, slong abits, slong bbits)
{
    ulong a = abits / 64 + 1, b = bbits / 64 + 1;
    ulong cost = product(product(product(r, k), c), product(a, b));

    if (!metered)
        return 1;
    if (exceeded != NULL)
        return 0;
    if (product(product(r, c), FLINT_MAX(abits + bbits, 64)) > (ulong) value[LIMIT_MATRIX])
        exceeded = "a matrix would be larger than the limit \"matrix\" of the format";
    else if (cost > left)
        exceeded = "the work is more than the limit \"work\" of the format allows for a text of this length";
    else
        left -= cost;
    return exceeded == NULL;
}

int
work_keep(slong r, slong c, slong bits)
{
    if (!metered)
        return 1;
    kept += product(product(r, c), FLINT_MAX(bits, 64));
    kept = FLINT_MIN(kept, 1UL << 62);
    if (exceeded == NULL && kept > (ulong) value[LIMIT_MATRIX])
        exceeded = "the products of layers are larger than the limit \"matrix\" of the format";
    return exceeded == NULL;
}

const char *
work_exceeded(void)
{
    return exceeded;
}
