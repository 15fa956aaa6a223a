#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The command line: usage, statuses, files that must survive, signals, limits.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
folders
cd "$tmp" || exit 99
certify=$top/certify check=$top/certify-check
identity=$srcdir/examples/identity.yaml
certs=$srcdir/certs

want 64 "$certify"
want 64 "$certify" --no-such-option
want 64 "$certify" prove
want 64 "$certify" -o x "$identity"
want 64 "$certify" --claim 9 "$identity"
want 64 "$certify" --claim x "$identity"
want 64 "$certify" --digits 0 "$identity"
want 64 "$certify" --time-limit never "$identity"
want 64 "$certify" check --latex x
want 64 "$certify" bounds "$identity" "$identity"
want 64 "$check"
want 64 "$check" --problem x
want 66 "$check" no-such-file
want 66 "$certify" check no-such-file
want 66 "$certify" explain no-such-file
want 66 "$check" /
want 0 "$certify" --help
want 0 "$certify" --version
want 0 "$check" --help
want 0 "$check" --version
want 0 "$check" -- "$certs/identity.1.cert"
want 0 "$certify" check "$certs/false.cert"
grep -q 'VERIFIED: the claim is false' out && ok "a refutation is said to be one" || bad "$(cat out)"
want 1 "$certify" check "$srcdir/tests/text/forgeries/digest.cert"
want 1 "$check" "$certs/identity.1.cert" "$srcdir/tests/text/forgeries/digest.cert"
want 0 "$certify" --claim 1 -o one.cert "$identity"
want 0 "$check" one.cert
want 2 "$certify" --no-certificate "$srcdir/examples/undecided.yaml"
want 1 "$certify" --no-certificate "$identity" "$srcdir/examples/undecided.yaml"
want 64 "$certify" "$identity" "$identity"
ls *.cert | grep -qv '^one.cert$' && bad "a certificate in spite of --no-certificate" || ok "--no-certificate writes nothing"
# (its evidence may be another on another machine)
conclusion() { grep -E '^(problem|claim|conclusion) ' "$1" | sed 's/ lambda_lower [^ ]*//'; }
conclusion one.cert > one && conclusion "$certs/identity.1.cert" | cmp -s one - \
    && ok "the problem, claim and conclusion of the shipped certificate" || bad "another conclusion: $(cat one)"

# a certificate never goes over a problem file, a pipe or a link
cp "$identity" own.yaml
want 64 "$certify" --claim 1 -o own.yaml own.yaml
cmp -s own.yaml "$identity" && ok "the problem file is still there" || bad "the problem file is gone"
cp "$identity" own.cert
want 64 "$certify" --claim 1 -o own.cert own.cert
mkfifo pipe
want 73 "$certify" --claim 1 -o pipe "$identity"
ln -s own.yaml link
want 73 "$certify" --claim 1 -o link "$identity"
cmp -s own.yaml "$identity" && [ -L link ] && [ -p pipe ] && ok "nothing was replaced" || bad "something was replaced"
rm -f own.cert own.yaml pipe link

# a false claim at a stationary point
printf 'certify: 1\nnetwork: {kind: linear}\ndata: {X: {identity: 2}, Y: {diagonal: [2, 1]}}\n' > saddle.yaml
printf 'point: {W: [{zeros: [2, 2]}, {zeros: [2, 2]}]}\nclaims: [gradient-dominance: {radius: 1/10, lambda: 100}]\n' >> saddle.yaml
want 1 "$certify" --no-certificate saddle.yaml
rm -f saddle.yaml

# check --problem
want 0 "$certify" check --problem "$identity" "$certs/identity.2.cert"
want 1 "$certify" check --problem "$srcdir/examples/scalar.yaml" "$certs/identity.2.cert"
grep -q 'another problem' out && ok "it says so" || bad "$(cat out)"
sed 's|radius: 1/10|radius: 1/11|' "$identity" > other.yaml
sed -i '/^  - gradient-dominance$/d' other.yaml
sed '/radius: 1.10/d' "$identity" > paper.yaml
want 0 "$certify" check --problem paper.yaml "$certs/identity.2.cert"
want 1 "$certify" check --problem paper.yaml "$certs/identity.1.cert"
grep -q 'not one of the problem' out && ok "another radius than the paper's" || bad "$(cat out)"
want 1 "$certify" check --problem other.yaml "$certs/identity.1.cert"
grep -q 'not one of the problem' out && ok "it says so" || bad "$(cat out)"

# JSON
"$certify" --json --no-certificate "$identity" > out
"$certify" --json --no-certificate "$srcdir/examples/undecided.yaml" >> out
"$certify" check --json "$certs"/identity.*.cert "$srcdir/tests/text/forgeries/digest.cert" >> out
"$certify" bounds --json "$srcdir/examples/iris-linear.yaml" >> out
if python3 - out <<'PY'
import json, sys
from fractions import Fraction as F
rows = [json.loads(line) for line in open(sys.argv[1])]
assert len(rows) > 20
first = rows[0]
assert first["claim"] == "gradient-dominance" and first["verdict"] == "proved"
assert first["lambda"] == {"exact": "25/81", "decimal": "0.30865"}, first["lambda"]
assert rows[3]["verdict"] == "refuted" and rows[4]["verdict"] == "undecided"
for r in rows[:5]:
    for v in r.values():
        if isinstance(v, dict):
            F(v["exact"]), F(v["decimal"])
    if "lambda" in r:
        assert F(r["lambda"]["decimal"]) >= F(r["lambda"]["exact"]) >= F(r["lambda_lower"]["exact"])
        assert F(r["lambda_lower"]["exact"]) >= F(r["lambda_lower"]["decimal"])
assert rows[5]["verdict"] == "VERIFIED" and rows[9]["verdict"] == "REJECTED"
assert {"line", "role", "reason"} <= set(rows[9])
for r in rows[10:]:
    assert F(r["lower"]["decimal"]) <= F(r["lower"]["exact"]) <= F(r["upper"]["exact"]) <= F(r["upper"]["decimal"])
PY
then ok "JSON, its constants and their rounding"; else bad "JSON: $(cat out)"; fi

# explain
want 0 "$certify" explain "$certs/iris-linear.cert"
grep -q '^THEOREM' out && grep -q 'inj' out && ok "the theorem and its facts" || bad "$(cat out)"
want 1 "$certify" explain "$srcdir/tests/text/forgeries/digest.cert"
for c in iris-linear hardt-ma false tanh-wide hilbert identity.3; do
    { printf '\\documentclass{article}\\usepackage{amsmath}\\newtheorem{theorem}{Theorem}\\begin{document}\n'
      "$certify" explain --latex "$certs/$c.cert"; printf '\\end{document}\n'; } > t.tex
    if ! command -v pdflatex > /dev/null; then skip "LaTeX of $c compiles" "no pdflatex"
    elif pdflatex -interaction=nonstopmode -halt-on-error t.tex > tex.out 2>&1; then ok "LaTeX of $c compiles"
    else bad "LaTeX of $c: $(tail -n 5 tex.out)"; fi
done

for c in leaky-relu regularity-features.1 critical-points.1 findings-theorem-6.1; do
    "$certify" explain --full "$certs/$c.cert" > t.tex
    if ! command -v pdflatex > /dev/null; then skip "the article of $c compiles" "no pdflatex"
    elif pdflatex -interaction=nonstopmode -halt-on-error t.tex > tex.out 2>&1; then ok "the article of $c compiles"
    else bad "the article of $c: $(tail -n 5 tex.out)"; fi
done
want 64 "$certify" --full "$identity"

# an old certificate survives whatever goes wrong
echo precious > iris-linear.cert
want 2 "$certify" --time-limit 0.001 "$srcdir/examples/iris-linear.yaml"
[ "$(cat iris-linear.cert)" = precious ] && ok "it survives a time limit" || bad "lost by a time limit"
# reading counts: solve of a dense layer of 110 units takes many seconds
python3 - > slow.yaml <<'PY'
import random
rng = random.Random(1)
def matrix(n): return [[rng.randrange(10**6, 10**7) for _ in range(n)] for _ in range(n)]
print("certify: 1\nnetwork: {kind: linear}\ndata: {X: %s, Y: %s}\npoint: {W: [solve, %s]}\nclaims: [global-minimizer]"
      % (matrix(110), matrix(110), matrix(110)))
PY
want 2 timeout 5 "$certify" --time-limit 0.3 slow.yaml
grep -q 'undecided: the time limit of 0.3 s was reached while the file was read' out \
    && ok "the time limit holds for reading and solve" || bad "$(cat out)"
want 2 timeout 5 "$certify" --json --time-limit 0.3 slow.yaml
python3 -c 'import json; assert json.load(open("out"))["verdict"] == "undecided"' && ok "in JSON too" || bad "$(cat out)"
ls slow*.cert > /dev/null 2>&1 && bad "a certificate all the same" || ok "and nothing is written"
big=$srcdir/examples/digits.yaml
for sig in INT TERM HUP KILL; do
    echo precious > digits.cert
    "$certify" "$big" > out 2> err &
    pid=$!
    sleep 0.03
    kill -$sig $pid 2> /dev/null
    wait $pid
    sleep 0.3
    if [ "$(cat digits.cert)" = precious ] || $check -q digits.cert > /dev/null; then ok "it survives SIG$sig"
    else bad "lost by SIG$sig"; fi
done
if ls *.tmp.* > /dev/null 2>&1; then bad "temporary files: $(ls *.tmp.*)"; else ok "no temporary file stays"; fi
echo precious > iris-linear.cert
SANITIZED=$(nm "$certify" 2> /dev/null | grep -c __asan_init)
if [ "$SANITIZED" -eq 0 ]; then       # the sanitizers need terabytes of address space
    for kb in 40000 60000 74000 78000; do
        (ulimit -v $kb; exec "$certify" "$srcdir/examples/digits.yaml") > out 2> err
        got=$?
        case $got in 0 | 71 | 127) ok "ulimit -v $kb: status $got $(head -n 1 err | cut -c 1-60)" ;;
        *) bad "ulimit -v $kb: status $got $(cat err)" ;; esac
    done
fi
if ls *.tmp.* > /dev/null 2>&1; then bad "temporary files after out-of-memory"; else ok "none after running out of memory"; fi
mkdir locked
echo precious > locked/c
chmod a-w locked
if [ "$(id -u)" -ne 0 ]; then
    want 73 "$certify" --claim 1 -o locked/c "$identity"
fi
want 73 "$certify" --claim 1 -o no/such/folder/c "$identity"
if [ -w /dev/full ]; then
    "$check" "$certs/identity.1.cert" > /dev/full 2> err
    [ $? -eq 74 ] && ok "a full device: status 74" || bad "a full device: $(cat err)"
    "$certify" --no-certificate "$identity" > /dev/full 2> err
    [ $? -eq 74 ] && ok "a full device when proving: status 74" || bad "a full device: $(cat err)"
fi
"$certify" bounds "$srcdir/examples/iris-linear.yaml" 2> err | head -n 1 > /dev/null
if [ -s err ]; then bad "a closed pipe: $(cat err)"; else ok "a closed pipe: no message"; fi

# several jobs give the same certificates
mkdir a b
(cd a && "$certify" -q "$identity" > /dev/null)
(cd b && "$certify" -q --jobs 4 "$identity" > /dev/null)
diff -r a b > diff.out && ok "--jobs 4 gives the same bytes" || bad "--jobs: $(cat diff.out)"
# and so do several threads for one claim
for j in 1 3; do "$certify" -q --jobs $j -o threads-$j.cert "$srcdir/examples/iris-decay.yaml" > /dev/null; done
cmp threads-1.cert threads-3.cert > diff.out 2>&1 && ok "one claim, --jobs 3: the same bytes" || bad "threads: $(cat diff.out)"

# a layer of 60 units, with blocks of the kinds norm and inverse: any number of threads
python3 "$srcdir/bench/linear.py" 60 3 1/1000 > wide.yaml
for j in 1 2 3; do "$certify" -q --jobs $j -o wide-$j.cert wide.yaml > /dev/null; done
if cmp wide-1.cert wide-2.cert > diff.out 2>&1 && cmp wide-1.cert wide-3.cert > diff.out 2>&1
then ok "60 units: the same bytes with 1, 2 and 3 threads"; else bad "60 units: $(cat diff.out)"; fi
grep -q '^inverse ' wide-1.cert && grep -q '^norm ' wide-1.cert && ok "60 units: an inverse and a norm" || bad "60 units: no inverse or norm"
want 0 "$check" --jobs 2 wide-1.cert
want 0 "$check" --jobs=2 --limits work=10000 wide-1.cert
want 0 "$certify" check --jobs 3 wide-1.cert
want 0 "$certify" bounds --jobs 2 wide.yaml
want 64 "$check" --jobs 0 wide-1.cert
want 64 "$check" --jobs two wide-1.cert
want 64 "$check" --jobs=257 wide-1.cert
want 64 "$check" wide-1.cert --jobs
want 1 "$check" --limits rows=59 wide-1.cert
"$certify" --version > out
for library in FLINT GMP MPFR LAPACK BLAS libyaml libzip jansson; do
    grep -q "$library" out && ok "--version names $library" || bad "--version: $(cat out)"
done

# a bound that the first, quick evidence just misses; and large matrices
python3 "$srcdir/bench/gaussian.py" sigma 150 "inequality: eta_min(W_1) >= 1/1000" "inequality: eta_min(W_1) > 1" "inequality: norm(W_1) < 30" \
    "inequality: norm(W_1) > 30"
want 1 "$certify" -q sigma-150.yaml
cp out verdicts
for k in 1 2 3 4; do
    case $k in 1 | 3) verdict=proved ;; *) verdict=refuted ;; esac
    grep -q "claim $k, inequality: $verdict" verdicts && ok "150 units, claim $k: $verdict" || bad "150 units, claim $k: $(cat verdicts)"
    want 0 "$check" sigma-150.$k.cert
done
want 0 "$certify" bounds --json w150.npy
grep -q 'eta_min(A)' out && ok "bounds of 150 units" || bad "bounds of 150 units: $(cat out)"

# bounds
want 0 "$certify" bounds "$srcdir/examples/tanh-wide.yaml"
want 0 "$certify" bounds "$srcdir/examples/iris-residual.yaml"
grep -q 'distance(solve, given)' out && ok "bounds tells how far solve moved the point" || bad "$(cat out)"
want 0 "$certify" bounds "$srcdir/examples/hilbert.yaml"
# eta_min of the Hilbert matrix of order 8 is 1.111538966e-10
grep -q 'eta_min(X) .*in \[1.1115389e-10, 1.111539e-10\]' out && ok "eta_min of the Hilbert matrix" || bad "$(grep X out)"

# the Jacobian and the Hessian: eta_min(G)^2 = 2, norm(G)^2 = 5 at (I, diag(2, 1))
want 0 "$certify" bounds "$srcdir/examples/regularity.yaml"
grep -q '^dim(ker G)  *= 4$' out && grep -q '^eta_min(Hessian)  *= 2$' out && grep -q '^norm(Hessian)  *= 5$' out \
    && ok "the Hessian of regularity.yaml" || bad "$(cat out)"
want 0 "$certify" bounds "$srcdir/examples/regularity-features.yaml"

# regularity: parameters, JSON, --problem
want 0 "$certify" --json --claim 2 -o rc.cert "$srcdir/examples/regularity.yaml"
grep -q '"epsilon": {"exact": ".*"delta": {"exact": "1", .*"alpha": .*"beta": {"exact": "1/8", .*"radius_factor"' out \
    && ok "the constants in JSON" || bad "$(cat out)"
want 0 "$certify" check --problem "$srcdir/examples/regularity.yaml" rc.cert
sed 's/gamma: 3.4/gamma: 1\/4/' "$srcdir/examples/regularity.yaml" > other.yaml
want 1 "$certify" check --problem other.yaml rc.cert
sed 's/delta: 1,/delta: 2,/' "$srcdir/examples/regularity.yaml" > other.yaml
want 1 "$certify" check --problem other.yaml rc.cert
# a refutation of values that the file does not give is no answer to it
cat > refuted.yaml <<'EOF'
certify: 1
network: {kind: linear}
data: {X: {identity: 2}, Y: {identity: 2}}
point: {W: [{identity: 2}, {identity: 2}]}
claims:
  - regularity: {radius: 1, delta: 1, alpha: 100, beta: 100}
EOF
want 1 "$certify" -o refuted.cert refuted.yaml
want 0 "$certify" check --problem refuted.yaml refuted.cert
for given in 'radius: 1, delta: 1, alpha: 100' 'radius: 1, delta: 1, beta: 100' 'delta: 1, alpha: 100, beta: 100' \
    'radius: 1, delta: 1, alpha: best, beta: 100'; do
    sed "s/{radius: 1.*}/{$given}/" refuted.yaml > other.yaml
    want 1 "$certify" check --problem other.yaml refuted.cert
done
for claim in critical-point:gradient global-minimizer:gap; do
    sed -e "s/{identity: 2}, {identity: 2}\]/{identity: 2}, {diagonal: [2, 1]}]/" \
        -e "s,regularity:.*,${claim%:*}: {${claim#*:}: 1/1000}," refuted.yaml > given.yaml
    want 1 "$certify" -o refuted.cert given.yaml
    want 0 "$certify" check --problem given.yaml refuted.cert
    sed "s,1/1000,best," given.yaml > other.yaml
    want 1 "$certify" check --problem other.yaml refuted.cert
done
want 0 "$certify" explain rc.cert
grep -q '^By bounds .* of the Taylor remainder' out && ok "explain names the theorem" || bad "$(cat out)"
want 0 "$certify" explain --latex "$certs/findings-eta-min.3.cert"
grep -q 'It is not true that' out && ok "an inequality in LaTeX" || bad "$(cat out)"
want 0 "$certify" check --problem "$srcdir/examples/findings-minimum.yaml" "$certs/findings-minimum.2.cert"
sed 's,1/6,1/7,' "$srcdir/examples/findings-minimum.yaml" > other.yaml
want 1 "$certify" check --problem other.yaml "$certs/findings-minimum.2.cert"
# not a minimiser, no epsilon at all: undecided, and why
sed 's/diagonal: \[2, 1\]}}/diagonal: [2, 3]}}/' "$srcdir/examples/regularity.yaml" > other.yaml
want 2 "$certify" --claim 1 other.yaml
grep -q 'does not hold exactly' out && ok "it says that W* is no minimiser" || bad "$(cat out)"

# Sigma of minimizers.yaml is diag(9, 4, 4)
want 0 "$certify" bounds "$srcdir/examples/minimizers.yaml"
grep -q '^sigma_1  *= 9$' out && grep -q '^multiplicity(sigma_2)  *= 2$' out \
    && ok "the spectrum of Sigma" || bad "$(cat out)"
# tr(Syy) - tr(Syx Sxx^+ Sxy) = 23 - 11
want 0 "$certify" bounds "$srcdir/examples/expected-risk.yaml"
grep -q '^h_inf  *= 6$' out && ok "the infimum of an expected risk" || bad "$(cat out)"
want 0 "$certify" check --problem "$srcdir/examples/expected-risk.yaml" "$certs/expected-risk.3.cert"
want 1 "$certify" check --problem "$srcdir/examples/minimizers-iris.yaml" "$certs/minimizers-iris.2.cert" "$certs/minimizers.1.cert"

# every smooth activation with given features; W_2 = (1, 1), Y the sum of the features
for act in tanh sigmoid softplus 'smooth-leaky 1/10' 'smooth-leaky 3'; do
    cat > smooth.yaml <<EOF
certify: 1
network: {kind: feedforward, activation: $act}
data: {X: [[1, 0], [1, 2], [0, 1]], Y: [[1, 5/6]]}
point: {features: [[1/2, 1/3], [1/2, 1/2]], W_2: [[1, 1]]}
claims: [regularity, regularity: {alpha: best, radius: 1/1000}]
EOF
    want 0 "$certify" -q smooth.yaml
    want 0 "$check" -q smooth.1.cert smooth.2.cert
done

# construct writes a problem whose claims hold; decompose finds C_2 again, U being I
cat > class.yaml <<'EOF'
certify: 1
network: {kind: linear}
data: {X: {identity: 3}, Y: {diagonal: [3, 2, 1]}}
point: {construct: {widths: [2], capture: [1, 3], C: [[[2, 1], [1, 1]]]}}
EOF
want 0 "$certify" construct class.yaml
grep -q '^    - \[\[2, 1\], \[0, 0\], \[1, 1\]\]$' out && ok "W_2 = [e_1 e_3] C_2" || bad "$(cat out)"
cp out written.yaml
want 0 "$certify" -q written.yaml
want 0 "$certify" check --problem written.yaml written.cert
grep -q 'non-optimal order' out && ok "its class" || bad "$(cat out)"
want 0 "$certify" decompose class.yaml
grep -q '^C_0: \[\[2, 1\], \[1, 1\]\]$' out && grep -q '^V_0: \[\[1, 0\], \[0, 0\], \[0, 1\]\]$' out \
    && ok "decompose: C and V" || bad "$(cat out)"
want 0 "$certify" decompose "$srcdir/examples/minimizers-residual.yaml"
grep -q '^C_12: \[\[1, 1\], \[0, 1\]\]$' out && ok "decompose: C_12 of a residual network" || bad "$(cat out)"
want 65 "$certify" decompose "$srcdir/examples/findings-theorem-3.yaml"
grep -q 'not critical' err && ok "decompose: not critical" || bad "$(cat err)"
want 65 "$certify" decompose "$srcdir/examples/findings-proposition-2.yaml"
want 65 "$certify" decompose "$srcdir/examples/leaky-relu.yaml"
printf 'certify: 1\nnetwork: {kind: linear}\ndata: {X: [[1]], Y: [[2]]}\npoint: {construct: {}}\nclaims: [critical-point]\n' > single.yaml
want 65 "$certify" decompose single.yaml
want 0 "$certify" --no-certificate single.yaml
# a minimiser with a singular unit M_2, to which Proposition 2 does not apply
printf 'certify: 1\nnetwork: {kind: residual}\ndata: {X: [[1]], Y: [[0]]}\npoint: {A: [[[[5]]], [[[-1]]]]}\n' > unit.yaml
want 65 "$certify" decompose unit.yaml
grep -q 'invertible units' err && ok "decompose: a singular unit" || bad "$(cat err)"
# eigenvalues 1e-76 apart: enough digits, and none that are wrong
printf 'certify: 1\nnetwork: {kind: linear}\ndata: {X: {identity: 3}, Y: [[1,0,1e-76],[0,1,1e-76],[0,1e-76,1]]}\npoint: {construct: {widths: [3]}}\nclaims: [critical-point]\n' > apart.yaml
want 0 "$certify" decompose apart.yaml
grep -q '^U_0: ..0.316227766017, 0.894427191000, -\{0,1\}0.316227766017' out && ok "eigenvectors of near eigenvalues" || bad "$(cat out)"
want 0 "$certify" apart.yaml
grep -q 'between 0.99999999' out && ok "no false digits of an eigenvalue" || bad "$(cat out)"
sed 's/1e-76/1e-2000/g' apart.yaml > apart2.yaml
want 0 timeout 20 "$certify" --no-certificate apart2.yaml
want 0 timeout 20 "$certify" bounds --spectrum "$srcdir/examples/digits.yaml"
want 66 "$certify" construct no-such-file
want 65 "$certify" construct "$srcdir/examples/minimizers.yaml"
# irrational eigenvectors: rounded, the distance in a comment; the golden ratio
cat > golden.yaml <<'EOF'
certify: 1
network: {kind: linear}
data: {X: {identity: 2}, Y: [[1, 1], [0, 1]]}
point: {construct: {widths: [1], capture: [2]}}
EOF
want 0 "$certify" construct golden.yaml
grep -q 'is within [0-9.]*e-1[5-9] (Frobenius norm)$' out && ok "the distance to the exact point" || bad "$(cat out)"
cp out written.yaml
want 0 "$certify" written.yaml
grep -qE 'grad h.* <= .*e-1[4-9]' out && ok "its gradient" || bad "$(cat out)"
# every layer type, one layer, covariances, U V^T
cat > leaky.yaml <<'EOF'
certify: 1
network: {kind: feedforward, activation: leaky-relu 1/4}
data: {X: [[1, 2], [2, 1]], Y: [[1, -1], [1, 2]]}
point: {construct: {widths: [3]}}
EOF
want 0 "$certify" construct leaky.yaml
cp out written.yaml
want 0 "$certify" -q written.yaml
sed 's/leaky-relu 1.4/tanh/; s/Y: .*/Y: [[1\/2, -1\/3], [1\/4, 1\/2]]}/; s/widths: .3./widths: [2]/' leaky.yaml > tanh.yaml
want 0 "$certify" construct tanh.yaml
cp out written.yaml
want 0 "$certify" -q written.yaml
want 0 "$certify" bounds --spectrum "$srcdir/examples/factorization.yaml"
grep -q '^singular_1(W_2..W_1) *= 1$' out && ok "singular values" || bad "$(cat out)"
printf '2,1,0\n1,2,0\n0,0,3\n' > m.csv
want 0 "$certify" bounds m.csv
grep -q '^multiplicity(eigenvalue_1(A)) = 2$' out && grep -q '^eigenvalue_2(A)  *= 1$' out && ok "eigenvalues of a matrix" || bad "$(cat out)"
want 0 "$certify" bounds "$srcdir/examples/iris-linear-w1.npy"
want 66 "$certify" bounds no-such-file.csv
printf '1,x\n' > m.csv
want 65 "$certify" bounds m.csv
want 64 "$certify" --spectrum "$identity"
want 0 "$certify" --json --no-certificate "$srcdir/examples/deep-open.yaml"
grep -q '"class": "open", "patterns": \[{"rank": 1, "eigenvalues": \[{"low": "4", "high": "4", "multiplicity": 1, "captured": 1}' out \
    && ok "the class in JSON" || bad "$(cat out)"
plan
