#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Arrays and tables of every kind, read exactly or refused with one message.
srcdir=${srcdir:-.}
exec python3 "$srcdir/tests/arrays.py" ./certify
