#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Critical points with random activation patterns: what is constructed, and what gradient descent reaches.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
if repeated; then count=8; else count=60; fi
out=$(python3 "$srcdir/tests/exists.py" ./certify $count 7 2>&1) && ok "$out" || bad "$out"
plan
