#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Random critical points, constructed with known patterns.
srcdir=${srcdir:-.}
exec python3 "$srcdir/tests/critical.py" ./certify ./certify-check 60
