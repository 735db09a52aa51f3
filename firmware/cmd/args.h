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
    FW_ARG_KEY,      /* in quotes, 5 or 8..64 characters, or "" */
    FW_ARG_HEX,      /* in quotes, pairs of hex digits for min..max bytes */
    FW_ARG_LINK, /* a link id 0..max: there in multiple connection mode, id 0 without it otherwise
                  */
    FW_ARG_NOTHING, /* takes no parameter: keeps the positions those of a sister command */
};

/* What a command with a fault in its parameters is refused with. */
enum fw_fault {
    FW_FAULT_NONE = 0,
    FW_FAULT_PARSE, /* CMD PARSE ERR */
    FW_FAULT_ERROR, /* ERROR */
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
    /* What is unusual about it; 0: CMD PARSE ERR for any fault, what is empty is omitted. */
    enum fw_fault wrong; /* not a number, or no quotes; where it is 0, struct fw_reading counts */
    enum fw_fault range; /* too small, long, ...; FW_ARG_HEX: not a hex digit */
    bool strict;         /* an empty one is wrong, not omitted; so is FW_ARG_IP "" */
    bool lax;            /* what is not a number counts as 0 */
    unsigned bits;       /* so many low bits of the number count; 0: all */
};

struct fw_module;
struct fw_args;

/* Whether the parameters behind are to be read at all; else ERROR. */
typedef bool fw_gate_fn(const struct fw_module *module, const struct fw_args *args);

/* The rules in the order of the parameters. Behind a word that has rules of its own, those go on.
 */
struct fw_schema {
    const struct fw_arg *args;
    size_t count;
};

/* What is asked of a command's parameters as a whole. */
struct fw_demand {
    /* How many there may be, a link id in multiple connection mode not counted; most 0: as many as
     * the rules need. */
    size_t least, most;
    enum fw_fault count_fault; /* 0: CMD PARSE ERR */
    bool ignores_surplus;      /* parameters behind the rules may be anything */
    fw_gate_fn *gate;          /* asked before the parameter gate_at is read; NULL: none */
    size_t gate_at;
};

/* How parameters are read. */
struct fw_reading {
    const struct fw_schema *schema; /* NULL: no parameters */
    const struct fw_demand *demand; /* NULL: nothing but the rules */
    bool multiple;                  /* AT+CIPMUX */
    bool splits_in_quotes;          /* a comma there splits, the 20th parameter takes the rest */
    bool loose_numbers;      /* "-" is 0, "-0" is no number, what is too large is the largest */
    enum fw_fault no_number; /* for what should be one, where its rule doesn't say */
    const struct fw_module *module; /* for gates */
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
 * the rules. The values refer to text. text NULL: there are no parameters, not even an empty one.
 */
enum fw_fault fw_args_check(char *text, size_t len, const struct fw_reading *reading,
                            struct fw_args *args);

/* The same as the manual has it: false is CMD PARSE ERR. */
bool fw_args_read(char *text, size_t len, const struct fw_schema *schema, bool multiple,
                  struct fw_args *args);

#endif
