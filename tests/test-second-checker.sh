#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Two implementations, one verdict: certify-check and certcheck (tools/checker)
# agree on every certificate and every forgery, on the most expensive texts of
# their kind, and on cases that they once decided differently, but for those with
# transcendental leaves, which the second one does not support.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
unsupported=0
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

# compare SECONDS CERTIFICATE...
compare() {
    seconds=$1
    shift
    timeout "$seconds" python3 -B "$srcdir/tools/checker" "$@" > "$tmp/all" 2>&1
    for cert in "$@"; do
        ./certify-check -q "$cert" > "$tmp/first" 2>&1
        first=$?
        out=$(grep -F "$cert: " "$tmp/all" | head -n 1)
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
        else bad "$(basename "$cert"): certify-check says $first, certcheck $second: $out"; fi
    done
}

# beyond NAME LIMIT [OPTION...]: both refuse this family of tests/heavy.py because of the limit
beyond() {
    name=$1 limit=$2
    shift 2
    python3 -B "$srcdir/tests/heavy.py" "$tmp" "$name"
    ./certify-check -q "$@" "$tmp/$name.cert" > "$tmp/first" 2>&1
    timeout 120 python3 -B "$srcdir/tools/checker" "$@" "$tmp/$name.cert" > "$tmp/second" 2>&1
    if grep -q "REJECTED.*limit \"$limit\"" "$tmp/first" && grep -q "REJECTED.*limit \"$limit\"" "$tmp/second"
    then ok "$name: both refuse it because of the limit $limit"
    else bad "$name: $(cat "$tmp/first" "$tmp/second")"; fi
}

compare 600 "$srcdir"/certs/*.cert "$srcdir"/tests/forgeries/*.cert
if [ $unsupported -le 24 ]; then ok "$unsupported unsupported"; else bad "$unsupported unsupported"; fi
compare 60 "$srcdir"/tests/claims/regularity/cases/*.cert
beyond small-scale matrix
beyond small-columns matrix
beyond small-segments matrix --limits matrix=1000000
beyond small-radii work --limits work=50
plan
