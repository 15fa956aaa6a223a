#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Two implementations, one verdict: certify-check and tools/certcheck.py agree
# on every certificate and every forgery, but for those with transcendental
# leaves, which the second one does not support.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
unsupported=0
all=$(mktemp) || exit 99
trap 'rm -f "$all"' EXIT
timeout 600 python3 "$srcdir/tools/certcheck.py" "$srcdir"/certs/*.cert "$srcdir"/tests/forgeries/*.cert > "$all" 2>&1
for cert in "$srcdir"/certs/*.cert "$srcdir"/tests/forgeries/*.cert; do
    ./certify-check -q "$cert" > /dev/null 2>&1
    first=$?
    out=$(grep -F "$cert: " "$all" | head -n 1)
    case ${out#"$cert: "} in
        VERIFIED*) second=0 ;;
        REJECTED*) second=1 ;;
        UNSUPPORTED*) second=69 ;;
        *) second=none ;;
    esac
    if [ $second = 69 ] && grep -qE '^activation (tanh|sigmoid|softplus|smooth-leaky)' "$cert"; then
        unsupported=$((unsupported + 1))
        ok "$(basename "$cert"): unsupported, as it may be"
    elif [ $first = $second ]; then ok "$(basename "$cert"): both say $first"
    else bad "$(basename "$cert"): certify-check says $first, certcheck.py $second: $out"; fi
done
if [ $unsupported -le 24 ]; then ok "$unsupported unsupported"; else bad "$unsupported unsupported"; fi
plan
