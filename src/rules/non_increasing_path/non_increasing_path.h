/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Vidal, Zhu & Haeffele 2020, Theorem 1.10 and Proposition 1.8 (v), for one point: units that are not needed are scaled down to 0 along a
   path on which the outputs do not change.  doc/rules/non-increasing-path.md. */
#ifndef CERTIFY_NON_INCREASING_PATH_H
#define CERTIFY_NON_INCREASING_PATH_H

#include "rules/regularized_global_minimum/regularized_global_minimum.h"

/* Findings: h at the end, units that are 0 there, and what is known of the end. */
enum { PATH_LOSS, PATH_ZEROS, PATH_END };
enum { END_ZERO = 1, END_GLOBAL, END_ESCAPE };

/* The multiples of the units, and the word for the end, are asked for with this. */
extern const about_t path_about;

#endif
