/* What the system commands keep an eye on. */
#ifndef FW_SYSTEM_H
#define FW_SYSTEM_H

#include "module.h"

/* Settings that no other part has begin anew: AT+SYSRAM, AT+CWLAPOPT. */
void fw_system_boot(struct fw_module *module);

/* Notices how little was free: to be called whenever buffers may have filled. */
void fw_system_watch(struct fw_module *module);

#endif
