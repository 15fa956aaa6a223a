/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates as certify reads them: plain, or compressed by gzip, xz or zstd. */
#ifndef CERTIFY_COMPRESSED_H
#define CERTIFY_COMPRESSED_H

#include "report.h"

/* As report_load.  What begins as a compressed file does, or is named .gz, .xz or .zst, is
   decompressed, once, to at most as many bytes as a certificate may have. */
char *certificate_load(const char *path, size_t *len, load_fault_t *fault);

#endif
