/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_GRADIENT_NORM_H
#define CERTIFY_GRADIENT_NORM_H

#include "passes.h"

/* low <= ||grad h||^2 <= high, weight decay included; equal where everything is rational. */
void pass_gradient_norm2(fmpq_t low, fmpq_t high, const pass_t *p, setting_t *s);

#endif
