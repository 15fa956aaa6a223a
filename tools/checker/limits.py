# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table of doc/certificate-format.md, "Limits"."""

DEFAULTS = {"bytes": 256 << 20, "digits": 100000, "layers": 200, "rows": 4096, "columns": 100000,
            "blocks": 20000, "rounding": 10 ** 6, "expansion": 1 << 29, "matrix": 1 << 32,
            "leaves": 10 ** 6, "cells": 1 << 21, "work": 1 << 14}

# No limit may be raised above these.
MOST = {"bytes": 1 << 40, "digits": 1 << 30, "layers": 1 << 15, "rows": 1 << 30,
        "columns": 1 << 30, "blocks": 1 << 30, "rounding": 1 << 40, "expansion": 1 << 60,
        "matrix": 1 << 60, "leaves": 1 << 40, "cells": 1 << 40, "work": 1 << 60}

MOST_NAME = 95                      # characters of a role or word
MOST_BITS = 4096


def read_limits(text):
    """The limits with those of "NAME=N,..." in place of the defaults; ValueError if that cannot
    be read."""
    limits = dict(DEFAULTS)
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if name not in limits or not (value.isascii() and value.isdigit()):
            raise ValueError(part)
        if len(value) > 40 or not 1 <= int(value) <= MOST[name]:
            raise ValueError(part)
        limits[name] = int(value)
    return limits
