#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Seconds to prove and to check, start-up included: the median of five runs.
# Usage: bench/speed.sh [FOLDER OF THE PROGRAMS]
here=$(cd "$(dirname "$0")/.." && pwd)
bin=$(cd "${1:-.}" && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
python3 "$here/bench/linear.py" 64 3 1/1000 > "$tmp/linear-64-3.yaml"
python3 "$here/bench/linear.py" 4 3 1/100 > "$tmp/linear-4-3.yaml"
for size in '10 3' '32 2'; do
    python3 "$here/bench/linear.py" $size 1 | sed 's/gradient-dominance:.*}/regularity/' \
        > "$tmp/regularity-${size% *}-${size#* }.yaml"
done
for n in 30 60; do python3 "$here/bench/critical.py" $n > "$tmp/critical-$n.yaml"; done
cd "$tmp" || exit 1
median() {
    for i in 1 2 3 4 5; do
        start=$(date +%s%N)
        "$@" > /dev/null || exit 1
        end=$(date +%s%N)
        echo $(((end - start) / 10000))
    done | sort -n | sed -n 3p | awk '{ printf "%.3f", $1 / 100000 }'
}
printf '%-16s %10s %10s %12s\n' problem prove check bytes
for p in "$tmp/linear-4-3" "$here/examples/scalar" "$here/examples/iris-linear" "$here/examples/iris-residual" \
         "$here/examples/leaky-relu" "$here/examples/tanh-wide" "$here/examples/hilbert" \
         "$here/examples/digits" "$tmp/linear-64-3" "$here/examples/regularity-iris" \
         "$tmp/regularity-10-3" "$tmp/regularity-32-2" "$tmp/critical-30" "$tmp/critical-60"; do
    prove=$(median "$bin/certify" -q --claim 1 -o c "$p.yaml")
    check=$(median "$bin/certify-check" -q c)
    printf '%-16s %9ss %9ss %12s\n' "$(basename "$p")" "$prove" "$check" "$(wc -c < c)"
done
