/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CERTIFY_MEMORY_H
#define CERTIFY_MEMORY_H

/* From now on a failed allocation ends the process with EX_OSERR and one
   message, after the optional clean-up. */
void memory_hooks(const char *program, void (*cleanup)(void));

/* Loops of trusted code, and FLINT's, use n threads from now on; not before a fork. */
void use_threads(int n);

#endif
