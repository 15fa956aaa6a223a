/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certify explain [--latex] CERTIFICATE: the theorem and the facts behind it,
   after a full check. */
#include "config.h"
#include <ctype.h>
#include <string.h>
#include "certify.h"

/* The LaTeX of a note as plain text: \mathrm{inj}(W_{2})^2 -> inj(W_2)^2. */
static void
plain(text_t *t, const char *latex)
{
    static const struct { const char *from, *to; } table[] = {
        { "\\mathrm", "" }, { "\\text", "" }, { "\\|", "||" }, { "\\le", "<=" }, { "\\ge", ">=" },
        { "\\sum", "sum" }, { "\\min", "min" }, { "\\eta", "eta" }, { "\\sigma", "sigma" },
        { "\\Sigma", "Sigma" }, { "\\langle ", "<" }, { " \\rangle", ">" },
        { "\\alpha", "alpha" }, { "\\beta", "beta" }, { "\\sup", "sup" }, { "\\Phi", "Phi" }, { "\\lambda", "lambda" }, { "\\nabla", "grad" },
        { "\\cdot", "." }, { ", ", ", " }, { "\\,", " " }, { "{", "" }, { "}", "" }
    };
    size_t k;

    while (*latex != '\0')
    {
        for (k = 0; k < sizeof table / sizeof *table; k++)
            if (strncmp(latex, table[k].from, strlen(table[k].from)) == 0)
                break;
        if (k < sizeof table / sizeof *table)
        {
            text_printf(t, "%s", table[k].to);
            latex += strlen(table[k].from);
        }
        else
            text_printf(t, "%c", *latex++);
    }
}

static const char *
method(const certificate_t *C)
{
    const facts_t *f = &C->f;
    slong i;

    if (C->c.kind == CLAIM_REGULARITY && C->k.verdict == VERDICT_PROVED)
        return "bounds of the Taylor remainder and of the Jacobian (doc/mathematics.md, Theorem R)";

    for (i = 0; i < f->count; i++)
        if (strcmp(f->evidence[i]->role, "bound") == 0)
        {
            const char *w = f->evidence[i]->word;
            if (strcmp(w, "block") == 0)
                return "block bound, lambda = 1 / (2 sum_i b_i^2 c_i^2)";
            if (strcmp(w, "joint") == 0)
                return "joint bound on the neighbourhood, lambda = 1 / (2 s^2), order p d_l";
            if (strcmp(w, "data") == 0)
                return "data bound, the joint bound with norms on the output side, on the neighbourhood, lambda = 1 / (2 s^2), order p";
            return "the neighbourhood is one point";
        }
    return NULL;
}

static void
explain_text(text_t *t, const certificate_t *C)
{
    slong i;

    text_printf(t, "THEOREM\n");
    sentence_claim(t, &C->P, &C->c, &C->k);
    text_printf(t, "\nabout\n");
    sentence_problem(t, C);
    text_printf(t, "\nPROOF\n");
    if (method(C) != NULL)
        text_printf(t, "by the %s;\n", method(C));
    text_printf(t, C->f.note_count > 0 ? "from these facts, each verified in exact arithmetic:\n"
                : "decided in exact arithmetic from the problem itself; no evidence is needed.\n");
    for (i = 0; i < C->f.note_count; i++)
    {
        const note_t *n = C->f.notes + i;
        text_printf(t, "  ");
        plain(t, n->meaning);
        text_printf(t, " %s ", strcmp(n->relation, "\\le") == 0 ? "<=" : strcmp(n->relation, "\\ge") == 0
                    ? ">=" : "=");
        decimal_text(t, n->value, 8, strcmp(n->relation, "\\le") == 0);
        text_printf(t, "   [%s]\n", n->role);
    }
    text_printf(t, "The theorems and their proofs are in doc/mathematics.md of certify.\n");
}

static void
explain_latex(text_t *t, const certificate_t *C)
{
    slong i;

    text_printf(t, "%% needs amsmath and a theorem environment, \\newtheorem{theorem}{Theorem}\n"
                "\\begin{theorem}[certified]\n");
    sentence_claim_latex(t, &C->P, &C->c, &C->k);
    text_printf(t, "\\end{theorem}\n\\noindent\\textit{Proof.}\n");
    if (method(C) != NULL)
    {
        text_printf(t, "By the ");
        text_printf(t, strstr(method(C), "block") != NULL
                    ? "block bound, $\\lambda = 1/(2\\sum_i b_i^2 c_i^2)$" : strstr(method(C), "joint")
                    ? "joint bound, $\\lambda = 1/(2 s^2)$" : "exact ratio at the point");
        text_printf(t, ", from these facts, verified in exact arithmetic:\n");
    }
    if (C->f.note_count > 0)
    {
        text_printf(t, "\\begin{itemize}\n");
        for (i = 0; i < C->f.note_count; i++)
        {
            const note_t *n = C->f.notes + i;
            text_t d;
            char *e;
            text_init(&d);
            decimal_text(&d, n->value, 8, strcmp(n->relation, "\\le") == 0);
            text_printf(t, "\\item $%s %s ", n->meaning, n->relation);
            e = strchr(d.data, 'e');
            if (e != NULL)
            {
                *e = '\0';
                text_printf(t, "%s \\cdot 10^{%s}", d.data, e + 1);
            }
            else
                text_printf(t, "%s", d.data);
            text_printf(t, "$\n");
            text_clear(&d);
        }
        text_printf(t, "\\end{itemize}\n");
    }
    text_printf(t, "The certificate has been checked by \\texttt{certify-check}; the SHA-256 digest of its "
                "problem is\n\\texttt{%.16s}\\allowbreak\\texttt{%.16s}\\allowbreak"
                "\\texttt{%.16s}\\allowbreak\\texttt{%s}.\\hfill\\rule{1ex}{1ex}\n",
                C->digest, C->digest + 16, C->digest + 32, C->digest + 48);
}

int
command_explain(const options_t *opt)
{
    certificate_t C;
    rejection_t why;
    size_t len;
    int status;
    char *text = report_load("certify", opt->files[0], &len, &status);
    text_t t;

    if (text == NULL)
        return status;
    certificate_init(&C);
    text_init(&t);
    status = 0;
    if (!certificate_check(&C, text, len, &why))
    {
        text_printf(&t, "%s: REJECTED: line %ld: %s%s%s\n", opt->files[0], (long) why.line, why.role,
                    why.role[0] ? ": " : "", why.reason);
        status = 1;
    }
    else if (opt->latex)
        explain_latex(&t, &C);
    else
        explain_text(&t, &C);
    fwrite(t.data, 1, t.len, stdout);
    text_clear(&t);
    certificate_clear(&C);
    flint_free(text);
    return status;
}
