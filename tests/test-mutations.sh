#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Short runs of the mutation test and of the adversary; make check-mutations
# has the long ones.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
out=$(python3 "$srcdir/tests/mutate.py" ./certify-check "$srcdir/certs" 3000 2>&1) && ok "3000 mutants" || bad "mutants: $out"
echo "$out" | grep '^#'
out=$(python3 "$srcdir/tests/adversary.py" ./certify-check 180 2>&1) && ok "180 false claims built from the start" || bad "adversary: $out"
echo "$out" | grep '^#'
plan
