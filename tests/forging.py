# SPDX-License-Identifier: LGPL-2.1-or-later
"""For the forge.py of the folders of tests/claims and tests/text: true
certificates are proved and edited, until they state something false, or true
things with evidence that does not prove them, or are not in canonical form.
A forge.py calls forge(NAME, TEXT, REASON) for each of its forgeries;
tests/make_forgeries.py runs it and writes them."""
import hashlib, os, re, subprocess, tempfile
from fractions import Fraction as Fr

certify = None          # the program, and
made = {}               # the forgeries of the folder at work: name -> (text, reason)

def prove(problem, status=0):
    with tempfile.TemporaryDirectory() as d:
        with open(os.path.join(d, "p.yaml"), "w") as f:
            f.write("certify: 1\n" + problem)
        r = subprocess.run([certify, "-q", "-o", "c", "p.yaml"], cwd=d, capture_output=True, text=True)
        assert r.returncode == status, (r, problem)
        with open(os.path.join(d, "c")) as f:
            return f.read()

def redigest(text):
    """The right digest again after the problem was edited."""
    head, rest = text.split("\n", 2)[:2], text.split("\n", 2)[2]
    problem = rest[:rest.index("\nclaim ") + 1]
    return "%s\nproblem sha256 %s\n%s" % (head[0], hashlib.sha256(problem.encode()).hexdigest(), rest)

def forge(name, text, reason, keep_digest=False):
    if not keep_digest and "\nclaim " in text:
        text = redigest(text)
    assert name not in made, name
    made[name] = (text, reason)

def sub(text, pattern, new, count=1):
    result, n = re.subn(pattern, new, text, count=count, flags=re.M)
    assert n > 0 and result != text, (pattern, text[-1500:])
    return result

def block(text, role):
    """The evidence block of a role."""
    m = re.search(r"^(bound|word|numbers|codes|matrix|ball|norm|inverse) %s .*\n"
                  r"(?:(?!bound |word |numbers |codes |matrix [a-z]|ball |norm [a-z]|inverse |conclusion ).*\n)*"
                  % re.escape(role), text, flags=re.M)
    assert m, role
    return m.group(0)

def drop(text, role):
    text = text.replace(block(text, role), "", 1)
    return sub(text, r"^evidence (\d+)$", lambda m: "evidence %d" % (int(m.group(1)) - 1))

def scale_value(text, role, factor):
    """A block of a bound with its value multiplied."""
    return sub(text, r"^(bound|norm|inverse) %s (\S+)" % re.escape(role),
               lambda m: "%s %s %s" % (m.group(1), role, Fr(m.group(2)) * Fr(factor)))

def swap_roles(text, a, b):
    A, B = block(text, a), block(text, b)
    kind_a, kind_b = A.split()[0], B.split()[0]
    return text.replace(A, "@").replace(B, A.replace("%s %s " % (kind_a, a), "%s %s " % (kind_a, b), 1)).replace(
        "@", B.replace("%s %s " % (kind_b, b), "%s %s " % (kind_b, a), 1))

def verified(text):
    """The text, with the right digest, which is VERIFIED."""
    text = redigest(text)
    with tempfile.TemporaryDirectory() as d:
        with open(os.path.join(d, "c"), "w") as f:
            f.write(text)
        r = subprocess.run([certify, "check", "-q", "c"], cwd=d, capture_output=True, text=True)
        assert r.returncode == 0, (r, text)
    return text

def more(text, by=1):
    """The number of blocks of evidence, larger (or smaller) than it is."""
    return sub(text, r"^evidence (\d+)", lambda m: "evidence %d" % (int(m.group(1)) + by))

# problems that several folders begin with
identity = "network: {kind: linear}\ndata: {X: {identity: 2}, Y: {identity: 2}}\npoint: {W: [{identity: 2}, {identity: 2}]}\n"
three = "network: {kind: linear}\ndata: {X: [[2, 1], [0, 1]], Y: [[1, 0], [0, 1]]}\npoint: {W: [solve, [[1, 0], [-1/8, 7/8]], [[9/8, 0], [1/8, 1]]]}\n"
residual = ("network: {kind: residual}\ndata: {X: {identity: 2}, Y: [[2, 1], [0, 1]]}\n"
            "point: {A: [[[[1, 0], [1/2, 1]], [[1/2, 1/4], [0, 1]]], [solve, [[1, 1/4], [0, 1]]]]}\n")
leaky = ("network: {kind: feedforward, activation: leaky-relu 1/2}\ndata: {X: [[1, -1], [1/2, 2]], Y: [[1, 2]]}\n"
         "point: {W: [[[1, 0], [0, 1]], solve]}\n")
tanh_features = ("network: {kind: feedforward, activation: tanh}\ndata: {X: [[1, -1], [1/2, 2]], Y: [[1, 1/2]]}\n"
                 "point: {features: [[1/2, 0], [0, 1/2]], W_2: [[2, 1]]}\n")
