/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The claims, one line each. */
#include "rule.h"

#define EACH(RULE) \
    RULE(gradient_dominance) \
    RULE(regularity) \
    RULE(inequality) \
    RULE(global_minimizer) \
    RULE(critical_point) \
    RULE(strict_saddle) \
    RULE(saddle) \
    RULE(local_minimum) \
    RULE(not_local_minimum) \
    RULE(hessian_psd) \
    RULE(full_rank) \
    RULE(distinct_eigenvalues) \
    RULE(rank) \
    RULE(best_in_basis) \
    RULE(onto_global_minimizer) \
    RULE(onto_local_minimum) \
    RULE(onto_not_local_minimum) \
    RULE(feedforward_global_minimizer) \
    RULE(feedforward_critical_point) \
    RULE(feedforward_local_minimum) \
    RULE(feedforward_not_local_minimum) \
    RULE(induced_bound) \
    RULE(no_critical_point) \
    RULE(critical_value) \
    RULE(no_bad_critical_point) \
    RULE(tangent_dominance) \
    RULE(feedforward_full_rank) \
    RULE(regularized_global_minimum) \
    RULE(decayed_local_minimum) \
    RULE(decayed_not_local_minimum) \
    RULE(hessian_strict_saddle) \
    RULE(hessian_saddle) \
    RULE(hessian_psd_of_passes) \
    RULE(non_increasing_path) \
    RULE(stationary) \
    RULE(spurious_local_minimum) \
    RULE(local_maximum) \
    RULE(critical_point_exists) \
    RULE(landscape) \
    RULE(critical_point_within) \
    RULE(local_minimum_within) \
    RULE(strict_saddle_within) \
    RULE(minimizer_within)

#define DECLARE(name) extern const rule_t rule_##name;
#define ADDRESS(name) &rule_##name,

EACH(DECLARE)

const rule_t *const rule_table[] = { EACH(ADDRESS) NULL };
