#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What programs read: JSON, tables, CSV and LaTeX, errors included; several files; standard
# input and output; compressed certificates.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
folders
cd "$tmp" || exit 99
certify=$top/certify check=$top/certify-check
identity=$srcdir/examples/identity.yaml
certs=$srcdir/certs

# python WHAT [WORDS...]: the script on standard input ends well
python() {
    what=$1
    shift
    if python3 - "$@" 2> python.err; then ok "$what"; else bad "$what: $(tail -n 3 python.err)"; fi
}
# says FILE PATTERN WHAT
says() { if grep -qE -- "$2" "$1"; then ok "$3"; else bad "$3: $(cat "$1")"; fi; }
# lines FILE COUNT
lines() {
    if [ "$(wc -l < "$1")" -eq "$2" ]; then ok "$1 has $2 lines"; else bad "$1: $(cat "$1")"; fi
}

# 1. a bad file among good ones: each has its line, in order, and the good ones are proved
head='certify: 1
network: {kind: linear}
data: {X: [[1]], Y: [[1]]}'
printf '%s\npoint: {W: [[[1]]]}\nclaims: [critical-point, global-minimizer]\n' "$head" > good.yaml
printf '%s\npoint: {W: [[[2]]]}\nclaims: [global-minimizer]\n' "$head" > false.yaml
printf '%s\npoint: {Q: [[[1]]]}\nclaims: [critical-point]\n' "$head" > key.yaml
printf '%s\nloss: cross-entropy\npoint: {W: [[[1]]]}\nclaims:\n  - full-rank\n' "$head" > loss.yaml
echo '  - distinct-eigenvalues' >> loss.yaml
cp "$srcdir/examples/undecided.yaml" .
want 66 "$certify" --json good.yaml key.yaml no-such.yaml loss.yaml undecided.yaml false.yaml
cp out mixed.json
lines out 8
says err '^certify: key.yaml:4: Q: unknown key' "the errors are on standard error, too"
if grep -q 'proved, ' out err; then bad "a summary in JSON"; else ok "no summary in JSON"; fi
python "the results of good and bad files" <<'END'
import json
rows = [json.loads(line) for line in open("out")]
assert [(r["problem"], r["claim_number"], r["claim"], r["verdict"]) for r in rows] == [
    ("good.yaml", 1, "critical-point", "proved"), ("good.yaml", 2, "global-minimizer", "proved"),
    ("key.yaml", None, None, "error"), ("no-such.yaml", None, None, "error"),
    ("loss.yaml", 1, "full-rank", "error"), ("loss.yaml", 2, "distinct-eigenvalues", "error"),
    ("undecided.yaml", 1, "gradient-dominance", "undecided"),
    ("false.yaml", 1, "global-minimizer", "refuted")], rows
key, gone, first, second = rows[2:6]
where = lambda r: (r["file"], r["line"], r["key"], r["status"])
assert where(key) == ("key.yaml", 4, "Q", 65), key
assert key["message"].startswith("key.yaml:4: Q: unknown key")
assert where(gone) == ("no-such.yaml", None, None, 66), gone
assert where(first) == ("loss.yaml", 7, "full-rank", 65), first
assert where(second) == ("loss.yaml", 8, "distinct-eigenvalues", 65), second
assert all(r["network"] == "linear" and r["shapes"] == [[1, 1]] * 3 for r in rows[:2] + rows[4:6])
assert all(r["certificate"] is None for r in rows[2:7]) and rows[7]["certificate"] == "false.cert"
END
want 0 "$check" -q good.1.cert good.2.cert false.cert
want 65 "$certify" key.yaml good.yaml
says out '^2 proved, 0 refuted, 0 undecided, 1 errors$' "the summary of text is a result"
want 65 "$certify" key.yaml
if [ -s out ] || [ "$(wc -l < err)" -ne 1 ]; then bad "one file: $(cat out err)"
else ok "one file, one message"; fi
want 0 "$certify" --claim 1 good.yaml
if grep -q ' proved, ' out; then bad "a summary of one claim"; else ok "no summary of one claim"; fi
want 66 "$certify" --no-certificate no-such.yaml good.yaml false.yaml undecided.yaml
says out '^2 proved, 1 refuted, 1 undecided, 1 errors$' "every verdict is counted"
want 1 "$certify" --no-certificate undecided.yaml false.yaml good.yaml
want 2 "$certify" --no-certificate good.yaml undecided.yaml
want 64 "$certify" --json --claim 2 good.yaml false.yaml
python "a claim that one file has not" <<'END'
import json
rows = [json.loads(line) for line in open("out")]
assert [r["verdict"] for r in rows] == ["proved", "error"] and rows[1]["status"] == 64, rows
END
want 64 "$certify" --json -o x good.yaml
python "a usage error in JSON" <<'END'
import json
row, = [json.loads(line) for line in open("out")]
assert row["verdict"] == "error" and row["status"] == 64 and row["problem"] is None, row
END
want 64 "$certify" --json good.yaml good.yaml
# a certificate without a place is an error of its claim
mkdir target.1.cert
cp good.yaml target.yaml
want 73 "$certify" --json target.yaml
python "a claim whose certificate cannot be written" <<'END'
import json
first, second = [json.loads(line) for line in open("out")]
assert first["verdict"] == "error" and first["status"] == 73 and first["claim_number"] == 1, first
assert second["verdict"] == "proved", second
END
# a file that takes too long to read does not end the others
python3 - > slow.yaml << 'END'
import random
rng = random.Random(1)
def matrix(n): return [[rng.randrange(10**6, 10**7) for _ in range(n)] for _ in range(n)]
print("certify: 1\nnetwork: {kind: linear}\ndata: {X: %s, Y: %s}\n"
      "point: {W: [solve, %s]}\nclaims: [global-minimizer]"
      % (matrix(110), matrix(110), matrix(110)))
END
want 2 "$certify" --json --time-limit 1 slow.yaml good.yaml
python "a file that is not read in time, and one that is" <<'END'
import json
rows = [json.loads(line) for line in open("out")]
assert [(r["problem"], r["verdict"]) for r in rows] == [
    ("slow.yaml", "undecided"), ("good.yaml", "proved"), ("good.yaml", "proved")], rows
assert rows[0]["missing"] == "the time limit of 1 s was reached while the file was read", rows[0]
END
for format in csv table latex; do
    want 2 "$certify" --format $format --time-limit 0.3 slow.yaml
    says out 'slow.yaml.*undecided' "$format of a file that is not read in time"
done

# a claim that runs out of memory is an error of its own; how much it needs depends on the machine
SANITIZED=$(nm "$certify" 2> /dev/null | grep -c __asan_init)
found=0 kb=60000
while [ $found -eq 0 ] && [ $kb -lt 120000 ] && [ "$SANITIZED" -eq 0 ]; do
    kb=$((kb + 1000))
    (ulimit -v $kb; exec "$certify" --json --no-certificate "$srcdir/examples/digits.yaml" good.yaml) \
        > out 2> err
    grep -q '"verdict": "error"' out && found=1
done
if [ $found -eq 0 ]; then skip "a claim that runs out of memory" "it never does"
else
    python "a claim that runs out of memory, and others" <<'END'
import json
rows = [json.loads(line) for line in open("out")]
assert [r["verdict"] for r in rows] == ["error", "proved", "proved"], rows
assert rows[0]["status"] == 71 and rows[0]["message"].endswith("claim 1: out of memory"), rows[0]
END
fi

# 2. hostile names: one line of valid JSON, the bytes that are not UTF-8 replaced
hostile=$(printf 'a\351"\\ ,\n\033[1m\001\177\303\244\360\237\230\200%%$&#_{}~^.yaml')
cat - good.yaml > "$hostile" << 'END'
title: "<\u00e9\e\" & $x_1 \\par, %>"
END
want 0 "$certify" --json --claim 1 "$hostile"
lines out 1
"$certify" check --json -- "${hostile%.yaml}.1.cert" >> out
"$check" --json -- "${hostile%.yaml}.1.cert" >> out
"$certify" check --json --problem "$hostile" -- "${hostile%.yaml}.1.cert" >> out
lines out 4
python "hostile names in JSON" <<'END'
import json
rows = [json.loads(line) for line in open("out", encoding="utf-8")]
name = 'a\ufffd"\\ ,\n\x1b[1m\x01\x7f\u00e4\U0001f600%$&#_{}~^'
assert rows[0]["problem"] == rows[3]["problem"] == name + ".yaml", rows[0]["problem"]
assert all(r["certificate"] == name + ".1.cert" for r in rows), rows[0]["certificate"]
assert rows[0]["title"] == rows[3]["title"] == '<\u00e9\x1b" & $x_1 \\par, %>', rows[0]["title"]
END
for bytes in '\200' '\300\257' '\340\200\200' '\355\240\200' '\364\220\200\200' '\370' '\303' \
    '\342\202'; do
    # shellcheck disable=SC2059
    name=no$(printf "$bytes")such
    "$certify" --json "$name" 2> /dev/null
    "$check" --json "$name" 2> /dev/null
done > out
lines out 16
python "names that are not UTF-8" <<'END'
import json
rows = [json.loads(line.decode("utf-8")) for line in open("out", "rb")]
assert all(r["verdict"] == "error" and r["status"] == 66 for r in rows)
bad = [r["problem"] or r["certificate"] for r in rows]
want = ["no" + "\ufffd" * n + "such" for n in (1, 2, 3, 3, 4, 1, 1, 2) for _ in range(2)]
assert bad == want, bad
END

# 3. the other formats say what JSON says
want 66 "$certify" --format json good.yaml key.yaml no-such.yaml loss.yaml undecided.yaml false.yaml
sed 's/"seconds": [0-9][0-9.]*/"seconds": 0/' out > a.json
sed 's/"seconds": [0-9][0-9.]*/"seconds": 0/' mixed.json | cmp -s - a.json \
    && ok "--format json is --json" || bad "$(cat out)"
want 66 "$certify" --format csv good.yaml key.yaml no-such.yaml loss.yaml undecided.yaml false.yaml
says err '^2 proved, 1 refuted, 1 undecided, 4 errors$' "the summary of CSV is no result"
python "CSV" <<'END'
import csv, json
text = open("out", newline="").read()
assert text.count("\r\n") >= 9 and not text.replace("\r\n", "").count("\r")
table = list(csv.reader(text.splitlines(keepends=True), strict=True))
assert len(table) == 9 and all(len(row) == len(table[0]) for row in table)
for row, r in zip(table[1:], map(json.loads, open("a.json"))):
    cells = dict(zip(table[0], row))
    for key in ("problem", "claim_number", "claim", "verdict", "statement", "digest", "network",
                "message", "status", "line"):
        assert cells[key] == ("" if r.get(key) is None else str(r[key])), (key, cells[key])
    numbers = {k: v for k, v in r.items() if isinstance(v, dict)}
    for k, v in numbers.items():
        assert cells[k] == v["decimal"] and cells[k + ".exact"] == v["exact"], (k, v)
    assert r["verdict"] != "undecided" or "best_lambda" in numbers
END
want 0 "$certify" --format csv --no-certificate "$hostile"
python "CSV of a hostile name" <<'END'
import csv
table = list(csv.reader(open("out", newline="", encoding="utf-8"), strict=True))
assert len(table) == 3 and table[1][0].startswith('a\ufffd"\\ ,\n\x1b[1m'), table
END
want 66 "$certify" --format table good.yaml no-such.yaml false.yaml "$identity" "$hostile"
python "the columns of a table are aligned" <<'END'
lines = open("out", encoding="utf-8").read().splitlines()
assert len(lines) == 11, lines
at = {w: lines[0].index(" " + w) + 1 for w in ("#", "claim", "verdict", "radius", "lambda")}
start = at["verdict"]
assert all(line[start - 1] == " " and line[start] != " " for line in lines[1:]), lines
row = next(line for line in lines if "identity" in line)
assert row[at["lambda"]:].startswith("0.30865 ") and row[at["radius"]:].startswith("0.1 "), row
assert not any(ord(c) < 32 for line in lines for c in line)
END
says err '^7 proved, 2 refuted, 0 undecided, 1 errors$' "the summary of a table is no result"
want 64 "$certify" --format xml good.yaml
want 64 "$certify" bounds --format csv good.yaml
want 64 "$certify" explain --format csv good.1.cert
"$certify" --format latex --no-certificate good.yaml no-such.yaml "$identity" \
    "$srcdir/examples/hilbert.yaml" "$hostile" > table.tex 2> /dev/null
"$certify" check --format latex "$certs/identity.1.cert" "$certs/false.cert" no-such.cert COPYING \
    > check.tex 2> /dev/null
says table.tex '\\times10\^\{' "powers of ten are formulas"
python "LaTeX is ASCII, its rows are equally long" table.tex check.tex <<'END'
import re, sys
for name, rows in (sys.argv[1], 11), (sys.argv[2], 5):
    lines = open(name, encoding="ascii").read().split("\n")
    assert re.fullmatch(r"\\begin{tabular}{l+}", lines[0]), lines[0]
    assert lines[-2:] == ["\\end{tabular}", ""], lines[-2:]
    body = [l for l in lines[1:-2] if l != "\\hline"]
    columns = len(lines[0]) - len("\\begin{tabular}{}")
    assert len(body) == rows, body
    assert all(l.endswith(" \\\\") and l.count(" & ") == columns - 1 for l in body), body
    assert not re.search(r"[#%~^]", re.sub(r"10\^", "", "".join(body))), body
END
for name in table check; do
    { printf '\\documentclass{article}\\begin{document}\\small\n'
      cat $name.tex
      printf '\\end{document}\n'; } > t.tex
    if ! command -v pdflatex > /dev/null; then skip "LaTeX of $name compiles" "no pdflatex"
    elif pdflatex -interaction=nonstopmode -halt-on-error t.tex > tex.out 2>&1
    then ok "LaTeX of $name compiles"
    else bad "LaTeX of $name: $(tail -n 5 tex.out)"; fi
done
forgery=$srcdir/tests/text/forgeries/digest.cert
for format in csv table; do
    want 66 "$certify" check --format $format "$certs/identity.1.cert" "$certs/false.cert" \
        "$forgery" no-such.cert
    cp out $format
done
python "check as CSV and as a table" <<'END'
import csv
rows = list(csv.DictReader(open("csv", newline=""), strict=True))
assert [r["verdict"] for r in rows] == ["VERIFIED", "VERIFIED", "REJECTED", "error"], rows
assert [r["conclusion"] for r in rows] == ["proved", "refuted", "", ""], rows
assert rows[2]["reason"] and rows[3]["message"] and rows[3]["status"] == "66", rows
assert rows[0]["lambda"] == "0.30865" and rows[0]["lambda.exact"] == "25/81", rows[0]
lines = open("table").read().splitlines()
assert len(lines) == 5 and lines[0].split()[:3] == ["certificate", "claim", "verdict"], lines
END
want 65 "$certify" check --json --problem key.yaml good.1.cert
python "check --problem of a bad file" <<'END'
import json
row, = [json.loads(line) for line in open("out")]
assert row["verdict"] == "error" and row["status"] == 65, row
assert (row["file"], row["line"], row["key"]) == ("key.yaml", 4, "Q"), row
END
want 1 "$certify" check --json --problem good.yaml good.2.cert false.cert
python "check --problem tells which claim it is" <<'END'
import json
first, second = [json.loads(line) for line in open("out")]
assert first["claim_number"] == 2 and first["problem"] == "good.yaml", first
assert first["point"] == "global minimiser", first
assert second["verdict"] == "REJECTED" and second["claim_number"] is None, second
END

# 4. standard input and output
want 0 "$certify" - < good.yaml
"$check" -q stdin.1.cert stdin.2.cert > out \
    && ok "the certificates of standard input" || bad "$(cat out)"
mkdir folder
cp "$srcdir/examples/iris.csv" "$srcdir"/examples/iris-linear-w[12].npy folder
(cd folder && "$certify" --json - < "$srcdir/examples/iris-linear.yaml") > out 2> err
says out '"problem": "-",.*"verdict": "proved", "certificate": "stdin.cert"' \
    "paths are relative to the working folder"
want 66 "$certify" --json - < "$srcdir/examples/iris-linear.yaml"
says out '"verdict": "error".*"file": "-"' "and to no other"
want 65 "$certify" - < key.yaml
says err '^certify: -:4: Q: ' "standard input is named -"
want 0 "$certify" --claim 1 -o - good.yaml
cp err report
cp out piped.cert
"$check" -q - < piped.cert > out && ok "-o - writes the certificate" || bad "$(cat out)"
cmp -s piped.cert good.1.cert && ok "the same bytes as a file" || bad "other bytes"
says report 'claim 1, critical-point: proved' "and the report to standard error"
[ -e ./- ] && bad "a file named -" || ok "no file named -"
want 0 "$certify" --json --claim 1 -o - good.yaml
python "the report in JSON is on standard error" <<'END'
import json
assert json.loads(open("err").read())["certificate"] == "-"
END
want 2 "$certify" -o - undecided.yaml
[ -s out ] && bad "something without a certificate: $(cat out)" || ok "no certificate, no output"
cp good.yaml same.yaml
"$certify" --claim 2 -o - - < good.yaml 2> err | "$certify" check --problem same.yaml - > out 2>&1 \
    && ok "a pipe of both" || bad "$(cat out err)"
"$certify" explain - < good.2.cert > out && says out '^THEOREM' "explain reads standard input"
want 0 "$certify" bounds - < good.yaml
want 64 "$certify" check --problem - - < good.yaml
want 64 "$certify" - - < good.yaml
want 64 "$certify" -o - good.yaml
if [ -w /dev/full ]; then
    "$certify" --json --claim 1 -o - good.yaml > /dev/full 2> err
    [ $? -eq 74 ] && ok "a full device" || bad "a full device: $(cat err)"
    says err '"verdict": "error".*"status": 74' "which is an error of the claim"
fi

# 5. compressed certificates
python3 - "$certs/digits.cert" << 'END'
import gzip, lzma, struct, sys
text = open(sys.argv[1], "rb").read()

def zstd(blocks, checked=b""):      # RFC 8878: blocks as they are (0) or of one repeated byte (1)
    out = b"\x28\xb5\x2f\xfd" + (b"\x04" if checked else b"\x00") + b"\x38"
    for i, (kind, size, data) in enumerate(blocks):
        out += struct.pack("<I", (i == len(blocks) - 1) | kind << 1 | size << 3)[:3] + data
    return out + checked

def raw(t):
    return [(0, len(t[i:i + 131072]), t[i:i + 131072]) for i in range(0, len(t), 131072)]

packed = {"gz": gzip.compress(text), "xz": lzma.compress(text), "zst": zstd(raw(text))}
for kind, data in packed.items():
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 16
    for name, what in (("good", data), ("begin", data[:20]), ("cut", data[:len(data) // 2]),
                       ("end", data[:-1]), ("flip", bytes(flipped)), ("empty", b""),
                       ("plain", text[:1000])):
        open("%s.cert.%s" % (name, kind), "wb").write(what)
open("tail.cert.gz", "wb").write(packed["gz"] + b"x")
open("sum.cert.gz", "wb").write(packed["gz"][:-8] + b"abcd" + packed["gz"][-4:])
open("twice.cert.gz", "wb").write(gzip.compress(packed["gz"]))
zeros = bytes(1 << 20)
with gzip.open("bomb.cert.gz", "wb", 9) as gz, lzma.open("bomb.cert.xz", "wb", preset=0) as xz:
    for i in range(384):        # MiB; a certificate has at most 256
        gz.write(zeros)
        xz.write(zeros)
open("bomb.cert.zst", "wb").write(zstd([(1, 131072, b"a")] * (3 << 10)))
END
for kind in gz xz zst; do
    want 0 "$certify" check good.cert.$kind
    "$certify" check "$certs/digits.cert" | sed 1d > plain
    sed 1d out | cmp -s - plain && ok "the same sentences" || bad "$(cat out)"
    cp good.cert.$kind nameless
    want 0 "$certify" check -q nameless - < good.cert.$kind
    want 0 "$certify" explain good.cert.$kind
    want 0 "$certify" check --problem "$srcdir/examples/digits.yaml" good.cert.$kind
    for what in begin cut end flip empty plain; do
        # (a block of zstd that is stored as it is has no sum: its text is another)
        case $what$kind in flipzst) wanted=1 ;; *) wanted=65 ;; esac
        want $wanted "$certify" check $what.cert.$kind
        if [ "$(cat out err | wc -l)" -eq 1 ]; then ok "one message: $(cat out err)"
        else bad "more or less than one message: $(cat out err)"; fi
    done
    want 65 "$certify" explain cut.cert.$kind
    want 65 "$certify" check --json cut.cert.$kind
    says out '"verdict": "error".*"message": "cut.cert.'$kind': .*", "status": 65' "and in JSON"
    want 1 "$check" good.cert.$kind
done
want 65 "$certify" check tail.cert.gz
want 65 "$certify" check sum.cert.gz
want 1 "$certify" check twice.cert.gz
want 65 "$certify" check --limits bytes=1000 good.cert.gz
want 65 "$certify" check --limits bytes=100000 good.cert.xz
python "beyond a low limit nothing is decompressed" "$certify" "$SANITIZED" <<'END'
import resource, subprocess, sys
for kind in "gz", "xz", "zst":
    words = ["check", "--limits", "bytes=1000000", "bomb.cert." + kind]
    r = subprocess.run([sys.argv[1], *words], capture_output=True)
    assert r.returncode == 65, r
seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
assert seconds < 0.5 or sys.argv[2] != "0", seconds
END
for kind in gz xz zst; do
    python "bomb.cert.$kind is refused" "$certify" bomb.cert.$kind "$SANITIZED" <<'END'
import resource, subprocess, sys, time
begin = time.monotonic()
r = subprocess.run([sys.argv[1], "check", sys.argv[2]], capture_output=True, text=True)
seconds = time.monotonic() - begin
assert r.returncode == 65 and r.stdout == "" and r.stderr.count("\n") == 1, r
assert "larger than 268435456 bytes" in r.stderr, r.stderr
kibibytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
assert seconds < 20 and (kibibytes < 300 * 1024 or sys.argv[3] != "0"), (seconds, kibibytes)
END
done
plan
