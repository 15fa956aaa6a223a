# SPDX-License-Identifier: LGPL-2.1-or-later
# For the shell tests, sourced: ok, bad and skip print one result each, plan ends.
n=0 status=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
bad() { n=$((n + 1)); status=1; echo "not ok $n - $1"; }
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
plan() { echo "1..$n"; exit $status; }
