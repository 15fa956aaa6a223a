/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef HAVE_MALLOC_H
#include <malloc.h>
#endif
#include <gmp.h>
#include <jansson.h>
#include "kernel/threads.h"
#include "memory.h"

static const char *hook_program = "certify";
static void (*hook_cleanup)(void);

static void *
enough(void *p, size_t size)
{
    if (p == NULL && size > 0)
    {
        static const char text[] = ": out of memory\n";
        if (hook_cleanup != NULL)
            hook_cleanup();
        if (write(STDERR_FILENO, hook_program, strlen(hook_program)) < 0
            || write(STDERR_FILENO, text, sizeof text - 1) < 0)
            _exit(EX_IOERR);
        _exit(EX_OSERR);
    }
    return p;
}

/* A large matrix in pages of 2 MB, where the system has such: a hundred times fewer of them to hand out. */
static void *
large(void *p, size_t n)
{
#ifdef MADV_HUGEPAGE
    const uintptr_t page = 1 << 21, from = ((uintptr_t) p + page - 1) / page * page, to = ((uintptr_t) p + n) / page * page;

    if (n >= 2 * page && from < to)
        madvise((void *) from, to - from, MADV_HUGEPAGE);
#endif
    return enough(p, n);
}

static void *hook_malloc(size_t n) { return large(malloc(n), n); }
static void *hook_calloc(size_t k, size_t n) { return large(calloc(k, n), k * n); }
static void *hook_realloc(void *p, size_t n) { return enough(realloc(p, n), n); }
static void *hook_gmp_realloc(void *p, size_t old, size_t n) { (void) old; return hook_realloc(p, n); }
static void hook_gmp_free(void *p, size_t n) { (void) n; free(p); }

void
use_threads(int n)
{
    threads_set(n);
    flint_set_num_threads(n);
}

void
memory_hooks(const char *program, void (*cleanup)(void))
{
    hook_program = program;
    hook_cleanup = cleanup;
    __flint_set_memory_functions(hook_malloc, hook_calloc, hook_realloc, free);
    mp_set_memory_functions(hook_malloc, hook_gmp_realloc, hook_gmp_free);
    json_set_alloc_funcs(hook_malloc, free);
#ifdef M_MMAP_THRESHOLD
    /* a large matrix takes the place of the one before, not new pages from the system */
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    free(hook_malloc(1 << 26));                 /* (and pages for small numbers) */
#endif
}
