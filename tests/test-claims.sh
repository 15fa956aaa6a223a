#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The cases of every folder: problem files and certificates, in cases/expected for
# each the exit status of certify and what its output contains, NAME|STATUS|TEXT, a
# line for every text; NAME is a problem's without its .yaml, a certificate's in
# full.  The lines "claim" and "conclusion" of the certificates count as output.
# Every certificate that is made is VERIFIED and is about its problem file; a problem
# that is refused (65) has none.  Both commands give the verdict on a certificate.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
folders

for expected in "$srcdir"/tests/claims/*/cases/expected "$srcdir"/tests/*/cases/expected; do
    cases=${expected%/expected}
    folder=${cases#"$srcdir/tests/"}
    folder=${folder%/cases}
    last=
    while IFS='|' read -r name want text; do
        yaml=$cases/$name.yaml
        if [ "$name" = "$last" ]; then
            [ $got -eq "$want" ] || bad "$folder: $name: two statuses are expected"
        elif [ "${name%.cert}" != "$name" ]; then
            last=$name
            timeout 60 "$top/certify" check "$cases/$name" > "$tmp/out" 2>&1
            got=$?
            timeout 60 "$top/certify-check" -q "$cases/$name" > /dev/null 2>&1
            short=$?
            if [ $got -eq "$want" ] && [ $short -eq $got ]; then ok "$folder: $name: status $got"
            else bad "$folder: $name: exit status $got, certify-check's $short, not $want: $(tr "\n" " " < "$tmp/out")"; fi
        else
            last=$name
            rm -rf "$tmp/made"
            mkdir "$tmp/made"
            (cd "$tmp/made" && timeout 60 "$top/certify" "$yaml") > "$tmp/out" 2>&1
            got=$?
            certs=$(ls "$tmp/made")
            [ -z "$certs" ] || (cd "$tmp/made" && grep -ahE '^(claim|conclusion) ' $certs) >> "$tmp/out"
            if [ $got -ne "$want" ]; then bad "$folder: $name: exit status $got, not $want: $(tr "\n" " " < "$tmp/out")"
            elif [ $got -le 1 ] && [ -z "$certs" ]; then bad "$folder: $name: no certificate"
            elif [ $got -gt 2 ] && [ -n "$certs" ]; then bad "$folder: $name: a certificate, $certs"
            elif [ -n "$certs" ] && ! (cd "$tmp/made" && "$top/certify-check" -q $certs) > "$tmp/verdicts"
            then bad "$folder: $name: $(grep -v VERIFIED "$tmp/verdicts")"
            elif [ -n "$certs" ] && ! (cd "$tmp/made" && "$top/certify" check -q --problem "$yaml" $certs) > "$tmp/verdicts" 2>&1
            then bad "$folder: $name: $(cat "$tmp/verdicts")"
            else ok "$folder: $name: status $got, certificates: $(echo $certs)"; fi
        fi
        grep -qF -- "$text" "$tmp/out" || bad "$folder: $name: \"$text\" is not in $(tr "\n" " " < "$tmp/out")"
    done < "$expected"
    listed=$(cut -d '|' -f 1 "$expected" | uniq | wc -l) files=$(ls "$cases" | grep -cE '\.(yaml|cert)$')
    if [ "$listed" -eq "$files" ]; then ok "$folder: $files cases, all listed"
    else bad "$folder: $files cases, $listed listed"; fi
done
[ $n -gt 0 ] || bad "there are no cases"
plan
