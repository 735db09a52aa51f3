#include "show.h"

void fw_show_addr(const struct fw_module *module, const struct fw_addr *addr,
                  char text[FW_ADDR_TEXT])
{
    fw_addr_format(addr, text);
    if (fw_has_quirk(module->habits, FW_QUIRK_UPPER_CASE_IPV6)) {
        for (char *at = text; *at != '\0'; at++) {
            *at = (char)(*at >= 'a' && *at <= 'f' ? *at - 'a' + 'A' : *at);
        }
    }
}
