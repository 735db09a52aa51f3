/* AT+CIPDOMAIN, AT+CIPDNS, AT+PING: names, who is asked for them, and whether a host is there. */
#include "handlers.h"

#include <string.h>

#include "addr.h"
#include "show.h"
#include "trace.h"

#define PING_MS 5000 /* how long an answer may take */

/* Without IPv6 only IPv4 addresses will do; 0 where then none would. */
static int preference(const struct fw_module *module, const char *host, int wanted)
{
    struct fw_addr literal;
    bool is_ipv6 = fw_addr_parse(host, strlen(host), &literal) && literal.family == FW_IPV6;

    if (fw_has_ipv6(module)) {
        return wanted;
    }
    return wanted == FW_ONLY_IPV6 || is_ipv6 ? 0 : FW_ONLY_IPV4;
}

static bool can_ask(const struct fw_module *module)
{
    return fw_can_reach(module, FW_IPV4) || fw_can_reach(module, FW_IPV6);
}

static enum fw_outcome look_up(struct fw_module *module, const char *host, int wanted)
{
    int which = preference(module, host, wanted);

    if (which == 0) {
        return fw_refuse(module, "name", "IPv6 is off (AT+CIPV6)");
    }
    if (!can_ask(module)) {
        return fw_refuse(module, "name", FW_REASON_NO_NETWORK);
    }
    fw_lookup_start(&module->job_lookup, module->port, host, (enum fw_preference)which,
                    module->now_ms);
    module->job_ms = fw_lookup_deadline(&module->job_lookup);
    return FW_WAIT;
}

enum fw_outcome fw_cipdomain_set(struct fw_module *module, const struct fw_args *args)
{
    return look_up(module, args->value[0].text, args->value[1].number);
}

enum fw_outcome fw_cipdomain_poll(struct fw_module *module)
{
    struct fw_addr addr;
    char text[FW_ADDR_TEXT];
    int result = fw_lookup_poll(&module->job_lookup, module->now_ms, &addr);

    if (result == FW_IO_AGAIN) {
        return FW_WAIT;
    }
    if (result < 0) {
        return fw_refuse(module, "name", module->job_lookup.reason);
    }
    fw_show_addr(module, &addr, text);
    fw_reply_message(&module->reply, FW_MSG_CIPDOMAIN, text);
    return FW_DONE;
}

enum fw_outcome fw_ping_set(struct fw_module *module, const struct fw_args *args)
{
    module->job_pinging = false;
    return look_up(module, args->value[0].text, FW_PREFER_IPV4);
}

static enum fw_outcome no_answer(struct fw_module *module)
{
    fw_reply_message(&module->reply, FW_MSG_PING_TIMEOUT);
    return FW_FAILED_BLANK;
}

/* The address is known: the request goes out. A host that forbids it is no time-out. */
static enum fw_outcome send_ping(struct fw_module *module)
{
    struct fw_addr addr;
    const char *reason = "";
    int result = fw_lookup_poll(&module->job_lookup, module->now_ms, &addr);

    if (result == FW_IO_AGAIN) {
        return FW_WAIT;
    }
    if (result < 0) {
        fw_trace(module->port, "name", module->job_lookup.reason);
        return no_answer(module);
    }
    if (module->port->ping->start(module->port->ping_ctx, &addr, module->now_ms, &reason) < 0) {
        return fw_refuse(module, "ping", reason);
    }
    module->job_pinging = true;
    module->job_ms = module->now_ms + PING_MS;
    return FW_WAIT;
}

static enum fw_outcome await_ping(struct fw_module *module)
{
    const struct fw_port *port = module->port;
    int time_ms = port->ping->result(port->ping_ctx, module->now_ms);

    if (time_ms >= 0) {
        fw_reply_message(&module->reply, FW_MSG_PING, time_ms);
        return FW_DONE_BLANK;
    }
    if (time_ms == FW_IO_AGAIN && module->now_ms < module->job_ms) {
        return FW_WAIT;
    }
    port->ping->cancel(port->ping_ctx);
    return no_answer(module);
}

enum fw_outcome fw_ping_poll(struct fw_module *module)
{
    enum fw_outcome outcome = module->job_pinging ? FW_WAIT : send_ping(module);

    return module->job_pinging && outcome == FW_WAIT ? await_ping(module) : outcome;
}

static const struct fw_addr default_servers[AT_DNS_SERVERS] = {
    {.family = FW_IPV4, .bytes = {208, 67, 222, 222}},
    {.family = FW_IPV4, .bytes = {8, 8, 8, 8}},
};

static const char *const server_keys[AT_DNS_SERVERS] = {"dns.server1", "dns.server2"};

static void use_servers(struct fw_module *module)
{
    module->port->dns->servers(module->port->dns_ctx, module->dns_servers,
                               module->dns_manual ? AT_DNS_SERVERS : 0);
}

void fw_names_load(struct fw_module *module)
{
    char text[FW_STORE_TEXT];

    module->dns_manual = fw_store_get_number(&module->store, "dns.manual", 0, 1, 0) != 0;
    for (unsigned i = 0; i < AT_DNS_SERVERS; i++) {
        module->dns_servers[i] = default_servers[i];
        fw_store_get_text(&module->store, server_keys[i], text, sizeof text, "");
        fw_addr_parse(text, strlen(text), &module->dns_servers[i]);
    }
    use_servers(module);
}

enum fw_outcome fw_cipdns_query(struct fw_module *module, const struct fw_args *args)
{
    char first[FW_ADDR_TEXT], second[FW_ADDR_TEXT];

    (void)args;
    fw_show_addr(module, &module->dns_servers[0], first);
    fw_show_addr(module, &module->dns_servers[1], second);
    if (module->dns_manual || fw_has_quirk(module->habits, FW_QUIRK_DNS_SHOWN)) {
        fw_reply_message(&module->reply, FW_MSG_CIPDNS, (int)module->dns_manual, first, second);
    } else {
        fw_reply_message(&module->reply, FW_MSG_CIPDNS_AUTO, 0);
    }
    return FW_DONE;
}

static void save_servers(struct fw_module *module)
{
    char text[FW_ADDR_TEXT];

    fw_store_put_number(&module->store, "dns.manual", module->dns_manual);
    for (unsigned i = 0; i < AT_DNS_SERVERS; i++) {
        fw_addr_format(&module->dns_servers[i], text);
        fw_store_put_text(&module->store, server_keys[i], text);
    }
    fw_store_commit(&module->store);
}

/* Positions: enable; then two servers, each with its own default. They can't be the same. */
enum fw_outcome fw_cipdns_set(struct fw_module *module, const struct fw_args *args)
{
    struct fw_addr servers[AT_DNS_SERVERS];

    for (unsigned i = 0; i < AT_DNS_SERVERS; i++) {
        const struct fw_value *value = &args->value[1 + i];

        servers[i] = value->given && args->value[0].number != 0 ? value->addr : default_servers[i];
    }
    if (memcmp(&servers[0], &servers[1], sizeof servers[0]) == 0) {
        return FW_FAILED;
    }
    module->dns_manual = args->value[0].number != 0;
    memcpy(module->dns_servers, servers, sizeof servers);
    save_servers(module);
    use_servers(module);
    return FW_DONE;
}
