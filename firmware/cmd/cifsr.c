/* AT+CIFSR: the addresses of the module. */
#include "handlers.h"

#include "addr.h"
#include "show.h"

static void print_cifsr(struct fw_module *module, const char *name, const struct fw_addr *addr)
{
    char text[FW_ADDR_TEXT];

    if (addr->family != 0) {
        fw_show_addr(module, addr, text);
        fw_reply_message(&module->reply, FW_MSG_CIFSR, name, text);
    }
}

static void print_cifsr_mac(struct fw_module *module, const char *name, const uint8_t mac[6])
{
    char text[FW_MAC_TEXT];

    fw_mac_format(mac, text);
    fw_reply_message(&module->reply, FW_MSG_CIFSR, name, text);
}

/* Link-local, made of the hardware address (RFC 4291, appendix A). */
static void print_access_point_ip6(struct fw_module *module, const uint8_t mac[6])
{
    struct fw_addr addr = {
        .family = FW_IPV6,
        .bytes = {0xfe, 0x80, [8] = mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]},
    };
    char text[FW_ADDR_TEXT];

    if (fw_has_ipv6(module) && fw_has_quirk(module->habits, FW_QUIRK_CIFSR_APIP6LL)) {
        fw_show_addr(module, &addr, text);
        fw_reply_message(&module->reply, FW_MSG_CIFSR_APIP6LL, text);
    }
}

enum fw_outcome fw_cifsr_execute(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_station *station = &module->station;
    struct fw_ipv4_config now = fw_station_ipv4(station);
    uint8_t mac[6];

    (void)args;
    if (module->softap.up) {
        fw_softap_mac(&module->softap, mac);
        print_cifsr(module, "APIP", &module->softap.address.ip);
        print_access_point_ip6(module, mac);
        print_cifsr_mac(module, "APMAC", mac);
    }
    if (fw_station_is_on(station)) {
        print_cifsr(module, "STAIP", &now.ip);
        print_cifsr(module, "STAIP6LL", &station->ip6_ll);
        print_cifsr(module, "STAIP6GL", &station->ip6_gl);
        fw_station_mac(station, mac);
        print_cifsr_mac(module, "STAMAC", mac);
    }
    return FW_DONE;
}
