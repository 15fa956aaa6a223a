#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Random points with weight decay, omega and non-increasing paths, whose answers are known.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
if repeated; then count=30; else count=300; fi
out=$(python3 "$srcdir/tests/decay.py" ./certify $count 7 2>&1) && ok "$out" || bad "$out"
plan
