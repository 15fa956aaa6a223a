#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The reference certificates verify; the examples are proved again with the exit
# statuses of examples/statuses (those that are not listed: 0) and state the same,
# line by line, but for the numbers that come from a search (tests/statement.py).
# The evidence may differ anywhere.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
folders
mkdir "$tmp/again"

for cert in "$srcdir"/certs/*.cert; do
    if ./certify-check -q "$cert" > /dev/null; then ok "$(basename "$cert") verifies"
    else bad "$(basename "$cert") does not verify"; fi
done
for yaml in "$srcdir"/examples/*.yaml; do
    name=$(basename "$yaml" .yaml)
    (cd "$tmp/again" && "$top/certify" -q "$yaml" > "$tmp/out" 2> "$tmp/err")
    got=$?
    want=$(sed -n "s/^$name //p" "$srcdir/examples/statuses")
    if [ $got = "${want:-0}" ]; then ok "$name: exit status $got"
    else bad "$name: exit status $got, not ${want:-0}: $(cat "$tmp/err")"; fi
done
while read -r name want; do
    [ -f "$srcdir/examples/$name.yaml" ] && [ "$want" != 0 ] || bad "examples/statuses: $name $want"
done < "$srcdir/examples/statuses"
python3 "$srcdir/tests/statement.py" "$srcdir/certs" "$tmp/again" > "$tmp/compared" || : # each line says it
while read -r line; do
    case $line in "ok - "*) ok "${line#ok - }" ;; *) bad "${line#not ok - }" ;; esac
done < "$tmp/compared"
all=$(ls "$srcdir/certs" "$tmp/again" | grep '\.cert$' | sort -u | wc -l)
if [ "$(wc -l < "$tmp/compared")" -eq "$all" ]; then ok "all $all were compared"; else bad "not all $all were compared"; fi
for cert in "$srcdir"/certs/*.cert; do
    name=$(basename "$cert" .cert)
    base=${name%.[0-9]}
    if ./certify check -q --problem "$srcdir/examples/$base.yaml" "$cert" > /dev/null
    then ok "$name is about $base.yaml"; else bad "$name is not about $base.yaml"; fi
done
plan
