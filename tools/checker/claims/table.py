# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table of claims: one line a module."""
from importlib import import_module

from claims import Claim
from verdict import ensure

MODULES = (
    "gradient_dominance",
    "regularity",
    "inequality",
    "global_minimizer",
    "critical_point",
    "standing_assumptions",
    "rank",
    "best_in_basis",
    "onto_features",
    "feedforward_points",
    "induced_bound",
    "critical_value",
    "tangent_kernel",
    "regularized_global_minimum",
    "non_increasing_path",
    "kinks",
    "critical_point_exists",
    "landscape",
    "within",
)
TABLE = [(name, family) for module in MODULES
         for name, family in import_module("claims." + module).CLAIMS.items()]


def read_claim(rd, P):
    words, c = rd.line("claim"), Claim()
    known = [family for name, family in TABLE if words and name == words[0]]
    ensure(known, "unknown claim")
    c.kind, c.family = words[0], next((x for x in known if x.treats(P)), known[0])
    c.family.read(rd, P, c, words[1:])
    return c
