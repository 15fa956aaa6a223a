/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entropies, log-sum-exp, softmax and roots of rationals, each rounded to the safe side.  The
   logarithms and exponentials are Arb's, at 192 bits. */
#ifndef CERTIFY_ENTROPY_H
#define CERTIFY_ENTROPY_H

#include "compat.h"

/* low <= - sum_k p_k log p_k, 0 log 0 = 0, for n numbers p_k >= 0. */
void entropy_lower(fmpq_t low, const fmpq *p, slong n);
/* low <= log sum_k exp q_k <= high, n >= 1. */
void log_sum_exp(fmpq_t low, fmpq_t high, const fmpq *q, slong n);
/* |p_k - exp q_k / sum_j exp q_j| <= error for all k; exact if all q_k are equal. */
void softmax(fmpq *p, fmpq_t error, const fmpq *q, slong n);
/* y >= x^{1/n}, x >= 0, n >= 1; exact for n = 1. */
void root_upper(fmpq_t y, const fmpq_t x, slong n);

#endif
