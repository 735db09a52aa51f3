/* How the rows of the table are written: short words for the rules of parameters. Only the files
 * table_*.c include this. */
#ifndef FW_RULES_H
#define FW_RULES_H

#include "handlers.h"
#include "table.h"

/* clang-format off */
#define COUNT(array)  (sizeof(array) / sizeof *(array))
#define SCHEMA(array) (&(const struct fw_schema){array, COUNT(array)})

#define NUMBER(low, high)            {.kind = FW_ARG_NUMBER, .min = (low), .max = (high)}
#define NUMBER_OR(low, high, value)  {.kind = FW_ARG_NUMBER, .min = (low), .max = (high), \
                                      .optional = true, .fallback = (value)}
#define TEXT(low, high)              {.kind = FW_ARG_TEXT, .min = (low), .max = (high)}
#define TEXT_OR_NONE(high)           {.kind = FW_ARG_TEXT, .max = (high), .optional = true}
#define TEXT_OPTIONAL(low, high)     {.kind = FW_ARG_TEXT, .min = (low), .max = (high), .optional = true}
#define HEX(low, high)               {.kind = FW_ARG_HEX, .min = (low), .max = (high)}
#define IPV4                         {.kind = FW_ARG_IPV4}
#define MAC                          {.kind = FW_ARG_MAC}
#define PASSWORD                     {.kind = FW_ARG_PASSWORD}
#define OPTIONAL(rule)               {.kind = (rule), .optional = true}
#define LINK(high)                   {.kind = FW_ARG_LINK, .max = (high)}
#define ZONE                         {.kind = FW_ARG_ZONE}
#define NOTHING                      {.kind = FW_ARG_NOTHING}
/* A word, or a number whose value decides which rules the parameters behind it have. */
#define WORD(list)                   {.kind = FW_ARG_WORD, .words = (list), .word_count = COUNT(list)}
#define WORD_OR(list, value)         {.kind = FW_ARG_WORD, .words = (list), .word_count = COUNT(list), \
                                      .optional = true, .fallback = (value)}
#define CHOICE(low, high, list)      {.kind = FW_ARG_NUMBER, .min = (low), .max = (high), \
                                      .words = (list), .word_count = COUNT(list)}
/* clang-format on */

#endif
