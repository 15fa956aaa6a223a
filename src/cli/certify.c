/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify: the command line. */
#include "config.h"
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "certify.h"
#include "limits_option.h"
#include "memory.h"
#include "prove/prover.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#define PACKAGE_BUGREPORT ""
#endif

void (*argp_program_version_hook)(FILE *out, struct argp_state *state) = print_version;
const char *argp_program_bug_address = "<" PACKAGE_BUGREPORT ">";
error_t argp_err_exit_status = EX_USAGE;

enum { KEY_CLAIM = 256, KEY_JSON, KEY_PROBLEM, KEY_DIGITS, KEY_PRECISION, KEY_TIME, KEY_JOBS,
       KEY_NO_CERTIFICATE, KEY_LATEX, KEY_LIMITS, KEY_SPECTRUM, KEY_FULL, KEY_KEY, KEY_OUTSIDE, KEY_FORMAT,
       KEY_KIND, KEY_FROM, KEY_DATA, KEY_ACTIVATION, KEY_FOLDER,
       KEY_OUTPUT, KEY_QUIET, KEY_END };
#define BIT(key) (1UL << ((key) - KEY_CLAIM))
#define NEW_OPTIONS (BIT(KEY_KIND) | BIT(KEY_FROM) | BIT(KEY_DATA) | BIT(KEY_ACTIVATION))

/* The commands: the options that go with each, and whether it takes several files. */
static const struct
{
    const char *name;
    int (*run)(const options_t *opt);
    unsigned long options;
    int least, most;            /* files */
} command_table[] = {
    { "prove", command_prove, ~(BIT(KEY_PROBLEM) | BIT(KEY_LATEX) | BIT(KEY_FULL) | BIT(KEY_SPECTRUM)
      | BIT(KEY_KEY) | NEW_OPTIONS | BIT(KEY_FOLDER)), 1, INT_MAX },
    { "check", command_check, BIT(KEY_JOBS) | BIT(KEY_JSON) | BIT(KEY_FORMAT) | BIT(KEY_PROBLEM) | BIT(KEY_QUIET)
      | BIT(KEY_LIMITS) | BIT(KEY_OUTSIDE), 1, INT_MAX },
    { "bounds", command_bounds, BIT(KEY_JOBS) | BIT(KEY_JSON) | BIT(KEY_DIGITS) | BIT(KEY_PRECISION) | BIT(KEY_SPECTRUM)
      | BIT(KEY_LIMITS) | BIT(KEY_QUIET) | BIT(KEY_KEY) | BIT(KEY_OUTSIDE), 1, 1 },
    { "explain", command_explain, BIT(KEY_LATEX) | BIT(KEY_FULL) | BIT(KEY_LIMITS), 1, 1 },
    { "new", command_new, NEW_OPTIONS | BIT(KEY_OUTPUT) | BIT(KEY_OUTSIDE), 0, 1 },
    { "claims", command_claims, BIT(KEY_JSON) | BIT(KEY_LIMITS) | BIT(KEY_OUTSIDE), 1, 1 },
    { "extract", command_extract, BIT(KEY_FOLDER) | BIT(KEY_LIMITS), 1, 1 },
    { "polish", command_polish, BIT(KEY_OUTPUT) | BIT(KEY_LIMITS) | BIT(KEY_OUTSIDE), 1, 1 },
    { "escape", command_escape, BIT(KEY_OUTPUT) | BIT(KEY_LIMITS) | BIT(KEY_OUTSIDE), 1, 1 },
    { "construct", command_construct, BIT(KEY_DIGITS) | BIT(KEY_PRECISION) | BIT(KEY_LIMITS)
      | BIT(KEY_OUTSIDE), 1, 1 },
    { "decompose", command_decompose, BIT(KEY_DIGITS) | BIT(KEY_PRECISION) | BIT(KEY_LIMITS)
      | BIT(KEY_OUTSIDE), 1, 1 }
};
#define COMMANDS ((int) (sizeof command_table / sizeof *command_table))

static const struct argp_option option_list[] = {
    { "output", 'o', "FILE", 0, "write the certificate to FILE (one claim only), - is standard output",
      0 },
    { "claim", KEY_CLAIM, "K", 0, "only the K-th claim of the file", 0 },
    { "json", KEY_JSON, NULL, 0, "one JSON object per result, each on one line", 0 },
    { "format", KEY_FORMAT, "FORMAT", 0, "prove, check: text (default), table, csv, json or latex", 0 },
    { "problem", KEY_PROBLEM, "FILE", 0, "check: the certificate must be about this problem file", 0 },
    { "digits", KEY_DIGITS, "N", 0, "significant digits of chosen constants (default 4)", 0 },
    { "precision-limit", KEY_PRECISION, "BITS", 0, "highest working precision (default 4096)", 0 },
    { "time-limit", KEY_TIME, "SECONDS", 0, "give up a claim after so long (default: never)", 0 },
    { "jobs", KEY_JOBS, "N", 0, "prove: claims at a time, or threads of one claim; check, bounds: threads (default 1)", 0 },
    { "quiet", 'q', NULL, 0, "no progress, verdicts only", 0 },
    { "no-certificate", KEY_NO_CERTIFICATE, NULL, 0, "prove, but write no certificate", 0 },
    { "limits", KEY_LIMITS, "NAME=N,...", 0, "raise (or lower) limits of the format, see certify-certificate(5)", 0 },
    { "spectrum", KEY_SPECTRUM, NULL, 0, "bounds: all singular values and eigenvalues, with multiplicities", 0 },
    { "kind", KEY_KIND, "KIND", 0, "new: a template for a linear, residual or feedforward network", 0 },
    { "from", KEY_FROM, "FILE", 0, "new: the network whose weights an .npz or .safetensors file has", 0 },
    { "data", KEY_DATA, "X Y", 0, "new: the files of the samples and of their targets", 0 },
    { "activation", KEY_ACTIVATION, "NAME", 0, "new: of the hidden layers", 0 },
    { "directory", 'C', "DIR", 0, "extract: where the files are written", 0 },
    { "key", KEY_KEY, "NAME", 0, "bounds FILE.npz or .safetensors: the array of that name", 0 },
    { "allow-outside", KEY_OUTSIDE, NULL, 0, "data may lie outside the folder of the problem file", 0 },
    { "latex", KEY_LATEX, NULL, 0, "explain: a LaTeX fragment", 0 },
    { "full", KEY_FULL, NULL, 0, "explain: a whole LaTeX article, the problem included", 0 },
    { 0 }
};

static const char doc[] =
    "Proves statements about neural-network loss landscapes and re-checks the proofs."
    "\v"
    "  certify [prove] PROBLEM...     prove the claims; write certificates\n"
    "  certify check CERTIFICATE...   re-check; needs nothing else\n"
    "  certify bounds PROBLEM         enclosures: eta_min, norms, loss, gradient\n"
    "  certify bounds MATRIX.npy      (.csv, .tsv, .txt, .mtx) singular values and eigenvalues\n"
    "  certify bounds FILE.npz        (.safetensors) the arrays in it; --key NAME: one of them\n"
    "  certify explain CERTIFICATE    the theorem and its proof, as text or --latex\n"
    "  certify new --from CHECKPOINT  a problem file for a trained network; --kind: a template\n"
    "  certify claims PROBLEM         which claims can be asked for, and why not the others\n"
    "  certify extract CERTIFICATE    the problem file and its arrays\n"
    "  certify polish PROBLEM         a critical point near the point, by Newton's method\n"
    "  certify escape PROBLEM         with weight decay: the network with one more unit, which is better\n"
    "  certify construct PROBLEM      the problem with its constructed point written out\n"
    "  certify decompose PROBLEM      the matrices of the theorems for this point\n"
    "\n"
    "Exit status of prove: 0 every claim proved, 1 a claim is false (a refutation\n"
    "certificate was written), 2 undecided.  Of check: 0 VERIFIED, 1 REJECTED.\n"
    "64 to 74: usage, bad data, no input, internal error, out of memory, cannot\n"
    "create, I/O, as in sysexits.h.  The file - is standard input.\n"
    "Manual: certify(1), certify-problem(5).";

static long
number(struct argp_state *state, const char *arg, const char *name, long min, long max)
{
    char *end;
    long v;

    errno = 0;
    v = strtol(arg, &end, 10);
    if (errno != 0 || end == arg || *end != '\0' || v < min || v > max)
        argp_error(state, "--%s: a whole number from %ld to %ld is expected, not \"%s\"",
                   name, min, max, arg);
    return v;
}

static format_kind
format(struct argp_state *state, const char *arg)
{
    int k;

    for (k = 0; k < FORMATS && strcmp(arg, format_name[k]) != 0; k++)
        ;
    if (k == FORMATS)
        argp_error(state, "--format: text, table, csv, json or latex is expected, not \"%s\"", arg);
    return k;
}

/* Standard input can be read once. */
static int
standard_inputs(const options_t *opt)
{
    int i, n = opt->problem != NULL && strcmp(opt->problem, "-") == 0;

    for (i = 0; i < opt->count; i++)
        n += strcmp(opt->files[i], "-") == 0;
    return n;
}

static error_t
parse(int key, char *arg, struct argp_state *state)
{
    options_t *opt = state->input;
    char *end, message[256];

    if (key >= KEY_CLAIM && key < KEY_END)
        opt->used |= BIT(key);
    else if (key == 'o' || key == 'q' || key == 'C')
        opt->used |= key == 'o' ? BIT(KEY_OUTPUT) : key == 'q' ? BIT(KEY_QUIET) : BIT(KEY_FOLDER);
    switch (key)
    {
        case 'o': opt->output = arg; break;
        case 'q': opt->quiet = 1; break;
        case 'C': opt->folder = arg; break;
        case KEY_CLAIM: opt->claim = number(state, arg, "claim", 1, 1000000); break;
        case KEY_JSON: opt->format = FORMAT_JSON; break;
        case KEY_FORMAT: opt->format = format(state, arg); break;
        case KEY_PROBLEM: opt->problem = arg; break;
        case KEY_DIGITS: opt->digits = number(state, arg, "digits", 1, 30); break;
        case KEY_PRECISION: opt->precision_limit = number(state, arg, "precision-limit", 64, 65536); break;
        case KEY_JOBS: opt->jobs = number(state, arg, "jobs", 1, 256); break;
        case KEY_NO_CERTIFICATE: opt->no_certificate = 1; break;
        case KEY_KEY: opt->key = arg; break;
        case KEY_KIND: opt->kind = arg; break;
        case KEY_FROM: opt->from = arg; break;
        case KEY_ACTIVATION: opt->activation = arg; break;
        case KEY_DATA: opt->data[opt->data[0] != NULL] = arg; break;
        case KEY_OUTSIDE: opt->reading.allow_outside = 1; break;
        case KEY_LATEX: opt->latex = 1; break;
        case KEY_FULL: opt->full = 1; break;
        case KEY_SPECTRUM: opt->spectrum = 1; break;
        case KEY_LIMITS:
            if (!limits_set(arg, message, sizeof message))
                argp_error(state, "--limits: %s", message);
            break;
        case KEY_TIME:
            opt->time_limit = strtod(arg, &end);
            if (end == arg || *end != '\0' || !(opt->time_limit > 0) || opt->time_limit > 1e9)
                argp_error(state, "--time-limit: seconds are expected, not \"%s\"", arg);
            break;
        case ARGP_KEY_ARG:
            opt->files[opt->count++] = arg;
            break;
        default:
            return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp argp = { option_list, parse, "[COMMAND] FILE...", doc, NULL, NULL, NULL };

int
main(int argc, char **argv)
{
    options_t opt;
    int k, given = 0, status;

    memory_hooks("certify", NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);           /* a write then fails, and is reported */
    memset(&opt, 0, sizeof opt);
    opt.digits = 4;
    opt.jobs = 1;
    opt.precision_limit = ORACLE_PRECISION;
    opt.files = flint_malloc((argc + 1) * sizeof *opt.files);
    if (argp_parse(&argp, argc, argv, 0, NULL, &opt) != 0)      /* usage errors end in it */
    {
        fprintf(stderr, "certify: out of memory\n");
        return EX_OSERR;
    }
    for (k = 0; opt.count > 0 && k < COMMANDS && !given; k++)
        given = strcmp(opt.files[0], command_table[k].name) == 0;
    k = given ? k - 1 : 0;
    opt.json = opt.format == FORMAT_JSON;
    if (opt.count - given < command_table[k].least)
    {
        fprintf(stderr, "certify: no file is named; try \"certify --help\"\n");
        status = EX_USAGE;
    }
    else if (standard_inputs(&opt) > 1)
    {
        fprintf(stderr, "certify: standard input (-) is named twice\n");
        status = EX_USAGE;
    }
    else if ((opt.used & ~command_table[k].options) != 0
             || opt.count - given > command_table[k].most)
    {
        fprintf(stderr, "certify: these options or files do not go with \"%s\"; "
                "try \"certify --help\"\n", command_table[k].name);
        status = EX_USAGE;
    }
    else
    {
        opt.files += given;
        opt.count -= given;
        status = command_table[k].run(&opt);
        opt.files -= given;
    }
    flint_free(opt.files);
    return report_close("certify", status);
}
