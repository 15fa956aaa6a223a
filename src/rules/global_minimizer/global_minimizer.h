/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Global minimisers of linear and residual networks, decided exactly
   (Zhou & Liang 2017, Propositions 1 and 2; 2018, Propositions 1 and 2;
   doc/rules/global-minimizer). */
#ifndef CERTIFY_GLOBAL_MINIMIZER_H
#define CERTIFY_GLOBAL_MINIMIZER_H

#include "rules/rule.h"

/* Parameters and findings of the rule. */
enum { GM_GAP };
enum
{
    GM_LOSS,                    /* h at the point */
    GM_EXCESS,                  /* h(W) - h* is at most this, where a gap is claimed */
    GM_AT_MINIMUM               /* 1 if the point attains h_inf, 0 if not */
};

/* The threshold t and the excess U of the dual bound of h*. */
extern const about_t gm_about_threshold, gm_about_excess;

/* Sigma := Y D X^T Sxx^+ X D Y^T, exact, d_l x d_l: its eigenvalues are what a
   minimiser can capture.  Returns 0 beyond the limits. */
int gm_sigma(qmat_t Sigma, const moments_t *M);

/* 1 if the facts prove h(W) = h*. */
int gm_is_minimizer(setting_t *s);
/* excess := what the facts prove to be at least h(W) - h*; 0 after a failure. */
int gm_excess(fmpq_t excess, setting_t *s);
/* 1 if a point V (roles "better:i") has h(V) < h(W), or h(V) < h(W) - gap. */
int gm_refute(setting_t *s, const fmpq *gap);

void gm_say(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k);
void gm_say_method(say_t *s, const problem_t *P, const claim_t *c, const conclusion_t *k,
                   const facts_t *f);

#endif
