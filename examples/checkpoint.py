#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checkpoints as frameworks store them, written and read with the Python standard library
only: NPY (numpy.save), NPZ (numpy.savez and savez_compressed) and safetensors.

An array is a pair (type, entries): the type is F64, F32, F16, BF16 or I64, the entries are a
list of numbers (one axis) or a list of rows of equal length (two axes).  A checkpoint is a
dict from names to arrays.  Numbers are rounded to the type, to nearest, ties to even.

usage: checkpoint.py FILE...        prints name, type and shape of every array
       checkpoint.py --test         writes and reads back every format and type"""
import ast, json, os, struct, sys, tempfile, zipfile

SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8}
CODES = {"F64": "d", "F32": "f", "F16": "e", "I64": "q"}
DESCRS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8"}

def shape(entries):
    if entries and isinstance(entries[0], (list, tuple)):
        return [len(entries), len(entries[0])]
    return [len(entries)]

def flat(entries):
    return list(entries) if len(shape(entries)) == 1 else [x for row in entries for x in row]

def folded(numbers, sizes):
    if len(sizes) == 1:
        return list(numbers)
    if len(sizes) != 2:
        raise ValueError("one or two axes are expected, not %d" % len(sizes))
    return [list(numbers[i * sizes[1]:(i + 1) * sizes[1]]) for i in range(sizes[0])]

def to_bytes(kind, numbers):
    if kind != "BF16":
        return struct.pack("<%d%s" % (len(numbers), CODES[kind]), *numbers)
    words = []
    for x in numbers:       # the upper half of a float32; float32 numbers are rounded once
        w = struct.unpack("<I", struct.pack("<f", x))[0]
        words.append((w + 0x7fff + (w >> 16 & 1)) >> 16 if x == x else 0x7fc0)
    return struct.pack("<%dH" % len(words), *words)

def from_bytes(kind, data):
    n = len(data) // SIZES[kind]
    if kind != "BF16":
        return list(struct.unpack("<%d%s" % (n, CODES[kind]), data))
    return [struct.unpack("<f", struct.pack("<I", w << 16))[0]
            for w in struct.unpack("<%dH" % n, data)]

def npy_bytes(kind, entries):
    """Version 1.0, little endian, C order; numpy has no BF16."""
    sizes = shape(entries)
    head = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (DESCRS[kind], tuple(sizes))
    head += " " * (63 - (10 + len(head)) % 64) + "\n"
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode()
            + to_bytes(kind, flat(entries)))

def npy_array(data):
    if data[:8] != b"\x93NUMPY\x01\x00":
        raise ValueError("not an NPY file of version 1.0")
    start = 10 + struct.unpack("<H", data[8:10])[0]
    head = ast.literal_eval(data[10:start].decode())
    kind = {d: k for k, d in DESCRS.items()}[head["descr"]]
    if head["fortran_order"] and len(head["shape"]) > 1:
        raise ValueError("C order is expected")
    return kind, folded(from_bytes(kind, data[start:]), head["shape"])

def save_npy(path, kind, entries):
    with open(path, "wb") as f:
        f.write(npy_bytes(kind, entries))

def load_npy(path):
    with open(path, "rb") as f:
        return npy_array(f.read())

def save_npz(path, arrays, compressed=False):
    """A zip archive of KEY.npy, stored or deflated, with the ZIP64 fields that numpy writes.
    The dates are fixed, so that the same arrays give the same file."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, (kind, entries) in arrays.items():
            entry = zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            entry.external_attr = 0o600 << 16
            with archive.open(entry, "w", force_zip64=True) as f:
                f.write(npy_bytes(kind, entries))

def load_npz(path):
    with zipfile.ZipFile(path) as archive:
        return {name[:-4]: npy_array(archive.read(name)) for name in archive.namelist()
                if name.endswith(".npy")}

def save_safetensors(path, arrays, metadata=None):
    """The length of the header in 8 bytes, the header (JSON, filled up with spaces to a
    multiple of 8 bytes), the arrays one after the other."""
    head, data = {}, b""
    if metadata:
        head["__metadata__"] = metadata
    for name, (kind, entries) in arrays.items():
        part = to_bytes(kind, flat(entries))
        head[name] = {"dtype": kind, "shape": shape(entries),
                      "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)

def load_safetensors(path):
    with open(path, "rb") as f:
        data = f.read()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    arrays = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            first, end = entry["data_offsets"]
            numbers = from_bytes(entry["dtype"], data[start + first:start + end])
            arrays[name] = entry["dtype"], folded(numbers, entry["shape"])
    return arrays

def load(path):
    if path.endswith(".npy"):
        return {"": load_npy(path)}
    return load_npz(path) if path.endswith(".npz") else load_safetensors(path)

def test():
    numbers = [[0.1, -2.5, 3.0], [1e-4, 65504.0, -0.0]]
    def rounded(kind):
        return kind, folded(from_bytes(kind, to_bytes(kind, flat(numbers))), [2, 3])
    whole = ("I64", [-(1 << 63), 0, (1 << 63) - 1])
    assert from_bytes("BF16", to_bytes("BF16", [1.00390625, 1.01171875])) == [1.0, 1.015625]
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "file")
        for kind in ["F64", "F32", "F16"]:
            save_npy(file, kind, numbers)
            assert load_npy(file) == rounded(kind)
        arrays = {"0.weight": ("F32", numbers), "0.bias": ("F64", [1.0, 0.1]), "step": whole}
        want = dict(arrays, **{"0.weight": rounded("F32")})
        for compressed in [False, True]:
            save_npz(file, arrays, compressed)
            assert load_npz(file) == want
        arrays.update(half=("F16", numbers), brain=("BF16", numbers))
        want.update(half=rounded("F16"), brain=rounded("BF16"))
        save_safetensors(file, arrays, {"format": "pt"})
        assert load_safetensors(file) == want
        with open(file, "rb") as f:
            assert struct.unpack("<Q", f.read(8))[0] % 8 == 0

if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if sys.argv[1:] == ["--test"]:
        test()
    else:
        for path in sys.argv[1:]:
            for name, (kind, entries) in load(path).items():
                print(path, name or "(no name)", kind, " x ".join(map(str, shape(entries))))
