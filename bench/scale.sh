#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Layers of people's sizes: seconds, the least of three runs, and ratios to what other programs take for the same matrix.
# Usage: bench/scale.sh [FOLDER OF THE PROGRAMS]
here=$(cd "$(dirname "$0")/.." && pwd)
bin=$(cd "${1:-.}" && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
least() {
    for i in 1 2 3; do
        start=$(date +%s%N)
        "$@" > /dev/null || exit 1
        end=$(date +%s%N)
        echo $(((end - start) / 10000))
    done | sort -n | head -n 1 | awk '{ printf "%.3f", $1 / 100000 }'
}
ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
for n in 100 400 1000; do python3 "$here/bench/gaussian.py" sigma $n "inequality: eta_min(W_1) >= 1/1000000"; done
python3 "$here/bench/gaussian.py" tanh 1024 1000
python3 "$here/bench/linear.py" 100 4 1/1000 > linear-100-4.yaml
python3 "$here/bench/linear.py" 16 6 1/1000 > joint-256-6.yaml
python3 "$here/bench/linear.py" 64 2 1/1000 | sed 's/gradient-dominance:.*}/regularity/' > regularity-64-2.yaml
"$bin/certify" --version | sed -n 3p
printf '%-18s %8s %8s %10s %8s\n' problem prove check bytes cores
for p in sigma-100 sigma-400 sigma-1000 tanh-1024 linear-100-4 joint-256-6 regularity-64-2; do
    prove=$(least "$bin/certify" -q --claim 1 -o c "$p.yaml")
    check=$(least "$bin/certify-check" -q c)
    printf '%-18s %7ss %7ss %10s %8s\n' $p "$prove" "$check" "$(wc -c < c)" 1
    case $p in
        sigma-400) check_400=$check ;;
        sigma-100) check_100=$("$bin/bench/peers" c check 20) ;;
        sigma-1000) check_1000=$check prove_1000=$prove
                    awk '/^inverse/ { f = 1 } f { n += length($0) + 1 } END { print "the evidence of it:", n, "bytes" }' c ;;
    esac
    case $p in sigma-1000 | linear-100-4)
        prove=$(least "$bin/certify" -q --jobs 2 --claim 1 -o c "$p.yaml")
        check=$(least "$bin/certify-check" -q --jobs 2 c)
        printf '%-18s %7ss %7ss %10s %8s\n' $p "$prove" "$check" "$(wc -c < c)" 2 ;;
    esac
done
svd=$("$bin/bench/peers" w1000.npy svd 2)
echo "n = 1000: dgesdd with vectors $svd s; check / it $(ratio "$check_1000" "$svd"), prove / it $(ratio "$prove_1000" "$svd")"
echo "n = 1000: fmpz_mat_mul of W^T W $("$bin/bench/peers" w1000.npy product 1) s; Arb's Cholesky factor, n = 400: $("$bin/bench/peers" w400.npy cholesky 1) s"
arb=$("$bin/bench/peers" w100.npy eigenvalues 1)
echo "n = 100: Arb's eigenvalues of W^T W, enclosed, $arb s; check of a text in memory $check_100 s; ratio $(ratio "$arb" "$check_100")"
awk "BEGIN { printf \"growth of check, n = 400 to 1000: exponent %.2f\n\", log($check_1000 / $check_400) / log(2.5) }"
