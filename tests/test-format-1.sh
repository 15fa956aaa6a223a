#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The certificates of version 0.1.0 in tests/format-1 are kept for ever: each
# verifies, and states what is in `statements`, NAME|claim line|conclusion line.
# (sentences/ has the sentence that was printed for each; those are not compared.)
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
folder=$srcdir/tests/format-1

while IFS='|' read -r name claim conclusion; do
    cert=$folder/$name.cert
    if ! out=$(timeout 20 ./certify-check -q "$cert" 2>&1); then bad "$name: $out"
    elif [ "$(grep -a '^claim ' "$cert")" != "$claim" ] || [ "$(grep -a '^conclusion ' "$cert")" != "$conclusion" ]
    then bad "$name: it states something else"
    elif ! [ -s "$folder/sentences/$name.txt" ]; then bad "$name: its sentence is missing"
    else ok "$name verifies: $(echo "$claim" | cut -c 1-70)"; fi
done < "$folder/statements"
listed=$(wc -l < "$folder/statements") files=$(ls "$folder"/*.cert | wc -l)
if [ "$listed" -eq "$files" ]; then ok "$files files, all listed"; else bad "$files files, $listed listed"; fi
plan
