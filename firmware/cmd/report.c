#include "report.h"

#include "addr.h"
#include "payload.h"

#define FRAME_HEAD_MAX 80 /* "+IPD,<id>,<len>,<"ip">,<port>:" and CR LF */

static bool has_room(const struct fw_module *module, size_t len)
{
    return fw_reply_room(&module->reply) >= FW_REPLY_RESERVE + FRAME_HEAD_MAX + len;
}

/* A loss of the network ends the links, too. */
static bool report_station(struct fw_module *module)
{
    static const enum fw_message messages[] = {
        [FW_STATION_CONNECTED] = FW_MSG_WIFI_CONNECTED,
        [FW_STATION_GOT_IP] = FW_MSG_WIFI_GOT_IP,
        [FW_STATION_GOT_IP6_LL] = FW_MSG_WIFI_GOT_IP6_LL,
        [FW_STATION_GOT_IP6_GL] = FW_MSG_WIFI_GOT_IP6_GL,
        [FW_STATION_DISCONNECTED] = FW_MSG_WIFI_DISCONNECT,
    };
    enum fw_station_report report;

    if (!has_room(module, 0) || !fw_station_next_report(&module->station, &report)) {
        return false;
    }
    fw_reply_message(&module->reply, messages[report]);
    if (report == FW_STATION_DISCONNECTED) {
        for (unsigned id = 0; id < AT_LINKS; id++) {
            fw_link_abort(&module->links, id);
        }
    }
    return true;
}

static bool report_softap(struct fw_module *module)
{
    struct fw_softap_report report;
    char mac[FW_MAC_TEXT], ip[FW_ADDR_TEXT];

    if (!has_room(module, 0) || !fw_softap_next_report(&module->softap, &report)) {
        return false;
    }
    fw_mac_format(report.mac, mac);
    fw_addr_format(&report.ip, ip);
    switch (report.type) {
    case FW_SOFTAP_STA_CONNECTED:
        fw_reply_message(&module->reply, FW_MSG_STA_CONNECTED, mac);
        break;
    case FW_SOFTAP_STA_ADDRESS:
        fw_reply_message(&module->reply, FW_MSG_DIST_STA_IP, mac, ip);
        break;
    case FW_SOFTAP_STA_DISCONNECTED:
        fw_reply_message(&module->reply, FW_MSG_STA_DISCONNECTED, mac);
        break;
    }
    return true;
}

static void print_frame(struct fw_module *module, unsigned id, size_t len)
{
    struct fw_link *link = &module->links.link[id];
    char ip[FW_ADDR_TEXT];

    if (module->info) {
        fw_addr_format(&link->remote.addr, ip);
        fw_reply_message(&module->reply, FW_MSG_IPD_HEAD_INFO, fw_shown_id(module, id), (int)len,
                         ip, (int)link->remote.port);
    } else {
        fw_reply_message(&module->reply, FW_MSG_IPD_HEAD, fw_shown_id(module, id), (int)len);
    }
    fw_payload_write(module, link, len);
    fw_reply_message(&module->reply, FW_MSG_IPD_TAIL);
}

/* Active mode: a frame of what was received, whole or not at all. */
static bool deliver(struct fw_module *module, unsigned id)
{
    size_t used = module->links.link[id].rx.used;
    size_t len = used < AT_IPD_MAX ? used : AT_IPD_MAX;

    if (!has_room(module, len)) {
        return false;
    }
    print_frame(module, id, len);
    return true;
}

/* Passive mode: one notice until the host reads. */
static bool announce(struct fw_module *module, unsigned id)
{
    struct fw_link *link = &module->links.link[id];

    if (link->announced || !has_room(module, 0)) {
        return false;
    }
    fw_reply_message(&module->reply, FW_MSG_IPD_NOTICE, fw_shown_id(module, id),
                     (int)link->rx.used);
    link->announced = true;
    return true;
}

/* CLOSED comes after the last byte was read. */
static bool report_link(struct fw_module *module, unsigned id)
{
    struct fw_link *link = &module->links.link[id];

    if (!link->reported) {
        return false;
    }
    if (link->rx.used > 0) {
        return module->passive ? announce(module, id) : deliver(module, id);
    }
    if (link->state != FW_LINK_ENDED || !has_room(module, 0)) {
        return false;
    }
    fw_link_close(&module->links, id);
    fw_reply_message(&module->reply, FW_MSG_CLOSED, fw_shown_id(module, id));
    return true;
}

/* One report a link in turn, so that a busy link does not silence the others. */
bool fw_report(struct fw_module *module)
{
    bool any = report_station(module);

    any |= report_softap(module);
    for (unsigned i = 0; i < AT_LINKS; i++) {
        unsigned id = (module->turn + i) % AT_LINKS;

        if (report_link(module, id)) {
            module->turn = (id + 1) % AT_LINKS;
            any = true;
        }
    }
    return any;
}
