/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"
#include <stdlib.h>
#include "record.h"
#include "json.h"

static void
append(text_t *t, json_t *value)
{
    char *s = json_dumps(value, JSON_ENCODE_ANY);

    text_printf(t, "%s", s);
    free(s);
    json_decref(value);
}

void
json_string(text_t *t, const char *s)
{
    append(t, record_text(s));
}

void
json_number(text_t *t, const char *key, const fmpq_t x, int digits, int up)
{
    if (key != NULL)
        text_printf(t, ", \"%s\": ", key);
    append(t, record_number(x, digits, up));
}
