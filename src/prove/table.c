/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The provers, one line a claim. */
#include "config.h"
#include "prover.h"

extern const prover_t prover_gradient_dominance, prover_regularity, prover_inequality,
    prover_global_minimizer, prover_critical_point, prover_strict_saddle, prover_saddle,
    prover_local_minimum, prover_not_local_minimum, prover_hessian_psd;

const prover_t *const prover_table[] = {
    &prover_gradient_dominance,
    &prover_regularity,
    &prover_inequality,
    &prover_global_minimizer,
    &prover_critical_point,
    &prover_strict_saddle,
    &prover_saddle,
    &prover_local_minimum,
    &prover_not_local_minimum,
    &prover_hessian_psd,
    NULL
};
