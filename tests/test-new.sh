#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# certify new, claims and extract: from a checkpoint to a problem file, and back from a certificate.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
folders
cd "$tmp" || exit 99
certify=$top/certify
cp "$srcdir"/examples/iris-* "$srcdir"/examples/iris.csv .

# says NAME FILE PATTERN: a line of the file is this
says() { if grep -qE -- "$3" "$2"; then ok "$1"; else bad "$1: $(cat "$2")"; fi; }
# refused NAME STATUS PATTERN ARGUMENT...: one message
refused() {
    name=$1 wanted=$2 pattern=$3
    shift 3
    "$certify" "$@" > out 2> err
    got=$?
    if [ $got -eq "$wanted" ] && [ "$(wc -l < err)" -eq 1 ] && grep -qE -- "$pattern" err
    then ok "$name: $(cut -c 1-140 err)"; else bad "$name: status $got: $(cat err)"; fi
}

# templates: they can be proved as they stand, with each claim that is listed
for kind in linear residual feedforward; do
    "$certify" new --kind $kind -o $kind.yaml 2> err || bad "new --kind $kind: $(cat err)"
    "$certify" claims $kind.yaml > claims.txt 2> err || bad "claims $kind: $(cat err)"
    refused "$kind: no claim yet" 65 'nothing to prove; certify claims' $kind.yaml
    grep -A 1000 '^claims:' $kind.yaml | sed -n 's/^#  - //p' > listed
    sed -n '/^These claims/,/^These theorems/s/^  \([a-z]\)/\1/p' claims.txt > admitted
    if cmp -s listed admitted && [ -s listed ]; then ok "new and claims agree for $kind: $(wc -l < listed) claims"
    else bad "new and claims differ for $kind: $(diff listed admitted)"; fi
    while read -r claim; do
        { grep -B 1000 '^claims:' $kind.yaml; echo "  - $claim"; } > one.yaml
        "$certify" -q --no-certificate one.yaml > out 2> err < /dev/null
        got=$?
        if [ $got -le 2 ]; then ok "$kind: $claim: status $got"; else bad "$kind: $claim: $(cat err)"; fi
    done < listed
done
refused "a file is not overwritten" 73 'cannot create' new --kind linear -o linear.yaml
refused "an unknown kind" 64 'linear, residual or feedforward' new --kind cubic
refused "neither kind nor checkpoint" 64 '--kind' new
refused "kind and checkpoint" 64 '--kind' new --kind linear --from iris-relu-keras.npz
refused "samples without targets" 64 'two files' new --from iris-relu-keras.npz --data iris-x.npy

# a checkpoint, as PyTorch and as Keras lay it out
"$certify" new --from iris-tanh-4-12-3.npz --data iris-x.npy iris-y.npy --activation tanh -o tanh.yaml 2> err || bad "new: $(cat err)"
says "tanh: the layers" tanh.yaml '^# 2 layers: fc1.weight \(4 -> 12\), fc2.weight \(12 -> 3\)$'
says "tanh: the samples are rows" tanh.yaml '^  X: .npy: "iris-x.npy", transpose: true.$'
sed -i 's/^#  - \(inequality: "norm(W_1)\) <= 10"/  - \1 <= 100"/' tanh.yaml
if "$certify" -q -o tanh.cert tanh.yaml > out 2> err; then ok "tanh: a claim is proved"; else bad "tanh: $(cat err out)"; fi
"$certify" new --from iris-relu-keras.npz --data iris-x.npy iris-y.npy --activation ReLU -o keras.yaml 2> err || bad "new: $(cat err)"
"$certify" new --from iris-relu-4-16-3.safetensors --data iris-x.npy iris-y.npy --activation relu -o torch.yaml 2> err || bad "new: $(cat err)"
says "keras: in x out" keras.yaml 'key: "dense.kernel", transpose: true'
for f in keras torch; do
    sed -i 's/^#  - inequality: "loss <= 1"/  - inequality: "loss <= 6"/' $f.yaml
    "$certify" -q -o $f.cert $f.yaml > out 2> err || bad "$f: $(cat err out)"
done
if grep -v '^[#t]' keras.cert | cmp -s - torch.cert; then ok "both layouts are the same network"
else bad "the layouts differ: $(diff keras.cert torch.cert | head -n 3)"; fi
"$certify" new --from iris-relu-keras.npz > out 2> err || bad "new without data: $(cat err)"
says "without data: what is to be given" out '^  X: .npy: X.npy, transpose: true. +# 4 inputs$'
refused "data of another network" 65 'X is 150 x 3, but the network has 4 inputs' new --from iris-relu-keras.npz --data iris-y.npy iris-y.npy
refused "no checkpoint" 64 'an .npz or a .safetensors file' new --from iris.csv
refused "not there" 66 'none.npz' new --from none.npz
refused "of PyTorch's own kind" 65 'safetensors.torch.save_file' new --from model.pt
python3 - << 'END'
import struct, json
def write(name, arrays):
    header, data = {}, b""
    for key, shape in arrays:
        n = 1
        for x in shape:
            n *= x
        header[key] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + 4 * n]}
        data += struct.pack("<%df" % n, *[(i % 7) - 3 for i in range(n)])
    text = json.dumps(header).encode()
    with open(name, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)
write("many.safetensors", [("fc10.weight", [2, 3]), ("fc9.weight", [3, 4]), ("fc10.bias", [2]), ("fc9.bias", [3]), ("steps", [1])])
write("names.safetensors", [("out.weight", [2, 3]), ("hidden.weight", [3, 4]), ("out.bias", [2])])
write("numbered.safetensors", [("W1", [3, 4]), ("W2", [2, 3]), ("b1", [3]), ("b2", [2])])
write("conv.safetensors", [("conv1.weight", [2, 3, 5, 5]), ("fc.weight", [2, 3])])
write("torn.safetensors", [("a.weight", [2, 3]), ("b.weight", [5, 4])])
write("none.safetensors", [("x", [2, 3])])
END
"$certify" new --from many.safetensors > out 2> err || bad "many: $(cat err)"
says "layer 9 comes before layer 10" out '^# 2 layers: fc9.weight \(4 -> 3\), fc10.weight \(3 -> 2\)$'
says "what belongs to no layer" out '^# 1 arrays of the file belong to no layer'
"$certify" new --from names.safetensors > out 2> err || bad "names: $(cat err)"
says "the order of the shapes, where the names say nothing" out 'hidden.weight \(4 -> 3\), out.weight \(3 -> 2\)'
says "a layer without bias among some with" out '\{zeros: \[3, 1\]\}'
"$certify" new --from numbered.safetensors > out 2> err || bad "numbered: $(cat err)"
says "W1 and b1" out 'key: "b1"'
refused "convolutions" 65 'conv1.weight is 2 x 3 x 5 x 5: convolutions' new --from conv.safetensors
refused "shapes that fit in no order" 65 'fit in no order' new --from torn.safetensors
refused "no layers" 65 'no layers are found' new --from none.safetensors

# claims: why not
printf 'certify: 1\nnetwork: {kind: feedforward, activation: tanh}\ndata: {X: [[1]], Y: [[1]]}\npoint: {W: [[[1]], [[1]]], b: [[1], [1]]}\n' > p.yaml
"$certify" claims --json p.yaml > out 2> err || bad "claims --json: $(cat err)"
if python3 -c 'import json
rows = [json.loads(x) for x in open("out")]
assert {"claim", "applicable", "says"} == set(rows[0]) and any(not x["applicable"] and "without biases" in x["reason"] for x in rows)'
then ok "claims --json"; else bad "claims --json: $(cat out)"; fi

# extract: the certificate is about the problem file that it gives
mkdir extracted
count=0 wrong=
for cert in "$srcdir"/certs/*.cert; do
    name=$(basename "$cert" .cert)
    if "$certify" extract -C extracted "$cert" > written 2> err && "$certify" check -q --problem "extracted/$name.yaml" "$cert" > out 2>&1
    then count=$((count + 1)); else wrong="$wrong $name: $(cat err out)"; fi
    # shellcheck disable=SC2046
    rm -f $(cat written)
done
if [ -z "$wrong" ] && [ $count -gt 50 ]; then ok "extract: $count certificates and their problem files"; else bad "extract: $wrong"; fi
cert=$srcdir/certs/digits.cert
"$certify" extract "$cert" > written 2> err || bad "extract: $(cat err)"
says "a large matrix gets a file" written '^./digits-X.csv$'
refused "extract overwrites nothing" 73 'cannot create' extract "$cert"
head -c 200 "$cert" > cut.cert
refused "extract from a torn certificate" 65 'not a certificate: line' extract cut.cert
refused "extract from nothing" 66 'none.cert' extract none.cert
refused "extract into no folder" 73 'cannot create' extract -C none "$srcdir/certs/scalar.1.cert"
plan
