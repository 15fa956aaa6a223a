# SPDX-License-Identifier: LGPL-2.1-or-later
"""Products of named matrices: doc/certificate-format.md, "Grammar", name."""
from verdict import ensure

MOST = 64


def named_matrices(P):
    names = {"X": P.X, "Y": P.Y}
    for i, A in enumerate(P.W):
        names[P.block_name(i)] = A
    if P.features:
        del names["W_1"]
    return names


def read_factors(P, text):
    """The matrices of a text like W_2*W_1, whose shapes fit."""
    names, words = named_matrices(P), text.split("*")
    ensure(all(x in names for x in words) and len(words) <= MOST, "an unknown matrix")
    found = [names[x] for x in words]
    ensure(all(A.c == B.r for A, B in zip(found, found[1:])), "shapes that do not fit")
    return found


def multiplied(factors):
    A = factors[0]
    for B in factors[1:]:
        A = A * B
    return A
