#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A short run of the mutation test; make check-mutations is the long one.
exec python3 "${srcdir:-.}/tests/mutate.py" ./certify-check "${srcdir:-.}/certs" 3000
