/* From a command line to its row in the table, its form, and its handler. */
#ifndef FW_FORMS_H
#define FW_FORMS_H

#include "module.h"

/* Runs a line (without its CR LF; it has room for one byte more). The poll function of the command
 * goes on where the outcome is FW_WAIT or FW_DATA. */
enum fw_outcome fw_run_line(struct fw_module *module, char *text, size_t len);

#endif
