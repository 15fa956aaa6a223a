# SPDX-License-Identifier: LGPL-2.1-or-later
"""Large linear systems by p-adic lifting (Dixon): digit by digit with an inverse modulo a prime,
then as fractions, which are multiplied out before they are believed."""
from math import isqrt

from matrix import entry_bits, integer_product

PRIME = (1 << 61) - 1
EXPONENTS = (61, 127, 521, 1279, 2203, 4423)        # of Mersenne primes
SMALLEST = 24                       # orders below are eliminated


def product(A, B):
    return integer_product(A, B, entry_bits(A) + entry_bits(B) + len(B).bit_length())


def prime_for(rows):
    """About as long as the entries: then digits cost least."""
    bits = entry_bits(rows)
    return (1 << max([61] + [e for e in EXPONENTS if e <= bits])) - 1


def inverse_modulo(p, rows):
    """None if there is none."""
    n = len(rows)
    A = [[x % p for x in row] + [int(i == j) for j in range(n)] for i, row in enumerate(rows)]
    for c in range(n):
        i = next((i for i in range(c, n) if A[i][c]), None)
        if i is None:
            return None
        A[c], A[i] = A[i], A[c]
        inverse = pow(A[c][c], -1, p)
        top = A[c] = [x * inverse % p for x in A[c]]
        for i, row in enumerate(A):
            f = row[c]
            if f and i != c:
                A[i] = [(x - f * y) % p for x, y in zip(row, top)]
    return [row[n:] for row in A]


def minor_bound(S, B):
    """Of the determinant of S, and with a column of B in place of one of S (Hadamard)."""
    bound = 1
    for row, extra in zip(S, B):
        bound *= isqrt(sum(x * x for x in row) + max((x * x for x in extra), default=0)) + 1
    return bound


def digits(p, S, B, inverse, count):
    """Of S^{-1} B modulo p^count, the lowest first."""
    found = []
    for _ in range(count):
        D = [[x % p for x in row] for row in product(inverse, [[x % p for x in row]
                                                                   for row in B])]
        SD = product(S, D)
        B = [[(x - y) // p for x, y in zip(r, s)] for r, s in zip(B, SD)]
        found.append(D)
    return found


def together(p, found):
    """One integer for each entry, from its digits; neighbours are joined pair by pair."""
    power = p
    while len(found) > 1:
        pairs = [[[x + power * y for x, y in zip(r, s)] for r, s in zip(low, high)]
                 for low, high in zip(found[::2], found[1::2])]
        found = pairs + (found[-1:] if len(found) % 2 else [])
        power *= power
    return found[0]


def denominator_of(x, modulus, bound):
    """The denominator of the fraction with numerator and denominator within the bound."""
    a, b, u, v = modulus, x, 0, 1
    while b > bound:
        q = a // b
        a, b, u, v = b, a - q * b, v, u - q * v
    return abs(v)


def solve_by_lifting(S, B, columns):
    """Numerators and denominator of S^{-1} B, or None where elimination has to do it."""
    if len(S) < SMALLEST or columns == 0:
        return None
    p = prime_for(S)
    inverse = inverse_modulo(p, S)
    if inverse is None:
        return None
    bound = minor_bound(S, B)
    count = (2 * bound * bound).bit_length() // (p.bit_length() - 1) + 1
    modulus, den, rows = p ** count, 1, []
    X = together(p, digits(p, S, B, inverse, count))
    for row in X:                       # the denominator that all entries seen so far have
        for x in row:
            y = x * den % modulus
            if bound < y < modulus - bound:
                den *= denominator_of(y, modulus, bound)
    for row in X:
        found = [x * den % modulus for x in row]
        rows.append([y if 2 * y < modulus else y - modulus for y in found])
    same = product(S, rows) == [[den * x for x in row] for row in B]
    return (rows, den) if same else None
