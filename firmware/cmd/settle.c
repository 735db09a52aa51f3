#include "settle.h"

void fw_settle(struct fw_module *module)
{
    const struct fw_habits *habits = module->habits;

    module->links.forgets_options = fw_has_quirk(habits, FW_QUIRK_TCPOPT_RESET);
    module->links.common_name_is_sni = fw_has_quirk(habits, FW_QUIRK_CN_IS_HOST_NAME);
    module->links.one_tls = fw_has_quirk(habits, FW_QUIRK_ONE_TLS);
    module->links.empty_ends = fw_has_quirk(habits, FW_QUIRK_EMPTY_DATAGRAM);
    module->server.expires_silently = fw_has_quirk(habits, FW_QUIRK_SILENT_EXPIRY);
}
