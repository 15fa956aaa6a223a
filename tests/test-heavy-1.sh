#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
group=1
. "${srcdir:-.}/tests/heavy.sh"
