#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Points near a point: random networks whose centres are tried out, sizes, and certify polish.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
folders
if repeated; then count=20; else count=120; fi
out=$(python3 "$srcdir/tests/within.py" ./certify $count 5 2>&1) && ok "$out" || bad "$out"
certify=$top/certify
cd "$tmp" || exit 99
cases=$srcdir/tests/claims/within/cases

# A polished point is critical: nearer than the point by far.
if "$certify" polish -o polished.yaml "$cases/tanh.yaml" 2> err && "$certify" -q polished.yaml > out 2>&1
then ok "a polished point has the claims of its file"; else bad "polish: $(cat err out)"; fi
radius=$(sed -n 's/^claim local-minimum-within radius //p' polished.1.cert)
if python3 -c "import sys; a, b = sys.argv[1].split('/'); sys.exit(not int(a) / int(b) < 1e-15)" "$radius" 2> err
then ok "a local minimum lies within $radius of it"; else bad "radius $radius: $(cat err)"; fi
refused "a file that is there" 73 'polished.yaml: cannot create' "$certify" polish -o polished.yaml "$cases/tanh.yaml"
refused "weights that run off" 2 'eigenvalues of the Hessian are as good as 0' "$certify" polish "$srcdir/examples/iris-no-decay.yaml"
refused "the smooth hinge" 65 'no third derivative' "$certify" polish "$cases/hinge.yaml"
refused "no file" 66 'none.yaml' "$certify" polish none.yaml
if "$certify" polish "$cases/saddle.yaml" 2> err | grep -q 'A local minimum near'; then ok "to standard output"; else bad "standard output: $(cat err)"; fi

# What bounds says of a checkpoint.
# row NAME LOW HIGH PROBLEM: the row lies within these numbers.
row() {
    "$certify" bounds "$4" 2> err | sed -n "s/^$1 .* in \\[\\(.*\\), \\(.*\\)\\]/\\1 \\2/p" > out
    if python3 -c "import sys
low, high = map(float, open('out').read().split())
sys.exit(not float(sys.argv[1]) <= low <= high <= float(sys.argv[2]))" "$2" "$3" 2>> err
    then ok "bounds: $1 of $(basename "$4")"; else bad "bounds: $1 of $(basename "$4"): $(cat out err)"; fi
}
row 'lambda_min(H)' 1.9999999 2.0000001 "$cases/exact.yaml"
row 'lambda_min(H)' -1.0000001 -0.9999999 "$cases/exact-saddle.yaml"
row 'lambda_min(H)' 0.0001 0.00013 "$srcdir/examples/iris-softmax-minimum.yaml"
row 'h(W)' 0.0727461 0.0727463 "$srcdir/examples/iris-softmax-minimum.yaml"
row 'distance(kink)' 0.4714 0.4715 "$cases/leaky.yaml"
"$certify" bounds "$cases/leaky.yaml" > out 2> err
if grep -q '^dim(W)  *= 3$' out && grep -q '^dim(symmetries)  *= 1$' out; then ok "bounds: dimensions"; else bad "bounds: dimensions: $(cat out err)"; fi

# The tutorial: every command is run, and says what stands under it.
mkdir tutorial && cp "$srcdir"/examples/*.yaml "$srcdir"/examples/*.npz "$srcdir"/examples/*.csv tutorial && cd tutorial || exit 99
PATH=$top:$PATH
repeated || sed -n 's/^    //p' "$srcdir/doc/from-a-checkpoint-to-a-theorem.md" > commands
[ -e commands ] || : > commands
while read -r line; do
    case $line in
        '$ '*) command=${line#'$ '}
               # shellcheck disable=SC2086
               set -- $command
               "$@" < /dev/null > out 2>&1
               got=$?
               if [ $got -le 2 ]; then ok "tutorial: $command"; else bad "tutorial: $command: status $got: $(cat out)"; fi ;;
        *) if grep -qF -- "$line" out; then ok "tutorial: $line"; else bad "tutorial: no \"$line\": $(cat out)"; fi ;;
    esac
done < commands
plan
