#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# certify-check contains nothing of the oracle, and the trusted sources neither
# include it nor use floating point.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
program=./certify-check
[ -x .libs/certify-check ] && program=.libs/certify-check

needed=$(readelf -d $program | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
case $needed in
    "") bad "cannot read what $program needs" ;;
    *lapack* | *blas* | *yaml* | *certify*) bad "certify-check links: $needed" ;;
    *) ok "certify-check links only: $(echo $needed)" ;;
esac
found=$(nm $program | grep -E ' [TtDdBb] (oracle_|approx_|ynode_|problem_file_|claim_prove|certificate_write|LAPACKE)' | head -n 3)
if [ -n "$found" ]
then bad "certify-check contains $found"
else ok "certify-check contains no function of the oracle or of problem files"; fi
if nm ./certify 2> /dev/null | grep -q ' [Tt] claim_prove' || nm .libs/certify | grep -q ' [Tt] claim_prove'
then ok "certify does (so this test can fail)"; else bad "oracle_prove is not in certify"; fi
for d in kernel rules certificate; do
    if grep -nE '#include.*(oracle|problem_file|lapack|yaml)' "$srcdir"/src/$d/*.[ch]
    then bad "src/$d includes the untrusted part"; else ok "src/$d includes nothing untrusted"; fi
    # (but integers held in doubles, in the one file that proves them exact)
    if grep -nwE 'double|float' "$srcdir"/src/$d/*.[ch] | grep -v '/kernel/product\.c:'
    then bad "src/$d has floating point"; else ok "src/$d has no floating point"; fi
done
# what a certificate of each family rests on
if count=$(python3 "$srcdir/tools/trusted-lines" "$srcdir")
then ok "trusted code: $(echo "$count" | tr -s ' ' | tr '\n' ';')"; else bad "too much trusted code: $count"; fi
plan
