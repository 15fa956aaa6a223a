/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a claim that was tried. */
#include "config.h"
#include <string.h>
#include "json.h"
#include "task.h"
#include "text/decimal.h"

static void
json_result(text_t *t, const task_t *task, const proof_t *p, const char *verdict, double seconds,
            int written, int digits)
{
    int i;

    text_printf(t, "{\"problem\": ");
    json_string(t, task->problem);
    text_printf(t, ", \"claim\": ");
    json_string(t, p->c.rule->name);
    text_printf(t, ", \"verdict\": \"%s\", \"certificate\": ", verdict);
    if (written)
        json_string(t, task->target);
    else
        text_printf(t, "null");
    text_printf(t, ", \"seconds\": %.3f", seconds);
    if (p->outcome != OUTCOME_UNDECIDED)
        json_claim(t, &task->F->P, &p->c, &p->k, digits);
    else
    {
        for (i = 0; i < REACHED && p->best[i].name != NULL; i++)
            json_number(t, p->best[i].name, p->best[i].x, digits, p->best[i].up);
        text_printf(t, ", \"missing\": ");
        json_string(t, p->message);
    }
    text_printf(t, "}\n");
}

static void
indent(text_t *t, const char *lines)
{
    const char *end;

    for (; *lines != '\0'; lines = *end ? end + 1 : end)
    {
        end = strchr(lines, '\n');
        if (end == NULL)
            end = lines + strlen(lines);
        text_printf(t, "    %.*s\n", (int) (end - lines), lines);
    }
}

static void
write_title(text_t *t, const task_t *task)
{
    const char *c = task->F->title;

    text_printf(t, "%s%s", task->problem, c != NULL ? ": " : "");
    for (; c != NULL && *c != '\0'; c++)       /* no control codes on a terminal */
        text_printf(t, "%c", (unsigned char) *c < 32 || *c == 127 ? '?' : *c);
    text_printf(t, "\n");
}

static void
text_result(text_t *t, const task_t *task, const proof_t *p, const char *verdict, double seconds,
            int written, const options_t *opt)
{
    text_t s;
    say_t e = { &s, 0 };
    int i;

    if (task->index == 0 || opt->claim)
        write_title(t, task);
    text_printf(t, "  claim %ld, %s: %s (%.2f s)\n", (long) task->index + 1, p->c.rule->name, verdict,
                seconds);
    if (opt->quiet)
        return;
    text_init(&s);
    if (p->outcome != OUTCOME_UNDECIDED)
    {
        p->c.rule->say(&e, &task->F->P, &p->c, &p->k);
        if (p->remark[0] != '\0')
            text_printf(&s, "%s.\n", p->remark);
    }
    else
        text_printf(&s, "%s\n", p->message);
    for (i = 0; i < REACHED && p->outcome == OUTCOME_UNDECIDED && p->best[i].name != NULL; i++)
    {
        text_printf(&s, "%s", p->best[i].before);
        decimal_text(&s, p->best[i].x, opt->digits + p->best[i].up, p->best[i].up);
        text_printf(&s, "%s\n", p->best[i].after);
    }
    if (written)
        text_printf(&s, "certificate: %s\n", task->target);
    indent(t, s.data);
    text_clear(&s);
}

void
task_report(text_t *t, const task_t *task, const proof_t *p, double seconds, int written)
{
    static const char *const verdict[] = { "proved", "refuted", "undecided", "undecided" };

    if (task->opt->json)
        json_result(t, task, p, verdict[p->outcome], seconds, written, task->opt->digits);
    else
        text_result(t, task, p, verdict[p->outcome], seconds, written, task->opt);
}
