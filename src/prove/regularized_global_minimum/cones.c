/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "cone.h"
#include "kernel/limits.h"
#include "rules/landscape/landscape.h"
#include "rules/polar.h"

void
cones_init(cones_t *t, const prove_options_t *opt)
{
    memset(t, 0, sizeof *t);
    t->opt = opt;
    t->factor = 1;
    t->most_leaves = limit(LIMIT_LEAVES);
}

void
cones_clear(cones_t *t)
{
    if (t->code != NULL)
        _fmpq_vec_clear(t->code, t->room);
    t->code = NULL;
    t->n = t->room = 0;
}

int
cones_give(evidence_t *e, const ask_t *ask, const cones_t *t)
{
    ask_t sized = *ask;

    if (t == NULL || t->n == 0 || ask->kind != EVIDENCE_NUMBERS || ask->about == NULL
        || (ask->about->type != polar_tree_type && ask->about->type != landscape_about_type))
        return 0;
    sized.count = t->n;
    return oracle_give_numbers(e, &sized, t->code);
}

static void
append(cones_t *t, slong code)
{
    if (t->n == t->room)
    {
        slong i, room = 2 * t->room + 1024;
        fmpq *fresh = _fmpq_vec_init(room);
        for (i = 0; i < t->n; i++)
            fmpq_swap(fresh + i, t->code + i);
        if (t->code != NULL)
            _fmpq_vec_clear(t->code, t->room);
        t->code = fresh;
        t->room = room;
    }
    fmpq_set_si(t->code + t->n++, code, 1);
}

/* z_j of a generator; returns its length. */
static double
values(double *z, const cone_search_t *s, const slong *v)
{
    double q = 0;
    slong j, i, r;

    for (j = 0; j < s->m; j++)
        for (z[j] = 0, i = 0; i < s->d; i++)
            z[j] += s->X[j * s->d + i] * (double) v[i];
    for (i = 0; i < s->d; i++)
        for (r = 0; r < s->d; r++)
            q += (double) v[i] * (double) v[r] * s->S[i * s->d + r];
    return sqrt(fmax(q, 0));
}

/* N(w) > tau |w|: w is kept. */
static int
is_witness(const cone_search_t *s, const double *w)
{
    double *f = flint_calloc(s->k + 1, sizeof *f), n = 0, q = 0;
    slong i, j, r;

    for (r = 0; r < s->k; r++)
        for (i = 0; i < s->d; i++)
            f[r] += s->base[r * s->d + i] * w[i];
    for (j = 0; j < s->m; j++)
    {
        double z = 0;
        for (i = 0; i < s->d; i++)
            z += s->X[j * s->d + i] * w[i];
        for (r = 0; z > 0 && r < s->k; r++)
            f[r] += s->Q[j * s->k + r] * z;
        if (s->up != NULL)
            q += (z > 0 ? s->up[j] : s->down[j]) * z * z;
    }
    for (r = 0; r < s->k; r++)
        n += f[r] * f[r];
    for (i = 0; i < s->d && s->up == NULL; i++)
        for (r = 0; r < s->d; r++)
            q += w[i] * w[r] * s->S[i * s->d + r];
    flint_free(f);
    if (!(n > s->tau * s->tau * q * (1 + 1e-9)))
        return 0;
    memcpy(s->t->w, w, s->d * sizeof *w);
    return 1;
}

static int
leaf_exactly(const cone_search_t *s, const cone_t *K)
{
    fmpz_mat_t V;
    slong i, j;
    int ok;

    fmpz_mat_init(V, s->d, s->d);
    for (i = 0; i < s->d; i++)
        for (j = 0; j < s->d; j++)
            fmpz_set_si(fmpz_mat_entry(V, i, j), K->v[i][j]);
    ok = cone_leaf_alone(s->c, V);
    fmpz_mat_clear(V);
    return ok;
}

static slong
gcd(slong a, slong b)
{
    return (slong) n_gcd((ulong) FLINT_ABS(a), (ulong) FLINT_ABS(b));
}

/* v := p v_a + q v_b without its content; 0 if a number would be larger than most. */
static int
combine(slong *v, const cone_t *K, slong a, slong b, slong p, slong q, slong d, double most)
{
    slong i, g = 0;

    for (i = 0; i < d; i++)
    {
        if (fabs((double) p * (double) K->v[a][i]) + fabs((double) q * (double) K->v[b][i]) > 1e15)
            return 0;
        v[i] = p * K->v[a][i] + q * K->v[b][i];
        g = gcd(g, v[i]);
    }
    for (i = 0; i < d && g > 0; i++)
    {
        v[i] /= g;
        if (fabs((double) v[i]) > most)
            return 0;
    }
    return g > 0;
}

/* The child with v in the place of generator a: its ambiguous samples, and those that became active. */
static void
make_child(cone_t *child, const cone_search_t *s, const cone_t *K, slong a, const slong *v, double *z, double length)
{
    slong x, i, r, j, d = s->d;

    *child = *K;
    memcpy(child->v[a], v, d * sizeof *v);
    child->z[a] = z;
    child->length[a] = length;
    child->depth++;
    child->M = flint_malloc((s->k * d + 1) * sizeof(double));
    memcpy(child->M, K->M, s->k * d * sizeof(double));
    if (K->F != NULL)
    {
        child->F = flint_malloc((s->k * s->k + 1) * sizeof(double));
        memcpy(child->F, K->F, s->k * s->k * sizeof(double));
    }
    child->live = flint_malloc((K->n + 1) * sizeof(slong));
    child->n = 0;
    for (x = 0; x < K->n; x++)
    {
        int up = 0, down = 0;
        j = K->live[x];
        for (i = 0; i < d; i++)
        {
            up |= child->z[i][j] > 0;
            down |= child->z[i][j] < 0;
        }
        if (up && down)
            child->live[child->n++] = j;
        else if (s->up != NULL)
        {
            cone_add_square(child->S, s->X + j * d, d, up ? s->up[j] : s->down[j]);
            if (up && s->share != NULL)
                cone_add_square(child->F, s->Q + j * s->k, s->k, s->share[j]);
        }
        for (r = 0; up && !down && r < s->k; r++)
            for (i = 0; i < d; i++)
                child->M[r * d + i] += s->Q[j * s->k + r] * s->X[j * d + i];
    }
}

static void
clear_child(cone_t *child)
{
    flint_free(child->M);
    flint_free(child->live);
    if (child->F != NULL)
        flint_free(child->F);
}

/* What all threads have done: leaves, cones that wait, and the part of the directions. */
static void
show(const cone_search_t *s, slong depth)
{
    roots_t *all = s->all;
    char what[80];
    slong leaves, open;
    double part;

    pthread_mutex_lock(&all->lock);
    leaves = ++all->leaves;
    open = all->open;
    all->part += ldexp(1, -(int) (depth + s->d));
    part = all->part;
    if (leaves % 4096 == 0)
    {
        snprintf(what, sizeof what, "cones: %ld leaves, %ld open, %.0f %%", (long) leaves, (long) open, 100 * part);
        proof_progress(s->t->opt, what);
    }
    pthread_mutex_unlock(&all->lock);
}

static void
count_open(const cone_search_t *s, slong more)
{
    pthread_mutex_lock(&s->all->lock);
    s->all->open += more;
    pthread_mutex_unlock(&s->all->lock);
}

static cones_kind search(cone_search_t *s, const cone_t *K);

/* v := p v_a + q v_b, and the code of that split; 0 if numbers become longer than most. */
static int
split(slong *v, cone_search_t *s, const cone_t *K, slong a, slong b, slong p, slong q, double most)
{
    slong d = s->d, edges = d * (d - 1) / 2, edge = a * d - a * (a + 1) / 2 + b - a - 1, g = gcd(p, q);

    if (g == 0 || p == 0 || q == 0 || !combine(v, K, a, b, p / g, q / g, d, most))
        return 0;
    append(s->t, p == q ? 1 + edge : 1 + edges + edge);
    if (p != q)
    {
        append(s->t, p / g);
        append(s->t, q / g);
    }
    return 1;
}

/* At the face where the only sample is 0 that changes its sign, while numbers stay short; otherwise about in
   the middle. */
static int
choose_split(slong *v, slong *a, slong *b, cone_search_t *s, const cone_t *K)
{
    slong only;
    double ratio;

    cone_choose_edge(a, b, &only, s, K);
    if (only >= 0 && fabs(K->z[*b][only]) < 1e9 && fabs(K->z[*a][only]) < 1e9
        && split(v, s, K, *a, *b, (slong) fabs(K->z[*b][only]), (slong) fabs(K->z[*a][only]), 1e6))
        return 1;
    ratio = K->length[*a] / K->length[*b];
    return split(v, s, K, *a, *b, ratio < 0.12 ? (slong) rint(fmin(1 / ratio, 1e9)) : 1,
                 ratio > 8 ? (slong) rint(fmin(ratio, 1e9)) : 1, 1e15);
}

static cones_kind
search_children(cone_search_t *s, const cone_t *K)
{
    slong v[D], a, b, i;
    double *z, length, w[D];
    cones_kind found = CONES_PROVED;
    int child;

    if (K->depth == CONE_DEPTH || !choose_split(v, &a, &b, s, K))
        return CONES_LIMIT;
    z = flint_malloc((s->m + 1) * sizeof *z);
    length = values(z, s, v);
    for (i = 0; i < s->d; i++)
        w[i] = (double) v[i];
    if (is_witness(s, w))
        found = CONES_WITNESS;
    for (child = 0; child < 2 && found == CONES_PROVED; child++)
    {
        cone_t part;
        count_open(s, child == 0 ? 1 : -1);
        make_child(&part, s, K, child == 0 ? a : b, v, z, length);
        found = search(s, &part);
        clear_child(&part);
    }
    flint_free(z);
    return found;
}

static cones_kind
search(cone_search_t *s, const cone_t *K)
{
    double w[D] = { 0 };
    slong i, a;

    if (cone_leaf_in_doubles(s, K) && (!s->t->exactly || leaf_exactly(s, K)))
    {
        append(s->t, 0);
        s->t->leaves++;
        show(s, K->depth);
        return s->t->leaves > s->t->most_leaves || proof_is_late(s->t->opt) ? CONES_LIMIT : CONES_PROVED;
    }
    for (a = 0; a < s->d; a++)
        for (i = 0; i < s->d; i++)
            w[i] += (double) K->v[a][i] / K->length[a];
    if (is_witness(s, w))
        return CONES_WITNESS;
    return s->d < 2 ? CONES_LIMIT : search_children(s, K);
}

static cones_kind
search_root(cone_search_t *s, slong r)
{
    cone_t K, again;
    slong i, j;
    cones_kind found = CONES_PROVED;
    double *z = flint_calloc(D * s->m + 1, sizeof *z);

    memset(&K, 0, sizeof K);
    for (i = 0; i < D; i++)
        K.z[i] = z + i * s->m;
    K.M = s->base;
    if (s->up == NULL)
        memcpy(K.S, s->S, sizeof K.S);
    if (s->share != NULL)
        K.F = flint_calloc(s->k * s->k + 1, sizeof *K.F);
    K.live = flint_malloc(s->m * sizeof *K.live);
    for (j = 0; j < s->m; j++)
        K.live[j] = j;
    K.n = s->m;
    for (i = 0; i < s->d; i++)
    {
        double w[D] = { 0 };
        K.v[i][i] = (r >> i) & 1 ? -1 : 1;
        K.length[i] = values(K.z[i], s, K.v[i]);
        w[i] = (double) K.v[i][i];
        if (found == CONES_PROVED && is_witness(s, w))
            found = CONES_WITNESS;
    }
    /* without the samples that never change their sign here */
    make_child(&again, s, &K, 0, K.v[0], K.z[0], K.length[0]);
    again.depth = 0;
    if (found == CONES_PROVED)
        found = search(s, &again);
    clear_child(&again);
    if (K.F != NULL)
        flint_free(K.F);
    flint_free(z);
    flint_free(K.live);
    return found;
}

/* Doubles of an integer matrix, divided by scale. */
static double *
doubles(const fmpz_mat_t A, double scale)
{
    slong i, j;
    double *x = flint_malloc((fmpz_mat_nrows(A) * fmpz_mat_ncols(A) + 1) * sizeof *x);

    for (i = 0; i < fmpz_mat_nrows(A); i++)
        for (j = 0; j < fmpz_mat_ncols(A); j++)
            x[i * fmpz_mat_ncols(A) + j] = fmpz_get_d(fmpz_mat_entry(A, i, j)) / scale;
    return x;
}

/* Roots are searched in their order, by several threads; the trees and what is found do not depend on how many. */
static void
search_roots(roots_t *all)
{
    slong r;

    for (;;)
    {
        cone_search_t s = *all->shared;
        pthread_mutex_lock(&all->lock);
        r = all->next < all->stop ? all->next++ : -1;
        pthread_mutex_unlock(&all->lock);
        if (r < 0)
            return;
        s.t = all->tree + r;
        all->found[r] = search_root(&s, r);
        pthread_mutex_lock(&all->lock);
        if (all->found[r] != CONES_PROVED)      /* what comes after it is of no use */
            all->stop = FLINT_MIN(all->stop, r);
        pthread_mutex_unlock(&all->lock);
    }
}

static void *
worker(void *context)
{
    search_roots(context);
    flint_cleanup();                    /* what this thread has of FLINT's */
    return NULL;
}

static void
work(roots_t *all, int threads)
{
    pthread_t id[64];
    int i, n = FLINT_MAX(FLINT_MIN(FLINT_MIN(threads, 64), (int) all->stop), 1), started = 1;

    for (i = 1; i < n; i++)
        if (pthread_create(id + started, NULL, worker, all) == 0)
            started++;
    search_roots(all);
    for (i = 1; i < started; i++)
        pthread_join(id[i], NULL);
}

/* The trees one after the other, up to the first root without one. */
static cones_kind
join(cones_t *t, const roots_t *all, slong roots)
{
    slong r, i;

    for (r = 0; r < roots; r++)
    {
        const cones_t *part = all->tree + r;
        t->leaves += part->leaves;
        if (all->found[r] == CONES_WITNESS)
            memcpy(t->w, part->w, sizeof t->w);
        if (all->found[r] != CONES_PROVED)
            return all->found[r];
        if (t->leaves > t->most_leaves)
            return CONES_LIMIT;
        for (i = 0; i < part->n; i++)
        {
            append(t, 0);
            fmpq_swap(t->code + t->n - 1, part->code + i);
        }
    }
    return CONES_PROVED;
}

/* Weights, or NULL; lengths are then measured by their sum. */
static void
set_weights(cone_search_t *s, const cone_claim_t *c)
{
    slong j;

    s->up = s->down = s->share = NULL;
    if (c->up == NULL)
        return;
    s->up = flint_malloc(c->m * sizeof *s->up);
    s->down = flint_malloc(c->m * sizeof *s->down);
    memset(s->S, 0, sizeof s->S);
    for (j = 0; j < c->m; j++)
    {
        s->up[j] = fmpz_get_d(c->up + j);
        s->down[j] = fmpz_get_d(c->down + j);
        cone_add_square(s->S, s->X + j * s->d, s->d, s->up[j]);
    }
    if (c->share == NULL)
        return;
    s->share = flint_malloc(c->m * sizeof *s->share);
    for (j = 0; j < c->m; j++)
        s->share[j] = 1 / s->up[j];
}

static void
clear_weights(cone_search_t *s)
{
    if (s->up != NULL)
    {
        flint_free(s->up);
        flint_free(s->down);
    }
    if (s->share != NULL)
        flint_free(s->share);
}

cones_kind
cones_search(cones_t *t, const cone_claim_t *c)
{
    cone_search_t s;
    cones_kind found;
    double *S, scale = fmax(fmpz_get_d(c->tau), 1);
    slong r, i, roots = c->d <= CONE_DIMENSIONS ? 1L << c->d : 0;
    roots_t all = { .shared = &s, .stop = roots };

    if (roots == 0)
        return CONES_LIMIT;

    s.all = &all;
    s.t = NULL;
    s.c = c;
    s.d = c->d;
    s.m = c->m;
    s.k = c->k;
    s.X = doubles(c->X, 1);
    s.Q = doubles(c->Q, scale);
    s.base = doubles(c->B, scale);
    S = doubles(c->S, 1);
    memcpy(s.S, S, c->d * c->d * sizeof *S);
    set_weights(&s, c);
    s.norm = flint_malloc(c->m * sizeof *s.norm);
    for (i = 0; i < c->m; i++)
        s.norm[i] = ldexp(fmpz_get_d(c->norm + i), -CONE_BITS) / scale;
    s.tau = fmpz_get_d(c->tau) / scale * t->factor;
    t->n = t->leaves = 0;
    all.tree = flint_malloc(roots * sizeof *all.tree);
    all.found = flint_malloc(roots * sizeof *all.found);
    for (r = 0; r < roots; r++)
    {
        cones_init(all.tree + r, t->opt);
        all.tree[r].exactly = t->exactly;
        all.tree[r].factor = t->factor;
        all.tree[r].most_leaves = t->most_leaves;
        all.found[r] = CONES_LIMIT;             /* until it is looked at */
    }
    pthread_mutex_init(&all.lock, NULL);
    work(&all, t->opt->threads);
    found = join(t, &all, roots);
    pthread_mutex_destroy(&all.lock);
    for (r = 0; r < roots; r++)
        cones_clear(all.tree + r);
    flint_free(all.tree);
    flint_free(all.found);
    flint_free(s.X);
    flint_free(s.Q);
    flint_free(s.base);
    flint_free(S);
    flint_free(s.norm);
    clear_weights(&s);
    return found;
}
