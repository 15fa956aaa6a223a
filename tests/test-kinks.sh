#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Random stationary points, many of them at kinks, whose answers are tried out.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
if repeated; then count=12; else count=150; fi
out=$(python3 "$srcdir/tests/kinks.py" ./certify $count 7 2>&1) && ok "$out" || bad "$out"
plan
