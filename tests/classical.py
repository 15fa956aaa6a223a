#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What certify bounds prints about classical matrices, and claims about ill-conditioned data.

Every interval of a singular value or an eigenvalue, as it is printed, must hold as many of them as
its multiplicity says and must meet no other one; rank, eta_min and norm must be right, and as
narrow as --digits asks for.  The counts are made here, by the inertia of A^T A - s^2 I in integers
(Sylvester's law), nothing is taken from certify.

usage: tests/classical.py CERTIFY CERTIFY-CHECK"""
import functools, json, math, os, random, re, subprocess, sys, tempfile
from fractions import Fraction as F

certify, checker = map(os.path.abspath, sys.argv[1:3])
FEW = len(sys.argv) > 3       # a test that has passed already, repeated
count, failures = 0, []

def ok(good, what, why=""):
    """One result of the Test Anything Protocol."""
    global count
    count += 1
    if good:
        print("ok %d - %s" % (count, what))
    else:
        print("not ok %d - %s: %s" % (count, what, str(why).replace("\n", " ")[:500]))
        failures.append(what)
    return good

# Exact counts.

def product(A, B):
    columns = list(zip(*B))
    return [[sum(x * y for x, y in zip(row, col)) for col in columns] for row in A]

def transposed(A):
    return [list(col) for col in zip(*A)]

def integers(A):
    """The integer matrix B and the integer d > 0 with A = B / d."""
    d = math.lcm(*(F(x).denominator for row in A for x in row))
    return [[int(x * d) for x in row] for row in A], d

def with_pivot(U):
    """The upper triangle U (rows from the diagonal on) after a congruence that moves something
    other than zero to its first place; None if all of it is zero."""
    n = len(U)
    M = [[U[min(i, j)][abs(i - j)] for j in range(n)] for i in range(n)]
    k = next((i for i in range(n) if M[i][i]), None)
    if k is None:
        k, j = next(((i, j) for i in range(n) for j in range(i) if M[i][j]), (None, 0))
        if k is None:
            return None
        M[k] = [x + y for x, y in zip(M[k], M[j])]
        for row in M:
            row[k] += row[j]
    order = [k] + [i for i in range(n) if i != k]
    return [[M[i][j] for j in order[at:]] for at, i in enumerate(order)]

def inertia(M):
    """How many eigenvalues of the symmetric integer matrix M are negative, zero, positive: by
    fraction-free symmetric elimination."""
    U, last, counts = [row[i:] for i, row in enumerate(M)], 1, [0, 0, 0]
    while U:
        if U[0][0] == 0:
            U = with_pivot(U)
            if U is None:
                counts[1] = len(M) - sum(counts)
                break
        first, U = U[0], U[1:]
        p = first[0]
        counts[2 if (p > 0) == (last > 0) else 0] += 1
        U = [[(x * p - first[i + 1] * y) // last for x, y in zip(row, first[i + 1:])]
             for i, row in enumerate(U)]
        last = p
    return counts

class Spectrum:
    """Counts of the eigenvalues of a symmetric matrix S, or of their roots."""
    def __init__(self, S, roots):
        self.S, self.d = integers(S)
        self.roots, self.known = roots, {}

    def at(self, x):
        """How many are less than, equal to and greater than x."""
        if self.roots and x < 0:
            return [0, 0, len(self.S)]
        if x not in self.known:
            t = F(x) ** 2 if self.roots else F(x)
            shift = t * self.d
            self.known[x] = inertia([[v * shift.denominator - (shift.numerator if i == j else 0)
                                      for j, v in enumerate(row)] for i, row in enumerate(self.S)])
        return self.known[x]

    def within(self, low, high):
        return len(self.S) - self.at(low)[0] - self.at(high)[2]

@functools.lru_cache
def symmetric_spectrum(A):
    return Spectrum([list(row) for row in A], 0)

def eigenvalues(A):
    return symmetric_spectrum(tuple(map(tuple, A)))

def singular_values(A):
    return singular_spectrum(tuple(map(tuple, A)))

@functools.lru_cache
def singular_spectrum(A):
    At = transposed(A)
    return Spectrum(product(A, At) if len(A) <= len(At) else product(At, A), 1)

# Classical matrices.

def matrix(n, entry, m=None):
    return [[F(entry(i, j)) for j in range(1, (m or n) + 1)] for i in range(1, n + 1)]

def hilbert(n):
    return matrix(n, lambda i, j: F(1, i + j - 1))

def kahan(n):
    s, c = F(4, 5), F(3, 5)
    return matrix(n, lambda i, j: s ** (i - 1) * (1 if i == j else -c if j > i else 0))

def poisson(k):
    def entry(i, j):
        (a, b), (c, d) = divmod(i - 1, k), divmod(j - 1, k)
        return 4 if i == j else -(abs(a - c) + abs(b - d) == 1)
    return matrix(k * k, entry)

def hadamard(k):
    return [[F((-1) ** bin(i & j).count("1")) for j in range(1 << k)] for i in range(1 << k)]

ROSSER = [[611, 196, -192, 407, -8, -52, -49, 29], [196, 899, 113, -192, -71, -43, -8, -44],
          [-192, 113, 899, 196, 61, 49, 8, 52], [407, -192, 196, 611, 8, 44, 59, -23],
          [-8, -71, 61, 8, 411, -599, 208, 208], [-52, -43, 49, 44, -599, 411, 208, 208],
          [-49, -8, 8, 59, 208, 208, 99, -911], [29, -44, 52, -23, 208, 208, -911, 99]]

def nearly_collinear(n, m):
    """Measurements that differ in the last digits only: full rank, hardly."""
    rng = random.Random(4)
    base = [rng.randint(1, 300) for _ in range(m)]
    return [[F(1000 * x + rng.randint(-500, 500), 1000) for x in base] for _ in range(n)]

def of_rank(n, m, r):
    rng = random.Random(n + m + r)
    def some(a, b):
        return [[F(rng.randint(-9, 9)) for _ in range(b)] for _ in range(a)]
    return product(some(n, r), some(r, m))

MATRICES = {
    "Hilbert": hilbert(10),
    "Pascal": matrix(10, lambda i, j: math.comb(i + j - 2, j - 1)),
    "Lotkin": matrix(9, lambda i, j: 1 if i == 1 else F(1, i + j - 1)),
    "Frank": matrix(12, lambda i, j: 0 if j < i - 1 else 13 - max(i, j)),
    "Kahan": kahan(14),
    "Grcar": matrix(14, lambda i, j: -1 if i == j + 1 else int(0 <= j - i <= 3)),
    "Moler": matrix(12, lambda i, j: i if i == j else min(i, j) - 2),
    "Lehmer": matrix(12, lambda i, j: F(min(i, j), max(i, j))),
    "Vandermonde": matrix(9, lambda i, j: F(i, 9) ** (j - 1)),
    "Vandermonde, wide": matrix(5, lambda i, j: F(i, 5) ** (j - 1), 9),
    "Wilkinson": matrix(21, lambda i, j: abs(i - 11) if i == j else abs(i - j) == 1),
    "Rosser": [[F(x) for x in row] for row in ROSSER],
    "Hadamard": hadamard(3),
    "Jordan block": matrix(10, lambda i, j: F(1, 3) if i == j else j == i + 1),
    "nilpotent Jordan block": matrix(9, lambda i, j: j == i + 1),
    "min(i, j)": matrix(30, min),
    "Poisson": poisson(4),
    "magic square": [[F(x) for x in r] for r in ([16, 2, 3, 13], [5, 11, 10, 8], [9, 7, 6, 12],
                                                 [4, 14, 15, 1])],
    "rank 4 of 7 x 11": of_rank(7, 11, 4),
    "rank 3 of 12 x 6": of_rank(12, 6, 3),
    "nearly parallel rows": [[F("4.999"), F(7)], [F("5.001"), F("7.003")]],
    "nearly collinear": nearly_collinear(8, 12),
    "two ones, 1e-70 apart": [[F(1), F(1)], [F(1), 1 + F(2, 10 ** 70)]],
    "two ones, 1e-110 apart": [[F(1), F(1)], [F(1), 1 + F(2, 10 ** 110)]],
    "scales from 1e-400 to 1e400": [[F(10) ** 400, F(1)], [F(0), F(1, 10 ** 400)]],
    "zero": matrix(3, lambda i, j: 0, 2),
}

# What is printed.

def write(path, text):
    with open(path, "w") as f:
        f.write(text)

def write_csv(path, A):
    write(path, "".join(",".join(map(str, row)) + "\n" for row in A))

def run(*args):
    p = subprocess.run([certify, *args], capture_output=True, text=True, timeout=120)
    return p.returncode, p.stdout, p.stderr

def json_rows(out):
    rows = {}
    for line in out.splitlines():
        r = json.loads(line)
        rows[r["name"]] = r
    return rows

def text_rows(out):
    """The intervals of the text."""
    rows = {}
    for line in out.splitlines():
        m = re.fullmatch(r"(\S+) +(?:in \[(\S+), (\S+)\]|= (\S+))", line)
        if m is None:
            raise ValueError(line)
        rows[m[1]] = (F(m[2] or m[4]), F(m[3] or m[4]))
    return rows

def interval(row, kind):
    return F(row["lower"][kind]), F(row["upper"][kind])

def wrong_spectrum(rows, what, spectrum):
    """Why the values called what are not those of the spectrum; None if they are."""
    below, total, i = None, 0, 1
    while "%s_%d(A)" % (what, i) in rows:
        low, high, m = rows["%s_%d(A)" % (what, i)]
        if low > high or (below is not None and high >= below):
            return "%s_%d meets its neighbour" % (what, i)
        if spectrum.within(low, high) != m:
            return "%s_%d: %d in the interval, not %d" % (what, i, spectrum.within(low, high), m)
        below, total, i = low, total + m, i + 1
    return None if total == len(spectrum.S) else "%d values in all" % total

def wrong_ends(eta, norm, spectrum, digits, exact=0):
    """The same of eta_min and norm, which must be narrow too: as printed, two units of the last of
    four more digits; exact fractions narrower."""
    zeros, n = spectrum.at(F(0))[1], len(spectrum.S)
    if zeros == n:
        return None if eta == norm == (0, 0) else "the zero matrix"
    below, beyond = spectrum.at(eta[0]), spectrum.at(norm[1])
    if not eta[0] > 0:
        return "eta_min is not positive"
    if below[0] != zeros or spectrum.within(*eta) == 0:
        return "eta_min is not in its interval"
    if beyond[2] != 0 or spectrum.within(*norm) == 0:
        return "norm is not in its interval"
    unit = F(1, 10 ** (digits + 4)) if exact else F(2, 10 ** (digits + 3))
    wide = [x for x in (eta, norm) if x[1] - x[0] > unit * x[1]]
    return "wide: %s" % [float(1 - x[0] / x[1]) for x in wide] if wide else None

def wrong_rows(rows, A, digits, exact=0):
    """rows: name -> (low, high); multiplicities among them."""
    spectrum = singular_values(A)
    values = {name: (*v, int(rows.get("multiplicity(%s)" % name, (1, 1))[0]))
              for name, v in rows.items()}
    if rows["rank(A)"] != (len(spectrum.S) - spectrum.at(F(0))[1],) * 2:
        return "rank"
    why = wrong_spectrum(values, "singular", spectrum)
    if why is None and A == transposed(A):
        why = wrong_spectrum(values, "eigenvalue", eigenvalues(A))
    return why or wrong_ends(rows["eta_min(A)"], rows["norm(A)"], spectrum, digits, exact)

def check_file(name, A, digits):
    """certify bounds of a file: the text, and the decimals and fractions of JSON."""
    write_csv("a.csv", A)
    status, out, err = run("bounds", "--json", "--digits", str(digits), "a.csv")
    if not ok(status == 0, "%s: %d digits, status 0" % (name, digits), err):
        return
    rows = json_rows(out)
    for kind in "decimal", "exact":
        why = wrong_rows({k: interval(r, kind) for k, r in rows.items()}, A, digits,
                         kind == "exact")
        ok(why is None, "%s: %d digits, %s" % (name, digits, kind), why)
    status, out, err = run("bounds", "--digits", str(digits), "a.csv")
    why = wrong_rows(text_rows(out), A, digits)
    ok(status == 0 and why is None, "%s: %d digits, text" % (name, digits), why)

PROBLEM = """certify: 1
network: {kind: linear}
data: {X: {csv: a.csv}, Y: {csv: a.csv}}
point: {W: [{identity: %d}, {identity: %d}]}
claims: [%s]
"""

def write_problem(A, *claims):
    write_csv("a.csv", A)
    write("a.yaml", PROBLEM % (len(A), len(A), ", ".join(claims or ["full-rank"])))

def check_problem(name, A, digits):
    """certify bounds of a problem file proves by factors, without the spectrum."""
    write_problem(A)
    status, out, err = run("bounds", "--json", "--digits", str(digits), "a.yaml")
    if not ok(status == 0, "%s: %d digits without the spectrum, status 0" % (name, digits), err):
        return
    rows, spectrum = json_rows(out), singular_values(A)
    for kind in "decimal", "exact":
        rank, eta, norm = (interval(rows[x + "(X)"], kind) for x in ("rank", "eta_min", "norm"))
        why = wrong_ends(eta, norm, spectrum, digits, kind == "exact")
        if rank[0] != len(spectrum.S) - spectrum.at(F(0))[1]:
            why = "rank"
        ok(why is None, "%s: %d digits without the spectrum, %s" % (name, digits, kind), why)

def check_unknown():
    """Where the precision limit stops it, nothing is printed that was not proved."""
    limit = ["--precision-limit", "64"]
    write_problem(hilbert(12), 'inequality: "eta_min(X) >= 1/%d"' % 10 ** 17)
    status, out, err = run("bounds", *limit, "a.yaml")
    ok(status == 2 and re.search(r"^eta_min\(X\) +not known$", out, re.M)
       and re.search(r"^rank\(X\) += 12$", out, re.M), "a failed bound is not known", out)
    ok("eta_min(X) is not known: the precision limit of 64 bits" in err, "and why is said", err)
    status, out, err = run("bounds", "--json", *limit, "a.yaml")
    row = json_rows(out)["eta_min(X)"]
    ok(status == 2 and row["lower"] is None and row["upper"] is None, "and null in JSON", row)
    status, out, err = run("--no-certificate", *limit, "a.yaml")
    ok(status == 2 and "the precision limit of 64 bits was reached" in out,
       "an undecided claim names the limit", out)
    status, out, err = run("--no-certificate", "a.yaml")
    ok(status == 0, "which without it is proved", out)

def reflection(n, rng):
    """A rational orthogonal matrix."""
    v = [F(rng.randint(1, 4)) for _ in range(n)]
    q = sum(x * x for x in v)
    return [[(i == j) - 2 * v[i] * v[j] / q for j in range(n)] for i in range(n)]

def with_condition(n, m, power):
    """Singular values from 1 down to 10^-power, exactly."""
    rng = random.Random(power)
    D = [[F(1, 10 ** (power * i // (n - 1))) if i == j else F(0) for j in range(m)]
         for i in range(n)]
    return product(product(reflection(n, rng), D), reflection(m, rng))

def check_claims(name, A, low, high):
    """0 < low <= eta_min <= high, and low nearly eta_min: the claims that follow, and the false
    one that does not, with their certificates; full rank is known."""
    above = low if low == high else high
    write_problem(A, 'inequality: "eta_min(X) >= %s"' % low,
                  'inequality: "eta_min(X) > %s"' % above, "gradient-dominance: {radius: 1/100}")
    status, out, err = run("-q", "a.yaml")
    verdicts = re.findall(r"claim \d, \S+: (\w+)", out)
    certificates = ["a.%d.cert" % k for k in (1, 2, 3)]
    ok(verdicts == ["proved", "refuted", "proved"], name + ": the verdicts", out + err)
    p = subprocess.run([checker, "-q", *certificates], capture_output=True, text=True)
    ok(p.returncode == 0, name + ": the certificates", p.stdout + p.stderr)
    for path in certificates:
        if os.path.exists(path):
            os.remove(path)

def check_measured(name, A):
    """The same between the ends that bounds prints, confirmed by a count."""
    write_csv("a.csv", A)
    row = json_rows(run("bounds", "--json", "a.csv")[1])["eta_min(A)"]
    if not ok(row["lower"] is not None, name + ": eta_min is known"):
        return
    eta = interval(row, "decimal")
    why = wrong_ends(eta, eta, singular_values(A), 4)
    ok(why in (None, "norm is not in its interval"), name + ": eta_min", why)
    check_claims(name, A, *eta)

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for title, M in list(MATRICES.items())[:4 if FEW else None]:
        check_file(title, M, 4)
        check_problem(title, M, 4)
    for title in () if FEW else ("Hilbert", "Wilkinson", "nearly collinear", "rank 3 of 12 x 6", "Hadamard"):
        check_file(title, MATRICES[title], 30)
        check_problem(title, MATRICES[title], 25)
    check_unknown()
    for power in 4, 8, 12:
        A = with_condition(4, 6, power)
        check_claims("condition 1e%d" % power, A, F(1, 10 ** power), F(1, 10 ** power))
    check_measured("condition 1e60, Hilbert", hilbert(40))
    for power in () if FEW else (-400, 400):
        check_measured("scale 1e%d" % power, [[x * F(10) ** power for x in row]
                                              for row in ([F(3), F(1), F(2)], [F(1), F(4), F(1)])])
    for title in "nearly parallel rows", "nearly collinear":
        check_measured(title, MATRICES[title])
    check_measured("scales from 1e-400 to 1e400", MATRICES["scales from 1e-400 to 1e400"])
    os.chdir("/")
print("1..%d" % count)
sys.exit(bool(failures))
