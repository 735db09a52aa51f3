/* What the services have to know of the habits of the module. */
#ifndef FW_SETTLE_H
#define FW_SETTLE_H

#include "module.h"

/* Behind the services' own initialisation: they know no quirks, only settings. */
void fw_settle(struct fw_module *module);

#endif
