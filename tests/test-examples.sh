#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The reference certificates verify; the examples are proved again with the
# same conclusion: claim, radii, lambda and the paper's constant.  (lambda_lower
# comes from a search, and may differ in its last digits between machines; the
# evidence may differ anywhere.)
srcdir=${srcdir:-.}
top=$(pwd)
case $srcdir in /*) ;; *) srcdir=$top/$srcdir ;; esac
. "$srcdir/tests/tap.sh"
conclusion() {
    grep -E '^(claim|conclusion) ' "$1" | sed 's/ lambda_lower [^ ]*//; s/ radius_factor [^ ]*//'
}
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

for cert in "$srcdir"/certs/*.cert; do
    if ./certify-check -q "$cert" > /dev/null; then ok "$(basename "$cert") verifies"
    else bad "$(basename "$cert") does not verify"; fi
done
for yaml in "$srcdir"/examples/*.yaml; do
    name=$(basename "$yaml" .yaml)
    (cd "$tmp" && "$top/certify" -q "$yaml" > out 2> err)
    got=$?
    case $name in
        identity | false | regularity | minimizers-iris | factorization | findings-rank-deficient | findings-theorem-3 | findings-non-strict | findings-eta-min | findings-theorem-1 | findings-theorem-6) want=1 ;;
        undecided | findings-kink) want=2 ;;
        *) want=0 ;; esac
    if [ $got -eq $want ]; then ok "$name: exit status $got"
    else bad "$name: exit status $got, not $want: $(cat "$tmp/err")"; fi
done
for cert in "$srcdir"/certs/*.cert; do
    name=$(basename "$cert")
    conclusion "$cert" > "$tmp/want"
    if [ -f "$tmp/$name" ] && conclusion "$tmp/$name" > "$tmp/got" && cmp -s "$tmp/want" "$tmp/got"
    then ok "$name: proved again, the same conclusion"
    else bad "$name: another conclusion: $(cat "$tmp/got")"; fi
    base=${name%.cert}
    base=${base%.[0-9]}
    if ./certify check -q --problem "$srcdir/examples/$base.yaml" "$cert" > /dev/null
    then ok "$name is about $base.yaml"; else bad "$name is not about $base.yaml"; fi
done
new=$(ls "$tmp"/*.cert | wc -l) old=$(ls "$srcdir"/certs/*.cert | wc -l)
if [ "$new" -eq "$old" ]; then ok "every example's certificate is in certs"
else bad "$new certificates were made, $old are in certs"; fi
plan
