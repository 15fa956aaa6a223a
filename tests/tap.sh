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
# Sets top, the folder of the build, makes srcdir absolute, and tmp a folder that goes at the end.
folders() {
    top=$(pwd)
    case $srcdir in /*) ;; *) srcdir=$top/$srcdir ;; esac
    tmp=$(mktemp -d) || exit 99
    trap 'chmod -R u+w "$tmp" 2> /dev/null; rm -rf "$tmp"' EXIT
}
# want STATUS WORDS...: the exit status of a command, whose output goes to the files out and err
want() {
    wanted=$1
    shift
    timeout 60 "$@" > out 2> err
    got=$?
    words=$(echo "$*" | tr -dc '[:print:]' | sed "s,$top,,g;s,$srcdir,,g")
    if [ $got -eq "$wanted" ]; then ok "status $got: $words"
    else bad "status $got, not $wanted: $* $(cat out err)"; fi
}
# refused TEXT STATUS PATTERN COMMAND...: the exit status of a command, and a line of its errors
refused() {
    what=$1 want=$2 pattern=$3
    shift 3
    "$@" > out 2> err
    got=$?
    if [ $got = "$want" ] && grep -q "$pattern" err; then ok "$what: status $want"
    else bad "$what: status $got, not $want: $(cat out err)"; fi
}
plan() { echo "1..$n"; exit $status; }
