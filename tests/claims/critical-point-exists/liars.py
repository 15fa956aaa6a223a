# SPDX-License-Identifier: LGPL-2.1-or-later
import os, runpy
from lying import *

landscape = runpy.run_path(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "landscape", "liars.py"))

def pattern():
    """That there is none, by the best samples; that there is one, though a sample has the wrong sign."""
    u = landscape["Unit"]()
    if not u.good:
        return None
    signs = rng.choice(sorted(landscape["cells_with_points"]([list(c) for c in u.columns], len(u.columns[0]))))
    f = u.cell(signs)
    if f is None or min(map(abs, f[2])) == 0:
        return None
    sigma, w, z = f
    active = [j + 1 for j in range(u.s.n) if u.s.has(signs, j)]
    claim = "critical-point-exists active %d%s units 1 1 eigenvalues 1 1" % (len(active), "".join(" %d" % j for j in active))
    head = u.head(rows_matrix([[F(0)] * len(u.columns[0])]), claim)
    loss = (sum(x * x for x in u.Y.a[0]) - sigma) / 2
    codes, off = landscape["exclusion"](z)
    side = 1 if sum(x > 0 for x in z) > len(z) / 2 else -1
    there = head + "evidence 1\nnumbers point 1 %d\nconclusion proved low %s high %s\nend\n" % (side, loss, loss)
    none = head + "evidence 1\ncodes excluded 2 %d %d\nconclusion refuted\nend\n" % tuple(codes)
    if min(z) > 0 or max(z) < 0:
        return there, none, 1.0, off
    wrong = [x for x in z if side * x < 0]
    return none, there, 1.0, float(max(map(abs, wrong)))

KINDS = {"pattern": pattern}
