/* Reports: what the host is told without having asked. */
#ifndef FW_REPORT_H
#define FW_REPORT_H

#include "module.h"

/* Prints what the station and the links have to tell, as far as there is room beside the reserve
 * for answers. True when something was printed. */
bool fw_report(struct fw_module *module);

#endif
