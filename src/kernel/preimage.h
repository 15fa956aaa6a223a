/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Preimages of given features: s^{-1}(Phi). */
#ifndef CERTIFY_PREIMAGE_H
#define CERTIFY_PREIMAGE_H

#include "facts.h"

/* Proves ||s^{-1}(Phi) - mid Z||_F <= rad(Z) for an exact Phi: in every entry
   s(z - r) <= phi <= s(z + r) with r = rad(Z) / sqrt(entries). */
int activation_check_preimage(const qmat_t Z, const qmat_t Phi, const activation_t *s, slong prec);

/* Z := a ball that contains s^{-1}(Phi), Phi exact: a leaf that Arb verifies. */
void fact_preimage(qmat_t Z, facts_t *f, const char *role, const qmat_t Phi,
                   const activation_t *s);

#endif
