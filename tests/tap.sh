# SPDX-License-Identifier: LGPL-2.1-or-later
# For the shell tests, sourced: ok and bad print one result each, plan ends.
n=0 status=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
bad() { n=$((n + 1)); status=1; echo "not ok $n - $1"; }
plan() { echo "1..$n"; exit $status; }
