/* How values look in answers and reports. */
#ifndef FW_SHOW_H
#define FW_SHOW_H

#include "addr.h"
#include "module.h"

/* An address as the host sees it; "" for none. What is stored has fw_addr_format's form. */
void fw_show_addr(const struct fw_module *module, const struct fw_addr *addr,
                  char text[FW_ADDR_TEXT]);

#endif
