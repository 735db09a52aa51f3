/* Parameters of commands and fields of answers as data: one table checks, writes or reads the
 * members of a structure. */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan.h"
#include "writer.h"

enum field_kind {
    FIELD_NUMBER, /* int or unsigned: min..max */
    FIELD_OPTION, /* int: 0 leaves it out, -1 stands for the 0 of the command, else min..max */
    FIELD_FLAG,   /* bool: 0 or 1 */
    FIELD_TRUTH,  /* bool: false or true; reading only */
    FIELD_TEXT,   /* char[]: min..max bytes, terminated */
    FIELD_STRING, /* const char *: min..max bytes; NULL leaves it out */
    FIELD_IP4,    /* char[]: an IPv4 address */
    FIELD_IP,     /* char[]: an IPv4 or IPv6 address */
    FIELD_MAC,    /* char[]: a MAC address */
};

struct field {
    uint8_t kind;
    bool optional;   /* an answer may lack it; "" leaves a parameter out */
    int16_t missing; /* the number that stands for one that is not there */
    uint16_t offset;
    int32_t min, max;
};

#define FIELD_AT(type, member) (uint16_t) offsetof(struct type, member)
#define FIELD_ROOM(type, member)                                                                   \
    (int32_t)(sizeof(((struct type *)0)->member) - 1) /* for a text, without its terminator */

#define NUMBER(type, member, low, high)                                                            \
    {                                                                                              \
        .kind = FIELD_NUMBER, .offset = FIELD_AT(type, member), .min = low, .max = high            \
    }
#define NUMBER_OR(type, member, low, high, none)                                                   \
    {                                                                                              \
        .kind = FIELD_NUMBER, .optional = true, .missing = none, .offset = FIELD_AT(type, member), \
        .min = low, .max = high                                                                    \
    }
#define OPTION(type, member, low, high)                                                            \
    {                                                                                              \
        .kind = FIELD_OPTION, .offset = FIELD_AT(type, member), .min = low, .max = high            \
    }
#define FLAG(type, member)                                                                         \
    {                                                                                              \
        .kind = FIELD_FLAG, .offset = FIELD_AT(type, member)                                       \
    }
#define FLAG_OR_FALSE(type, member)                                                                \
    {                                                                                              \
        .kind = FIELD_FLAG, .optional = true, .offset = FIELD_AT(type, member)                     \
    }
#define STRING(type, member, low, high)                                                            \
    {                                                                                              \
        .kind = FIELD_STRING, .offset = FIELD_AT(type, member), .min = low, .max = high            \
    }
#define TEXT(type, member, low)                                                                    \
    {                                                                                              \
        .kind = FIELD_TEXT, .offset = FIELD_AT(type, member), .min = low,                          \
        .max = FIELD_ROOM(type, member)                                                            \
    }
/* TEXT, IP4, IP or MAC that may be missing. */
#define MAYBE(which, type, member)                                                                 \
    {                                                                                              \
        .kind = FIELD_##which, .optional = true, .offset = FIELD_AT(type, member),                 \
        .max = FIELD_ROOM(type, member)                                                            \
    }
#define ADDRESS(which, type, member)                                                               \
    {                                                                                              \
        .kind = FIELD_##which, .offset = FIELD_AT(type, member), .max = FIELD_ROOM(type, member)   \
    }

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* Are all members that fields describe in their ranges? */
bool fields_sound(const struct field *fields, size_t count, const void *from);

/* Writes them; left-out ones keep their comma where another one follows. */
void fields_write(struct writer *writer, const struct field *fields, size_t count,
                  const void *from);

/* Reads them. False: one is missing, out of its range or of another kind; to is in part written. */
bool fields_read(struct scan *scan, const struct field *fields, size_t count, void *to);

/* The fields of a line of command's answer, see scan_answer. */
bool answer_of(struct slice line, enum at_command command, struct scan *scan);

/* Takes a whole number of min..max. */
bool scan_number(struct scan *scan, int32_t min, int32_t max, int *value);

#endif
