# SPDX-License-Identifier: LGPL-2.1-or-later
# For the shell tests, sourced: ok, bad and skip print one result each, plan ends.
n=0 status=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
bad() { n=$((n + 1)); status=1; echo "not ok $n - $1"; }
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
# 1 in a build that repeats what has just passed: make distcheck, and the sanitizers.
repeated() {
    case $(pwd) in */_build/* | */_build) return 0 ;; esac
    [ "$(nm ./certify-check 2> /dev/null | grep -c __asan_init)" -ne 0 ]
}
plan() { echo "1..$n"; exit $status; }
