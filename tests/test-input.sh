#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Malformed problem files: one message that names file, line and key, the right
# exit status, within a second, and nothing written.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
folders
cd "$tmp" || exit 99
mkdir in
cp "$srcdir/examples/iris.csv" in/

# refuse NAME STATUS PATTERN: the file in/NAME.yaml
refuse() {
    timeout 5 "$top/certify" "in/$1.yaml" > out 2> err
    got=$?
    if [ $got -ne "$2" ]; then bad "$1: exit status $got, not $2: $(cat err)"; return; fi
    if ! grep -qE -- "$3" err; then bad "$1: $(cat err)"; return; fi
    if [ "$(wc -l < err)" -ne 1 ]; then bad "$1: more than one line: $(cat err)"; return; fi
    if [ -s out ] || ls *.cert* > /dev/null 2>&1; then bad "$1: something was written"; return; fi
    ok "$1: $(cut -c 1-110 err)"
}
good='certify: 1
network: {kind: linear}
data: {X: [[1, 0], [0, 1]], Y: [[1, 0]]}
point: {W: [[[1, 0]], [[1]]]}
claims: [gradient-dominance: {radius: 1/10}]'
# change NAME SED-EXPRESSION STATUS PATTERN
change() {
    printf '%s\n' "$good" | sed "$2" > "in/$1.yaml"
    refuse "$1" "$3" "$4"
}
printf '%s\n' "$good" > in/good.yaml
if "$top/certify" -q --no-certificate in/good.yaml > out; then ok "the file that the others are made from"
else bad "the good file fails"; fi

change exponent 's/1, 0\], \[0/1e999999999, 0], [0/' 65 'exponent.yaml:3: X: .*exponent is too large'
change exponent-hex 's/1, 0\], \[0/0x1p999999999, 0], [0/' 65 'exponent-hex.yaml:3: X: .*exponent'
change division 's/1, 0\], \[0/1\/0, 0], [0/' 65 'division.yaml:3: X: .*denominator is zero'
change word 's/1, 0\], \[0/one, 0], [0/' 65 'word.yaml:3: X: "one": a number'
change nan 's/1, 0\], \[0/nan, 0], [0/' 65 'nan.yaml:3: X: "nan"'
change two-numbers 's/1, 0\], \[0/1 2, 0], [0/' 65 'two-numbers.yaml:3: X:'
change negative-denominator 's/1, 0\], \[0/1\/-2, 0], [0/' 65 ':3: X:'
change ragged 's/\[0, 1\]\]/[0]]/' 65 ':3: X: row 2 has 1 entries, row 1 has 2'
change empty-matrix 's/X: \[\[1, 0\], \[0, 1\]\]/X: []/' 65 ':3: X: a matrix needs at least one row'
change empty-row 's/X: \[\[1, 0\], \[0, 1\]\]/X: [[]]/' 65 ':3: X: a row has no entries'
change zero-rows 's/X: \[\[1, 0\], \[0, 1\]\]/X: {zeros: [0, 2]}/' 65 'zeros: a whole number from 1'
change zeros-huge 's/X: \[\[1, 0\], \[0, 1\]\]/X: {zeros: [1000000000, 1000000000]}/' 65 'zeros: a whole number'
change identity-huge 's/X: \[\[1, 0\], \[0, 1\]\]/X: {identity: 99999999999}/' 65 'identity: a whole number'
change scalar-matrix 's/X: \[\[1, 0\], \[0, 1\]\]/X: 5/' 65 ':3: X: a matrix is expected'
change unknown-form 's/X: \[\[1, 0\], \[0, 1\]\]/X: {random: 5}/' 65 ':3: random: a matrix is expected here.*safetensors'
change shape-w 's/\[\[1\]\]\]}/[[1, 2]]]}/' 65 ':4: point: W_2 is 1 x 2, expected 1 x 1'
change shape-y 's/Y: \[\[1, 0\]\]/Y: [[1, 0, 0]]/' 65 ':3: data: Y is 1 x 3, expected 1 x 2'
construct='s/{W: \[\[\[1, 0\]\], \[\[1\]\]\]}/{construct: {widths: [1]}}/; s/gradient-dominance: {radius: 1.10}/critical-point/'
change construct-twice "$construct; s/widths: .1./widths: [1], capture: [1, 1]/" 65 ':4: capture: 1 occurs twice'
change construct-position "$construct; s/widths: .1./widths: [1], capture: [2]/" 65 ':4: capture: a whole number from 1 to 1'
change construct-wide "$construct; s/Y: .*/Y: [[1, 0], [0, 1]]}/; s/widths: .1./widths: [1], capture: [1, 2]/" 65 ':4: construct: 2 eigenvalues are to be captured, the narrowest layer has width 1'
change construct-pattern "$construct; s/Y: .*/Y: [[2, 0], [0, 1]]}/; s/widths: .1./pattern: [2]/" 65 ':4: pattern: eigenvalue 1 has multiplicity 1'
change construct-pattern-long "$construct; s/widths: .1./pattern: [1, 0]/" 65 ':4: pattern: Sigma has 1 distinct'
change construct-both "$construct; s/widths: .1./pattern: [1], capture: [1]/" 65 ':4: construct: capture and pattern exclude'
change construct-widths "$construct; s/widths: .1./widths: 1/" 65 ':4: widths: a list'
change construct-zero "$construct; s/widths: .1./widths: [0]/" 65 ':4: widths: a whole number from 1'
change construct-c "$construct; s/widths: .1./widths: [1], C: [[[0]]]/" 65 ':4: C: the matrix is singular'
change construct-c-shape "$construct; s/widths: .1./widths: [1], C: [[[1, 1]]]/" 65 ':4: C: the matrix is 1 x 2, expected 1 x 1'
change construct-c-count "$construct; s/widths: .1./widths: [1], C: []/" 65 ':4: C: a list of 1 matrices'
change construct-key "$construct; s/widths: .1./depth: 2/" 65 ':4: depth: unknown key under construct'
change construct-bits "$construct; s/widths: .1./bits: 2/" 65 ':4: bits: a whole number from 8'
change construct-beside "$construct; s/widths: .1./widths: [1]}, W: {a: 1/" 65 ':4: W: unknown key under point'
change construct-data "$construct; s/Y: .*/Y: [[1]]}/" 65 'Y is 1 x 1, expected 1 x 2'
change construct-unit-c "$construct; s/linear/residual/; s/Y: .*/Y: [[1, 0], [0, 1]]}/; s/widths: .1./unit-C: [[]], depth: 2/" 65 ':4: unit-C: a list of 1 matrices'
change construct-activation "$construct; s/linear/feedforward/" 65 ':2: activation: is missing'
change construct-one-layer "$construct; s/widths: .1./capture: []/" 65 ':4: construct: one layer has no other critical points'
change construct-loss "$construct; s/network: .*/&\nloss: cross-entropy/" 65 ':5: construct: the theorems are about the square loss'
change construct-bottleneck "$construct; s/kind: linear/kind: feedforward, activation: tanh/; s/Y: .*/Y: [[1, 0], [0, 1]]}/" 65 ':4: construct: .*needs an invertible X and all eigenvalues captured'
change construct-singular "$construct; s/kind: linear/kind: feedforward, activation: leaky-relu 2/; s/data: .*/data: {X: [[1, 1], [1, 1]], Y: [[1, 1]]}/" 65 ':4: construct: .*needs an invertible X'
change construct-relu "$construct; s/kind: linear/kind: feedforward, activation: relu/" 65 ':4: construct: this activation has no inverse'
change construct-range "$construct; s/kind: linear/kind: feedforward, activation: tanh/" 65 ':4: features: entry 1, 1 is not a value of tanh'
change factors-missing 's/{W: .*/{U: [[1]]}/' 65 ':4: V: is missing'
change factors-columns 's/{W: .*/{U: [[1, 1]], V: [[1], [0]]}/' 65 ':4: V: U has 2 columns, V has 1'
change factors-beside 's/{W: .*/{U: [[1]], W: [[1]]}/' 65 ':4: W: unknown key'
change factors-residual 's/linear/residual/; s/{W: .*/{U: [[1]], V: [[1], [0]]}/' 65 ':4: U: unknown key'
change critical-gradient 's/gradient-dominance: {radius: 1.10}/critical-point: {gradient: -1}/' 65 ':5: .*gradient: a number >= 0'
change critical-gap 's/gradient-dominance: {radius: 1.10}/critical-point: {gap: 1}/' 65 ':5: claim 1: gap: unknown key'
change rc-delta 's/gradient-dominance: {radius: 1.10}/regularity: {delta: -1}/' 65 ':5: .*delta: a number >= 0'
change rc-gamma 's/gradient-dominance: {radius: 1.10}/regularity: {gamma: 1}/' 65 ':5: .*gamma: a number between 0 and 1'
change rc-gamma-useless 's/gradient-dominance: {radius: 1.10}/regularity: {gamma: 1\/2, alpha: 1, beta: 1}/' 65 ':5: .*gamma: only chooses'
change rc-paper 's/gradient-dominance: {radius: 1.10}/regularity: {radius: paper}/' 65 ':5: .*radius: Theorems 4 to 6 give no number'
change rc-norm 's/gradient-dominance: {radius: 1.10}/regularity: {norm: spectral}/' 65 ':5: .*norm: the theorem is about the Frobenius norm'
change rc-radii 's/gradient-dominance: {radius: 1.10}/regularity: {radius: [1, 2, 3]}/' 65 ':5: .*radius: 2 radii are needed, one per block'
change rc-alpha 's/gradient-dominance: {radius: 1.10}/regularity: {alpha: worst}/' 65 ':5: .*alpha: "worst": a number'
change rc-lambda 's/gradient-dominance: {radius: 1.10}/regularity: {lambda: 1}/' 65 ':5: .*lambda: unknown key'
change ineq-nothing 's/gradient-dominance: {radius: 1.10}/inequality/' 65 ':5: .*inequality: a text like'
change ineq-map 's/gradient-dominance: {radius: 1.10}/inequality: {a: 1}/' 65 ':5: .*inequality: a text like'
change ineq-relation 's/gradient-dominance: {radius: 1.10}/inequality: "loss"/' 65 ':5: .*one of >=, >, <=, <, = is expected'
change ineq-two 's/gradient-dominance: {radius: 1.10}/inequality: "loss < 1 < 2"/' 65 ':5: .*right side'
change ineq-word 's/gradient-dominance: {radius: 1.10}/inequality: "loss >= lambda"/' 65 ':5: .*right side: a quantity'
change ineq-bracket 's/gradient-dominance: {radius: 1.10}/inequality: "norm(W_1 >= 2"/' 65 ':5: .*left side: .* is expected'
change ineq-matrix 's/gradient-dominance: {radius: 1.10}/inequality: "norm(W_9) >= 1"/' 65 ':5: .*left side: a matrix is expected'
change ineq-shapes 's/gradient-dominance: {radius: 1.10}/inequality: "norm(W_1 * W_2) >= 1"/' 65 ':5: .*left side: the shapes'
change ineq-negative 's/gradient-dominance: {radius: 1.10}/inequality: "loss >= -1"/' 65 ':5: .*right side: .*a number >= 0'
change features-dominance 's/linear}/feedforward, activation: tanh}/; s/point: .*/point: {features: [[1\/2, 0], [0, 1\/2]], W_2: [[1, 0]]}/; s/gradient-dominance: {radius: 1.10}/gradient-dominance: {radius: 1\/10}/' 65 ':5: claim 1: gradient-dominance: a point given by features'
change features-w 's/linear}/feedforward, activation: tanh}/; s/point: .*/point: {features: [[1\/2, 0], [0, 1\/2]], W_2: [[1, 0]], W: [[[1]]]}/; s/gradient-dominance: {radius: 1.10}/regularity/' 65 ':4: W: unknown key'
change features-inequality 's/linear}/feedforward, activation: tanh}/; s/point: .*/point: {features: [[1\/2, 0], [0, 1\/2]], W_2: [[1, 0]]}/; s/gradient-dominance: {radius: 1.10}/inequality: "norm(W_1) >= 1"/' 65 ':5: .*W_1 is not rational'
change sxx-symmetric 's/X: .*}/Sxx: [[1, 2], [0, 1]], Syx: [[1, 0]], Syy: [[1]]}/' 65 ':3: .*Sxx: a symmetric matrix'
change sxx-negative 's/X: .*}/Sxx: [[-1, 0], [0, 1]], Syx: [[1, 0]], Syy: [[1]]}/' 65 ':3: .*Sxx: it is not positive semidefinite'
change sxx-indefinite 's/X: .*}/Sxx: [[0, 1], [1, 0]], Syx: [[0, 0]], Syy: [[1]]}/' 65 ':3: .*Sxx: it is not positive semidefinite'
change syx-range 's/X: .*}/Sxx: [[1, 1], [1, 1]], Syx: [[1, 0]], Syy: [[9]]}/' 65 ':3: .*Syx: its row space'
change syx-shape 's/X: .*}/Sxx: [[1, 0], [0, 1]], Syx: [[1]], Syy: [[1]]}/' 65 ':3: .*Syx: it must have as many columns'
change syy-small 's/X: .*}/Sxx: [[1, 0], [0, 1]], Syx: [[1, 0]], Syy: [[0]]}/' 65 ':3: .*Syy: it is smaller than'
change syy-shape 's/X: .*}/Sxx: [[1, 0], [0, 1]], Syx: [[1, 0]], Syy: [[1, 0]]}/' 65 ':3: .*Syy: a symmetric matrix'
change moments-zero 's/X: .*}/Sxx: [[0, 0], [0, 0]], Syx: [[0, 0]], Syy: [[0]]}/' 65 ':3: .*Sxx: all moments are zero'
change moments-missing 's/X: .*}/Sxx: [[1, 0], [0, 1]], Syx: [[1, 0]]}/' 65 'Syy'
change moments-mixed 's/X: .*}/Sxx: [[1, 0], [0, 1]], Syx: [[1, 0]], Syy: [[2]], X: [[1]]}/' 65 'X: unknown key'
change moments-feedforward 's/X: .*}/Sxx: [[1, 0], [0, 1]], Syx: [[1, 0]], Syy: [[2]]}/; s/linear}/feedforward, activation: relu}/' 65 'Sxx: covariances determine'
change moments-loss 's/X: .*}/Sxx: [[1, 0], [0, 1]], Syx: [[1, 0]], Syy: [[2]]}/; s/^network/loss: {kind: square, scale: 1}\nnetwork/' 65 'loss: covariances stand for'
change syy-indefinite 's/X: .*}/Sxx: [[1, 0], [0, 1]], Syx: [[0, 0], [0, 0]], Syy: [[1, 5], [5, 1]]}/' 65 ':3: Syy: it is smaller than'
change moments-no-sxx 's/X: .*}/Syx: [[1, 0]], Syy: [[1]]}/' 65 ':3: Sxx: is missing'
change moments-norm 's/X: .*}/Sxx: [[1, 0], [0, 1]], Syx: [[1, 0]], Syy: [[2]]}/; s/gradient-dominance: {radius: 1.10}/inequality: "norm(X) <= 1"/' 65 'only covariances'
change moments-rank 's/X: .*}/Sxx: [[1, 0], [0, 1]], Syx: [[1, 0]], Syy: [[2]]}/; s/gradient-dominance: {radius: 1.10}/full-rank/' 65 'only covariances'
change ineq-spaces 's/gradient-dominance: {radius: 1.10}/inequality: "loss <= 3 0"/' 65 'an operator is missing'
change no-version 's/^certify: 1/title: x/' 65 'certify: is missing'
change version '1s/1/2/' 65 ':1: certify: format 2 is not known'
change no-network '2d' 65 'network: is missing'
change no-data '3d' 65 'data: is missing'
change no-point '4d' 65 'point: is missing'
change no-claims '5d' 65 'claims: there is nothing to prove'
change network-kind 's/linear/convolutional/' 65 ':2: kind: linear, residual, feedforward or resnet'
change activation 's/kind: linear/kind: feedforward, activation: gelu/' 65 ':2: activation: "gelu" is not known'
change activation-slope 's/kind: linear/kind: feedforward, activation: leaky-relu/' 65 'leaky-relu needs a slope'
change activation-linear 's/kind: linear/kind: linear, activation: relu/' 65 'a linear network has none'
change activation-missing 's/kind: linear/kind: feedforward/' 65 'activation: is missing'
change activation-list 's/kind: linear/kind: feedforward, activation: [relu, relu]/' 65 '1 hidden layers need 1 entries'
change unknown-key 's/data: {X/data: {Z: 1, X/' 65 ':3: Z: unknown key under data'
change unknown-key-top 's/^claims/claim/' 65 ':5: claim: unknown key under the file'
change unknown-key-claim 's/radius:/radios:/' 65 ':5: claim 1: radios: unknown key under gradient-dominance; did you mean "radius"'
change duplicate-key 's/^claims/data: 1\nclaims/' 65 ':5: duplicate key "data"'
change anchor 's/X: \[\[1, 0\]/X: \&a [[1, 0]/' 65 ':3: anchors'
change tag 's/X: \[\[1, 0\]/X: !!seq [[1, 0]/' 65 ':3: anchors'
change alias 's/Y: \[\[1, 0\]\]/Y: *x/' 65 ':3: .*alias'
change not-yaml 's/X: \[\[1, 0\]/X: [[1, 0/' 65 'not-yaml.yaml:[0-9]+: '
change claim-unknown 's/gradient-dominance/convexity/' 65 'is not a claim'
change radius-negative 's/radius: 1/radius: -1/' 65 ':5: claim 1: radius: a number >= 0'
change radius-list 's/radius: 1.10/radius: [1, 1, 1]/' 65 ':5: .*radius: 2 radii are needed, one per block'
change norm 's/radius: 1.10/radius: 1, norm: max/' 65 ':5: claim 1: norm: spectral, frobenius or feature'
change norm-feature 's/radius: 1.10/radius: 1, norm: feature/' 65 ':5: claim 1: gradient-dominance: norm: feature needs'
change lambda-negative 's/radius: 1/lambda: -1, radius: 1/' 65 ':5: claim 1: lambda: a number >= 0'
change radius-paper 's/radius: 1.10/radius: paper/' 65 ':5: claim 1: radius: the paper'
change weight-decay 's/^claims/regularization: {weight-decay: 1}\nclaims/' 65 'does not treat weight-decay'
change weight-decay-negative 's/^claims/regularization: {weight-decay: -1}\nclaims/' 65 ':5: weight-decay: a number >= 0'
change loss 's/^claims/loss: cross-entropy\nclaims/' 65 'square loss only'
change loss-unknown 's/^claims/loss: huber\nclaims/' 65 ':5: loss: square'
change loss-scale 's/^claims/loss: {kind: square, scale: 0}\nclaims/' 65 ':5: scale: a positive'
change loss-weights 's/^claims/loss: {kind: square, weights: [1]}\nclaims/' 65 ':5: weights: a list of 2 numbers'
change loss-weights-negative 's/^claims/loss: {kind: square, weights: [1, -1]}\nclaims/' 65 ':5: weights: a weight is negative'
change solve-twice 's/W: .*/W: [solve, solve]}/' 65 'only one layer'
change solve-impossible 's/\[\[1\]\]\]}/[[0]]]}/;s/W: \[\[\[1, 0\]\]/W: [solve/' 65 'solve: no such matrix exists'
change outside 's/X: \[\[1, 0\], \[0, 1\]\]/X: {csv: ..\/secret.csv}/' 65 'leaves the folder'
change absolute 's/X: \[\[1, 0\], \[0, 1\]\]/X: {csv: \/etc\/passwd}/' 65 'leaves the folder'
change no-file 's/X: \[\[1, 0\], \[0, 1\]\]/X: {csv: none.csv}/' 66 ':3: csv: there is no file'
ln -s /etc in/link
change link 's/X: \[\[1, 0\], \[0, 1\]\]/X: {csv: link\/passwd}/' 65 'leaves the folder'
X='s/X: \[\[1, 0\], \[0, 1\]\]/X: {csv: iris.csv, '
change csv-header "${X}columns: 1-4}/" 65 'row 2 has 5 fields|column 3: "setosa"'
change csv-column "${X}column: 9, skip-rows: 1}/" 65 'there is no column 9'
change csv-rows "${X}columns: 1-4, skip-rows: 1, rows: 100-200}/" 65 'only 51 rows'
change csv-range "${X}columns: 4-1}/" 65 'a range like 1-4'
change csv-one-hot "${X}column: 5, skip-rows: 1, one-hot: 2}/" 65 'a class from 0 to 1'
change csv-one-hot-columns "${X}columns: 1-2, skip-rows: 1, one-hot: 2}/" 65 'exactly one column'
change csv-option "${X}colums: 1-4}/" 65 'colums: unknown key under csv; did you mean "columns"'
printf '1,2\n3\n' > in/ragged.csv
change csv-ragged 's/X: \[\[1, 0\], \[0, 1\]\]/X: {csv: ragged.csv}/' 65 'row 2 has 1 fields, the rows before it 2'
printf '1,2\n3,x\n' > in/letters.csv
change csv-letters 's/X: \[\[1, 0\], \[0, 1\]\]/X: {csv: letters.csv}/' 65 'row 2, column 2: "x"'
: > in/empty.csv
change csv-empty 's/X: \[\[1, 0\], \[0, 1\]\]/X: {csv: empty.csv}/' 65 'only 0 rows'

# npy HEADER-DICTIONARY DATA
npy() { printf '\223NUMPY\001\000\166\000%-117s\n' "$1"; printf "$2"; }
N='s/X: \[\[1, 0\], \[0, 1\]\]/X: {npy: x.npy}/'
npy "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }" '\000\000\300\177' > in/x.npy
change npy-nan "$N" 65 'entry \(1, 1\) is not a finite number'
npy "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 1000000000), }" '\000\000\300\177' > in/x.npy
change npy-huge "$N" 65 '1000000000 x 1000000000 entries, more than'
npy "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }" '\000\000\300\177' > in/x.npy
change npy-overflow "$N" 65 'more than the 20000000'
npy "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }" '\000\000\300\177' > in/x.npy
change npy-short "$N" 65 'do not fit'
npy "{'descr': '<c8', 'fortran_order': False, 'shape': (1, 1), }" '\000\000\300\177' > in/x.npy
change npy-complex "$N" 65 'complex numbers; floating point numbers'
npy "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 1), }" '' > in/x.npy
change npy-empty "$N" 65 'the array is empty'
npy "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1), }" '\000\000\200\077' > in/x.npy
change npy-cube "$N" 65 'an array of 3 dimensions'
printf '\223NUMPY\001\000\377\377{{{' > in/x.npy
change npy-cut "$N" 65 'header is cut off'
printf 'hello' > in/x.npy
change npy-not "$N" 65 'not an NPY array'

{ printf 'a: &a [x,x,x,x,x,x,x,x,x]\n'; for i in b c d e f g h i j; do
    printf '%s: &%s [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n' $i $i; done; } > in/bomb.yaml
refuse bomb 65 'bomb.yaml:1: anchors'
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "["; print "" }' > in/deep.yaml
refuse deep 65 'deep.yaml:1: '
head -c 3000000 /dev/zero | tr '\0' '9' > in/digits.txt
{ printf 'certify: 1\nnetwork: {kind: linear}\ndata: {X: [['; cat in/digits.txt; printf ']], Y: [[1]]}\n'; } > in/long-number.yaml
refuse long-number 65 'long-number.yaml:3: X: .*too long'
: > in/nothing.yaml
refuse nothing 65 'nothing.yaml:1: the file is empty'
head -c 5000 /dev/urandom > in/noise.yaml
timeout 5 "$top/certify" in/noise.yaml > out 2> err
[ $? -eq 65 ] && ok "random bytes: $(cut -c 1-80 err | tr -cd '[:print:]')" || bad "random bytes: $(cat err)"
refuse missing 66 'missing.yaml: No such file'
mkdir in/folder.yaml
refuse folder 66 'folder.yaml: is a directory'
yes 'x: 1' | head -n 2 > in/repeat.yaml
refuse repeat 65 'duplicate key'
# what to write instead
change two-claims 's/claims: .*/claims: [{full-rank: , rank: {of: X, value: 2}}]/' 65 ':5: claim 1: rank: a second claim in one entry'
change outdented 's/claims: .*/claims:\n  - gradient-dominance:\n    radius: 1/' 65 ':7: claim 1: radius: beside gradient-dominance: parameters stand'
change claims-map 's/claims: .*/claims: {full-rank: }/' 65 ':5: claims: a list of claims is expected here, each after "- "'
change second-claim 's/claims: .*/claims: [full-rank, full-rnk]/' 65 'claim 2: claims: "full-rnk" is not a claim; did you mean "full-rank"'
change no-parameters 's/claims: .*/claims: [full-rank: {of: X}]/' 65 'claim 1: of: full-rank takes no parameters'
change root-key 's/network:/netwrok:/' 65 ':2: netwrok: unknown key under the file; did you mean "network"'
printf '1,2,3\n4,5,6\n' > in/samples.csv
change transposed 's/data: .*/data: {X: {csv: samples.csv}, Y: [[1, 0]]}/; s/W: \[\[\[1, 0\]\]/W: [[[1, 0, 0]]/' 65 'W_1 is 1 x 3, expected 1 x 2; it fits when X is transposed: samples are columns; X: {csv: samples.csv, transpose: true}'
change transposed-both 's/data: .*/data: {X: {csv: samples.csv}, Y: [[1], [0]]}/; s/W: \[\[\[1, 0\]\]/W: [[[1, 0, 0]]/' 65 'it fits when X and Y are transposed'
change transposed-layers 's/W: .*/W: [[[1], [0]], [[1]]]}/' 65 'it fits when every W is transposed'
change leaky 's/kind: linear/kind: feedforward, activation: LeakyReLU/' 65 'LeakyReLU needs a slope.*0.01'
change reduction 's/data:/loss: {kind: square, reduction: average}\n&/' 65 'reduction: sum or mean'
change mse 's/data:/loss: mse\n&/' 65 "MSELoss with d outputs is .kind: square, scale: 1/d, reduction: mean"
# skips and resnets
skip='s/kind: linear/kind: feedforward, activation: identity, skip: [0]/; s/\[\[1\]\]\]}/[[1]]], S: [[[1, 2]]]}/; s/claims: .*/claims: [critical-point: {gradient: best}]/'
printf '%s\n' "$good" | sed "$skip" > in/skip.yaml
if "$top/certify" -q --no-certificate in/skip.yaml > out 2> err; then ok "a skip"; else bad "a skip: $(cat err)"; fi
change skip-no-s "$skip; s/, S: .*/}/" 65 ':4: S: is missing: skip: .k, ..'
change skip-no-skip "$skip; s/, skip: .0.}/}/" 65 ':2: skip: is missing'
change skip-word "$skip; s/skip: .0./skip: [one]/" 65 ':2: skip: '
change skip-not-a-list "$skip; s/skip: .0./skip: 0/" 65 ':2: skip: a list of 1 to 64 layers is expected here, each from 0 to 0'
change skip-empty "$skip; s/skip: .0./skip: []/" 65 ':2: skip: a list of 1 to 64 layers'
change skip-last "$skip; s/skip: .0./skip: [1]/" 65 ':2: skip: '
change skip-twice "$skip; s/skip: .0./skip: [0, 0]/; s/S: ./S: [[[1, 2]], /" 65 ':2: skip: layer 0 is there twice'
change skip-count "$skip; s/skip: .0./skip: [0, 1]/" 65 ':4: S: a list of 2 matrices is expected here'
change skip-shape "$skip; s/S: ...1, 2/S: [[[1, 2, 3/" 65 ':4: S_0: is 1 x 3, expected 1 x 2'
change skip-solve "$skip; s/W: \[\[\[1, 0\]\], \[\[1\]\]/W: [[[1, 0]], solve/" 65 'solve is not possible in a network with skips'
change skip-linear 's/kind: linear/kind: linear, skip: [0]/' 65 ':2: skip: only feedforward networks have skips'
change skip-claim "$skip; s/claims: .*/claims: [gradient-dominance]/" 65 'gradient-dominance: the theorem does not treat skips and resnets'
change skip-kind 's/kind: linear/kind: skip/' 65 ':2: kind: linear, residual, feedforward or resnet is expected here'
resnet='s/kind: linear/kind: resnet, activation: relu/; s/point: .*/point: {W: [[1, 0]], R: [[1], [0]], z: {W: [[[1, 1]]], b: [[0]]}}/; s/claims: .*/claims: [critical-point: {gradient: best}]/'
change resnet-kink "$resnet; s/z: .W: /z: {V: /" 65 ':4: .*V'
change resnet-no-z "$resnet; s/, z: .*/}/" 65 ':4: z: is missing'
change resnet-no-r "$resnet; s/R: \[\[1\], \[0\]\], //" 65 ':4: R: is missing: the network is W .X . R z.X..'
change resnet-shape "$resnet; s/R: \[\[1\], \[0\]\]/R: [[1]]/" 65 'R is 1 x 1, expected 2 x 1'
change resnet-no-activation "$resnet; s/, activation: relu//" 65 ':2: activation: is missing'
change resnet-activations "$resnet; s/relu/[relu, relu]/" 65 ':2: activation: 1 layers of z need 1 entries'
change resnet-biases "$resnet; s/b: ..0../b: [[0], [1]]/" 65 ':4: z: b: a list of 1 biases is expected here'
change resnet-empty "$resnet; s/W: ...1, 1...,/W: [],/" 65 ':4: z: W: a list of matrices is expected here'
margin='s/kind: linear/kind: feedforward, activation: relu/; s/point: .*/point: {construct: {margin: 1\/2}}/; s/claims: .*/claims: [full-rank: {of: features}]/'
printf '%s\n' "$good" | sed "$margin" > in/margin.yaml
if "$top/certify" -q --no-certificate in/margin.yaml > out 2> err; then ok "construct: margin"; else bad "construct: margin: $(cat err)"; fi
if "$top/certify" construct in/margin.yaml > in/margin-written.yaml && "$top/certify" -q --no-certificate in/margin-written.yaml > out 2> err
then ok "and written out"; else bad "and written out: $(cat err)"; fi
change margin-large "$margin; s/1.2/1/" 65 ':4: margin: a number > 0 is expected here, less than 1 minus'
change margin-zero "$margin; s/1.2/0/" 65 ':4: margin: a number > 0 is expected here'
change margin-norm "$margin; s/X: \[\[1, 0/X: [[2, 0/" 65 ':4: margin: every sample needs the norm 1'
change margin-tanh "$margin; s/relu/tanh/" 65 ':2: activation: the construction is for relu'
change margin-more "$margin; s/1.2}/1\/2, bits: 50}/" 65 ':4: bits: unknown key under construct'
change construct-resnet "$margin; s/kind: feedforward/kind: resnet/" 65 'construct: not for a resnet'
change bases-residual 's/gradient-dominance: {radius: 1.10}/best-in-basis: {basis: residual}/' 65 'the basis residual is for resnets'
# names that frameworks have for what there is
for act in ReLU 'ReLU()' 'LeakyReLU 0.01' 'LeakyReLU(negative_slope=0.01)' 'leaky_relu 0.1' Tanh Sigmoid SoftPlus; do
    printf '%s\n' "$good" | sed "s/kind: linear/kind: feedforward, activation: $act/; s/claims: .*/claims: [full-rank]/" > in/act.yaml
    "$top/certify" -q --no-certificate in/act.yaml > out 2> err
    if grep -q 'full-rank: proved' out; then ok "activation $act is known"; else bad "activation $act: $(cat err out)"; fi
done
# reduction: mean divides the scale by the number of samples
printf '%s\n' "$good" | sed 's/data:/loss: {kind: square, reduction: mean}\n&/; s/claims: .*/claims: [inequality: "loss >= 0"]/' > in/mean.yaml
"$top/certify" -q -o mean.cert in/mean.yaml > out 2> err
if grep -q '^loss square 1/4$' mean.cert; then ok "reduction: mean, two samples: the scale is 1/4"
else bad "reduction: mean: $(cat err)"; fi
rm -f mean.cert
# every cut of a good file
cuts=0 i=1
while [ $i -lt 150 ]; do
    printf '%s\n' "$good" | head -c $i > in/cut.yaml
    timeout 5 "$top/certify" in/cut.yaml > out 2> err
    got=$?
    [ $got -eq 65 ] && [ "$(wc -l < err)" -eq 1 ] || { cuts=$((cuts + 1)); echo "# cut at $i: $got $(cat err)"; }
    i=$((i + 3))
done
[ $cuts -eq 0 ] && ok "truncated problem files" || bad "truncated problem files: $cuts"
if ls *.cert* > /dev/null 2>&1; then bad "a certificate was written"; else ok "nothing was written"; fi
plan
