#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Arrays and tables of every kind, made here byte by byte, against what certify reads: the
entries of W_1 in the certificate, or one message.  usage: tests/arrays.py CERTIFY"""
import io, json, os, re, struct, subprocess, sys, tempfile, zipfile, zlib
from fractions import Fraction as F

certify = os.path.abspath(sys.argv[1])
folder = tempfile.mkdtemp()
os.chdir(folder)
count = failures = 0

def report(good, what):
    global count, failures
    count += 1
    failures += not good
    print("%sok %d - %s" % ("" if good else "not ", count, what))

def run(form, shape):
    """The exit status and message for W_1 given by a form, a matrix of that shape."""
    r, c = shape
    with open("p.yaml", "w") as f:
        f.write("certify: 1\nnetwork: {kind: linear}\ndata: {X: {zeros: [%d, 1]}, Y: {zeros: [%d, 1]}}\n"
                "point:\n  W:\n    - %s\nclaims: [inequality: \"norm(W_1) >= 0\"]\n" % (c, r, form))
    if os.path.exists("c"):
        os.remove("c")
    p = subprocess.run([certify, "-q", "-o", "c", "p.yaml"], capture_output=True, text=True, timeout=20)
    return p.returncode, p.stderr.strip()

def matrix():
    with open("c") as f:
        text = f.read()
    head = re.search(r"^matrix W:1 (\d+) (\d+) (\d+)\n((?:.*\n)*?)(?=[a-z])", text, re.M)
    rows, columns, den = (int(head.group(k)) for k in (1, 2, 3))
    return [[F(int(x), den) for x in line.split()] for line in head.group(4).splitlines()]

def good(name, form, wanted):
    wanted = [[F(x) for x in row] for row in wanted]
    status, message = run(form, (len(wanted), len(wanted[0])))
    got = matrix() if status == 0 else None
    report(got == wanted, "%s%s" % (name, "" if got == wanted else ": status %d, %s, %s" % (status, message, got)))

def bad(name, form, pattern, shape=(2, 3), status=65):
    got, message = run(form, shape)
    fine = got == status and re.search(pattern, message) and message.count("\n") == 0 and not os.path.exists("c")
    report(fine, "%s: %s" % (name, message[:160] if fine else "status %d: %s" % (got, message)))

def write(name, data):
    with open(name, "wb") as f:
        f.write(data)

# NPY
def npy(header, data, version=1):
    header = header.encode("utf-8", "surrogateescape")
    size = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + size + header + data

A = [[1, 2, 3], [4, 5, 7]]
flat = [x for row in A for x in row]
doubles = struct.pack("<6d", *flat)
fortran = struct.pack("<6d", 1, 4, 2, 5, 3, 7)
HEAD = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"
form = "{npy: a.npy}"

def npy_good(name, header, data=doubles, version=1, wanted=A):
    write("a.npy", npy(header, data, version))
    good("npy: " + name, form, wanted)

def npy_bad(name, header, pattern, data=doubles, version=1):
    write("a.npy", npy(header, data, version))
    bad("npy: " + name, form, pattern)

npy_good("as numpy writes it", HEAD + " " * 20 + "\n")
for v in (2, 3):
    npy_good("version %d" % v, HEAD, version=v)
npy_good("fortran order", HEAD.replace("False", "True"), fortran)
npy_good("another order of the keys", "{'shape': (2, 3), 'fortran_order': True, 'descr': '<f8'}", fortran)
npy_good("other quotes", HEAD.replace("'", '"').replace("False", "True"), fortran)
npy_good("one key in other quotes", HEAD.replace("'fortran_order'", '"fortran_order"').replace("False", "True"), fortran)
npy_good("a blank before the colon", HEAD.replace("order':", "order' :").replace("False", "True"), fortran)
npy_good("newlines", HEAD.replace(", ", ",\n ").replace("False", "\nTrue"), fortran)
npy_good("numbers of Python 2", HEAD.replace("(2, 3)", "(2L, 3L)"))
npy_good("a comma at the end of the shape", HEAD.replace("(2, 3)", "(2, 3,)"))
npy_good("a vector is a column", HEAD.replace("(2, 3)", "(6,)"), wanted=[[x] for x in flat])
npy_bad("a key inside a string", "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), 'x': \"'fortran_order': True\"}", "unknown key 'x'")
npy_bad("no order", "{'descr': '<f8', 'shape': (2, 3)}", "fortran_order is missing")
npy_bad("no shape", "{'descr': '<f8', 'fortran_order': False}", "shape is missing")
npy_bad("no type", "{'fortran_order': False, 'shape': (2, 3)}", "descr is missing")
npy_bad("a key twice", HEAD.replace("{", "{'fortran_order': True, "), "fortran_order: stands there twice")
for word in ("1", "true", "TRUE", "None", "'False'", "not True", "Truely"):
    npy_bad("order %s" % word, HEAD.replace("False", word), "fortran_order|comma")
for shape in ("6", "(6)", "[2, 3]", "(2 3)", "(2, 3", "(-2, 3)", "(2, 3.0)", "(2,, 3)", "(,)", "(02, 3)", "(2, 9999999999999999999)"):
    npy_bad("shape %s" % shape, HEAD.replace("(2, 3)", shape), "shape|dictionary|comma")
npy_bad("a scalar", HEAD.replace("(2, 3)", "()"), "a single number, not a matrix", data=doubles[:8])
npy_bad("a cube", HEAD.replace("(2, 3)", "(1, 2, 3)"), "3 dimensions")
npy_bad("empty", HEAD.replace("(2, 3)", "(0, 3)"), "empty", data=b"")
npy_bad("something behind the dictionary", HEAD + " x", "follows the dictionary")
npy_bad("not closed", HEAD[:-1], "comma|quotes")
npy_bad("a backslash", HEAD.replace("'descr'", "'d\\x65scr'"), "quotes")
for kind, what in (("<c16", "complex"), ("|O", "objects"), ("<U5", "strings"), ("|S3", "strings"), ("<M8[ns]", "dates"),
                   ("|V2", "raw bytes"), ("<f16", "'<f16' is not read"), ("<f3", "is not read"), ("<i5", "is not read")):
    npy_bad("type %s" % kind, HEAD.replace("<f8", kind), what)
npy_bad("named fields", HEAD.replace("'<f8'", "[('x', '<f8')]"), "structured")
npy_bad("one item short", HEAD, "do not fit", data=doubles[:-8])
npy_bad("one byte more", HEAD, "do not fit", data=doubles + b"\0")
npy_bad("version 4", HEAD, "version 4.0", version=4)
npy_bad("not a number", HEAD, r"entry \(2, 3\) is not a finite number", data=doubles[:-8] + struct.pack("<d", float("nan")))
npy_bad("infinite", HEAD, r"entry \(1, 1\) is not a finite", data=struct.pack("<d", float("inf")) + doubles[8:])
npy_bad("a boolean of 2", HEAD.replace("<f8", "|b1"), "neither true nor false", data=bytes([0, 1, 2, 0, 0, 0]))
for cut in (0, 5, 9, 11, 40):
    write("a.npy", npy(HEAD, doubles)[:cut])
    bad("npy: the first %d bytes" % cut, form, "not an NPY array|cut off")
numbers = [0.1, -2.5, 1e-3, 0, 6, 1 / 3]
exact = [[F(x) for x in numbers[:3]], [F(x) for x in numbers[3:]]]
for order in "<>":
    npy_good("f8 %s" % order, HEAD.replace("<f8", order + "f8"), struct.pack(order + "6d", *numbers), wanted=exact)
    single = struct.pack(order + "6f", *numbers)
    values = struct.unpack(order + "6f", single)
    npy_good("f4 %s" % order, HEAD.replace("<f8", order + "f4"), single, wanted=[values[:3], values[3:]])
    half = struct.pack(order + "6e", 6e-8, -65504, 0.1, 0, 6, 2 ** -14)
    values = struct.unpack(order + "6e", half)
    npy_good("f2 %s" % order, HEAD.replace("<f8", order + "f2"), half, wanted=[values[:3], values[3:]])
for letter, name in zip("bBhHiIqQ", ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8")):
    size = int(name[1])
    top = 2 ** (8 * size - (name[0] == "i")) - 1
    low = -top - 1 if name[0] == "i" else 0
    for order in "<>":
        npy_good("%s%s" % (order, name), HEAD.replace("<f8", order + name),
                 struct.pack(order + "6" + letter, top, low, 1, 2, 3, 4), wanted=[[top, low, 1], [2, 3, 4]])
npy_good("booleans", HEAD.replace("<f8", "|b1"), bytes([0, 1, 1, 0, 0, 1]), wanted=[[0, 1, 1], [0, 0, 1]])
npy_good("subnormal", HEAD, struct.pack("<6d", 5e-324, -5e-324, 1, 2, 3, 4), wanted=[[F(1, 2 ** 1074), -F(1, 2 ** 1074), 1], [2, 3, 4]])
write("A.NPY", npy(HEAD, doubles))
p = subprocess.run([certify, "bounds", "A.NPY"], capture_output=True, text=True)
report(p.returncode == 0 and "rank(A)" in p.stdout, "extensions in capitals")

# The part that is meant
write("a.npy", npy(HEAD, doubles))
good("transpose", "{npy: a.npy, transpose: true}", [[1, 4], [2, 5], [3, 7]])
good("rows", "{npy: a.npy, rows: 2-2}", [[4, 5, 7]])
good("row", "{npy: a.npy, row: 2}", [[4, 5, 7]])
good("columns", "{npy: a.npy, columns: 2-3}", [[2, 3], [5, 7]])
good("a list of columns, one twice", "{npy: a.npy, columns: [3, 1, 3]}", [[3, 1, 3], [7, 4, 7]])
good("rows and columns", "{npy: a.npy, row: 1, column: 3}", [[3]])
good("slice", "{npy: a.npy, slice: \"1:, ::2\"}", [[4, 7]])
good("slice of rows", "{npy: a.npy, slice: \"0:1\"}", [[1, 2, 3]])
good("slice backwards", "{npy: a.npy, slice: \"::-1, -1:0:-1\"}", [[7, 5], [3, 2]])
good("slice and transpose", "{npy: a.npy, slice: \":, 1:\", transpose: true}", [[2, 5], [3, 7]])
write("c.npy", npy(HEAD.replace("<f8", "<i8").replace("(2, 3)", "(4,)"), struct.pack("<4q", 2, 0, 1, 1)))
good("one-hot", "{npy: c.npy, one-hot: 3}", [[0, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 0]])
for name, key, pattern in (("no such row", "rows: 2-3", "no row 3: there are 2"), ("row 0", "row: 0", "range"),
                           ("no such column", "columns: [1, 4]", "no column 4"), ("a name", "column: age", "range"),
                           ("slice with rows", "slice: \"1:\", row: 1", "slice counts from 0"),
                           ("slice of one", "slice: \"1\"", "Python"), ("slice of nothing", "slice: \"2:\"", "leaves nothing"),
                           ("step 0", "slice: \"::0\"", "Python"), ("three slices", "slice: \":,:,:\"", "Python"),
                           ("classes beyond", "row: 1, one-hot: 3", "class from 0 to 2"), ("header", "header: true", "unknown key"),
                           ("words as classes", "one-hot: [a, b]", "number of classes"), ("key", "key: a", "unknown key"),
                           ("misspelt", "transpos: true", "did you mean \"transpose\"")):
    bad(name, "{npy: a.npy, %s}" % key, pattern)

# NPZ
def npz(name, arrays, method=zipfile.ZIP_STORED, zip64=False):
    with zipfile.ZipFile(name, "w", method) as z:
        for key, data in arrays:
            with z.open(zipfile.ZipInfo(key + ".npy") if method == zipfile.ZIP_STORED else key + ".npy", "w", force_zip64=zip64) as f:
                f.write(data)

two = [("W1", npy(HEAD, doubles)), ("fc1.weight", npy(HEAD.replace("False", "True"), fortran))]
for method, zip64, name in ((zipfile.ZIP_STORED, True, "stored"), (zipfile.ZIP_DEFLATED, True, "deflated"), (zipfile.ZIP_DEFLATED, False, "without zip64")):
    npz("a.npz", two, method, zip64)
    good("npz: " + name, "{npz: a.npz, key: W1}", A)
    good("npz: the second, " + name, "{npz: a.npz, key: fc1.weight, rows: 1-1}", A[:1])
bad("npz: no such array", "{npz: a.npz, key: W2}", r"no array \"W2\" \(there: W1, fc1.weight\)")
bad("npz: no key", "{npz: a.npz}", "key: the name of an array")
with open("a.npz", "rb") as f:
    whole = f.read()
for cut in (0, 10, 100, len(whole) - 3):
    write("b.npz", whole[:cut])
    bad("npz: the first %d bytes" % cut, "{npz: b.npz, key: W1}", "not an NPZ archive")
npz("b.npz", two)
with open("b.npz", "rb") as f:
    whole = bytearray(f.read())
at = whole.find(doubles)
whole[at + 3] ^= 1
write("b.npz", bytes(whole))
bad("npz: a wrong checksum", "{npz: b.npz, key: W1}", "CRC")
npz("b.npz", [("W", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (100000, 100000), }", b"\0" * 1000000))], zipfile.ZIP_DEFLATED)
bad("npz: a shape beyond the data", "{npz: b.npz, key: W}", "more than the 20000000")
npz("b.npz", [("W", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (100, 100), }", b"\0" * 100000000))], zipfile.ZIP_DEFLATED)
bad("npz: data beyond the shape", "{npz: b.npz, key: W}", "do not fit")
import warnings
warnings.simplefilter("ignore")
npz("b.npz", [two[0], two[0]])
bad("npz: a name twice", "{npz: b.npz, key: W1}", "two arrays are named")
npz("b.npz", [("W1", b"PK")])
bad("npz: no array inside", "{npz: b.npz, key: W1}", "not an NPY array")
bad("npz: not there", "{npz: none.npz, key: W1}", "no file", status=66)
p = subprocess.run([certify, "bounds", "a.npz"], capture_output=True, text=True)
report(p.stdout.split() == "W1 2 x 3, <f8 fc1.weight 2 x 3, <f8".split(), "bounds lists the arrays of a.npz")
p = subprocess.run([certify, "bounds", "--key", "W1", "a.npz"], capture_output=True, text=True)
report(p.returncode == 0 and "rank(W1)" in p.stdout, "bounds --key W1 a.npz")

# Safetensors
def tensors(header, data, length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data

def tensor(kind, shape, begin, end):
    return {"dtype": kind, "shape": shape, "data_offsets": [begin, end]}

singles = struct.pack("<6f", *flat)
both = {"__metadata__": {"format": "pt"}, "0.weight": tensor("F32", [2, 3], 0, 24), "0.bias": tensor("F64", [2], 24, 40)}
data = singles + struct.pack("<2d", 0.5, 8)
write("a.safetensors", tensors(both, data))
form = "{safetensors: a.safetensors, key: 0.weight}"
good("safetensors: F32", form, A)
good("safetensors: F64, a vector", "{safetensors: a.safetensors, key: 0.bias}", [[F(1, 2)], [8]])
good("safetensors: transposed", form[:-1] + ", transpose: true}", [[1, 4], [2, 5], [3, 7]])
bad("safetensors: no such array", "{safetensors: a.safetensors, key: W}", r"no array \"W\" \(there: ")
bad("safetensors: no key", "{safetensors: a.safetensors}", "key: the name of an array")
for kind, letter, values in (("F16", "e", flat), ("I64", "q", [2 ** 62, -1, 0, 1, 2, 3]), ("U8", "B", flat), ("I32", "i", flat),
                             ("U64", "Q", [2 ** 64 - 1, 0, 0, 1, 2, 3]), ("I8", "b", flat), ("I16", "h", flat)):
    raw = struct.pack("<6" + letter, *values)
    write("a.safetensors", tensors({"0.weight": tensor(kind, [2, 3], 0, len(raw))}, raw))
    good("safetensors: " + kind, form, [values[:3], values[3:]])
raw = b"".join(struct.pack("<f", x)[2:] for x in (1, -2, 0.5, 4, 5, 7))
write("a.safetensors", tensors({"0.weight": tensor("BF16", [2, 3], 0, 12)}, raw))
good("safetensors: BF16", form, [[1, -2, F(1, 2)], [4, 5, 7]])
write("a.safetensors", tensors({"0.weight": tensor("BOOL", [2, 3], 0, 6)}, bytes([0, 1, 1, 0, 0, 1])))
good("safetensors: BOOL", form, [[0, 1, 1], [0, 0, 1]])

def tensors_bad(name, header, pattern, data=singles, length=None):
    write("a.safetensors", tensors(header, data, length))
    bad("safetensors: " + name, form, pattern)

one = tensor("F32", [2, 3], 0, 24)
tensors_bad("F8", {"0.weight": tensor("F8_E4M3", [2, 3], 0, 6)}, "type F8_E4M3", data=b"\0" * 6)
tensors_bad("an unknown type", {"0.weight": tensor("F31", [2, 3], 0, 24)}, "dtype: unknown")
tensors_bad("overlap", {"0.weight": one, "b": tensor("F32", [6], 20, 44)}, "overlap at byte 24", data=singles + singles)
tensors_bad("a gap", {"0.weight": one, "b": tensor("F32", [1], 28, 32)}, "gap at byte 24", data=singles + b"\0" * 8)
tensors_bad("bytes behind", {"0.weight": one}, "4 bytes after", data=singles + b"\0" * 4)
tensors_bad("cut off", {"0.weight": one}, "cut off", data=singles[:-4])
tensors_bad("a shape beyond", {"0.weight": tensor("F32", [2, 4], 0, 24)}, "not as many bytes")
tensors_bad("a huge shape", {"0.weight": tensor("F32", [2 ** 40, 2 ** 40], 0, 24)}, "not as many bytes")
tensors_bad("a negative size", {"0.weight": tensor("F32", [-2, -3], 0, 24)}, "sizes are whole numbers")
tensors_bad("a backward place", {"0.weight": tensor("F32", [2, 3], 24, 0)}, "leave the file's data")
tensors_bad("an entry more", {"0.weight": dict(one, x=1)}, "nothing else")
tensors_bad("no shape", {"0.weight": {"dtype": "F32", "data_offsets": [0, 24]}}, "nothing else")
tensors_bad("a name twice", b'{"0.weight": %s, "0.weight": %s}' % ((json.dumps(one).encode(),) * 2), "duplicate")
tensors_bad("not JSON", b"{0.weight}", "not valid JSON")
tensors_bad("a list", b"[]", "begin with {")
tensors_bad("a length beyond", {"0.weight": one}, "a header of", length=10 ** 15)
tensors_bad("a cube", {"0.weight": tensor("F32", [1, 2, 3], 0, 24)}, "3 dimensions")
tensors_bad("NaN", {"0.weight": one}, "not a finite number", data=struct.pack("<6f", 1, 2, 3, 4, 5, float("nan")))
for cut in (0, 7):
    write("a.safetensors", tensors(both, data)[:cut])
    bad("safetensors: the first %d bytes" % cut, form, "shorter than 8 bytes")
write("a.safetensors", tensors(both, data))
p = subprocess.run([certify, "bounds", "--json", "a.safetensors"], capture_output=True, text=True)
listed = [json.loads(line) for line in p.stdout.splitlines()]
report({x["name"]: (x["type"], x["shape"]) for x in listed} == {"0.weight": ("F32", [2, 3]), "0.bias": ("F64", [2])},
       "bounds --json lists the arrays of a.safetensors")

# Tables
def table(name, text, form, wanted=None, pattern=None):
    write("t.csv", text if isinstance(text, bytes) else text.encode())
    if pattern is None:
        good("csv: " + name, form, wanted)
    else:
        bad("csv: " + name, form, pattern)

B = [["1.5", 2], [3, 4]]
plain = "{csv: t.csv}"
table("plain", "1.5,2\n3,4\n", plain, B)
table("no newline at the end", "1.5,2\n3,4", plain, B)
table("blank lines at the end", "1.5,2\n3,4\n\n \n\n", plain, B)
table("the mark of UTF-8", b"\xef\xbb\xbf1.5,2\n3,4\n", plain, B)
table("lines of DOS", "1.5,2\r\n3,4\r\n", plain, B)
table("quotes", '"1.5","2"\n"3",4\n', plain, B)
table("blanks around", " 1.5 , 2\n3\t,4 \n", plain, B)
table("semicolons", "1.5;2\n3;4\n", "{csv: t.csv, delimiter: \";\"}", B)
table("tabs", "1.5\t2\n3\t4\n", "{csv: t.csv, delimiter: tab}", B)
table("blanks", "  1.5   2\n3\t4\n", "{csv: t.csv, delimiter: blank}", B)
table("bars", "1.5|2\n3|4\n", "{csv: t.csv, delimiter: \"|\"}", B)
people = 'id,name,sex,age,fare\n1,"Doe, Ann",1,22,7\n2,"Roe ""R"" Bob",0,38,71\n3,"Poe\nCy",0,26,8\n'
table("a comma in quotes", people, "{csv: t.csv, column: 4, skip-rows: 1}", [[22], [38], [26]])
table("columns by name", people, "{csv: t.csv, columns: [fare, age], header: true}", [[7, 22], [71, 38], [8, 26]])
table("a column by name, some rows", people, "{csv: t.csv, column: age, header: true, rows: [3, 1]}", [[26], [22]])
table("columns by number under a header", people, "{csv: t.csv, columns: 4-5, header: true, transpose: true}", [[22, 38, 26], [7, 71, 8]])
table("no such name", people, "{csv: t.csv, column: agee, header: true}", pattern=r"no column \"agee\" \(there: id, name, sex, age, fare\)")
table("a name twice", people.replace("sex", "age"), "{csv: t.csv, column: age, header: true}", pattern="two columns are named")
table("names without header", people, "{csv: t.csv, column: age}", pattern="header: true")
table("classes by words", "x,kind\n1,cat\n2,dog\n3,cat\n", "{csv: t.csv, column: kind, header: true, one-hot: [dog, cat]}", [[0, 1, 0], [1, 0, 1]])
table("an unknown word", "x,kind\n1,cat\n2,owl\n", "{csv: t.csv, column: kind, header: true, one-hot: [dog, cat]}", pattern="\"owl\": is none of the words")
table("slice", "1,2,3\n4,5,7\n", "{csv: t.csv, slice: \"-1:, :2\"}", [[4, 5]])
table("a decimal comma", "1,5;2\n3;4\n", "{csv: t.csv, delimiter: \";\"}", pattern="row 1, column 1.*decimal comma")
table("an empty field", "1,2\n,4\n", plain, pattern="row 2, column 1.*the field is empty")
table("a word", "1,2\n3,NA\n", plain, pattern="row 2, column 2: \"NA\": a number")
table("ragged", "1,2\n3\n", plain, pattern="row 2 has 1 fields, the rows before it 2")
table("too long", "1,2\n3,4,5\n", plain, pattern="row 2 has 3 fields")
table("a blank line inside", "1,2\n\n3,4\n", plain, pattern="row 2 is blank")
table("a quote inside", '1,2\n3,4"5\n', plain, pattern="row 2: a quote")
table("a quote that is not closed", '1,2\n3,"4\n', plain, pattern="row [23]: a quote")
table("UTF-16", "1,2\n".encode("utf-16"), plain, pattern="UTF-16")
table("a zero byte", b"1,2\n3,\x004\n", plain, pattern="zero byte")
table("no such column", "1,2\n3,4\n", "{csv: t.csv, columns: [1, 3]}", pattern="no column 3: row 1 has 2")
table("no such row", "1,2\n3,4\n", "{csv: t.csv, rows: [1, 5]}", pattern="there is no row 5")
table("a delimiter of two letters", "1,2\n", "{csv: t.csv, delimiter: \"::\"}", pattern="delimiter")
write("t.txt", b"# made by a program\n1.5e0 2\n3 4\n")
good("txt: blanks and a comment", "{txt: t.txt, skip-rows: 1}", B)
write("t.TSV", b"1.5\t2\n3\t4\n")
p = subprocess.run([certify, "bounds", "t.TSV"], capture_output=True, text=True)
report(p.returncode == 0 and "rank(A)                      = 1" in p.stdout, "bounds t.TSV")

# Matrix Market
def market(name, text, wanted=None, pattern=None):
    write("m.mtx", ("%%MatrixMarket matrix " + text).encode())
    if pattern is None:
        good("mtx: " + name, "{mtx: m.mtx}", wanted)
    else:
        bad("mtx: " + name, "{mtx: m.mtx}", pattern)

market("coordinate", "coordinate real general\n% by hand\n2 3 3\n1 1 1.5\n\n2 3 -7e-1\n1 2 4\n", [["1.5", 4, 0], [0, 0, "-0.7"]])
market("integers", "coordinate integer general\n2 2 1\n2 1 5\n", [[0, 0], [5, 0]])
market("symmetric", "coordinate real symmetric\n2 2 2\n1 1 2\n2 1 3\n", [[2, 3], [3, 0]])
market("skew", "coordinate real skew-symmetric\n2 2 1\n2 1 3\n", [[0, -3], [3, 0]])
market("pattern", "coordinate pattern general\n2 2 2\n1 1\n2 1\n", [[1, 0], [1, 0]])
market("array", "array real general\n2 3\n1\n4\n2\n5\n3\n7\n", A)
market("array, symmetric", "array real symmetric\n2 2\n1\n2\n3\n", [[1, 2], [2, 3]])
market("capitals", "COORDINATE Real General\n1 1 1\n1 1 2\n", [[2]])
for name, text, pattern in (("complex", "coordinate complex general\n1 1 0\n", "complex"),
        ("hermitian", "array real hermitian\n1 1\n1\n", "symmetry"), ("vector", "vector real general\n", "format"),
        ("outside", "coordinate real general\n2 2 1\n3 1 1\n", "inside the matrix"),
        ("twice", "coordinate real general\n2 2 2\n1 1 1\n1 1 2\n", "twice"),
        ("upper triangle", "coordinate real symmetric\n2 2 1\n1 2 1\n", "lower triangle"),
        ("too few", "coordinate real general\n2 2 2\n1 1 1\n", "fewer entries"),
        ("too many", "coordinate real general\n2 2 1\n1 1 1\n1 2 1\n", "more entries"),
        ("array, too few", "array real general\n2 2\n1\n2\n3\n", "fewer entries"),
        ("array, too many", "array real general\n1 1\n1\n2\n", "more entries"),
        ("huge", "coordinate real general\n99999999 99999999 1\n1 1 1\n", "more than the 20000000"),
        ("not square", "coordinate real symmetric\n2 3 0\n", "square"), ("a word", "array real general\n1 1\nx\n", "a number"),
        ("empty", "array real general\n0 2\n", "empty")):
    market(name, text, pattern=pattern)

# Names of files
for name, pattern in (("model.pt", "safetensors.torch.save_file"), ("w.h5", "HDF5"), ("t.xlsx", "CSV"), ("m.mat", "MATLAB")):
    write(name, b"x")
    for command in (["bounds"], []):
        p = subprocess.run([certify] + command + [name], capture_output=True, text=True)
        report(p.returncode == 65 and pattern in p.stderr, "%s %s: %s" % (command, name, p.stderr.strip()[:120]))
for name in ("a.npy", "t.csv", "m.mtx", "t.txt"):
    p = subprocess.run([certify, name], capture_output=True, text=True)
    report(p.returncode == 65 and "not a problem file" in p.stderr, "%s is not taken for YAML" % name)
# Links
os.mkdir("inside")
write("outside.csv", b"1,2\n3,4\n")
os.symlink("../outside.csv", "inside/link.csv")
write("inside/p.yaml", b"certify: 1\nnetwork: {kind: linear}\ndata: {X: [[1], [1]], Y: [[1], [1]]}\n"
      b"point: {W: [{csv: link.csv}]}\nclaims: [inequality: \"norm(W_1) >= 0\"]\n")
p = subprocess.run([certify, "--no-certificate", "inside/p.yaml"], capture_output=True, text=True)
report(p.returncode == 65 and "--allow-outside" in p.stderr, "a link to the outside is refused: " + p.stderr.strip()[:140])
p = subprocess.run([certify, "--no-certificate", "--allow-outside", "inside/p.yaml"], capture_output=True, text=True)
report(p.returncode == 0, "--allow-outside")
print("1..%d" % count)
subprocess.run(["rm", "-rf", folder])
sys.exit(failures > 0)
