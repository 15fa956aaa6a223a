/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One place that knows where FLINT and Arb put their headers: FLINT >= 3
   contains Arb, FLINT 2.9 has it beside it. */
#ifndef CERTIFY_COMPAT_H
#define CERTIFY_COMPAT_H

#include <flint/flint.h>

#if FLINT_BITS != 64
#error "certify needs a FLINT with words of 64 bits"
#endif

#include <flint/fmpz.h>
#include <flint/fmpz_mat.h>
#include <flint/fmpz_poly.h>
#include <flint/fmpz_poly_factor.h>
#include <flint/fmpz_vec.h>
#include <flint/fmpq.h>
#include <flint/fmpq_vec.h>
#include <flint/nmod_mat.h>

#if __FLINT_RELEASE >= 30000
#include <flint/arb.h>
#include <flint/arb_mat.h>
#include <flint/arb_fmpz_poly.h>
#include <flint/acb_poly.h>
#else
#include <arb.h>
#include <arb_mat.h>
#include <arb_fmpz_poly.h>
#include <acb_poly.h>
#endif

#endif
