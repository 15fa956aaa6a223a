#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Bounds of classical matrices against exact counts, and claims about ill-conditioned data.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
if repeated; then few=few; else few=; fi
# shellcheck disable=SC2086
exec python3 "$srcdir/tests/classical.py" ./certify ./certify-check $few
