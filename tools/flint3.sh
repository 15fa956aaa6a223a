#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# make lint-flint3: compiles every source against the headers of FLINT 3 on a
# system that has FLINT 2.  (Compiles only: to run with FLINT 3, build there.)
# usage: tools/flint3.sh BUILD-FOLDER [INCLUDE-FOLDER]
# Without a folder that has flint/flint.h of FLINT 3, the package libflint-dev of
# Debian 13 is fetched from the mirror that this Debian uses, and only unpacked.
set -eu
build=$(cd "$1" && pwd)
include=${2:-}
cd "$(dirname "$0")/.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
if [ -z "$include" ]; then
    # shellcheck disable=SC1091
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mkdir -p "$tmp/parts" "$tmp/lists/partial" "$tmp/cache/archives/partial"
    for f in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
        if [ -f "$f" ]; then sed "s/$codename/trixie/g" "$f" > "$tmp/parts/trixie.${f##*.}"; fi
    done
    set -- -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$tmp/parts" \
        -o Dir::State::lists="$tmp/lists" -o Dir::Cache="$tmp/cache" -o APT::Sandbox::User=root
    apt-get "$@" -qq update
    (cd "$tmp" && apt-get "$@" -qq download libflint-dev && dpkg-deb -x libflint-dev_*.deb root)
    include=$tmp/root/usr/include
fi
[ "$(sed -n 's/^#define __FLINT_VERSION \([0-9]*\)$/\1/p' "$include/flint/flint.h")" -ge 3 ] \
    || { echo "flint3: $include has not the headers of FLINT 3" >&2; exit 69; }
failed=0
for f in $(find src tests -maxdepth 3 -name '*.c' ! -path 'tests/fuzz/*' | sort); do
    ${CC:-gcc} -D_GNU_SOURCE -I"$include" -I"$build" -I"$build/include" -Isrc -Itests \
        -Wall -Wextra -Werror -fsyntax-only "$f" || failed=1
done
[ $failed -eq 0 ] && echo "flint3: every source compiles with FLINT 3"
exit $failed
