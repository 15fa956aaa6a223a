#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Gaussian doubles, the same every time, and a problem about them, in the present folder.

bench/gaussian.py sigma N CLAIM...      a layer of N x N in wN.npy, X a unit vector; sigma-N.yaml
bench/gaussian.py tanh UNITS SAMPLES    64 inputs, 10 outputs; tanh-UNITS.yaml"""
import random, struct, sys

rng = random.Random(1)

def npy(name, rows, columns, entry):
    head = "{'descr': '<f8', 'fortran_order': False, 'shape': (%d, %d), }" % (rows, columns)
    head += " " * (-(len(head) + 11) % 64) + "\n"
    with open(name, "wb") as f:
        f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode())
        for i in range(rows):
            f.write(struct.pack("<%dd" % columns, *[entry(i, j) for j in range(columns)]))

def scaled(size):
    return lambda i, j: rng.gauss(0, 1) / size ** 0.5

if sys.argv[1] == "sigma":
    n, claims = int(sys.argv[2]), sys.argv[3:]
    npy("w%d.npy" % n, n, n, scaled(1))
    npy("x%d.npy" % n, n, 1, lambda i, j: float(i == 0))
    npy("y%d.npy" % n, n, 1, lambda i, j: 0.0)
    with open("sigma-%d.yaml" % n, "w") as f:
        f.write("certify: 1\nnetwork: {kind: linear}\ndata: {X: {npy: x%d.npy}, Y: {npy: y%d.npy}}\npoint: {W: [{npy: w%d.npy}]}\nclaims:\n" % (n, n, n))
        f.write("".join("  - %s\n" % c for c in claims))
else:
    units, samples = map(int, sys.argv[2:4])
    npy("x.npy", 64, samples, scaled(1))
    npy("y.npy", 10, samples, scaled(1))
    npy("w1.npy", units, 64, scaled(64))
    npy("w2.npy", 10, units, scaled(units))
    with open("tanh-%d.yaml" % units, "w") as f:
        f.write("certify: 1\nnetwork: {kind: feedforward, activation: tanh}\ndata: {X: {npy: x.npy}, Y: {npy: y.npy}}\n"
                "point: {W: [{npy: w1.npy}, {npy: w2.npy}]}\nclaims: [gradient-dominance: {norm: frobenius}]\n")
