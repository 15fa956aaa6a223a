#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Two implementations, one verdict: certify-check and the second checker agree on
# every certificate, every forgery, what is proved of the cases, and texts that
# are refused because of a limit.  The second one does not support enclosures of
# transcendental functions: it may say UNSUPPORTED of a certificate with such an
# activation, or with such a loss where its second derivative is needed, and of no other.  (A build that repeats: of what is in certs/ and proved of the cases.)
srcdir=${srcdir:-.}
top=$(pwd)
case $srcdir in /*) ;; *) srcdir=$top/$srcdir ;; esac
. "$srcdir/tests/tap.sh"
second=$srcdir/tools/checker
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

set -- "$srcdir"/certs/*.cert
if ! repeated; then
    set -- "$@" "$srcdir"/tests/claims/*/forgeries/*.cert "$srcdir"/tests/*/forgeries/*.cert "$srcdir"/tests/claims/*/cases/*.cert
fi
for old in "$srcdir"/tests/format-1/*.cert; do
    cmp -s "$old" "$srcdir/certs/$(basename "$old")" || set -- "$@" "$old"
done
for yaml in "$srcdir"/tests/claims/*/cases/*.yaml "$srcdir"/tests/*/cases/*.yaml; do
    folder=$(basename "$(dirname "$(dirname "$yaml")")")
    mkdir -p "$tmp/$folder"
    (cd "$tmp/$folder" && "$top/certify" -q "$yaml" > /dev/null 2>&1)
done
set -- "$@" "$tmp"/*/*.cert

timeout 600 python3 -B "$second" "$@" > "$tmp/second" 2>&1
./certify-check -q "$@" > "$tmp/first" 2>&1
# verdict FILE CERTIFICATE
verdict() {
    out=$(grep -F "$2: " "$1" | head -n 1)
    out=${out#"$2: "}
    case $out in VERIFIED* | REJECTED* | UNSUPPORTED*) ;; *) echo "none: $out"; return ;; esac
    out=${out%%:*}
    echo "${out%% *}"
}
unsupported=0
for cert in "$@"; do
    name=${cert#"$srcdir/"}
    name=${name#"$tmp/"}
    a=$(verdict "$tmp/first" "$cert") b=$(verdict "$tmp/second" "$cert")
    if [ "$a" = "$b" ]; then ok "$name: both say $a"
    elif [ "$b" = UNSUPPORTED ] && { grep -aqE '^activation (tanh|sigmoid|softplus|smooth-leaky)' "$cert" \
            || { grep -aqE '^loss (cross-entropy|logistic)' "$cert" && grep -aqE '^claim .*-within ' "$cert"; }; }; then
        unsupported=$((unsupported + 1))
        ok "$name: $a, unsupported by the second"
    else bad "$name: certify-check says $a, the second checker $b: $(grep -F "$cert: " "$tmp/second" | head -n 1)"; fi
done
echo "# $unsupported unsupported"

# beyond NAME LIMIT [OPTION...]: both refuse this family of tests/heavy.py because of the limit
beyond() {
    name=$1 limit=$2
    shift 2
    python3 "$srcdir/tests/heavy.py" "$tmp" "$name"
    ./certify-check -q "$@" "$tmp/$name.cert" > "$tmp/first" 2>&1
    timeout 120 python3 -B "$second" "$@" "$tmp/$name.cert" > "$tmp/second" 2>&1
    if grep -q "REJECTED.*limit \"$limit\"" "$tmp/first" && grep -q "REJECTED.*limit \"$limit\"" "$tmp/second"
    then ok "$name: both refuse it because of the limit $limit"
    else bad "$name: $(cat "$tmp/first" "$tmp/second")"; fi
}
beyond small-scale matrix
beyond small-columns matrix
beyond small-segments matrix --limits matrix=1000000
beyond small-radii work --limits work=50
plan
