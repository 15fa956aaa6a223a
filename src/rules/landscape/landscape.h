/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All of the landscape of one hidden unit: doc/rules/landscape.md. */
#ifndef CERTIFY_LANDSCAPE_H
#define CERTIFY_LANDSCAPE_H

#include "rules/cone_tree/cone_tree.h"
#include "rules/rule.h"
#include "rules/unit_cells/unit_cells.h"

enum { LANDSCAPE_GAP, LANDSCAPE_LIST };         /* parameters */
enum { LIST_NO, LIST_YES };
/* Constants: the last five together, or none of them. */
enum { LANDSCAPE_LOW, LANDSCAPE_HIGH, LANDSCAPE_CELLS, LANDSCAPE_DEAD, LANDSCAPE_CRITICAL, LANDSCAPE_MINIMA, LANDSCAPE_POINTS };
/* The numbers of one of the points: 1 if they are minima, the bounds of the loss, the weights w. */
enum { LANDSCAPE_MINIMUM, LANDSCAPE_POINT_LOW, LANDSCAPE_POINT_HIGH, LANDSCAPE_W };
extern const value_type_t value_critical_points;

/* NULL if the network is u s(w^T X), piecewise linear, the square loss without weight decay; or why not. */
const char *landscape_refuses(const problem_t *P);
/* What a tree has to show for rho: |Y D s(w^T X)| <= rho |s(w^T X)|_D for all w; the caller clears it whatever is returned.  0 beyond the limits. */
int landscape_claim(cone_claim_t *c, const qmat_t X, const qmat_t Y, const fmpq *D, const problem_t *P, const fmpq_t rho);

/* All critical points off the kinks, role cells, or a failure; the data as above. */
void landscape_verify_list(setting_t *s, const qmat_t X, const qmat_t Y, const fmpq *D, const fmpq_t norm2, const conclusion_t *k);

/* What an oracle is asked with: rho, the tree, and the codes of the list. */
typedef struct
{
    about_t about;
    const cone_claim_t *claim;  /* of a tree, or NULL */
    int list;
} landscape_about_t;
extern const char landscape_about_type[];

#endif
