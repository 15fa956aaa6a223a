#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The certificates of version 0.1.0 in tests/format-1 are kept for ever: each
# verifies, states what is in `statements`, NAME|claim line|conclusion line, and is
# printed as in sentences/NAME.txt: a change of a sentence is a change of these files.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
folder=$srcdir/tests/format-1

while IFS='|' read -r name claim conclusion; do
    cert=$folder/$name.cert
    if ! out=$(timeout 20 ./certify-check "$cert" 2>&1); then bad "$name: $out"
    elif [ "$(grep -a '^claim ' "$cert")" != "$claim" ] || [ "$(grep -a '^conclusion ' "$cert")" != "$conclusion" ]
    then bad "$name: it states something else"
    elif ! printf '%s\n' "$out" | tail -n +2 | cmp - "$folder/sentences/$name.txt" > /dev/null
    then bad "$name: another sentence is printed"
    else ok "$name verifies: $(echo "$claim" | cut -c 1-70)"; fi
done < "$folder/statements"
listed=$(wc -l < "$folder/statements") files=$(ls "$folder"/*.cert | wc -l)
if [ "$listed" -eq "$files" ]; then ok "$files files, all listed"; else bad "$files files, $listed listed"; fi
plan
