#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every forgery of every folder is REJECTED for the expected reason; so are the
# forgeries made again from what is proved today (evidence from floating point
# may differ between machines), and every reference certificate that is cut off
# after any of its lines.
srcdir=${srcdir:-.}
check=./certify-check
. "$srcdir/tests/tap.sh"
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

# rejected FILE REASON
rejected() {
    out=$(timeout 10 $check "$1" 2>&1)
    [ $? -eq 1 ] && printf '%s' "$out" | grep -q ': REJECTED: ' && printf '%s' "$out" | grep -qF -- "$2"
}
if repeated; then
    for folder in "$srcdir"/tests/claims/*/forgeries "$srcdir"/tests/*/forgeries; do
        mkdir -p "$tmp/again/${folder#"$srcdir/tests/"}" && cp "$folder"/* "$tmp/again/${folder#"$srcdir/tests/"}"
    done
    ok "a build that repeats makes none again"
else
    python3 "$srcdir/tests/make_forgeries.py" ./certify "$tmp/again" > "$tmp/made" 2>&1 \
        && ok "made again: $(tail -n 1 "$tmp/made")" || bad "make_forgeries.py: $(tail -n 3 "$tmp/made")"
fi
folders=0
for expected in "$srcdir"/tests/claims/*/forgeries/expected "$srcdir"/tests/*/forgeries/expected; do
    folder=${expected%/expected}
    name=${folder%/forgeries}
    name=${name#"$srcdir/tests/"}
    again=$tmp/again/$name/forgeries
    folders=$((folders + 1)) other=
    while IFS='|' read -r forgery reason; do
        if rejected "$folder/$forgery.cert" "$reason"; then ok "$name: $forgery"; else bad "$name: $forgery: $out"; fi
        if ! [ -f "$again/$forgery.cert" ] || cmp -s "$folder/$forgery.cert" "$again/$forgery.cert"; then continue; fi
        other="$other $forgery"
        rejected "$again/$forgery.cert" "$reason" || bad "$name: $forgery, made again: $out"
    done < "$expected"
    listed=$(wc -l < "$expected") files=$(ls "$folder"/*.cert | wc -l)
    if [ "$listed" -eq "$files" ]; then ok "$name: $files files, all listed"
    else bad "$name: $files files, $listed listed"; fi
    if cmp -s "$expected" "$again/expected"; then ok "$name: the same made again, with other evidence:${other:- none}"
    else bad "$name: forge.py makes others: $(diff "$expected" "$again/expected" 2>&1)"; fi
done
made=$(ls -d "$tmp"/again/*/forgeries "$tmp"/again/claims/*/forgeries 2> /dev/null | wc -l)
if [ $folders -eq "$made" ]; then ok "$folders folders"; else bad "$folders folders, $made made"; fi

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
