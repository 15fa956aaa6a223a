/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linear spaces of outputs, and bounds of the least loss among them
   (doc/rules/best-in-basis.md):

     functions          all functions of the sample x
     inputs             A x + a
     layers:k1:k2:..    sum_k A_k h_k(x) + a, h_k the features of hidden layer k, h_0 = x
     last               the outputs of all last layers, W_l h_{l-1}(x) + b_l, with skips and biases as
                        the network has them
     residual           A x + B z(x), for resnets W (x + R z(x))
     cell               the outputs of all networks with the activation pattern of the point
     chain              the outputs that chains of units with equal slopes could have (rules/flat.h)
     tangent            f(W) + J beta, J the Jacobian of the outputs at the point
     flat               the same, with the Jacobians along the lines of rules/flat.h */
#ifndef CERTIFY_BASIS_H
#define CERTIFY_BASIS_H

#include "kernel/cursor.h"
#include "rules/passes.h"
#include "text/say.h"

typedef enum { BASIS_FUNCTIONS, BASIS_INPUTS, BASIS_LAYERS, BASIS_LAST, BASIS_RESIDUAL, BASIS_CELL, BASIS_CHAIN, BASIS_TANGENT,
               BASIS_FLAT, BASIS_KINDS } basis_kind;

#define BASIS_MAX_LAYERS 16

typedef struct
{
    basis_kind kind;
    slong n, layer[BASIS_MAX_LAYERS];   /* of BASIS_LAYERS, rising */
} basis_t;

/* The words of the bases that there are for a message. */
#define BASIS_WORDS "functions, inputs, layers:K, last, residual, cell, chain, tangent or flat is expected as a basis"

/* b := the canonical text from *p on, up to end or a closing parenthesis; *p behind it.  NULL,
   or what is wrong (static text). */
const char *basis_parse(basis_t *b, const char **p, const char *end, const problem_t *P);
void basis_text(text_t *t, const basis_t *b);
int basis_equal(const basis_t *a, const basis_t *b);
/* NULL, or why the bounds are not known for this problem (static text). */
const char *basis_refuses(const problem_t *P);
/* 1 if a distance to the parameters of the point has a meaning: tangent, flat, and the last hidden
   layer alone. */
int basis_has_radius(const basis_t *b, const problem_t *P);
int basis_needs_slopes(const basis_t *b);
/* 1 if the members are f(W) + those of a space, 0 if they are those of the space. */
int basis_is_affine(const basis_t *b);

/* What an oracle is asked for: a dual point or a member, best for these numbers. */
extern const char basis_about_type[];
typedef struct
{
    about_t about;
    const basis_t *basis;
    const fmpq *radius;         /* NULL: none */
    const pass_t *pass;
} basis_about_t;

/* "dual:inputs"; "member:tangent:2" for part i = 1 of an affine basis. */
void basis_role(char role[ROLE_SIZE], const char *kind, const basis_t *b, slong i);

/* (Members of the basis functions have one column for each group of equal samples, rules/samples.h.) */
/* Initialises T := the basis, p with slopes if it needs them; the rows of functions are left out (samples_indicators).
   The caller clears T whatever is returned.  0 after a failure. */
int basis_space(space_t *T, const basis_t *b, const pass_t *p, setting_t *s);
/* u is orthogonal to the basis: 1 or 0, decided exactly; -1 if something is a ball. */
int basis_annihilates(const basis_t *b, const pass_t *p, setting_t *s, const qmat_t u);
/* e = grad phi(f(W)) is orthogonal to the basis: 1 or 0, decided exactly; -1 if something is
   not rational.  Then no member of f(W) + T has a smaller loss, and otherwise some has. */
int basis_annihilates_gradient(const basis_t *b, const pass_t *p, setting_t *s);
/* 1 if f(W) is a member of the basis by its form: tangent, functions, last, residual, cell, chain, flat, layers
   with the last hidden one and all skips, and inputs if there is one layer. */
int basis_has_point(const basis_t *b, const problem_t *P);

/* low <= the loss of every member (with parameters within radius of those of the point; NULL:
   of all), by the dual point dual:BASIS (and dual-correction:BASIS).  0 after a failure. */
int basis_lower(fmpq_t low, const basis_t *b, const fmpq *radius, const pass_t *p, setting_t *s);
/* high >= the loss of the member member:BASIS (for affine bases member:BASIS:i for part i), which lies
   within the radius. */
int basis_upper(fmpq_t high, const basis_t *b, const fmpq *radius, const pass_t *p, setting_t *s);

/* "A x + a", "f(W^0) + J \beta": the members, and what their symbols are. */
void basis_say_members(say_t *s, const basis_t *b, const problem_t *P);
/* A sentence with what these symbols need besides, or nothing. */
void basis_say_terms(say_t *s, const basis_t *b, const problem_t *P);

#endif
