#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What certify reads and writes is what the schemas say: every example, every result of it;
# and what they should not take, they do not.
srcdir=${srcdir:-.}
top=$(pwd)
case $srcdir in /*) ;; *) srcdir=$top/$srcdir ;; esac
. "$srcdir/tests/tap.sh"
if ! python3 -c 'import jsonschema, yaml; jsonschema.Draft202012Validator' 2> /dev/null; then
    skip "schemas" "no jsonschema or no yaml for python3"
    plan
fi
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99

# results: proved, refuted, undecided, errors of files and of claims, checks, bounds
examples=$(cd "$srcdir/examples" && echo *.yaml)
# (a build that repeats proves all of them in test-examples.sh)
cd "$top" || exit 99
if repeated; then examples="hilbert.yaml false.yaml undecided.yaml critical-points.yaml identity.yaml iris-linear.yaml"; fi
cd "$tmp" || exit 99
for e in $examples; do "$top/certify" --json "$srcdir/examples/$e"; done > prove.json 2> /dev/null
printf 'certify: 1\nnetwork: {kind: linear}\ndata: {X: [[1]], Y: [[1]]}\n' > first-lines
{ cat first-lines; printf 'loss: cross-entropy\npoint: {W: [[[1]]]}\nclaims: [full-rank]\n'; } \
    > refused.yaml
{ cat first-lines; printf 'point: {V: [[[1]]]}\nclaims: [critical-point]\n'; } > key.yaml
{ cat first-lines; printf 'point: {W: [[[1]]]}\nclaims: [critical-point\n'; } > syntax.yaml
"$top/certify" --json refused.yaml key.yaml syntax.yaml no-such.yaml > errors.json 2> /dev/null
"$top/certify" --json --claim 9 key.yaml > claim.json 2> /dev/null
"$top/certify" --json -o x key.yaml refused.yaml > output.json 2> /dev/null
"$top/certify" --json --no-certificate --time-limit 0.000001 "$srcdir/examples/digits.yaml" \
    > late.json 2> /dev/null
"$top/certify" check --json ./*.cert no-such.cert "$srcdir/tests/text/forgeries/digest.cert" \
    "$srcdir/COPYING" > check.json 2> /dev/null
"$top/certify" check --json --problem "$srcdir/examples/identity.yaml" identity.*.cert \
    hilbert.cert > problem.json
"$top/certify" check --json --problem key.yaml identity.1.cert > bad-problem.json 2> /dev/null
"$top/certify-check" --json ./*.cert no-such.cert "$srcdir/COPYING" \
    > certify-check.json 2> /dev/null
for e in identity iris-residual leaky-relu critical-points; do
    "$top/certify" bounds --json "$srcdir/examples/$e.yaml" 2> /dev/null
done > bounds.json

"$top/certify" --help > help

python3 - "$srcdir" > results << 'END'
import copy, glob, json, os, re, sys
import jsonschema, yaml
top = sys.argv[1]

def say(what, wrong):
    found = "; ".join(wrong[:5]).replace("\n", " ")[:800]
    print("bad|%s: %s" % (what, found) if wrong else "ok|%s" % what)

def validator(name):
    with open(os.path.join(top, "schemas", name), encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)

problem, result = validator("problem.schema.json"), validator("result.schema.json")

# 1. problem files
files = sorted(glob.glob(os.path.join(top, "examples", "*.yaml")))
wrong = []
for name in files:
    with open(name, encoding="utf-8") as f:
        wrong += ["%s %s: %s" % (os.path.basename(name), e.json_path, e.message[:200])
                  for e in problem.iter_errors(yaml.safe_load(f))]
say("%d examples are problems" % len(files), wrong if files else ["none"])

# 2. every form that certify-problem(5) has, and neighbours that it does not have
GOOD = yaml.safe_load("""
certify: 1
network: {kind: linear}
data: {X: [[1, -1/3, 0.1, 1e-3, 0x1.8p-3]], Y: {identity: 1}}
point: {W: [[[1]]]}
claims: [critical-point]
""")
MATRICES = """
[[1, 2], [3, 4]]
{identity: 3}
{diagonal: [2, 1/2]}
{zeros: [2, 3]}
{npy: a.npy}
{npy: a.npy, rows: 1-50, transpose: yes}
{npz: a.npz, key: W1}
{npz: a.npz, key: W1, slice: '0:50, ::2'}
{safetensors: a.safetensors, key: fc1.weight, columns: [1, 3]}
{csv: a.csv, columns: 1-4, skip-rows: 1, rows: 1-50, transpose: true}
{csv: a.csv, column: 5, skip-rows: 1, one-hot: 3}
{csv: a.csv, header: yes, delimiter: ';', columns: [age, weight], row: 7}
{csv: a.csv, header: yes, column: kind, one-hot: [red, blue]}
{tsv: a.tsv, skip-rows: 0}
{txt: a.txt, delimiter: blank}
{mtx: a.mtx, transpose: false}
"""
NO_MATRICES = """
[]
[1, 2]
[[x]]
[[1, 1/x]]
solve
{identity: 0}
{identity: 3, transpose: yes}
{zeros: [2]}
{npz: a.npz}
{npy: a.npy, key: W1}
{npy: a.npy, header: yes}
{csv: a.csv, colums: 1-4}
{csv: a.csv, transpose: maybe}
{csv: a.csv, rows: 1..4}
{csv: a.csv, npy: a.npy}
{mtx: a.mtx, delimiter: ','}
"""
# path: value, as YAML; a path that ends in - takes the key away
OTHERS = """
network: {kind: feedforward, activation: relu}
network: {kind: feedforward, activation: [leaky-relu 1/10, tanh]}
network: {kind: feedforward, activation: relu, skip: [0]}; point: {W: [[[1]]], S: [[[1]]], b: [[0]]}
network: {kind: resnet, activation: tanh}; point: {W: [[1]], R: [[1]], z: {W: [[[1]]], b: [[0]]}}
network: {kind: residual}; point: {A: [[[[1]], solve], [[[1]], [[1]]]]}
network: {kind: feedforward, activation: tanh}; point: {features: [[1/2]], W_2: [[1]]}
point: {U: [[1]], V: [[1]]}
point: {W: [solve, [[1]]]}
point: {W: [{solve: {npy: w1.npy}, nearest: yes}, [[1]]]}
point: {construct: {widths: [2, 2], capture: [1, 3], C: [[[1, 1], [0, 1]]], bits: 50}}
network: {kind: residual}; point: {construct: {units: 2, depth: 3, unit-C: [[[[1]], [[1]]]]}}
data: {Sxx: [[1]], Syx: [[1]], Syy: [[1]]}
loss: cross-entropy
loss: {kind: logistic, scale: 1/2, reduction: mean}
loss: {kind: smooth-hinge, power: 3, weights: [1, 1/2]}
regularization: {weight-decay: 1/10, decay-biases: yes}
claims: [gradient-dominance: {radius: paper, norm: feature, lambda: 3/20}]
claims: [regularity: {radius: [1/10, 1/20], alpha: best, gamma: 1/2}]
claims: [rank: {of: W_2 * W_1}, full-rank, global-minimizer: {gap: best}]
claims: [inequality: 'loss <= 3']
claims: [full-rank: {of: tangent}, critical-value, critical-value: {of: cell, low: 1/3}]
claims: [induced-bound: {radius: [1/10, 0.1], of: tangent}, no-critical-point: {radius: 1e-3}]
claims: [no-bad-critical-point: {radius: 0}, tangent-dominance: {radius: 1, norm: frobenius, lambda: 3}]
claims: [best-in-basis: {basis: last}, best-in-basis: {basis: cell, gap: best}]
claims-
"""
NO_OTHERS = """
certify-
network-
data-
point-
certify: 2
titel: x
network: {kind: recurrent}
network: {kind: feedforward, activation: relux}
network: {kind: feedforward, activation: leaky-relu}
network: {kind: residual}
claims: [induced-bound]
claims: [tangent-dominance: {radius: paper}]
claims: [full-rank: {of: data}]
point: {A: [[[[1]]]]}
point: {W: []}
point: {W: [[[1]]], U: [[1]]}
point: {U: [[1]]}
point: {construct: {width: [1]}}
data: {X: [[1]]}
data: {X: [[1]], Y: [[1]], Sxx: [[1]]}
loss: hinge
loss: {scale: 1}
loss: {kind: square, reduction: average}
regularization: {decay: 1}
claims: []
claims: critical-point
claims: [criticality]
claims: [inequality]
claims: [inequality: loss]
claims: [rank]
claims: [rank: {value: 1}]
claims: [critical-point: {gap: 1}]
claims: [{critical-point: {}, saddle: {}}]
claims: [gradient-dominance: {norm: nuclear}]
"""

def changed(line):
    p = copy.deepcopy(GOOD)
    for part in line.split("; "):
        if part.endswith("-"):
            del p[part[:-1]]
        else:
            p.update(yaml.safe_load(part))
    return p

def with_matrix(line):
    p = copy.deepcopy(GOOD)
    p["data"]["X"] = yaml.safe_load(line)
    return p

for make, good, bad, what in ((with_matrix, MATRICES, NO_MATRICES, "matrices"),
                              (changed, OTHERS, NO_OTHERS, "other keys")):
    good, bad = good.strip().split("\n"), bad.strip().split("\n")
    say("%d forms of %s are taken" % (len(good), what),
        [l for l in good if not problem.is_valid(make(l))])
    say("%d others are refused" % len(bad), [l for l in bad if problem.is_valid(make(l))])

# 3. the claims and their keys are those of the pages
written = set()
for page in glob.glob(os.path.join(top, "doc", "rules", "*.md")):
    with open(page, encoding="utf-8") as f:
        part = re.search(r"^## YAML\n(.*?)^## ", f.read(), re.M | re.S)
    written |= set(re.findall(r"^\| ([a-z-]+) \| ([a-z]+) \|", part.group(1) if part else "", re.M))
written.discard(("claim", "key"))
words, maps = problem.schema["$defs"]["claim"]["anyOf"]
have = {(n, k) for n, m in maps["properties"].items() for k in m.get("properties") or ["none"]}
say("the schema has the claims and the keys of doc/rules",
    ["%s: %s" % c for c in sorted(written ^ have)])
say("claims that stand alone", [c for c in words["enum"] if c not in maps["properties"]])

# 4. the manual has every key of the results and every option
def manual(name):
    with open(os.path.join(top, "man", name), encoding="utf-8") as f:
        return f.read().replace("\\-", "-")

kinds = result.schema["$defs"]
keys = {k: set(kinds[k]["properties"]) | set(kinds["result"]["properties"]) for k in kinds
        if kinds[k].get("$ref") == "#/$defs/result"}
certify, check = manual("certify.1"), manual("certify-check.1")
section = certify[certify.index(".SH JSON"):certify.index(".SH FILES THAT SURVIVE")]
said = lambda key, text: re.search(r"^\.(B|BR|RB) (.*[ (])?\b%s\b" % key, text, re.M)
say("the keys of the results in certify(1)",
    sorted(k for k in set().union(*keys.values()) if not said(k, section)))
say("those of check in certify-check(1)",
    sorted(k for k in (keys["verified"] | keys["rejected"] | keys["error"]) - {"patterns", "points"}
           if not said(k, check)))
options = re.findall(r"--[a-z-]+", open("help").read())
say("%d options in certify(1)" % len(set(options)),
    sorted(o for o in set(options) - {"--help", "--usage", "--version"} if o not in certify))

# 5. results
rows = {}
for name in sorted(glob.glob("*.json")):
    with open(name, encoding="utf-8") as f:
        lines = f.read().split("\n")
    rows[name], wrong = [json.loads(l) for l in lines if l], []
    for number, row in enumerate(rows[name], 1):
        e = jsonschema.exceptions.best_match(result.iter_errors(row))
        if e is not None:
            wrong.append("line %d, %s: %s" % (number, e.json_path, e.message[:300]))
    say("%d lines of %s are results" % (len(rows[name]), name), wrong if rows[name] else ["none"])
verdicts = {r["verdict"] for name in rows if name != "bounds.json" for r in rows[name]}
VERDICTS = {"proved", "refuted", "undecided", "VERIFIED", "REJECTED", "error"}
say("every verdict was seen", sorted(VERDICTS ^ verdicts))
first = next(r for r in rows["prove.json"] if r["verdict"] == "proved" and "lambda" in r)
NO_RESULTS = [("verdict", "maybe"), ("lambda", 0.3), ("lambda", {"exact": "0.3", "decimal": "0.3"}),
              ("shapes", [[1, 2, 3]]), ("digest", "abc"), ("claim_number", 0), ("statement", None),
              ("version", None), ("point", "minimum")]
say("%d changed results are none" % len(NO_RESULTS),
    ["%s: %s" % c for c in NO_RESULTS if result.is_valid({**first, c[0]: c[1]})])
say("no key may be missing", [k for k in result.schema["$defs"]["result"]["required"]
                              if result.is_valid({n: v for n, v in first.items() if n != k})])

# 6. what was proved is what is verified, key by key
OTHER = {"problem", "claim_number", "title", "verdict", "certificate", "seconds"}
said = {r["certificate"]: r for r in rows["prove.json"] if r["certificate"]}
wrong = []
for r in rows["check.json"] + rows["certify-check.json"]:
    p = said.get(os.path.basename(r["certificate"]))
    if p is None or r["verdict"] != "VERIFIED":
        continue
    wrong += ["%s of %s" % (k, r["certificate"]) for k in set(p) & set(r) - OTHER if p[k] != r[k]]
    wrong += ["the verdict of %s" % r["certificate"]] if p["verdict"] != r["conclusion"] else []
say("prove, check and certify-check say the same of %d certificates" % len(said),
    wrong if said else ["none"])
END
[ $? -eq 0 ] || bad "the script failed"

while IFS='|' read -r verdict what; do
    if [ "$verdict" = ok ]; then ok "$what"; else bad "$what"; fi
done < results
plan
