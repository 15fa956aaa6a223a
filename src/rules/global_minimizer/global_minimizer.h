/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Global minimisers of linear and residual networks, decided exactly
   (Zhou & Liang 2017, Propositions 1 and 2; 2018, Propositions 1 and 2;
   doc/mathematics, "Global minimisers"). */
#ifndef CERTIFY_GLOBAL_MINIMIZER_H
#define CERTIFY_GLOBAL_MINIMIZER_H

#include "kernel/facts.h"
#include "network/network.h"

/* The largest rank that the product Z(W) of the network can have. */
slong gm_width(const problem_t *P);

/* Sigma := Y D X^T Sxx^+ X D Y^T, exact, d_l x d_l: its eigenvalues are what a
   minimiser can capture.  Returns 0 beyond the limits. */
int gm_sigma(qmat_t Sigma, const moments_t *M);

/* 1 if the facts prove h(W) = h*, or h(W) - h* <= gap if gap is not NULL. */
int gm_verify(facts_t *f, const problem_t *P, const fmpq *gap);
/* 1 if a point V (roles "better:i") has h(V) < h(W), or h(V) < h(W) - gap. */
int gm_refute(facts_t *f, const problem_t *P, const fmpq *gap);

#endif
