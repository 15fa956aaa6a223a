#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Inputs that once failed: no crash, no hang, an orderly status.
srcdir=${srcdir:-.}
n=0 status=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
bad() { n=$((n + 1)); status=1; echo "not ok $n - $1"; }
for f in "$srcdir"/tests/fuzz/regressions/*; do
    case $(basename "$f") in
        certificate-*) timeout 20 ./certify-check -q "$f" > /dev/null 2>&1 ;;
        yaml-*) timeout 20 ./certify --no-certificate -q "$f" > /dev/null 2>&1 ;;
        *) continue ;;
    esac
    got=$?
    case $got in 0 | 1 | 2 | 65) ok "$(basename "$f"): status $got" ;; *) bad "$(basename "$f"): status $got" ;; esac
done
[ $n -gt 0 ] || bad "no regressions are there"
echo "1..$n"
exit $status
