/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results, as they come, in the format that was asked for. */
#ifndef CERTIFY_FORMAT_H
#define CERTIFY_FORMAT_H

#include <jansson.h>
#include "text/text.h"

typedef enum
{
    FORMAT_TEXT, FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON, FORMAT_LATEX, FORMATS
} format_kind;

/* As --format names them. */
extern const char *const format_name[FORMATS];

/* The results (an array of records) as one table, CSV or LaTeX tabular, or as lines of JSON.
   leading: the keys of the first columns of a table, ended by NULL; those of CSV are all. */
void format_results(text_t *t, format_kind format, const json_t *records,
                    const char *const *leading);

/* The first columns for what prove and check report. */
extern const char *const format_prove[], *const format_check[];

#endif
