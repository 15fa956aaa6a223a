#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every forgery is REJECTED for the expected reason; so is every reference
# certificate that is cut off after any of its lines.
srcdir=${srcdir:-.}
check=./certify-check
. "$srcdir/tests/tap.sh"

while IFS='|' read -r name reason; do
    out=$(timeout 10 $check "$srcdir/tests/forgeries/$name.cert" 2>&1)
    if [ $? -eq 1 ] && printf '%s' "$out" | grep -q ': REJECTED: ' \
        && printf '%s' "$out" | grep -qF -- "$reason"
    then ok "$name"; else bad "$name: $out"; fi
done < "$srcdir/tests/forgeries/expected"

listed=$(wc -l < "$srcdir/tests/forgeries/expected")
files=$(ls "$srcdir"/tests/forgeries/*.cert | wc -l)
if [ "$listed" -eq "$files" ]; then ok "$files files, all listed"; else bad "$files files, $listed listed"; fi

tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
for cert in "$srcdir"/certs/identity.1.cert "$srcdir"/certs/tanh-wide.cert "$srcdir"/certs/false.cert; do
    lines=$(wc -l < "$cert") i=0 accepted=0
    while [ $i -lt "$lines" ]; do
        head -n $i "$cert" > "$tmp/cut"
        timeout 10 $check -q "$tmp/cut" > /dev/null 2>&1
        [ $? -eq 1 ] || accepted=$((accepted + 1))
        i=$((i + 1))
    done
    if [ $accepted -eq 0 ]; then ok "$(basename "$cert") cut off after any of $lines lines"
    else bad "$(basename "$cert"): $accepted cut-off texts were not rejected"; fi
done
plan
