/* AT+CIPMUX, AT+CIPMODE, AT+CIPDINFO, AT+CIPRECONNINTV, AT+CIPTCPOPT: how links behave. */
#include "handlers.h"

#define RECONNECT_KEY "net.reconnect_interval"

enum fw_outcome fw_cipmux_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPMUX, (int)module->multiple);
    return FW_DONE;
}

/* What a change needs: no link, no passthrough, no server. No change needs nothing, or no link all
 * the same. */
enum fw_outcome fw_cipmux_set(struct fw_module *module, const struct fw_args *args)
{
    bool multiple = args->value[0].number != 0;

    bool is_free = fw_links_all_free(&module->links);

    if (!is_free && fw_has_quirk(module->habits, FW_QUIRK_MUX_NEEDS_NO_LINK)) {
        return FW_FAILED;
    }
    if (multiple != module->multiple &&
        (!is_free || module->passthrough || fw_server_is_on(&module->server))) {
        return FW_FAILED;
    }
    module->multiple = multiple;
    return FW_DONE;
}

enum fw_outcome fw_cipmode_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPMODE, (int)module->passthrough);
    return FW_DONE;
}

/* Spec: passthrough knows one connection, and a fixed remote end. */
enum fw_outcome fw_cipmode_set(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_link *link = &module->links.link[0];
    bool passthrough = args->value[0].number != 0;
    bool follows = link->state != FW_LINK_FREE && link->udp_mode != FW_UDP_FIXED;

    if (passthrough && (module->multiple || follows)) {
        return FW_FAILED;
    }
    module->passthrough = passthrough;
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

enum fw_outcome fw_cipreconnintv_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPRECONNINTV, (int)module->reconnect_intervals);
    return FW_DONE;
}

enum fw_outcome fw_cipreconnintv_set(struct fw_module *module, const struct fw_args *args)
{
    module->reconnect_intervals = (unsigned)args->value[0].number;
    fw_store_put_number(&module->store, RECONNECT_KEY, args->value[0].number);
    fw_store_commit(&module->store);
    return FW_DONE;
}

void fw_modes_load(struct fw_module *module)
{
    module->multiple = module->passthrough = module->passive = module->info = false;
    module->reconnect_intervals =
        (unsigned)fw_store_get_number(&module->store, RECONNECT_KEY, 1, AT_RECONNINTV_MAX, 1);
    fw_use_receive_mode(module);
    module->sendl_report_bytes = AT_SENDL_REPORT;
    module->sendl_piece_bytes = AT_SENDL_PIECE_MAX;
}

/* A line for each link in multiple connection mode, for link 0 in single. */
enum fw_outcome fw_ciptcpopt_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    for (unsigned id = 0; id < fw_shown_links(module); id++) {
        const struct fw_link_options *options = &module->links.options[id];

        fw_reply_message(&module->reply, FW_MSG_CIPTCPOPT, (int)id, options->linger_s,
                         (int)options->no_delay, (int)options->send_timeout_ms,
                         (int)options->keep_alive_s);
    }
    return FW_DONE;
}

/* Positions: link ID, so_linger, tcp_nodelay, so_sndtimeo, keep_alive; the last one stays as it is
 * where it is omitted, the others get their defaults. */
enum fw_outcome fw_ciptcpopt_set(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_value *value = args->value;

    for (unsigned id = 0; id < AT_LINKS; id++) {
        struct fw_link_options *options = &module->links.options[id];

        if (!fw_is_meant(value[0].number, id)) {
            continue;
        }
        options->linger_s = value[1].number;
        options->no_delay = value[2].number != 0;
        options->send_timeout_ms = (unsigned)value[3].number;
        if (value[4].given) {
            options->keep_alive_s = (unsigned)value[4].number;
        }
        fw_link_apply_options(&module->links, id);
    }
    return FW_DONE;
}
