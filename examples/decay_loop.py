#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The meta-algorithm of Vidal, Zhu & Haeffele (2020), section 1.4: train, ask certify for one more unit, go on,
until the loss is certified to be within a part of the least that any width could reach.

usage: decay_loop.py CERTIFY START.npz [--within 1/100] [--decay MU] [--slope A] [-o FOLDER]

START.npz has the weights W1, W2 of a network 4-N-3 on iris.csv.  The folder gets step-K.npz and step-K.yaml."""
import argparse, fractions, json, os, re, subprocess, sys
from checkpoint import load_npz, save_npz
from train_checkpoints import here
from train_decay import Objective, descend, iris

PROBLEM = """certify: 1
network: {kind: feedforward, activation: leaky-relu %s}
regularization: {weight-decay: %s}
data:
  X: {csv: iris.csv, columns: 1-4, skip-rows: 1, transpose: true}
  Y: {csv: iris.csv, column: 5, skip-rows: 1, one-hot: 3}
point: {W: [{npz: %s, key: W1}, {npz: %s, key: W2}]}
claims: [regularized-global-minimum: {gap: best}]
"""


def matrices(text):
    """W_1 and W_2 of a problem that certify escape has printed."""
    rows = re.findall(r"^    - \[(\[.*\])\]$", text, re.M)
    return [[[float(fractions.Fraction(x)) for x in row.split(", ")] for row in re.findall(r"\[(.*?)\]", m)] for m in rows]


def main():
    a = argparse.ArgumentParser(usage=__doc__)
    a.add_argument("certify")
    a.add_argument("start")
    a.add_argument("--within", type=fractions.Fraction, default=fractions.Fraction(1, 100))
    a.add_argument("--decay", default="1")
    a.add_argument("--slope", default="0")
    a.add_argument("--steps", type=int, default=400)
    a.add_argument("-o", default=".")
    a = a.parse_args()
    certify = os.path.abspath(a.certify)
    start = load_npz(a.start)
    W = [start["W1"][1], start["W2"][1]]
    X, Y = iris()
    with open(os.path.join(here, "iris.csv")) as f, open(os.path.join(a.o, "iris.csv"), "w") as g:
        g.write(f.read())
    for k in range(100):
        name = "step-%d" % k
        save_npz(os.path.join(a.o, name + ".npz"), {"W1": ("F64", W[0]), "W2": ("F64", W[1])})
        with open(os.path.join(a.o, name + ".yaml"), "w") as f:
            f.write(PROBLEM % (a.slope, a.decay, name + ".npz", name + ".npz"))
        out = subprocess.run([certify, "--json", name + ".yaml"], cwd=a.o, capture_output=True, text=True)
        found = json.loads(out.stdout.split("\n")[0])
        if found.get("verdict") != "proved":
            sys.exit("%s: %s" % (name, found))
        gap, loss = fractions.Fraction(found["gap"]["exact"]), fractions.Fraction(found["loss"]["exact"])
        print("%s: %d units, loss %.6f, within %.3f %% of the least of any width" %
              (name, len(W[0]), loss, 100 * gap / loss), flush=True)
        if gap <= a.within * loss:
            return
        wider = subprocess.run([certify, "escape", name + ".yaml"], cwd=a.o, capture_output=True, text=True)
        if wider.returncode == 0:
            W = matrices(wider.stdout)
        f = Objective(X, Y, len(W[0]), float(a.slope), float(a.decay), 0)
        v = descend(f, [x for rows in W for row in rows for x in row], a.steps)[1]
        W = list(f.split(v)[:2])


if __name__ == "__main__":
    main()
