#include "report.h"

#include "addr.h"
#include "payload.h"
#include "show.h"
#include "stream.h"

#define FRAME_HEAD_MAX 80 /* "+IPD,<id>,<len>,<"ip">,<port>:" and CR LF */

static bool has_room(const struct fw_module *module, size_t len)
{
    return fw_reply_room(&module->reply) >= FW_REPLY_RESERVE + FRAME_HEAD_MAX + len;
}

/* The address that a report is about; "" where it is about none. */
static void show_station_address(const struct fw_module *module, enum fw_station_report report,
                                 char text[FW_ADDR_TEXT])
{
    const struct fw_station *station = &module->station;
    struct fw_ipv4_config now = fw_station_ipv4(station);

    switch (report) {
    case FW_STATION_GOT_IP:
        fw_show_addr(module, &now.ip, text);
        break;
    case FW_STATION_GOT_IP6_LL:
        fw_show_addr(module, &station->ip6_ll, text);
        break;
    case FW_STATION_GOT_IP6_GL:
        fw_show_addr(module, &station->ip6_gl, text);
        break;
    default:
        text[0] = '\0';
    }
}

/* A loss of the network ends the links, too. In passthrough nothing is printed: the host would take
 * it for data. */
static bool report_station(struct fw_module *module)
{
    static const enum fw_message messages[] = {
        [FW_STATION_CONNECTED] = FW_MSG_WIFI_CONNECTED,
        [FW_STATION_GOT_IP] = FW_MSG_WIFI_GOT_IP,
        [FW_STATION_GOT_IP6_LL] = FW_MSG_WIFI_GOT_IP6_LL,
        [FW_STATION_GOT_IP6_GL] = FW_MSG_WIFI_GOT_IP6_GL,
        [FW_STATION_LOST_IP] = FW_MSG_WIFI_LOST_IP,
        [FW_STATION_DISCONNECTED] = FW_MSG_WIFI_DISCONNECT,
    };
    enum fw_station_report report;
    char ip[FW_ADDR_TEXT];

    if (!has_room(module, 0) || !fw_station_next_report(&module->station, &report)) {
        return false;
    }
    if (!fw_stream_is_raw(module)) {
        show_station_address(module, report, ip);
        fw_reply_message(&module->reply, messages[report], ip);
    }
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
    if (fw_stream_is_raw(module)) {
        return true;
    }
    fw_mac_format(report.mac, mac);
    fw_show_addr(module, &report.ip, ip);
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

static bool report_time(struct fw_module *module)
{
    if (!has_room(module, 0) || !fw_sntp_take_news(&module->sntp)) {
        return false;
    }
    if (!fw_stream_is_raw(module)) {
        fw_reply_message(&module->reply, FW_MSG_TIME_UPDATED);
    }
    return true;
}

static void print_head(struct fw_module *module, unsigned id, size_t len,
                       const struct fw_endpoint *from)
{
    char ip[FW_ADDR_TEXT];

    if (module->info) {
        fw_show_addr(module, &from->addr, ip);
        fw_reply_message(&module->reply, FW_MSG_IPD_HEAD_INFO, fw_shown_id(module, id), (int)len,
                         ip, (int)from->port);
    } else {
        fw_reply_message(&module->reply, FW_MSG_IPD_HEAD, fw_shown_id(module, id), (int)len);
    }
}

/* Active mode: a frame of what was received, whole or not at all. */
static bool deliver(struct fw_module *module, unsigned id)
{
    struct fw_endpoint from;
    size_t len = fw_link_next(&module->links.link[id], AT_IPD_MAX, &from);

    if (!has_room(module, len)) {
        return false;
    }
    print_head(module, id, len, &from);
    fw_reply_payload_begins(&module->reply);
    fw_payload_write(module, &module->links.link[id], len);
    fw_reply_payload_ends(&module->reply);
    fw_reply_message(&module->reply, FW_MSG_IPD_TAIL);
    return true;
}

/* Active mode of a shipping module: what one receive call gives is a frame. */
static bool take_and_deliver(struct fw_module *module, unsigned id)
{
    struct fw_endpoint from = {.port = 0};
    size_t len = has_room(module, AT_RECV_WINDOW)
                     ? fw_link_take(&module->links, id, module->now_ms, &from)
                     : 0;

    if (len > 0) {
        print_head(module, id, len, &from);
        fw_reply_payload_begins(&module->reply);
        fw_payload_print(module, module->links.datagram, len);
        fw_reply_payload_ends(&module->reply);
        fw_reply_message(&module->reply, FW_MSG_IPD_TAIL);
    }
    return len > 0;
}

/* Passthrough: the bytes and nothing else. */
static bool pass_through(struct fw_module *module)
{
    size_t room = fw_reply_room(&module->reply);
    struct fw_endpoint from;
    size_t len = room > FW_REPLY_RESERVE ? room - FW_REPLY_RESERVE : 0;

    len = len > 0 ? fw_link_next(&module->links.link[0], len, &from) : 0;
    fw_payload_write(module, &module->links.link[0], len);
    return len > 0;
}

/* Passive mode: one notice until the host reads. */
static bool announce(struct fw_module *module, unsigned id)
{
    struct fw_link *link = &module->links.link[id];
    bool first = fw_has_quirk(module->habits, FW_QUIRK_FIRST_PIECE);

    if (link->announced || !has_room(module, 0)) {
        return false;
    }
    fw_reply_message(&module->reply, FW_MSG_IPD_NOTICE, fw_shown_id(module, id),
                     (int)(first ? link->notice : link->rx_payload));
    link->announced = true;
    return true;
}

/* Clients of our server say so themselves; CIPSTART has its own CONNECT. */
static bool report_accepted(struct fw_module *module, unsigned id)
{
    struct fw_link *link = &module->links.link[id];

    if (!link->server || !fw_link_exists(&module->links, id) || !has_room(module, 0)) {
        return false;
    }
    link->reported = true;
    fw_reply_message(&module->reply, FW_MSG_CONNECT, fw_shown_id(module, id));
    return true;
}

static bool report_data(struct fw_module *module, unsigned id)
{
    const struct fw_link *link = &module->links.link[id];

    if (module->links.receiving == FW_RECEIVE_DIRECT) {
        return take_and_deliver(module, id);
    }
    if (link->rx_payload == 0) {
        return false;
    }
    return module->passive ? announce(module, id) : deliver(module, id);
}

/* CLOSED comes after the last byte was read; in passthrough the link opens again instead. */
static bool can_close(const struct fw_module *module, const struct fw_link *link)
{
    bool loses = link->server && fw_has_quirk(module->habits, FW_QUIRK_CLIENTS_LOSE);

    return link->state == FW_LINK_ENDED && (link->rx_payload == 0 || loses) && !link->held &&
           !fw_stream_is_on(module) && has_room(module, 0);
}

static bool report_link(struct fw_module *module, unsigned id)
{
    const struct fw_link *link = &module->links.link[id];

    if (!link->reported) {
        return report_accepted(module, id);
    }
    if (report_data(module, id)) {
        return true;
    }
    if (!can_close(module, link)) {
        return false;
    }
    fw_link_close(&module->links, id);
    fw_reply_message(&module->reply, FW_MSG_CLOSED, fw_shown_id(module, id));
    return true;
}

/* True when the links have to say anew what they wait for. */
static bool update_accepting(struct fw_module *module)
{
    bool before = module->links.accepting;

    module->links.accepting = has_room(module, AT_RECV_WINDOW);
    return module->links.accepting != before;
}

/* One report a link in turn, so that a busy link does not silence the others. */
bool fw_report(struct fw_module *module)
{
    bool any = report_station(module);

    any |= report_softap(module);
    any |= report_time(module);
    if (fw_stream_is_raw(module)) {
        return pass_through(module) || any;
    }
    for (unsigned i = 0; i < AT_LINKS; i++) {
        unsigned id = (module->turn + i) % AT_LINKS;

        if (report_link(module, id)) {
            module->turn = (id + 1) % AT_LINKS;
            any = true;
        }
    }
    return update_accepting(module) || any;
}
