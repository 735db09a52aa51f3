/* AT+CIPSTART, AT+CIPSTARTEX, AT+CIPCLOSE, AT+CIPSTATE: links that the host opens and closes. */
#include "connect.h"

#include "addr.h"
#include "handlers.h"
#include "show.h"

enum fw_outcome fw_cipstate_query(struct fw_module *module, const struct fw_args *args)
{
    char ip[FW_ADDR_TEXT];

    (void)args;
    for (unsigned id = 0; id < AT_LINKS; id++) {
        const struct fw_link *link = &module->links.link[id];

        if (fw_link_exists(&module->links, id)) {
            fw_show_addr(module, &link->remote.addr, ip);
            fw_reply_message(&module->reply, FW_MSG_CIPSTATE, (int)id,
                             fw_link_type_name(link->type), ip, (int)link->remote.port,
                             (int)link->local_port, (int)link->server);
        }
    }
    return FW_DONE;
}

/* Positions of CIPSTART and CIPSTARTEX: link ID, type, host, port; then for datagrams local port,
 * mode, local IP, for streams keep_alive, local IP. */
static struct fw_link_request request_of(const struct fw_value *value)
{
    struct fw_link_request request = {
        .type = (enum fw_link_type)value[1].number,
        .host = value[2].text,
        .port = (uint16_t)value[3].number,
    };

    if (fw_link_is_datagram(request.type)) {
        request.local.port = (uint16_t)value[4].number;
        request.udp_mode = (enum fw_udp_mode)value[5].number;
        request.local.addr = value[6].addr;
    } else {
        request.local.addr = value[5].addr;
    }
    return request;
}

/* Why a link can't be opened; NULL: it can. */
static const char *obstacle(const struct fw_module *module, unsigned id,
                            const struct fw_link_request *request)
{
    if (request->udp_mode != FW_UDP_FIXED && module->passthrough) {
        return "in passthrough mode a datagram link has a fixed peer";
    }
    if (!fw_can_reach(module, fw_link_family(request->type))) {
        return FW_REASON_NO_NETWORK;
    }
    if (module->links.link[id].state != FW_LINK_FREE) {
        return "the link ID is in use";
    }
    return NULL;
}

/* A module that has one TLS link in all keeps it for its server. */
static bool may_use_tls(const struct fw_module *module)
{
    const struct fw_server *server = &module->server;
    bool serves = fw_server_is_on(server) && fw_link_is_ssl(server->type);

    return !fw_links_tls_taken(&module->links) && !(module->links.one_tls && serves);
}

static enum fw_outcome start(struct fw_module *module, unsigned id, const struct fw_value *value)
{
    struct fw_link_request request = request_of(value);
    bool datagram = fw_link_is_datagram(request.type);
    const char *reason = obstacle(module, id, &request);

    if (datagram && request.udp_mode != FW_UDP_FIXED && request.local.port == 0) {
        return FW_BAD_PARAMETER; /* spec, CIPSTART: the mode needs the local port */
    }
    if (fw_link_is_ssl(request.type) && !may_use_tls(module)) {
        return fw_refuse(module, "connect", "there is another TLS link or server");
    }
    if (reason != NULL) {
        return fw_refuse(module, "connect", reason);
    }
    module->job_link = id;
    module->job_keep_alive_s = !datagram && value[4].given ? value[4].number : -1;
    fw_link_start(&module->links, id, &request, module->now_ms);
    return FW_WAIT;
}

enum fw_outcome fw_cipstart_set(struct fw_module *module, const struct fw_args *args)
{
    return start(module, (unsigned)args->value[0].number, args->value);
}

enum fw_outcome fw_cipstartex_set(struct fw_module *module, const struct fw_args *args)
{
    int id = module->multiple ? fw_links_find_free(&module->links, 0) : 0;

    return id < 0 ? fw_refuse(module, "connect", "no link is free")
                  : start(module, (unsigned)id, args->value);
}

enum fw_outcome fw_cipstart_poll(struct fw_module *module)
{
    unsigned id = module->job_link;
    struct fw_link *link = &module->links.link[id];

    if (link->state == FW_LINK_FAILED) {
        fw_link_close(&module->links, id);
        return link->unresolved && fw_has_quirk(module->habits, FW_QUIRK_NO_NAME_PARSE_ERR)
                   ? FW_BAD_PARAMETER
                   : FW_FAILED;
    }
    if (!fw_link_exists(&module->links, id)) {
        return FW_WAIT;
    }
    if (module->job_keep_alive_s >= 0) { /* the same setting as that of AT+CIPTCPOPT */
        module->links.options[id].keep_alive_s = (unsigned)module->job_keep_alive_s;
        fw_link_apply_options(&module->links, id);
    }
    link->reported = true;
    fw_reply_message(&module->reply, FW_MSG_CONNECT, fw_shown_id(module, id));
    return FW_DONE;
}

bool fw_close_links(struct fw_module *module, unsigned links, enum fw_outcome outcome)
{
    module->job_links = 0;
    module->job_outcome = outcome;
    for (unsigned id = 0; id < AT_LINKS; id++) {
        if ((links >> id & 1) != 0 && fw_link_exists(&module->links, id)) {
            module->job_links |= 1u << id;
            fw_link_end(&module->links, id, module->now_ms);
        }
    }
    return module->job_links != 0;
}

/* One that lingers keeps the command waiting, and nothing else. */
enum fw_outcome fw_close_poll(struct fw_module *module)
{
    for (unsigned id = 0; id < AT_LINKS; id++) {
        if ((module->job_links >> id & 1) != 0 && module->links.link[id].state == FW_LINK_FREE) {
            fw_reply_message(&module->reply, FW_MSG_CLOSED, fw_shown_id(module, id));
            module->job_links &= ~(1u << id);
        }
    }
    return module->job_links != 0 ? FW_WAIT : module->job_outcome;
}

enum fw_outcome fw_cipclose_set(struct fw_module *module, const struct fw_args *args)
{
    unsigned id = (unsigned)args->value[0].number;
    unsigned links = id == AT_LINK_ALL ? (1u << AT_LINKS) - 1 : 1u << id;

    if (!fw_close_links(module, links, FW_DONE_BLANK)) {
        return id == AT_LINK_ALL ? FW_DONE : FW_FAILED;
    }
    return fw_close_poll(module);
}

enum fw_outcome fw_cipclose_execute(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    if (module->multiple || !fw_close_links(module, 1, FW_DONE_BLANK)) {
        return FW_FAILED;
    }
    return fw_close_poll(module);
}
