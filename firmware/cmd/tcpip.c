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

static void print_cifsr_mac(struct fw_module *module, const char *name, const uint8_t mac[6])
{
    char text[FW_MAC_TEXT];

    fw_mac_format(mac, text);
    fw_reply_message(&module->reply, FW_MSG_CIFSR, name, text);
}

enum fw_outcome fw_cifsr_execute(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_station *station = &module->station;
    struct fw_ipv4_config now = fw_station_ipv4(station);
    uint8_t mac[6];

    (void)args;
    if (module->softap.up) {
        print_cifsr(module, "APIP", &module->softap.address.ip);
        fw_softap_mac(&module->softap, mac);
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

enum fw_outcome fw_cipmux_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPMUX, (int)module->multiple);
    return FW_DONE;
}

/* Only a change needs all links to be closed. */
enum fw_outcome fw_cipmux_set(struct fw_module *module, const struct fw_args *args)
{
    bool multiple = args->value[0].number != 0;

    if (multiple != module->multiple && !fw_links_all_free(&module->links)) {
        return FW_FAILED;
    }
    module->multiple = multiple;
    return FW_DONE;
}

enum fw_outcome fw_cipdinfo_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPDINFO, module->info ? "true" : "false");
    return FW_DONE;
}

enum fw_outcome fw_cipdinfo_set(struct fw_module *module, const struct fw_args *args)
{
    module->info = args->value[0].number != 0;
    return FW_DONE;
}

enum fw_outcome fw_cipstate_query(struct fw_module *module, const struct fw_args *args)
{
    char ip[FW_ADDR_TEXT];

    (void)args;
    for (unsigned id = 0; id < AT_LINKS; id++) {
        const struct fw_link *link = &module->links.link[id];

        if (fw_link_exists(&module->links, id)) {
            fw_addr_format(&link->remote.addr, ip);
            fw_reply_message(&module->reply, FW_MSG_CIPSTATE, (int)id,
                             fw_link_type_name(link->type), ip, (int)link->remote.port,
                             (int)link->local_port, (int)link->server);
        }
    }
    return FW_DONE;
}

/* Positions of CIPSTART and CIPSTARTEX: link ID, type, host, port, keep_alive, local IP. */
static enum fw_outcome start(struct fw_module *module, unsigned id, const struct fw_value *value)
{
    struct fw_link_request request = {
        .type = (enum fw_link_type)value[1].number,
        .host = value[2].text,
        .port = (uint16_t)value[3].number,
        .local = value[5].addr,
    };

    if (module->station.state != FW_STATION_ONLINE ||
        module->links.link[id].state != FW_LINK_FREE) {
        return FW_FAILED;
    }
    request.keep_alive_s = value[4].given ? (unsigned)value[4].number : module->keep_alive_s;
    module->job_link = id;
    fw_link_start(&module->links, id, &request, module->now_ms);
    return FW_WAIT;
}

enum fw_outcome fw_cipstart_set(struct fw_module *module, const struct fw_args *args)
{
    return start(module, (unsigned)args->value[0].number, args->value);
}

enum fw_outcome fw_cipstartex_set(struct fw_module *module, const struct fw_args *args)
{
    int id = module->multiple ? fw_links_find_free(&module->links) : 0;

    return id < 0 ? FW_FAILED : start(module, (unsigned)id, args->value);
}

enum fw_outcome fw_cipstart_poll(struct fw_module *module)
{
    struct fw_link *link = &module->links.link[module->job_link];

    if (link->state == FW_LINK_FAILED) {
        fw_link_close(&module->links, module->job_link);
        return FW_FAILED;
    }
    if (!fw_link_exists(&module->links, module->job_link)) {
        return FW_WAIT;
    }
    module->keep_alive_s = link->keep_alive_s; /* the last configured value is the next default */
    link->reported = true;
    fw_reply_message(&module->reply, FW_MSG_CONNECT, fw_shown_id(module, module->job_link));
    return FW_DONE;
}

/* Closes one link and says so; false when there is none. */
static bool close_one(struct fw_module *module, unsigned id)
{
    if (!fw_link_exists(&module->links, id)) {
        return false;
    }
    fw_link_close(&module->links, id);
    fw_reply_message(&module->reply, FW_MSG_CLOSED, fw_shown_id(module, id));
    return true;
}

enum fw_outcome fw_cipclose_set(struct fw_module *module, const struct fw_args *args)
{
    unsigned wanted = (unsigned)args->value[0].number;
    bool any = false;

    for (unsigned id = 0; id < AT_LINKS; id++) {
        if (wanted == id || wanted == AT_LINK_ALL) {
            any |= close_one(module, id);
        }
    }
    if (!any) {
        return wanted == AT_LINK_ALL ? FW_DONE : FW_FAILED;
    }
    return FW_DONE_BLANK;
}

enum fw_outcome fw_cipclose_execute(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    return !module->multiple && close_one(module, 0) ? FW_DONE_BLANK : FW_FAILED;
}
