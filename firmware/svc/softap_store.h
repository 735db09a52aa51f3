/* The settings of the module's access point, to and from the store. */
#ifndef FW_SOFTAP_STORE_H
#define FW_SOFTAP_STORE_H

#include "softap.h"

/* Everything that is stored; a value that is missing or out of its range is the default. */
void fw_softap_load(struct fw_softap *softap);

/* What one command sets, where AT+SYSSTORE allows it. */
void fw_softap_save_config(struct fw_softap *softap);
void fw_softap_save_address(struct fw_softap *softap);
void fw_softap_save_mac(struct fw_softap *softap);
void fw_softap_save_pool(struct fw_softap *softap);

#endif
