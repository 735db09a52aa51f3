/* The rows of the system commands: forms (at_command.def), rules, handlers, usage. */
#include "rules.h"

/* clang-format off */
static const struct fw_arg flag[] = {NUMBER(0, 1)};

static const struct fw_command rows[] = {
    {AT_CMD_AT, .execute = fw_at_execute, .usage = "AT"},
    {AT_CMD_RST, .execute = fw_rst_execute, .usage = "AT+RST"},
    {AT_CMD_RESTORE, .execute = fw_restore_execute, .usage = "AT+RESTORE"},
    {AT_CMD_SYSSTORE, SCHEMA(flag), fw_sysstore_query, fw_sysstore_set,
     .usage = "AT+SYSSTORE?\r\nAT+SYSSTORE=<mode>"},
    {AT_CMD_SYSRAM, NULL, fw_sysram_query, .usage = "AT+SYSRAM?"},
};
/* clang-format on */

const struct fw_chapter fw_chapter_system = {rows, COUNT(rows)};
