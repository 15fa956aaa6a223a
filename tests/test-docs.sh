#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The documents agree with each other, with the sources, the examples and the
# forgeries.  How a page of doc/rules looks is in doc/rules/README.md.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

python3 - "$srcdir" > "$tmp/results" << 'END'
import os, re, sys
top = sys.argv[1]

def read(*path):
    with open(os.path.join(top, *path), encoding="utf-8") as f:
        return f.read()

def check(what, wrong):
    """One result; wrong lists what does not agree."""
    print("bad|%s: %s" % (what, "; ".join(sorted(wrong))) if wrong else "ok|%s" % what)

def both(what, a, in_a, b, in_b):
    check(what, ["%s is missing in %s" % (x, in_b) for x in set(a) - set(b)]
          + ["%s is missing in %s" % (x, in_a) for x in set(b) - set(a)])

def tables(text, header):
    """The rows of the tables whose header starts or ends with these columns."""
    rows, on = [], False
    for line in text.split("\n"):
        if not line.startswith("|"):
            on = False
            continue
        cell = [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cell[-len(header):] == header:
            on = True
        elif on and not set(line) <= set("|-: "):
            rows.append(cell[-len(header):])
    return rows

# 1. the sections of the pages
SECTIONS = ["Claims", "YAML", "Statement", "Proof", "Roles", "Preconditions", "Limits of it"]
families = sorted(f[:-3] for f in os.listdir(os.path.join(top, "doc", "rules"))
                  if f.endswith(".md") and f != "README.md")
pages = {name: read("doc", "rules", name + ".md") for name in families}
part = {}
for name, text in pages.items():
    found = re.findall(r"^## (.*)$", text, re.M)
    wrong = [] if text.startswith("# %s\n" % name) else ["it does not start with # %s" % name]
    if found != SECTIONS:
        wrong.append("the sections are %s" % ", ".join(found))
    bodies = re.split(r"^## .*\n", text, flags=re.M)[1:]
    part[name] = dict(zip(found, bodies))
    wrong += ["%s is empty" % s for s, b in part[name].items() if not b.strip()]
    check("%s has the sections, in order" % name, wrong)
    for s in SECTIONS:
        part[name].setdefault(s, "")

# 2. the claims and their conclusions
def pairs(text):
    lines = [l.strip() for l in text.split("\n") if re.match(r' +"(claim|conclusion) ', l)]
    return [" / ".join(lines[i:i + 2]) for i in range(0, len(lines), 2)]

grammar = pairs(read("doc", "certificate-format.md"))
written = [p for name in families for p in pairs(part[name]["Claims"])]
both("the claims of the pages and of the grammar", written, "the pages", grammar, "certificate-format.md")
check("each claim is in one place", [p for p in set(written) if written.count(p) + grammar.count(p) != 2])
claims = {}
for name in families:
    for p in pairs(part[name]["Claims"]):
        claims.update({c: name for c in re.findall(r'^"claim ([a-z-]+)', p)})
check("a claim and its conclusion are two lines",
      [p for p in written + grammar if not re.match(r'"claim [a-z].* / "conclusion " verdict', p)])
listed = re.findall(r"^\| \[(.*?)\]\(\1\.md\) \| (.*?) \|$", read("doc", "rules", "README.md"), re.M)
both("the index of doc/rules", ["%s of %s" % (c, n) for n, cs in listed for c in cs.split(", ")], "README.md",
     ["%s of %s" % (c, n) for c, n in claims.items()], "the pages")

# 3. the keys of a problem file
keys = set()
for name in families:
    for claim, key, values, default in tables(part[name]["YAML"], ["claim", "key", "values", "if left out"]):
        keys.add("%s: %s" % (claim, key))
        if claims.get(claim) != name:
            keys.add("%s, which is not a claim of %s" % (claim, name))
manual = re.search(r"^\.SS claims\n(.*?)^\.SH", read("man", "certify-problem.5"), re.M | re.S).group(1)
tags, have = set(), {}
for tag in re.findall(r"^\.TP\n(.*)$", manual, re.M):
    tag = tag.replace("\\(dq", '"').replace("\\-", "-")
    names = re.match(r"\.BR? (.*?)(:.*)?$", tag)
    for claim in re.findall(r"[a-z]+(?:-[a-z]+)*", names.group(1)):
        braces = re.search(r"\{(.*)\}", names.group(2) or "")
        have.setdefault(claim, set()).update(re.findall(r"([a-z]+):", braces.group(1)) if braces else [])
for claim, ks in have.items():
    tags |= {"%s: %s" % (claim, k) for k in ks or ["none"]}
both("the keys of the pages and of certify-problem(5)", keys, "the pages", tags, "certify-problem.5")

# 4. the forgeries
soundness = read("doc", "soundness.md")
def is_file(name):
    return os.path.exists(os.path.join(top, name))

files = {}
for folder, _, names in os.walk(os.path.join(top, "tests")):
    if os.path.basename(folder) == "forgeries":
        files.update({n[:-5]: folder for n in names if n.endswith(".cert")})
named, wrong_tests, functions = set(), [], {}
sources = {"soundness": soundness}
sources.update({name: part[name]["Preconditions"] for name in families})
for page, text in sources.items():
    for what, by, forgery in tables(text, ["precondition", "checked by", "forgery"]):
        for f in re.findall(r"`([^`]*)`", by):
            functions.setdefault(f, page)
        for entry in re.split("; *", forgery):          # names, or prose with `tests/..`
            quoted = re.findall(r"`([^`]*)`", entry)
            wrong_tests += ["%s, on %s" % (q, page) for q in quoted if not is_file(q)]
            if not quoted and entry:
                named.update(entry.split(", "))
both("the forgeries that are named and those that exist", named, "the pages or soundness.md", files, "tests/")
check("%d forgeries, the other tests that are named exist" % len(files), wrong_tests if files else ["no forgeries"])

# 5. the functions
words = set()
for folder, _, names in os.walk(os.path.join(top, "src")):
    for n in names:
        if n.endswith((".c", ".h")):
            words |= set(re.findall(r"\w+", read(os.path.relpath(os.path.join(folder, n), top))))
check("%d functions are words of src/" % len(functions),
      ["%s, on %s" % (f, p) for f, p in functions.items() if f not in words] if functions else ["none"])

# 6. the theorems, and the examples
theorems = tables(read("doc", "theorems.md"), ["theorem", "claim", "rule", "examples"])
wrong = []
for theorem, claim, rule, examples in theorems:
    for c in re.split(r"[,;] *", re.sub(r"(with )?`[^`]*`", "", claim)):
        c = c.strip()
        if c and c not in claims and not c.startswith("all of these"):
            wrong.append("%s, of %s" % (c, theorem))
check("the claims of %d theorems" % len(theorems), wrong if theorems else ["none"])
proved = {c for t in theorems for c in re.findall(r"[a-z]+(?:-[a-z]+)*", t[1])}
check("each claim has a theorem", [c for c in claims if c not in proved and c != "inequality"])
examples = {e for t in theorems for e in re.split(r"[,;] *", t[3])}
examples |= {e for t in tables(read("doc", "findings.md"), ["place", "what", "example"]) for e in t[2].split(", ")}
texts = {os.path.join("doc", d): read("doc", d) for d in os.listdir(os.path.join(top, "doc")) if d.endswith(".md")}
texts.update({os.path.join("doc", "rules", n + ".md"): t for n, t in pages.items()})
texts[os.path.join("doc", "rules", "README.md")] = read("doc", "rules", "README.md")
for t in texts.values():
    examples |= set(re.findall(r"examples/([a-z0-9-]+)\.yaml", t))
check("%d examples exist" % len(examples),
      [e for e in examples if not is_file(os.path.join("examples", e + ".yaml"))] if examples else ["none"])

# 7. the links
wrong = []
for name, t in texts.items():
    for target, anchor in re.findall(r"\]\(([^)#:]*)(#[^)]*)?\)", t):
        path = os.path.normpath(os.path.join(os.path.dirname(name), target)) if target else name
        if not is_file(path):
            wrong.append("%s in %s" % (target, name))
        elif anchor and anchor[1:] not in [re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-")
                                           for h in re.findall(r"^#+ (.*)$", read(path), re.M)]:
            wrong.append("%s%s in %s" % (target, anchor, name))
check("the links of %d documents" % len(texts), wrong)
END
[ $? -eq 0 ] || bad "the script failed"

while IFS='|' read -r verdict what; do
    if [ "$verdict" = ok ]; then ok "$what"; else bad "$what"; fi
done < "$tmp/results"
plan
