#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# make lint: no warning from clang, cppcheck, clang-tidy and shellcheck; of gcc by name (bootstrap check builds with -Werror).
# usage: tools/lint.sh BUILD-FOLDER [gcc|clang|cppcheck|clang-tidy|shellcheck...]
# Here every exception has its reason; in the sources, too.
set -u
build=$(cd "$1" && pwd) || exit 64
shift
cd "$(dirname "$0")/.." || exit 66
status=0
tmp=$(mktemp -d) || exit 73
trap 'rm -rf "$tmp"' EXIT
flags="-D_GNU_SOURCE -I$build -I$build/include -Isrc -Itests"
warnings="-Wall -Wextra -Wno-unused-parameter -Werror"
sources() { find src tests -maxdepth 3 -name '*.c' ! -path 'tests/fuzz/*' | sort; }

run_gcc() {
    # These misread arrays of FLINT's one-element structs (see configure.ac), and
    # texts that are meant to be cut off.
    export flags warnings
    # shellcheck disable=SC2016
    sources | xargs -P 2 -n 4 sh -c 'for f; do
        gcc $flags $warnings -Wno-stringop-overread -Wno-stringop-overflow -Wno-format-truncation \
            -O2 -c -o /dev/null "$f" || exit 1; done' gcc
}
run_clang() {
    export flags warnings
    # shellcheck disable=SC2016
    sources | xargs -P 2 -n 8 sh -c 'clang $flags $warnings -fsyntax-only "$@"' clang
}
run_cppcheck() {
    # The two -D stand for FLINT's headers, which are not read: without them
    # src/kernel/compat.h ends in #error, and nothing is looked at.
    cppcheck -q -j2 --std=c11 --error-exitcode=1 --inline-suppr \
        --enable=warning,performance,portability -D__FLINT_RELEASE=30000 -DFLINT_BITS=64 -I src src
}
run_clang_tidy() {
    checks='-*,bugprone-*,clang-analyzer-*'
    # many functions take several matrices or sizes in a row
    checks="$checks,-bugprone-easily-swappable-parameters"
    # the cases of a chain are listed one by one, as the theorems list them
    checks="$checks,-bugprone-branch-clone"
    # sizes are at most 2^30 (src/kernel/limits.c), doubles are the oracle's, who may be wrong
    checks="$checks,-bugprone-narrowing-conversions,-bugprone-implicit-widening-of-multiplication-result"
    # arrays of pointers are meant
    checks="$checks,-bugprone-sizeof-expression"
    # memcpy_s and the like are not in glibc; strcpy and strcat follow a look at the length
    checks="$checks,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
    checks="$checks,-clang-analyzer-security.insecureAPI.strcpy"
    # wrong about every second file of one run with several (va_start is seen)
    checks="$checks,-clang-analyzer-valist.Uninitialized"
    # names that the C library gives a meaning: __gcov_dump, __wrap__exit of tests/coverage.c
    checks="$checks,-bugprone-reserved-identifier"
    export checks flags
    # what a certificate rests on, and whatever else reads files; ROOMS=src: all
    # shellcheck disable=SC2016
    find ${ROOMS:-src/text src/kernel src/network src/rules src/certificate src/input src/cli} -name '*.c' | sort | xargs -P 2 -n 8 sh -c 'clang-tidy --quiet \
        --warnings-as-errors="*" --checks="$checks" "$@" -- $flags' clang-tidy > "$tmp/out" 2> "$tmp/err" \
        || { cat "$tmp/out"; grep -v 'warnings generated' "$tmp/err"; return 1; }
}
run_shellcheck() {
    # SC1091: tests/tap.sh is sourced by a name that depends on srcdir.
    # SC2015: "test && ok || bad": ok does not fail.
    # SC2086: lists of options and files without blanks are split on purpose.
    # SC2012, SC2010, SC2035: the names in the folders of the tests are the tests' own.
    # SC2154, SC2034: group, srcdir and n come from or go to a file that is sourced.
    # SC3045: ulimit -v and -f are in dash and bash.
    # SC2059: npy FORMAT in test-input.sh is given formats on purpose.
    # SC2116: echo joins the lines of what it is given.
    # SC2181: the status of a here-document of some length is asked for behind it.
    # SC2129: three lines that append to a file are as clear as a group.
    shellcheck -e SC1091,SC2015,SC2086,SC2012,SC2010,SC2035,SC2154,SC2034,SC3045,SC2059,SC2116,SC2129,SC2181 \
        -s sh tests/*.sh tests/fuzz/*.sh bench/*.sh tools/*.sh && shellcheck bootstrap .ci/run
}

[ $# -gt 0 ] || set -- clang cppcheck clang-tidy shellcheck
for tool; do
    printf '== %s\n' "$tool"
    if ! command -v "$tool" > "$tmp/where"; then
        echo "lint: $tool is not installed"
        status=1
        continue
    fi
    case $tool in
        gcc) run_gcc ;;
        clang) run_clang ;;
        cppcheck) run_cppcheck ;;
        clang-tidy) run_clang_tidy ;;
        shellcheck) run_shellcheck ;;
        *) false ;;
    esac || status=1
done
[ $status -eq 0 ] && echo "lint: nothing to say"
exit $status
