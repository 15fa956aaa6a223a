/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linked by --enable-coverage alone: a process that ends with _exit writes its
   counts of executed lines first.  (ld --wrap=_exit sends the calls here.) */
void __gcov_dump(void);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

void
__wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}
