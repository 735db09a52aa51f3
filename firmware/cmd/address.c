/* AT+CIPSTA, AT+CIPSTAMAC, AT+CWDHCP, AT+CWHOSTNAME, AT+CIPV6: the station's addresses. */
#include "address.h"

#include <string.h>

#include "addr.h"
#include "handlers.h"
#include "show.h"

bool fw_address_read(const struct fw_value *value, struct fw_ipv4_config *out)
{
    *out = (struct fw_ipv4_config){value[0].addr, value[1].addr, value[2].addr};
    return value[1].given == value[2].given && fw_ipv4_is_host(&out->ip) &&
           (!value[2].given || fw_ipv4_is_netmask(&out->netmask));
}

static void print_line(struct fw_module *module, enum fw_message message, const char *name,
                       const struct fw_addr *addr)
{
    static const struct fw_addr none = {.family = FW_IPV4};
    char text[FW_ADDR_TEXT];

    fw_show_addr(module, addr->family != 0 ? addr : &none, text);
    fw_reply_message(&module->reply, message, name, text);
}

void fw_address_print(struct fw_module *module, enum fw_message message,
                      const struct fw_ipv4_config *address)
{
    print_line(module, message, "ip", &address->ip);
    print_line(module, message, "gateway", &address->gateway);
    print_line(module, message, "netmask", &address->netmask);
}

bool fw_address_mac_is_free(const uint8_t mac[6], const uint8_t other[6])
{
    return fw_mac_is_host(mac) && memcmp(mac, other, 6) != 0;
}

/* A fixed address is shown as soon as it is set. */
enum fw_outcome fw_cipsta_query(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_station *station = &module->station;
    struct fw_ipv4_config now = fw_station_ipv4(station);

    (void)args;
    fw_address_print(module, FW_MSG_CIPSTA, station->fixed.ip.family != 0 ? &station->fixed : &now);
    if (fw_has_quirk(module->habits, FW_QUIRK_CIPSTA_IPV4)) {
        return FW_DONE;
    }
    if (station->ip6_ll.family != 0) {
        print_line(module, FW_MSG_CIPSTA, "ip6ll", &station->ip6_ll);
    }
    if (station->ip6_gl.family != 0) {
        print_line(module, FW_MSG_CIPSTA, "ip6gl", &station->ip6_gl);
    }
    return FW_DONE;
}

enum fw_outcome fw_cipsta_set(struct fw_module *module, const struct fw_args *args)
{
    struct fw_ipv4_config fixed;

    if (!fw_address_read(args->value, &fixed)) {
        return FW_BAD_PARAMETER;
    }
    if (!fw_station_is_on(&module->station)) {
        return FW_FAILED;
    }
    fw_ipv4_complete(&fixed);
    fw_station_set_ipv4(&module->station, &fixed, module->now_ms);
    return FW_DONE;
}

enum fw_outcome fw_cipstamac_query(struct fw_module *module, const struct fw_args *args)
{
    uint8_t mac[6];
    char text[FW_MAC_TEXT];

    (void)args;
    if (!fw_station_is_on(&module->station)) {
        return FW_FAILED;
    }
    fw_station_mac(&module->station, mac);
    fw_mac_format(mac, text);
    fw_reply_message(&module->reply, FW_MSG_CIPSTAMAC, text);
    return FW_DONE;
}

enum fw_outcome fw_cipstamac_set(struct fw_module *module, const struct fw_args *args)
{
    uint8_t other[6];

    fw_softap_mac(&module->softap, other);
    if (!fw_address_mac_is_free(args->value[0].mac, other)) {
        return FW_BAD_PARAMETER;
    }
    if (!fw_station_is_on(&module->station)) {
        return FW_FAILED;
    }
    fw_station_set_mac(&module->station, args->value[0].mac);
    return FW_DONE;
}

enum fw_outcome fw_cwdhcp_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CWDHCP,
                     (int)module->station.dhcp | (int)module->softap.dhcp << 1);
    return FW_DONE;
}

enum fw_outcome fw_cwdhcp_set(struct fw_module *module, const struct fw_args *args)
{
    fw_wifi_set_dhcp(&module->station, &module->softap, args->value[0].number != 0,
                     args->value[1].number, module->now_ms);
    return FW_DONE;
}

enum fw_outcome fw_cwhostname_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CWHOSTNAME, module->station.hostname);
    return FW_DONE;
}

enum fw_outcome fw_cwhostname_set(struct fw_module *module, const struct fw_args *args)
{
    if (!fw_station_is_on(&module->station)) {
        return FW_FAILED;
    }
    fw_station_set_hostname(&module->station, args->value[0].text, module->now_ms);
    return FW_DONE;
}

enum fw_outcome fw_cipv6_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPV6, (int)module->station.ip6);
    return FW_DONE_BLANK;
}

/* A link or a server that would lose its network. */
static bool uses_ip6(const struct fw_module *module)
{
    const struct fw_server *server = &module->server;

    for (unsigned id = 0; id < AT_LINKS; id++) {
        const struct fw_link *link = &module->links.link[id];

        if (link->state != FW_LINK_FREE && fw_link_family(link->type) == FW_IPV6) {
            return true;
        }
    }
    return fw_server_is_on(server) && fw_link_family(server->type) == FW_IPV6;
}

enum fw_outcome fw_cipv6_set(struct fw_module *module, const struct fw_args *args)
{
    bool on = args->value[0].number != 0;

    if (!on && uses_ip6(module)) {
        return FW_FAILED;
    }
    fw_station_set_ip6(&module->station, on, module->now_ms);
    return FW_DONE;
}
