/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify explain [--latex] CERTIFICATE: the theorem and the facts behind it,
   after a full check. */
#include "config.h"
#include <string.h>
#include "certify.h"
#include "compressed.h"
#include "text/decimal.h"

/* meaning relation value, as a formula */
static void
say_note(say_t *s, const note_t *n)
{
    int exact = strcmp(n->relation, "=") == 0;

    say(s, "$%s %s ", n->meaning, n->relation);
    if (exact && decimal_is_short(n->value, 12))
        say_number(s, n->value);
    else
        say_decimal(s, n->value, 8, strcmp(n->relation, "\\le") == 0);
    if (exact && !decimal_is_short(n->value, 12))
        say(s, "\\ldots");
    say(s, "$");
}

/* The facts of the proof, or those beside it; returns how many there are. */
static slong
say_notes(say_t *s, const facts_t *f, int aside)
{
    slong i, count = 0;

    for (i = 0; i < f->note_count; i++)
    {
        const note_t *n = f->notes + i;
        if (n->aside != aside)
            continue;
        text_printf(s->t, s->latex && count == 0 ? "\\begin{itemize}\n" : "");
        text_printf(s->t, s->latex ? "\\item " : "  ");
        say_note(s, n);
        text_printf(s->t, s->latex ? "\n" : "   [%s]\n", n->role);
        count++;
    }
    text_printf(s->t, s->latex && count > 0 ? "\\end{itemize}\n" : "");
    return count;
}

static slong
count_notes(const facts_t *f, int aside)
{
    slong i, count = 0;

    for (i = 0; i < f->note_count; i++)
        count += f->notes[i].aside == aside;
    return count;
}

static void
say_proof(say_t *s, const certificate_t *C)
{
    C->c.rule->method(s, &C->P, &C->c, &C->k, &C->f);
    if (count_notes(&C->f, 0) > 0)
        say(s, ", from these facts, each verified in exact arithmetic:\n");
    else
        say(s, ", decided in exact arithmetic from the problem itself.\n");
    say_notes(s, &C->f, 0);
    if (count_notes(&C->f, 1) > 0)
    {
        say(s, "The constants beside the claim follow from these:\n");
        say_notes(s, &C->f, 1);
    }
    say(s, "The rule and its proof: doc/rules/%s.md of certify.\n", C->c.rule->family);
}

static void
explain_text(text_t *t, const certificate_t *C)
{
    say_t s = { t, 0 };

    text_printf(t, "THEOREM\n");
    sentence_claim(t, C, 0);
    text_printf(t, "\nabout\n");
    sentence_problem(t, C);
    text_printf(t, "\nPROOF\n");
    say_proof(&s, C);
}

/* The digest in pieces that a line can be broken between. */
static void
latex_digest(text_t *t, const char *digest)
{
    int i;

    for (i = 0; i < 4; i++)
        text_printf(t, "%s\\texttt{%.16s}", i == 0 ? "" : "\\allowbreak", digest + 16 * i);
}

static void
explain_latex(text_t *t, const certificate_t *C, int full)
{
    say_t s = { t, 1 };

    if (full)
        text_printf(t, "\\documentclass{article}\n\\usepackage{amsmath}\n"
                    "\\newtheorem{theorem}{Theorem}\n\\begin{document}\n");
    else
        text_printf(t, "%% needs amsmath and a theorem environment, \\newtheorem{theorem}{Theorem}\n");
    if (full)
    {
        text_printf(t, "\\noindent The problem, with its data and its point, is the one with the SHA-256 "
                    "digest ");
        latex_digest(t, C->digest);
        text_printf(t, ":\n\\begin{verbatim}\n");
        sentence_problem(t, C);
        text_printf(t, "\\end{verbatim}\n");
    }
    text_printf(t, "\\begin{theorem}[certified]\n");
    sentence_claim(t, C, 1);
    text_printf(t, "\\end{theorem}\n\\noindent\\textit{Proof.}\n");
    say_proof(&s, C);
    text_printf(t, "The certificate was verified by certify %s when this was written; the SHA-256 digest "
                "of its problem is\n", PACKAGE_VERSION);
    latex_digest(t, C->digest);
    text_printf(t, ".\\hfill\\rule{1ex}{1ex}\n");
    if (full)
        text_printf(t, "\\end{document}\n");
}

int
command_explain(const options_t *opt)
{
    certificate_t C;
    rejection_t why;
    size_t len;
    int status;
    load_fault_t fault;
    char *text = certificate_load(opt->files[0], &len, &fault);
    text_t t;

    if (text == NULL)
    {
        fprintf(stderr, "certify: %s\n", fault.message);
        return fault.status;
    }
    certificate_init(&C);
    text_init(&t);
    status = 0;
    if (!certificate_check(&C, text, len, &why))
    {
        text_printf(&t, "%s: REJECTED: line %ld: %s%s%s\n", opt->files[0], (long) why.line, why.role,
                    why.role[0] ? ": " : "", why.reason);
        status = 1;
    }
    else if (opt->latex || opt->full)
        explain_latex(&t, &C, opt->full);
    else
        explain_text(&t, &C);
    fwrite(t.data, 1, t.len, stdout);
    text_clear(&t);
    certificate_clear(&C);
    flint_free(text);
    return status;
}
