#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Inputs that once failed: no crash, no hang, an orderly status.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
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
plan
