/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_MATRIX_TEXT_H
#define CERTIFY_MATRIX_TEXT_H

#include "kernel/matrix.h"
#include "text/text.h"

/* "[[1, 1/2], [0, 3]]" */
void qmat_text(text_t *t, const qmat_t A);

#endif
