#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# certify escape: the network with one more unit, and bounds with weight decay.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
folders
certify=$top/certify
cd "$tmp" || exit 99
cases=$srcdir/tests/claims/regularized-global-minimum/cases

# The decimal of h(W) in the output of bounds --json.
loss() { sed -n "s/.*\"name\": \"h(W)\".*\"$1\": {[^}]*\"decimal\": \"\([^\"]*\)\".*/\1/p"; }

for name in refuted refuted-linear free-bias decayed-biases leaky-weights; do
    "$certify" escape -o "$name.yaml" "$cases/$name.yaml" 2> err || { bad "$name: $(cat err)"; continue; }
    stated=$(sed -n 's/.*the loss is lower by \([^ ,]*\),.*/\1/p' "$name.yaml")
    before=$("$certify" bounds "$cases/$name.yaml" --json 2> err | loss upper)
    after=$("$certify" bounds "$name.yaml" --json 2> err | loss lower)
    if python3 -c "import sys
stated, before, after = map(float, sys.argv[1:])
sys.exit(not (stated > 0 and abs(before - after - stated) <= 1e-5 * (abs(before) + 1)))" "$stated" "$before" "$after" 2> err
    then ok "$name: one more unit, lower by $stated"
    else bad "$name: $before and $after, lower by $stated: $(cat err)"; fi
    if "$certify" -q --no-certificate "$name.yaml" > out 2>&1; then ok "$name: the wider network is a problem"
    else bad "$name: $(cat out)"; fi
done
refused "a global minimiser has no such unit" 2 'no unit was found' "$certify" escape "$cases/equal.yaml"
refused "without weight decay" 65 'weight-decay > 0' "$certify" escape "$cases/refused-decay.yaml"
refused "a file that is there" 73 'refuted.yaml: cannot create' "$certify" escape -o refuted.yaml "$cases/refuted.yaml"
refused "no file" 66 'none.yaml' "$certify" escape none.yaml
plan
