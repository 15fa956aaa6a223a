#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds the fuzzing targets with clang and runs each for a time.
# usage: tests/fuzz/run.sh [SECONDS [TARGET...]]     from the build folder
set -eu
src=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:-60}
[ $# -gt 0 ] && shift
targets=${*:-certificate yaml csv npy npz safetensors mtx txt}
build=$(pwd)/build-fuzz
libs="-llapacke -lyaml -ljansson -lzip -lcsv -lnettle -lflint -lgmp -lm"
if ! [ -e /usr/include/flint/arb.h ]; then libs="-lflint-arb $libs"; fi
sources=$(find "$src/src" -name '*.c' ! -path '*/cli/*' ! -name library.c ! -name isolate.c)
mkdir -p "$build"
for target in $targets; do
    upper=$(echo "$target" | tr '[:lower:]' '[:upper:]')
    clang -g -O1 -D_GNU_SOURCE -DTARGET=$upper -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
        -I"$(pwd)" -I"$src/src" -I"$src/include" "$src/tests/fuzz/fuzz.c" $sources $libs -o "$build/$target"
    corpus=$build/corpus-$target
    mkdir -p "$corpus"
    case $target in
        certificate) seeds=
            for f in "$src"/certs/*.cert "$src"/tests/claims/*/forgeries/*.cert "$src"/tests/text/forgeries/*.cert; do
                [ "$(wc -c < "$f")" -gt 20000 ] || seeds="$seeds $f"
            done ;;
        yaml) seeds=$(ls "$src"/examples/*.yaml) ;;
        mtx) seeds=
            printf '0%%%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 1.5\n2 1 -2\n' > "$corpus/coordinate"
            printf '0%%%%MatrixMarket matrix array real symmetric\n2 2\n1.5\n2\n3\n' > "$corpus/array" ;;
        txt) seeds=; printf '0# x\n1 2 3\n4 5 6\n' > "$corpus/blanks" ;;
        *) seeds=$(ls "$src"/examples/*."$target") ;;
    esac
    for f in $seeds; do
        case $target in
            certificate | yaml) cp "$f" "$corpus/seed-$(basename "$f")" ;;
            *) { printf 0; cat "$f"; } > "$corpus/seed-$(basename "$f")" ;;     # the byte of options
        esac
    done
    for f in "$src/tests/fuzz/regressions/$target"-*; do [ ! -e "$f" ] || cp "$f" "$corpus/"; done
    echo "== $target, $seconds s"
    (cd "$build" && "./$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2000 -max_len=20000 \
        -print_final_stats=1 "$corpus" > "$target.log" 2>&1) && result=ok || result=FOUND
    echo "$target: $result"
    grep -E "stat::number_of_executed_units|ERROR|SUMMARY" "$build/$target.log" || true
    grep -E "cov: " "$build/$target.log" | tail -n 1
done
