# SPDX-License-Identifier: LGPL-2.1-or-later
"""What ends a check before it is VERIFIED."""


class Reject(Exception):
    """The certificate is REJECTED, and why."""


class Unsupported(Exception):
    """The certificate needs a rule that this checker does not have."""


def ensure(condition, *reason):
    if not condition:
        raise Reject(" ".join(str(r) for r in reason))
