/* AT+CIPSERVER, AT+CIPSERVERMAXCONN, AT+CIPSTO: the module as a server. */
#include "connect.h"
#include "handlers.h"
#include "trace.h"

enum fw_outcome fw_cipserver_query(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_server *server = &module->server;

    (void)args;
    if (fw_has_quirk(module->habits, FW_QUIRK_CIPSERVER_FIELDS)) {
        fw_reply_message(&module->reply, FW_MSG_CIPSERVER_SSL, (int)fw_server_is_on(server),
                         (int)server->port, fw_link_type_name(server->type), (int)server->verify);
    } else if (!fw_server_is_on(server)) {
        fw_reply_message(&module->reply, FW_MSG_CIPSERVER_OFF, 0);
    } else if (fw_link_is_ssl(server->type)) {
        fw_reply_message(&module->reply, FW_MSG_CIPSERVER_SSL, 1, (int)server->port,
                         fw_link_type_name(server->type), (int)server->verify);
    } else {
        fw_reply_message(&module->reply, FW_MSG_CIPSERVER, 1, (int)server->port,
                         fw_link_type_name(server->type));
    }
    return FW_DONE_BLANK;
}

static bool may_stop(const struct fw_module *module)
{
    return fw_has_network(module) || !fw_has_quirk(module->habits, FW_QUIRK_STOP_NEEDS_NETWORK);
}

/* Clients that stay turn into links of our own (tetype 0). */
static void adopt_clients(struct fw_module *module)
{
    if (!fw_has_quirk(module->habits, FW_QUIRK_KEPT_CLIENTS)) {
        return;
    }
    for (unsigned id = 0; id < AT_LINKS; id++) {
        module->links.link[id].server &= !module->links.link[id].reported;
    }
}

static enum fw_outcome stop(struct fw_module *module, bool with_clients)
{
    unsigned links = 0;

    if (!fw_server_is_on(&module->server) || !may_stop(module)) {
        return FW_FAILED;
    }
    fw_server_stop(&module->server);
    for (unsigned id = 0; id < AT_LINKS && with_clients; id++) {
        links |= module->links.link[id].server ? 1u << id : 0;
    }
    adopt_clients(module);
    return fw_close_links(module, links, FW_DONE) ? fw_close_poll(module) : FW_DONE;
}

/* Why there can't be a server now; NULL: there can. */
static const char *obstacle(const struct fw_module *module, enum fw_link_type type)
{
    if (!module->multiple) {
        return "a server needs AT+CIPMUX=1";
    }
    if (fw_server_is_on(&module->server)) {
        return "there is one already";
    }
    return fw_can_reach(module, fw_link_family(type)) ? NULL : FW_REASON_NO_NETWORK;
}

/* Positions: mode; then to stop: whether with all connections; to start: port, type, CA enable. */
enum fw_outcome fw_cipserver_set(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_value *value = args->value;
    enum fw_link_type type = (enum fw_link_type)value[2].number;
    const char *reason = obstacle(module, type);

    if (value[0].number == 0) {
        return stop(module, value[1].number != 0);
    }
    if (value[3].number != 0 && !fw_link_is_ssl(type)) {
        return FW_BAD_PARAMETER; /* there is no certificate in plain TCP */
    }
    if (reason != NULL) {
        return fw_refuse(module, "server", reason);
    }
    if (fw_link_is_ssl(type) && fw_links_tls_taken(&module->links)) {
        return FW_BAD_PARAMETER;
    }
    if (!fw_server_start(&module->server, type, (uint16_t)value[1].number, value[3].number != 0,
                         module->now_ms, &reason)) {
        return fw_refuse(module, "server", reason);
    }
    return FW_DONE;
}

enum fw_outcome fw_cipservermaxconn_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPSERVERMAXCONN, (int)module->server.max_clients);
    return FW_DONE;
}

/* Spec: to be set before the server is created. */
enum fw_outcome fw_cipservermaxconn_set(struct fw_module *module, const struct fw_args *args)
{
    if (fw_server_is_on(&module->server)) {
        return FW_FAILED;
    }
    module->server.max_clients = (unsigned)args->value[0].number;
    return FW_DONE;
}

enum fw_outcome fw_cipsto_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPSTO, (int)module->server.idle_limit_s);
    return FW_DONE;
}

enum fw_outcome fw_cipsto_set(struct fw_module *module, const struct fw_args *args)
{
    module->server.idle_limit_s = (unsigned)args->value[0].number;
    return FW_DONE;
}
