#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A second checker of certify certificates, independent of the C code: written
from doc/certificate-format.md and doc/mathematics.md, Python standard library
only.  It covers every rule that uses exact arithmetic, rounded matrices
included; certificates with enclosures of transcendental functions are
UNSUPPORTED.

usage: certcheck [--limits NAME=N,...] CERTIFICATE...

Exit status: 0 VERIFIED, 1 REJECTED, 64 usage, 66 no such file,
69 UNSUPPORTED (some certificate, none rejected)."""
import sys

from certificate import check
from limits import DEFAULTS, read_limits
from verdict import Reject, Unsupported

VERIFIED, REJECTED, USAGE, NO_INPUT, UNSUPPORTED = 0, 1, 64, 66, 69


def report(name, data, limits):
    """Prints the verdict on one certificate; its exit status."""
    try:
        print("%s: VERIFIED%s" % (name, "" if check(data, limits) else ": the claim is false"))
        return VERIFIED
    except Reject as e:
        print("%s: REJECTED: %s" % (name, e))
        return REJECTED
    except Unsupported as e:
        print("%s: UNSUPPORTED: %s" % (name, e))
        return UNSUPPORTED


def check_file(name, limits):
    try:
        with open(name, "rb") as file:
            data = file.read(limits["bytes"] + 1)
    except OSError as e:
        print("certcheck: %s: %s" % (name, e.strerror), file=sys.stderr)
        return NO_INPUT
    return report(name, data, limits)


def main(names):
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    limits = DEFAULTS
    if names[:1] == ["--limits"] and len(names) > 1:
        try:
            limits, names = read_limits(names[1]), names[2:]
        except ValueError:
            names = []
    if not names or names[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if names else USAGE
    sys.setrecursionlimit(min(max(20000, 100 * limits["layers"]), 10 ** 6))     # deep chains
    found = {check_file(name, limits) for name in names}
    order = (NO_INPUT, REJECTED, UNSUPPORTED, VERIFIED)
    return next(status for status in order if status in found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
