#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sizes and memory: what happens at the edge.  (tests/heavy.sh: what texts may cost.)
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
folders
cd "$tmp" || exit 99
chmod 755 "$tmp"
certify=$top/certify check=$top/certify-check
certs=$srcdir/certs
sanitized=$(nm "$certify" 2> /dev/null | grep -c __asan_init)

# --limits, in all three checkers
second="python3 -B $srcdir/tools/checker"
for command in "$check" "$certify check" "$second"; do
    want 0 $command --limits layers=3 "$certs/identity.1.cert"
    want 1 $command --limits layers=1 "$certs/identity.1.cert"
    want 1 $command --limits bytes=1000 "$certs/identity.1.cert"
    want 1 $command --limits work=1 "$certs/digits.cert"
    want 1 $command --limits leaves=1000 "$certs/iris-decay.cert"
    want 0 $command --limits leaves=20000 "$certs/iris-decay.cert"
    want 64 $command --limits layer=3 "$certs/identity.1.cert"
    want 64 $command --limits layers=x "$certs/identity.1.cert"
    want 64 $command --limits layers "$certs/identity.1.cert"
done
want 64 "$check" --limits rows=0 "$certs/identity.1.cert"
want 64 "$check" --limits rows=99999999999999999999 "$certs/identity.1.cert"
want 64 "$check" --limits rows=99999999999 "$certs/identity.1.cert"
want 1 "$check" --limits work=1 "$certs/digits.cert"
grep -q 'limit "work"' out && ok "the reason names the limit" || bad "$(cat out)"
{ echo 'certify: 1'; echo 'network: {kind: linear}'; echo 'data: {X: [[1]], Y: [[1]]}'
  echo "point: {W: [$(seq 210 | sed 's/.*/[[1]]/' | paste -sd,)]}"
  echo 'claims: [gradient-dominance: {radius: 0}]'; } > many.yaml
want 65 "$certify" many.yaml
grep -q 'more than 200 layers' err && ok "it says so" || bad "$(cat err)"
want 0 "$certify" --limits layers=210 many.yaml
want 1 "$check" many.cert
want 0 "$check" --limits layers=210 many.cert
want 0 $second --limits layers=210 many.cert
echo precious > iris-linear.cert
want 73 "$certify" --limits work=1,layers=20 -o iris-linear.cert "$srcdir/examples/digits.yaml"
grep -q -- '--limits raises' err && [ "$(cat iris-linear.cert)" = precious ] \
    && ok "a certificate beyond the limits is not written" || bad "$(cat err)"

# running out of memory, at many points of the way
if [ "$sanitized" -eq 0 ]; then       # the sanitizers need terabytes of address space
    least=0
    for kb in 8000 12000 16000 20000 24000 28000 32000 36000 40000 45000 50000 55000 60000 70000 80000 100000 130000; do
        echo precious > digits.cert
        (ulimit -v $kb; exec timeout 60 "$certify" "$srcdir/examples/digits.yaml") > out 2> err
        got=$?
        [ $got -eq 71 ] && least=1
        if { [ $got -eq 0 ] && "$check" -q digits.cert > /dev/null; } || { [ "$(cat digits.cert)" = precious ] &&
            case $got in 71 | 127) [ "$(wc -l < err)" -le 3 ] ;; *) false ;; esac; }
        then ok "prove, ulimit -v $kb: status $got $(head -n 1 err | cut -c 1-60)"
        else bad "prove, ulimit -v $kb: status $got $(cat err)"; fi
        (ulimit -v $kb; exec timeout 60 "$check" -q "$certs/digits.cert") > out 2> err
        got=$?
        case $got in
            0 | 71 | 127) ok "check, ulimit -v $kb: status $got $(head -n 1 err | cut -c 1-60)" ;;
            *) bad "check, ulimit -v $kb: status $got $(cat err)" ;;
        esac
        [ $got -eq 0 ] && $check -q "$certs/digits.cert" | cmp -s - out || [ $got -ne 0 ] || bad "another verdict"
    done
    [ $least -eq 1 ] && ok "some of them met the end of memory" || bad "the limits of memory are badly chosen"
fi
# libyaml takes memory by itself: one message, and no other status
if [ "$sanitized" -eq 0 ]; then
    { printf 'certify: 1\nnetwork: {kind: linear}\ndata:\n  X: {identity: 2}\n  Y:\n    - ['
      seq -s ', ' 300000; printf ']\npoint: {W: [{identity: 2}]}\nclaims: [gradient-dominance: {radius: 1}]\n'; } > large.yaml
    least=0
    for kb in 36000 38000 40000 42000 44000 46000 48000 50000 52000 54000 56000 60000 64000 70000 80000 100000; do
        (ulimit -v $kb; exec timeout 60 "$certify" --no-certificate large.yaml) > out 2> err
        got=$?
        [ $got -eq 71 ] && least=1
        case $got in
            65 | 71 | 127) if [ "$(wc -l < err)" -eq 1 ] && { [ $got -ne 65 ] || grep -q ' x ' err; }
                then ok "a large problem, ulimit -v $kb: status $got $(cut -c 1-60 err)"
                else bad "a large problem, ulimit -v $kb: status $got $(cat err)"; fi ;;
            *) bad "a large problem, ulimit -v $kb: status $got $(cat err)" ;;
        esac
    done
    [ $least -eq 1 ] && ok "some of them met the end of memory" || bad "the limits of memory are badly chosen"
fi
if ls ./*.tmp.* > /dev/null 2>&1; then bad "temporary files: $(ls ./*.tmp.*)"; else ok "no temporary file stays"; fi

# a full disk, a limit on file sizes, a folder that may not be written
echo precious > digits.cert
(ulimit -f 64; exec "$certify" "$srcdir/examples/digits.yaml") > out 2> err
got=$?
if [ $got -eq 74 ] && [ "$(cat digits.cert)" = precious ] && ! ls ./*.tmp.* > /dev/null 2>&1
then ok "the file may not grow: status 74 $(cut -c 1-70 err)"; else bad "status $got $(cat err; ls)"; fi
mkdir locked
echo precious > locked/c.cert
chmod 555 locked
identity=$srcdir/examples/identity.yaml
if [ "$(id -u)" -ne 0 ]; then
    want 73 "$certify" --claim 1 -o locked/c.cert "$identity"
elif setpriv --reuid=65534 --regid=65534 --clear-groups test -r "$identity" -a -x "$certify" 2> /dev/null; then
    want 73 setpriv --reuid=65534 --regid=65534 --clear-groups "$certify" --claim 1 -o locked/c.cert "$identity"
else
    ok "a read-only folder: the build folder is closed to other users, who could be tried"
fi
[ "$(cat locked/c.cert)" = precious ] && ok "the old certificate is there" || bad "the old certificate is gone"

# a reader that has gone
for command in "$check $certs/digits.cert" "$certify check $certs/digits.cert" "$certify bounds $srcdir/examples/identity.yaml" \
               "$certify explain $certs/digits.cert" "$certify --no-certificate $identity"; do
    { sleep 0.05; timeout 60 $command 2> err; echo $? > got; } | true
    sleep 0.1
    i=0
    while ! [ -s got ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
    got=$(cat got)
    rm -f got
    if [ "$got" -eq 74 ] && ! [ -s err ]; then ok "a closed pipe: status 74, no message"
    else bad "a closed pipe: $command: status $got $(cat err)"; fi
done
plan
