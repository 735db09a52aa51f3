/* AT+CIFSR: the addresses of the module. */
#include "handlers.h"

#include "addr.h"

static void print_cifsr(struct fw_module *module, const char *name, const struct fw_addr *addr)
{
    char text[FW_ADDR_TEXT];

    if (addr->family != 0) {
        fw_addr_format(addr, text);
        fw_reply_message(&module->reply, FW_MSG_CIFSR, name, text);
    }
}

static void print_cifsr_mac(struct fw_module *module, const char *name, uint8_t offset)
{
    uint8_t mac[6];
    char text[FW_MAC_TEXT];

    fw_station_mac(&module->station, mac);
    mac[5] = (uint8_t)(mac[5] + offset);
    fw_mac_format(mac, text);
    fw_reply_message(&module->reply, FW_MSG_CIFSR, name, text);
}

enum fw_outcome fw_cifsr_execute(struct fw_module *module, const struct fw_args *args)
{
    static const struct fw_addr ap_ip = {.family = FW_IPV4, .bytes = {192, 168, 10, 1}};
    const struct fw_station *station = &module->station;
    struct fw_ipv4_config now = fw_station_ipv4(station);

    (void)args;
    if ((station->mode & 2) != 0) {
        print_cifsr(module, "APIP", &ap_ip);
        print_cifsr_mac(module, "APMAC", 1);
    }
    if ((station->mode & 1) != 0) {
        print_cifsr(module, "STAIP", &now.ip);
        print_cifsr(module, "STAIP6LL", &station->ip6_ll);
        print_cifsr(module, "STAIP6GL", &station->ip6_gl);
        print_cifsr_mac(module, "STAMAC", 0);
    }
    return FW_DONE;
}
