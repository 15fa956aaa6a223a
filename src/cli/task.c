/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a claim that was tried. */
#include "config.h"
#include <string.h>
#include "prove/write.h"
#include "task.h"
#include "text/decimal.h"

json_t *
task_record(const task_t *task, const char *verdict)
{
    json_t *record = record_new(task->problem, verdict);

    if (task->F == NULL)
        return record;
    record_set(record, "claim_number", json_integer(task->index + 1));
    record_set(record, "claim", record_text(task->F->claim[task->index].rule->name));
    record_set(record, "title", record_text(task->F->title));
    record_problem(record, &task->F->P);
    return record;
}

static void
record_digest(json_t *record, const problem_t *P)
{
    text_t t;
    char hex[65];

    text_init(&t);
    certificate_write_problem(&t, P);
    certificate_digest(hex, t.data, t.len);
    record_set(record, "digest", record_text(hex));
    text_clear(&t);
}

static void
record_result(text_t *t, const task_t *task, const proof_t *p, const char *verdict, double seconds,
              int written)
{
    int i, digits = task->opt->digits;
    json_t *record = task_record(task, verdict);

    record_digest(record, &task->F->P);
    record_seconds(record, seconds);
    if (written)
        record_set(record, "certificate", record_text(task->target));
    if (p->outcome != OUTCOME_UNDECIDED)
        record_claim(record, &task->F->P, &p->c, &p->k, digits);
    else
    {
        record_set(record, "missing", record_text(p->message));
        for (i = 0; i < REACHED && p->best[i].name != NULL; i++)
            record_set(record, p->best[i].name,
                       record_number(p->best[i].x, digits, p->best[i].up));
    }
    record_write(t, record);
    json_decref(record);
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

/* What was proved, or what was missing. */
static void
write_sentences(text_t *t, const task_t *task, const proof_t *p)
{
    say_t plain = { t, 0 };
    int i, digits = task->opt->digits;

    if (p->outcome != OUTCOME_UNDECIDED)
    {
        p->c.rule->say(&plain, &task->F->P, &p->c, &p->k);
        if (p->remark[0] != '\0')
            text_printf(t, "%s.\n", p->remark);
        return;
    }
    text_printf(t, "%s\n", p->message);
    for (i = 0; i < REACHED && p->best[i].name != NULL; i++)
    {
        text_printf(t, "%s", p->best[i].before);
        decimal_text(t, p->best[i].x, digits + p->best[i].up, p->best[i].up);
        text_printf(t, "%s\n", p->best[i].after);
    }
}

static void
text_result(text_t *t, const task_t *task, const proof_t *p, const char *verdict, double seconds,
            int written)
{
    text_t s;

    if (task->index == 0 || task->opt->claim)
        write_title(t, task);
    text_printf(t, "  claim %ld, %s: %s (%.2f s)\n", (long) task->index + 1, p->c.rule->name,
                verdict, seconds);
    if (task->opt->quiet)
        return;
    text_init(&s);
    write_sentences(&s, task, p);
    if (written)
        text_printf(&s, "certificate: %s\n", task->target);
    indent(t, s.data);
    text_clear(&s);
}

void
task_report(text_t *t, const task_t *task, const proof_t *p, double seconds, int written)
{
    static const char *const verdict[] = { "proved", "refuted", "undecided", "undecided" };

    if (task->opt->format == FORMAT_TEXT)
        text_result(t, task, p, verdict[p->outcome], seconds, written);
    else
        record_result(t, task, p, verdict[p->outcome], seconds, written);
}

void
task_error(text_t *t, const task_t *task, const fault_t *fault)
{
    json_t *record;

    if (task->opt->format == FORMAT_TEXT)
        return;
    record = task_record(task, NULL);
    record_error(record, task->problem, fault->line, fault->key, fault->message, fault->status);
    record_write(t, record);
    json_decref(record);
}
