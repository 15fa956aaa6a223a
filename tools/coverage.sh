#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# make coverage: which part of the lines of every source file the tests execute.
# usage: tools/coverage.sh SOURCE-FOLDER [TEST...]     makes build-coverage here
set -eu
src=$(cd "$1" && pwd)
shift
trusted='src/text src/kernel src/network src/rules src/certificate'
[ $# -gt 0 ] || set -- tests/test_kernel tests/test_attack tests/test_library tests/test-forgeries.sh \
    tests/test-examples.sh tests/test-input.sh tests/test-command.sh tests/test-critical.sh \
    tests/test-regressions.sh tests/test-limits.sh tests/test-mutations.sh
rm -rf build-coverage
mkdir build-coverage
cd build-coverage
"$src/configure" --quiet --enable-coverage --disable-shared CFLAGS='-g -O1'
jobs=$(nproc 2> /dev/null || echo 1)
make --quiet -j "$jobs" > build.log 2>&1 || { tail -n 20 build.log; exit 1; }
# (a test that fails here says so; what it has executed counts all the same)
make --quiet -j "$jobs" check TESTS="$*" > check.log 2>&1 || grep -E '^(FAIL|ERROR)' check.log || true
# the sources are where the object files are: one folder below the other
find src -name '*.gcno' | sort | while read -r notes; do
    gcov -n -o "$notes" "$notes" 2> /dev/null || true
done | awk -v root="$src/" -v trusted="$trusted" '
    /^File / {
        file = substr($0, 7, length($0) - 7)
        sub(root, "", file)
    }
    /^Lines executed:/ && file ~ /^src\/.*\.c$/ {
        split($0, part, /[:% ]+/)       # "Lines" "executed" PERCENT "of" N
        lines[file] += part[5]
        hit[file] += part[3] * part[5] / 100
        file = ""
    }
    END {
        for (f in lines) {
            folder = f
            sub(/\/[^\/]*$/, "", folder)
            printf "%-40s %6.1f %% of %5d lines\n", f, 100 * hit[f] / lines[f], lines[f] | "sort"
            all += lines[f]; allhit += hit[f]
            n = split(trusted, t, " ")
            for (i = 1; i <= n; i++)
                if (index(folder "/", t[i] "/") == 1) { sum += lines[f]; sumhit += hit[f] }
        }
        close("sort")
        if (sum == 0 || all == 0) { print "coverage: nothing was counted"; exit 1 }
        printf "%-40s %6.1f %% of %5d lines\n", "trusted: " trusted, 100 * sumhit / sum, sum
        printf "%-40s %6.1f %% of %5d lines\n", "all", 100 * allhit / all, all
    }'
