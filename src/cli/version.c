/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify --version: with which libraries it runs. */
#include "config.h"
#include <stdio.h>
#include <argp.h>
#include <gmp.h>
#include <jansson.h>
#include <lapacke.h>
#include <mpfr.h>
#include <yaml.h>
#include <zip.h>
#include "certify.h"
#include "kernel/compat.h"

/* There if the BLAS that is loaded is OpenBLAS. */
extern char *openblas_get_config(void) __attribute__((weak));

void
print_version(FILE *out, struct argp_state *state)
{
    int major = 0, minor = 0, patch = 0;

    (void) state;
    LAPACKE_ilaver(&major, &minor, &patch);
    fprintf(out, "certify %s\n", PACKAGE_VERSION);
    fprintf(out, "FLINT %s", FLINT_VERSION);
#if __FLINT_RELEASE < 30000
    fprintf(out, ", Arb %s", arb_version);
#endif
    fprintf(out, ", GMP %s, MPFR %s\n", gmp_version, mpfr_get_version());
    fprintf(out, "LAPACK %d.%d.%d, BLAS: %s\n", major, minor, patch,
            openblas_get_config != NULL ? openblas_get_config() : "not OpenBLAS (which makes proving faster)");
    fprintf(out, "libyaml %s, libzip %s, jansson %s\n", yaml_get_version_string(), zip_libzip_version(), JANSSON_VERSION);
#ifdef DISABLE_EXACT_DOUBLES
    fprintf(out, "exact products by FLINT alone\n");
#endif
}
