#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# One example of each kind under valgrind: no error, nothing definitely lost.
srcdir=${srcdir:-.}
top=$(pwd)
case $srcdir in /*) ;; *) srcdir=$top/$srcdir ;; esac
. "$srcdir/tests/tap.sh"
if nm ./certify 2> /dev/null | grep -q __asan_init || nm .libs/certify 2> /dev/null | grep -q __asan_init; then
    echo "1..1"
    echo "ok 1 - the sanitizers watch this build instead of valgrind"
    exit 0
fi
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
memcheck="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --trace-children=yes"
certify=$top/certify check=$top/certify-check
[ -x .libs/certify ] && certify=$top/.libs/certify check=$top/.libs/certify-check
cd "$tmp" || exit 99
run() {
    want=$1 name=$2
    shift 2
    $memcheck "$@" > out 2> err
    got=$?
    if [ $got -eq "$want" ]; then ok "$name"; else bad "$name: status $got: $(head -n 5 err)"; fi
}
for e in iris-linear iris-residual leaky-relu tanh-wide hilbert; do
    run 0 "prove $e" "$certify" "$srcdir/examples/$e.yaml"
    run 0 "check $e" "$check" "$srcdir/certs/$e.cert"
done
run 1 "refute false" "$certify" "$srcdir/examples/false.yaml"
run 2 "undecided" "$certify" "$srcdir/examples/undecided.yaml"
run 1 "exact decisions" "$certify" "$srcdir/examples/identity.yaml"
run 0 "bounds" "$certify" bounds "$srcdir/examples/tanh-wide.yaml"
run 0 "explain" "$certify" explain --latex "$srcdir/certs/iris-linear.cert"
run 1 "a forgery" "$check" "$srcdir/tests/claims/gradient-dominance/forgeries/joint-too-good.cert"
run 1 "a truncated certificate" "$check" "$srcdir/tests/text/forgeries/no-end.cert"
printf 'certify: 1\nnetwork: {kind: linear}\ndata: {X: [[1, 0], [0' > cut.yaml
run 65 "a truncated problem" "$certify" cut.yaml
plan
