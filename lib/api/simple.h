/* Calls that are one command line and one kind of answer. Each is a const object of its own that
 * only its call refers to:
 *
 *     static const struct simple ipv6_get = SIMPLE_NUMBER_GET(AT_CMD_CIPV6, 0, 1);
 *
 *     int wm_ipv6_get_prepare(struct wm_op *op)
 *     {
 *         return simple_prepare(op, &ipv6_get);
 *     }
 *
 *     int wm_ipv6_get(struct wm_device *dev, uint32_t timeout_ms)
 *     {
 *         struct wm_op op;
 *         return run_prepared(dev, &op, wm_ipv6_get_prepare(&op), timeout_ms);
 *     }
 */
#ifndef SIMPLE_H
#define SIMPLE_H

#include "engine.h"
#include "fields.h"
#include "settings.h"

struct wm_device;

#define SIMPLE_MS 5000

/* One query, and what its answer is read into. */
struct reading {
    uint8_t command; /* enum at_command */
    uint8_t count;   /* of fields */
    bool more;       /* other fields may follow */
    bool may_lack;   /* OK without a line is an answer, too */
    const struct field *fields;
};

struct simple {
    struct wm_op_def op; /* first: the operation finds the rest behind it */
    uint8_t command;     /* enum at_command */
    uint8_t count;       /* of fields, or of readings */
    bool more;           /* a line may have further fields */
    uint16_t size;       /* of what a result goes into, or of one element of a list */
    int32_t min, max;    /* of a number */
    const struct field *fields;
    const struct reading *readings;
};

/* AT+X; returns 0. Its timeout_ms and module_ms may be longer than usual. */
#define SIMPLE_EXECUTE(cmd)                                                                        \
    {                                                                                              \
        .op = {.timeout_ms = SIMPLE_MS, .begin = simple_execute}, .command = cmd                   \
    }

/* AT+X? with a line +X:<number>; returns the number. */
#define SIMPLE_NUMBER_GET(cmd, low, high)                                                          \
    {                                                                                              \
        .op = {.timeout_ms = SIMPLE_MS,                                                            \
               .begin = simple_ask_number,                                                         \
               .line = simple_number,                                                              \
               .final = simple_value},                                                             \
        .command = cmd, .min = low, .max = high                                                    \
    }

/* AT+X=<number>: a setting, which a restarted module is told again. */
#define SIMPLE_NUMBER_SET(cmd, low, high)                                                          \
    {                                                                                              \
        .op = {.timeout_ms = SIMPLE_MS, .begin = simple_set_number, .final = setting_final},       \
        .command = cmd, .min = low, .max = high                                                    \
    }

/* AT+X=<fields of the structure that args point at>: a setting, too. */
#define SIMPLE_SET(cmd, table)                                                                     \
    {                                                                                              \
        .op = {.timeout_ms = SIMPLE_MS, .begin = simple_set, .final = setting_final},              \
        .command = cmd, .fields = table, .count = COUNT(table)                                     \
    }

/* The same for what is done once. */
#define SIMPLE_DO(cmd, table)                                                                      \
    {                                                                                              \
        .op = {.timeout_ms = SIMPLE_MS, .begin = simple_do}, .command = cmd, .fields = table,      \
        .count = COUNT(table)                                                                      \
    }

/* AT+X?, one reading after another, a turn each, into a structure of this type. */
#define SIMPLE_GET(type, table)                                                                    \
    {                                                                                              \
        .op = {.timeout_ms = SIMPLE_MS,                                                            \
               .begin = simple_ask,                                                                \
               .line = simple_read,                                                                \
               .final = simple_next},                                                              \
        .readings = table, .count = COUNT(table), .size = sizeof(type)                             \
    }
#define READING(cmd, table)                                                                        \
    {                                                                                              \
        .command = cmd, .fields = table, .count = COUNT(table)                                     \
    }

/* The same for one text of at most size - 1 bytes. */
#define SIMPLE_TEXT_GET(table, bytes)                                                              \
    {                                                                                              \
        .op = {.timeout_ms = SIMPLE_MS,                                                            \
               .begin = simple_ask,                                                                \
               .line = simple_read,                                                                \
               .final = simple_next},                                                              \
        .readings = table, .count = COUNT(table), .size = bytes                                    \
    }

/* Elements of this type, a line each; returns how many lines there were. */
#define SIMPLE_ELEMENT_MAX 128
#define SIMPLE_LIST(type, cmd, table, how_to_begin)                                                \
    {                                                                                              \
        .op = {.timeout_ms = SIMPLE_MS,                                                            \
               .begin = how_to_begin,                                                              \
               .line = simple_element,                                                             \
               .final = simple_count},                                                             \
        .command = cmd, .fields = table, .count = COUNT(table),                                    \
        .size = sizeof(type) + 0 * sizeof(char[sizeof(type) <= SIMPLE_ELEMENT_MAX ? 1 : -1])       \
    }

/* What these definitions are made of. */
int simple_execute(struct wm_core *core, struct wm_op *op);
int simple_ask_number(struct wm_core *core, struct wm_op *op);
void simple_number(struct wm_core *core, struct wm_op *op, struct slice line);
int simple_value(struct wm_core *core, struct wm_op *op, enum final final);
int simple_set_number(struct wm_core *core, struct wm_op *op);
int simple_set(struct wm_core *core, struct wm_op *op);
int simple_do(struct wm_core *core, struct wm_op *op);
int simple_ask(struct wm_core *core, struct wm_op *op);
void simple_read(struct wm_core *core, struct wm_op *op, struct slice line);
int simple_next(struct wm_core *core, struct wm_op *op, enum final final);
void simple_element(struct wm_core *core, struct wm_op *op, struct slice line);
int simple_count(struct wm_core *core, struct wm_op *op, enum final final);

/* Preparation. 0, or WM_ERR_ARG: a NULL where something has to be, a value out of its range, a line
 * that would be too long. */
int simple_prepare(struct wm_op *op, const struct simple *call);
int simple_prepare_number(struct wm_op *op, const struct simple *call, int64_t value);
int simple_prepare_set(struct wm_op *op, const struct simple *call, const void *args);
int simple_prepare_get(struct wm_op *op, const struct simple *call, void *out);
/* list: max elements; NULL where max is 0. */
int simple_prepare_list(struct wm_op *op, const struct simple *call, void *list, size_t max);

/* For a line function of its own: the line was read; or nobody awaited it, or it can't be read,
 * which is counted, and the answer is WM_ERR_PROTO. */
void simple_sound(struct wm_op *op);
void simple_damaged(struct wm_core *core, struct wm_op *op);

/* The blocking form of a call: runs what was prepared with this result. */
int run_prepared(struct wm_device *dev, struct wm_op *op, int prepared, uint32_t timeout_ms);

#endif
