/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify new: a problem file to begin with, from a checkpoint or as a template; and certify
   claims: which claims a problem admits. */
#include "config.h"
#include <string.h>
#include <sysexits.h>
#include "certify.h"
#include "input/checkpoint.h"
#include "json.h"
#include "problem_text.h"
#include "prove/prover.h"

/* NULL if the rule treats the proposal for the problem, or why not (static buffer). */
static const char *
refused(problem_file_t *F, const proposal_t *p)
{
    static char reason[1024];
    fault_t err = { 0 };
    claim_t c;
    const char *why = NULL;

    claim_init(&c, NULL);
    if (!problem_file_claim(&c, F, p->yaml, &err))
        why = err.message;
    else
        why = claim_refused(&F->P, &c);
    if (why != NULL)
    {   /* without the text or the name of the claim before it */
        const char *name = c.rule != NULL && err.status == 0 ? c.rule->name : p->yaml;
        size_t n = strlen(name);
        if (strncmp(why, name, n) == 0 && why[n] == ':')
            why += n + 1;
        snprintf(reason, sizeof reason, "%s", why + strspn(why, err.status == 0 ? " " : " 0123456789:"));
        why = reason;
    }
    claim_clear(&c);
    return why;
}

/* 1 if this prover is the one of its claim for the problem. */
static int
is_for(const prover_t *prover, const problem_t *P)
{
    return prover_of(rule_named(prover->rule, P)) == prover;
}

/* The claims as comments, each with what it would say; F NULL: the problem is not known yet. */
static void
write_claims(text_t *t, problem_file_t *F)
{
    const prover_t *const *p;
    const proposal_t *q;
    problem_t network;          /* of a checkpoint, if nothing else is known */

    memset(&network, 0, sizeof network);
    network.kind = NET_FEEDFORWARD;
    text_printf(t, "\n# Take the # away from what is to be proved; certify claims FILE tells more.\nclaims:\n");
    for (p = prover_table; *p != NULL; p++)
        for (q = (*p)->proposals; q->yaml != NULL && is_for(*p, F == NULL ? &network : &F->P); q++)
            if (F == NULL || refused(F, q) == NULL)
                text_printf(t, "#  - %s\n#      %s\n", q->yaml, q->says);
}

static const char *const templates[][2] = {
    { "linear",
      "network: {kind: linear}            # W_l ... W_1 X\n"
      "data:                              # samples are columns; also {npy: X.npy, transpose: true},\n"
      "  X: [[1, 0], [0, 1]]              # {csv: iris.csv, columns: 1-4, header: true, transpose: true}, ..\n"
      "  Y: [[2, 0], [0, 1]]\n"
      "point:\n"
      "  W:                               # W_1 first; one layer may be the word solve\n"
      "    - [[1, 0], [0, 1]]\n"
      "    - [[2, 0], [0, 1]]\n" },
    { "residual",
      "network: {kind: residual}          # (I + A_lr...A_l1) ... (I + A_1r...A_11) X\n"
      "data:                              # samples are columns\n"
      "  X: [[1, 0], [0, 1]]\n"
      "  Y: [[2, 0], [0, 1]]\n"
      "point:\n"
      "  A:                               # units first, their matrices inside, all square\n"
      "    - [[[1, 0], [0, 0]]]\n"
      "    - [[[0, 0], [0, 0]]]\n" },
    { "feedforward",
      "network: {kind: feedforward, activation: relu}     # one, or a list with one a hidden layer\n"
      "data:                              # samples are columns; also {npy: X.npy, transpose: true},\n"
      "  X: [[1, 0], [0, 1]]              # {csv: iris.csv, columns: 1-4, header: true, transpose: true}, ..\n"
      "  Y: [[2, 0], [0, 1]]\n"
      "point:\n"
      "  W:                               # W_1 first; also {npz: FILE, key: fc1.weight},\n"
      "    - [[2, -1], [0, 1]]            # {safetensors: FILE, key: 0.weight}\n"
      "    - [[1, 0], [0, 1]]\n"
      "  b:                               # may be left out\n"
      "    - [0, 0]\n"
      "    - [0, 0]\n" }
};

static int
write_template(text_t *t, const char *kind)
{
    size_t i;

    for (i = 0; i < sizeof templates / sizeof *templates; i++)
        if (strcmp(kind, templates[i][0]) == 0)
        {
            text_printf(t, "certify: 1\ntitle: a %s network\n%s", kind, templates[i][1]);
            return 1;
        }
    fprintf(stderr, "certify: --kind: linear, residual or feedforward is expected, not \"%s\"\n", kind);
    return 0;
}

/* The path as the problem file names it: data are sought in the folder of the file. */
static const char *
relative(const options_t *opt, const char *path)
{
    const char *slash = opt->output == NULL ? NULL : strrchr(opt->output, '/');
    size_t n = slash == NULL ? 0 : slash + 1 - opt->output;

    return n > 0 && strncmp(path, opt->output, n) == 0 ? path + n : path;
}

static void
write_array(text_t *t, const options_t *opt, const char *key, int transpose, int flat)
{
    const file_kind_t *kind = file_kind_of(opt->from);

    text_printf(t, "{%s: ", kind->key);
    yaml_string(t, relative(opt, opt->from));
    text_printf(t, ", key: ");
    yaml_string(t, key);
    text_printf(t, transpose || flat ? ", transpose: true}\n" : "}\n");
}

static void
write_layers(text_t *t, const options_t *opt, const checkpoint_t *c)
{
    slong k;
    int biases = 0;

    text_printf(t, "point:\n  W:\n");
    for (k = 0; k < c->n; k++)
    {
        text_printf(t, "    - ");
        write_array(t, opt, c->layer[k].weight->name, c->transposed, 0);
        biases |= c->layer[k].bias != NULL;
    }
    text_printf(t, biases ? "  b:\n" : "");
    for (k = 0; biases && k < c->n; k++)
    {
        const listed_t *b = c->layer[k].bias;
        text_printf(t, "    - ");
        if (b == NULL)
            text_printf(t, "{zeros: [%ld, 1]}\n", (long) layer_outputs(c, k));
        else        /* one row: the other way round */
            write_array(t, opt, b->name, 0, b->dimensions == 2 && b->shape[0] == 1 && b->shape[1] > 1);
    }
}

/* The shape of a file of data; 0 with a message. */
static int
data_shape(listed_t *shape, const char *path)
{
    const file_kind_t *kind = file_kind_of(path);
    fault_t err = { 0 };
    selection_t s;
    array_t A;

    array_init(&A);
    selection_init(&s);
    if (!file_kind_refuse(path, &err) || kind == NULL || kind->list != NULL)
        error_set(&err, EX_USAGE, "%s: data are an .npy, .csv, .tsv, .txt or .mtx file here; write other forms "
                  "into the problem file", path);
    else
    {
        s.delimiter = kind->delimiter;
        kind->read(&A, path, &s, path, &err);
    }
    shape->dimensions = 2;
    shape->shape[0] = A.rows;
    shape->shape[1] = A.columns;
    if (err.status != 0)
        fprintf(stderr, "certify: %s\n", err.message);
    array_clear(&A);
    selection_clear(&s);
    return err.status;
}

/* "X: {npy: X.npy, transpose: true}" for an array of rows x columns of which size is wanted, samples
   being the other; 0 with a message if neither fits. */
static int
write_data(text_t *t, const options_t *opt, const char *name, const char *path, const listed_t *a,
           slong size, slong samples)
{
    int classes = a->shape[1] == 1 && size > 1, rows = !classes && a->shape[1] == size
        && (samples == 0 || a->shape[0] == samples);

    if (!classes && !rows && (a->shape[0] != size || (samples != 0 && a->shape[1] != samples)))
    {
        fprintf(stderr, "certify: %s: %s is %ld x %ld, but the network has %ld %s%s\n", path, name, a->shape[0],
                a->shape[1], (long) size, strcmp(name, "X") == 0 ? "inputs" : "outputs",
                samples == 0 ? "" : ", or the samples of X are not as many");
        return 0;
    }
    text_printf(t, "  %s: {%s: ", name, file_kind_of(path)->key);
    yaml_string(t, relative(opt, path));
    if (classes)
        text_printf(t, ", one-hot: %ld", (long) size);
    text_printf(t, rows ? ", transpose: true}" : "}");
    text_printf(t, rows && a->shape[0] == size ? "   # square: samples are taken to be rows\n" : "\n");
    return 1;
}

static int
write_both(text_t *t, const options_t *opt, const checkpoint_t *c)
{
    listed_t X, Y;
    int status;
    slong d = layer_inputs(c, 0), samples;

    text_printf(t, "data:\n");
    if (opt->data[0] == NULL)
    {
        text_printf(t, "  # the samples of your training, as rows of these files, say\n"
                    "  X: {npy: X.npy, transpose: true}     # %ld inputs\n"
                    "  Y: {npy: Y.npy, transpose: true}     # %ld outputs\n", (long) d,
                    (long) layer_outputs(c, c->n - 1));
        return 0;
    }
    if ((status = data_shape(&X, opt->data[0])) != 0 || (status = data_shape(&Y, opt->data[1])) != 0)
        return status;
    samples = X.shape[1] == d ? X.shape[0] : X.shape[1];
    return write_data(t, opt, "X", opt->data[0], &X, d, 0)
        && write_data(t, opt, "Y", opt->data[1], &Y, layer_outputs(c, c->n - 1),
                      Y.shape[1] == 1 ? 0 : samples) ? 0 : EX_DATAERR;
}

static int
write_checkpoint(text_t *t, const options_t *opt)
{
    checkpoint_t c;
    fault_t err = { 0 };
    slong k;
    int status = 0;

    if (checkpoint_find(&c, opt->from, &err))
    {
        text_printf(t, "certify: 1\ntitle: ");
        yaml_string(t, opt->from);
        text_printf(t, "\n# %ld layers:", (long) c.n);
        for (k = 0; k < c.n; k++)
            text_printf(t, "%s %s (%ld -> %ld)", k == 0 ? "" : ",", c.layer[k].weight->name,
                        (long) layer_inputs(&c, k), (long) layer_outputs(&c, k));
        text_printf(t, c.transposed ? "; weights are stored in x out\n" : "\n");
        if (c.ambiguous)
            text_printf(t, "# The shapes would also fit another order or orientation: compare.\n");
        if (c.others > 0)
            text_printf(t, "# %ld arrays of the file belong to no layer and are left out.\n", (long) c.others);
        text_printf(t, "network: {kind: feedforward, activation: %s}", opt->activation == NULL ? "relu" : opt->activation);
        text_printf(t, c.n > 1 && opt->activation == NULL ? "   # no checkpoint says which: is it relu?\n" : "\n");
        text_printf(t, "loss: square       # 1/2 ||f(X) - Y||_F^2; PyTorch's MSELoss with d outputs is\n"
                    "                   # {kind: square, scale: 1/d, reduction: mean}\n");
        status = write_both(t, opt, &c);
        write_layers(t, opt, &c);
    }
    else
    {
        fprintf(stderr, "certify: %s\n", err.message);
        status = err.status;
    }
    checkpoint_clear(&c);
    return status;
}

/* Reads what was written, so that only claims that it admits are listed. */
static int
add_claims(text_t *t, const options_t *opt)
{
    problem_file_t F;
    fault_t err = { 0 };
    int known = opt->from == NULL || opt->data[0] != NULL;
    /* messages name it; data are sought beside it */
    const char *path = opt->output == NULL ? "problem.yaml" : opt->output;

    if (!known)
    {
        write_claims(t, NULL);
        return 0;
    }
    if (problem_file_parse(&F, t->data, t->len, path, &opt->reading, &err))
        write_claims(t, &F);
    else
        fprintf(stderr, "certify: %s\n", err.message);
    problem_file_clear(&F);
    return err.status;
}

int
command_new(const options_t *opt)
{
    options_t with = *opt;
    text_t t;
    int status;

    if (opt->count > 0)         /* --data X Y */
        with.data[1] = opt->files[0];
    opt = &with;
    if ((opt->data[0] == NULL) != (opt->data[1] == NULL) || (opt->data[0] != NULL && opt->from == NULL))
    {
        fprintf(stderr, "certify: new: --from CHECKPOINT --data X Y is expected: two files, samples and targets\n");
        return EX_USAGE;
    }
    if ((opt->kind == NULL) == (opt->from == NULL))
    {
        fprintf(stderr, "certify: new: --kind linear, residual or feedforward, or --from CHECKPOINT is expected\n");
        return EX_USAGE;
    }
    text_init(&t);
    if (opt->from != NULL)
        status = write_checkpoint(&t, opt);
    else
        status = write_template(&t, opt->kind) ? 0 : EX_USAGE;
    if (status == 0)
        status = add_claims(&t, opt);
    if (status == 0)
        status = text_write_out(opt->output, &t);
    text_clear(&t);
    return status;
}

static void
claim_row(const options_t *opt, const proposal_t *p, const char *why)
{
    text_t t;

    text_init(&t);
    if (opt->json)
    {
        text_printf(&t, "{\"claim\": ");
        json_string(&t, p->yaml);
        text_printf(&t, ", \"applicable\": %s, \"%s\": ", why == NULL ? "true" : "false", why == NULL ? "says" : "reason");
        json_string(&t, why == NULL ? p->says : why);
        text_printf(&t, "}\n");
    }
    else
        text_printf(&t, "  %s\n      %s\n", p->yaml, why == NULL ? p->says : why);
    fwrite(t.data, 1, t.len, stdout);
    text_clear(&t);
}

int
command_claims(const options_t *opt)
{
    problem_file_t F;
    fault_t err = { 0 };
    const prover_t *const *p;
    const proposal_t *q;
    int pass;

    if (!problem_file_read(&F, opt->files[0], &opt->reading, &err))
        fprintf(stderr, "certify: %s\n", err.message);
    for (pass = 0; err.status == 0 && pass < 2; pass++)
    {
        if (!opt->json)
            printf(pass == 0 ? "These claims can be asked for; whether they hold is not tried:\n"
                   : "These theorems do not treat the problem:\n");
        for (p = prover_table; *p != NULL; p++)
            for (q = (*p)->proposals; q->yaml != NULL && is_for(*p, &F.P); q++)
            {
                const char *why = refused(&F, q);
                if ((why == NULL) == (pass == 0))
                    claim_row(opt, q, why);
            }
    }
    problem_file_clear(&F);
    return err.status;
}
