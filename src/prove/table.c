/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The provers, one line a claim. */
#include "config.h"
#include "prover.h"

#define EACH(PROVER) \
    PROVER(gradient_dominance) \
    PROVER(regularity) \
    PROVER(inequality) \
    PROVER(global_minimizer) \
    PROVER(critical_point) \
    PROVER(strict_saddle) \
    PROVER(saddle) \
    PROVER(local_minimum) \
    PROVER(not_local_minimum) \
    PROVER(hessian_psd) \
    PROVER(full_rank) \
    PROVER(distinct_eigenvalues) \
    PROVER(rank) \
    PROVER(best_in_basis) \
    PROVER(onto_global_minimizer) \
    PROVER(onto_local_minimum) \
    PROVER(onto_not_local_minimum) \
    PROVER(feedforward_global_minimizer) \
    PROVER(feedforward_critical_point) \
    PROVER(feedforward_local_minimum) \
    PROVER(feedforward_not_local_minimum) \
    PROVER(induced_bound) \
    PROVER(no_critical_point) \
    PROVER(critical_value) \
    PROVER(no_bad_critical_point) \
    PROVER(tangent_dominance) \
    PROVER(feedforward_full_rank) \
    PROVER(regularized_global_minimum) \
    PROVER(decayed_local_minimum) \
    PROVER(decayed_not_local_minimum) \
    PROVER(hessian_strict_saddle) \
    PROVER(hessian_saddle) \
    PROVER(hessian_psd_of_passes) \
    PROVER(non_increasing_path) \
    PROVER(stationary) \
    PROVER(spurious_local_minimum) \
    PROVER(local_maximum) \
    PROVER(critical_point_exists) \
    PROVER(landscape) \
    PROVER(critical_point_within) \
    PROVER(local_minimum_within) \
    PROVER(strict_saddle_within) \
    PROVER(minimizer_within)

#define DECLARE(name) extern const prover_t prover_##name;
#define ADDRESS(name) &prover_##name,

EACH(DECLARE)

const prover_t *const prover_table[] = { EACH(ADDRESS) NULL };
