#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Random networks with every activation and loss: quantities and bases against plain evaluation.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"
if repeated; then count=12; else count=50; fi
exec python3 "$srcdir/tests/bases.py" ./certify $count
