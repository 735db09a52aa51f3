/* Parameters of a command: their rules as data, and the one reader that checks them. */
#ifndef FW_ARGS_H
#define FW_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/port.h>

#include "at_limits.h"

enum fw_arg_kind {
    FW_ARG_NUMBER,   /* min..max */
    FW_ARG_ZONE,     /* -12..14 hours, or [+|-][hh]mm; the value is in minutes */
    FW_ARG_TEXT,     /* in quotes, min..max bytes */
    FW_ARG_WORD,     /* in quotes, one of words */
    FW_ARG_IP,       /* in quotes, an IPv4 or IPv6 address; "" counts as omitted */
    FW_ARG_IPV4,     /* in quotes, an IPv4 address */
    FW_ARG_MAC,      /* in quotes, xx:xx:xx:xx:xx:xx */
    FW_ARG_PASSWORD, /* in quotes, 8..63 characters, 64 hex digits, or "" */
    FW_ARG_HEX,      /* in quotes, pairs of hex digits for min..max bytes */
    FW_ARG_LINK, /* a link id 0..max: there in multiple connection mode, id 0 without it otherwise
                  */
    FW_ARG_NOTHING, /* takes no parameter: keeps the positions those of a sister command */
};

struct fw_schema;

struct fw_word {
    const char *text;
    int value;                    /* what the handler sees as number */
    const struct fw_schema *rest; /* rules of the parameters behind this word, or number */
};

struct fw_arg {
    enum fw_arg_kind kind;
    bool optional;
    int min, max;
    int fallback; /* number of an omitted parameter */
    const struct fw_word *words;
    size_t word_count;
};

/* The rules in the order of the parameters. Behind a word that has rules of its own, those go on.
 */
struct fw_schema {
    const struct fw_arg *args;
    size_t count;
};

struct fw_value {
    bool given;
    int number;
    const char *text; /* ends with a NUL and holds no control byte; "" when omitted */
    size_t len;
    struct fw_addr addr;
    const uint8_t *bytes; /* FW_ARG_HEX: decoded */
    size_t byte_count;
    uint8_t mac[6];
};

/* The parameters by position in the rules, whatever the multiplex mode. */
struct fw_args {
    struct fw_value value[AT_PARAMS_MAX + 1];
};

/* Splits and unescapes text[0..len) in place (it has room for one byte more) and checks it against
 * the rules; a NULL schema stands for no parameters. False: CMD PARSE ERR. The values refer to
 * text. */
bool fw_args_read(char *text, size_t len, const struct fw_schema *schema, bool multiple,
                  struct fw_args *args);

#endif
