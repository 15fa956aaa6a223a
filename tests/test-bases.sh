#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Random networks with every activation and loss: quantities and bases against plain evaluation.
srcdir=${srcdir:-.}
exec python3 "$srcdir/tests/bases.py" ./certify 80
