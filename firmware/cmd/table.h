/* The commands that this firmware has: one row each. */
#ifndef FW_TABLE_H
#define FW_TABLE_H

#include <stddef.h>

#include "at_command.h"
#include "module.h"

struct fw_command {
    enum at_command id;           /* name and forms: at_command.def */
    const struct fw_schema *args; /* of the set form */
    fw_handler_fn *query, *set, *execute;
    fw_poll_fn *poll;  /* goes on where a handler said FW_WAIT or FW_DATA */
    const char *usage; /* lines, separated by CR LF */
    bool extension;    /* described and called unsupported: only with fw_port.extensions */
};

/* The rows of a chapter of the specification: table_*.c. */
struct fw_chapter {
    const struct fw_command *rows;
    size_t count;
};
extern const struct fw_chapter fw_chapter_system, fw_chapter_wifi, fw_chapter_tcpip;

/* The row of a name (without "AT+"), or NULL. */
const struct fw_command *fw_command_find(const char *name, size_t len);

/* Commands that exist and are refused in every form with ERROR: the vendor lists them as not
 * supported. */
bool fw_command_is_refused(const char *name, size_t len);

/* Their names, for tests; NULL past the last. */
const char *fw_command_refused(size_t index);

/* All rows one after another, for tests and for the list of what is held; NULL past the last. */
const struct fw_command *fw_command_row(size_t index);

#endif
