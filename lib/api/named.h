/* Answers of several lines, each of which names its value: +CIFSR:STAIP,"...",
 * +CIPSTA:gateway:"...". */
#ifndef NAMED_H
#define NAMED_H

#include "simple.h"

struct named {
    const char *name; /* with what separates it from its value, "ip:" */
    bool needed;      /* an answer without it is none */
    struct field field;
};

struct named_get {
    struct wm_op_def op; /* first: the operation finds the rest behind it */
    uint8_t command;     /* enum at_command */
    bool query;          /* AT+X?, else AT+X */
    uint16_t size;       /* of what the values go into */
    uint8_t count;       /* of names, at most 8 */
    const struct named *lines;
};

#define NAMED_GET(type, cmd, table, is_query)                                                      \
    {                                                                                              \
        .op = {.timeout_ms = SIMPLE_MS,                                                            \
               .begin = named_begin,                                                               \
               .line = named_line,                                                                 \
               .final = named_final},                                                              \
        .command = cmd, .query = is_query, .size = sizeof(type), .count = COUNT(table),            \
        .lines = table                                                                             \
    }

int named_begin(struct wm_core *core, struct wm_op *op);
void named_line(struct wm_core *core, struct wm_op *op, struct slice line);
int named_final(struct wm_core *core, struct wm_op *op, enum final final);

int named_prepare(struct wm_op *op, const struct named_get *call, void *out);

#endif
