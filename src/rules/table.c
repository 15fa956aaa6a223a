/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The claims, one line each. */
#include "rule.h"

extern const rule_t rule_gradient_dominance, rule_regularity, rule_inequality,
    rule_global_minimizer, rule_critical_point, rule_strict_saddle, rule_saddle,
    rule_local_minimum, rule_not_local_minimum, rule_hessian_psd, rule_full_rank,
    rule_distinct_eigenvalues;

const rule_t *const rule_table[] = {
    &rule_gradient_dominance,
    &rule_regularity,
    &rule_inequality,
    &rule_global_minimizer,
    &rule_critical_point,
    &rule_strict_saddle,
    &rule_saddle,
    &rule_local_minimum,
    &rule_not_local_minimum,
    &rule_hessian_psd,
    &rule_full_rank,
    &rule_distinct_eigenvalues,
    NULL
};
