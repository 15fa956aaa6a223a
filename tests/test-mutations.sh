#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Short runs of the mutation test and of the adversary; make check-mutations
# has the long ones.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
if repeated; then mutants=1000 claims=60; else mutants=3000 claims=180; fi
out=$(python3 "$srcdir/tests/mutate.py" ./certify-check "$srcdir/certs" $mutants 2>&1) && ok "$mutants mutants" || bad "mutants: $out"
echo "$out" | grep '^#'
out=$(python3 "$srcdir/tests/adversary.py" ./certify-check $claims 2>&1) && ok "$claims false claims built from the start" || bad "adversary: $out"
echo "$out" | grep '^#'
plan
