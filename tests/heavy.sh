# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by tests/test-heavy-K.sh with group=K: the most expensive texts of
# 1 MB, a verdict within 60 s of processor time (other tests run beside it) and 2 GB.  Every fourth family of tests/heavy.py,
# so that make check -j has something to share out.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
# make distcheck and the sanitizers repeat a test that has just passed: a few
# families are enough.  (The sanitizers need terabytes of address space.)
few='deep-fractions radii features-long spectrum-long regularity-deep minimiser denominator hessian-short'
sanitized='radii features-long spectrum-long denominator'
families=$(python3 "$srcdir/tests/heavy.py" --list) seconds=60 memory=2000000
half=yes
case $(pwd) in */_build/* | */_build) families=$few half=no ;; esac
if [ "$(nm ./certify-check 2> /dev/null | grep -c __asan_init)" -ne 0 ]; then families=$sanitized half=no seconds=240 memory=unlimited; fi
# Every third one, and those that doc/soundness.md names; make check-heavy: all of them.
[ "${HEAVY:-}" = all ] && half=no
named=' deep deep-fractions features-long scale refutation-wide '
i=0
for name in $families; do
    i=$((i + 1))
    [ $((i % 4 + 1)) -eq "$group" ] || continue
    if [ $half = yes ] && [ $((i / 4 % 3)) -ne 0 ]; then case $named in *" $name "*) ;; *) continue ;; esac; fi
    python3 "$srcdir/tests/heavy.py" "$tmp" "$name"
    cert=$tmp/$name.cert
    (ulimit -v $memory; ulimit -t $seconds; exec timeout 900 ./certify-check -q "$cert") > "$tmp/out" 2> "$tmp/err"
    got=$?
    if [ $got -le 1 ] && grep -qE 'VERIFIED|REJECTED' "$tmp/out"
    then ok "$name, $(wc -c < "$cert") bytes: $(sed 's/.*: //' "$tmp/out" | cut -c 1-60)"
    else bad "$name: status $got $(cat "$tmp/out" "$tmp/err")"; fi
    rm -f "$cert"
done
plan
