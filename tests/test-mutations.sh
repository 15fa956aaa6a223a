#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Short runs of the mutation test and of the adversary; make check-mutations
# has the long ones.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
if repeated; then mutants=1000; else mutants=3000; fi
out=$(python3 "$srcdir/tests/mutate.py" ./certify-check "$srcdir/certs" $mutants 2>&1) && ok "$mutants mutants" || bad "mutants: $out"
echo "$out" | grep '^#'
out=$(python3 "$srcdir/tests/adversary.py" ./certify-check 180 2>&1) && ok "180 false claims built from the start" || bad "adversary: $out"
echo "$out" | grep '^#'
plan
