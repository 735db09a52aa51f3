/* AT+CIPRECVMODE, AT+CIPRECVDATA, AT+CIPRECVLEN: passive receiving. */
#include "handlers.h"

#include "addr.h"
#include "payload.h"
#include "show.h"

enum fw_outcome fw_ciprecvmode_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPRECVMODE, (int)module->passive);
    return FW_DONE;
}

void fw_use_receive_mode(struct fw_module *module)
{
    if (fw_has_quirk(module->habits, FW_QUIRK_NO_WINDOW)) {
        module->links.receiving = module->passive ? FW_RECEIVE_DISCARDING : FW_RECEIVE_DIRECT;
    }
}

/* What a link holds when active mode comes on is delivered from then on; what it holds when passive
 * mode comes on is announced. */
enum fw_outcome fw_ciprecvmode_set(struct fw_module *module, const struct fw_args *args)
{
    bool passive = args->value[0].number != 0;

    for (unsigned id = 0; id < AT_LINKS && passive != module->passive; id++) {
        struct fw_link *link = &module->links.link[id];

        link->announced &= link->merged;
    }
    module->passive = passive;
    fw_use_receive_mode(module);
    return FW_DONE;
}

static bool can_read(const struct fw_module *module)
{
    return module->passive || fw_has_quirk(module->habits, FW_QUIRK_OLD_DATA_STAYS);
}

enum fw_outcome fw_ciprecvdata_set(struct fw_module *module, const struct fw_args *args)
{
    module->job_link = (unsigned)args->value[0].number;
    module->job_length = (size_t)args->value[1].number;
    if (!can_read(module) || !fw_link_exists(&module->links, module->job_link)) {
        return FW_FAILED;
    }
    return module->links.link[module->job_link].rx_payload > 0 ? FW_WAIT : FW_FAILED;
}

static void print_data(struct fw_module *module, struct fw_link *link, size_t len,
                       const struct fw_endpoint *from)
{
    char ip[FW_ADDR_TEXT];

    if (module->info) {
        fw_show_addr(module, &from->addr, ip);
        fw_reply_message(&module->reply, FW_MSG_CIPRECVDATA_HEAD_INFO, (int)len, ip,
                         (int)from->port);
    } else {
        fw_reply_message(&module->reply, FW_MSG_CIPRECVDATA_HEAD, (int)len);
    }
    fw_payload_write(module, link, len);
    fw_reply_message(&module->reply, FW_MSG_CIPRECVDATA_TAIL);
}

/* The last byte of a link that has ended was read. */
static void close_if_read(struct fw_module *module)
{
    const struct fw_link *link = &module->links.link[module->job_link];

    if (fw_has_quirk(module->habits, FW_QUIRK_CLOSED_IN_READ) && link->state == FW_LINK_ENDED &&
        link->rx_payload == 0 && !link->held) {
        fw_link_close(&module->links, module->job_link);
        fw_reply_message(&module->reply, FW_MSG_CLOSED, fw_shown_id(module, module->job_link));
    }
}

/* A read gives a piece of one datagram at most: who reads knows where one ends. */
enum fw_outcome fw_ciprecvdata_poll(struct fw_module *module)
{
    struct fw_link *link = &module->links.link[module->job_link];
    struct fw_endpoint from;
    size_t len = fw_link_next(link, module->job_length, &from);

    if (fw_reply_room(&module->reply) < len + FW_REPLY_RESERVE) {
        return FW_WAIT;
    }
    print_data(module, link, len, &from);
    link->notice = link->rx_payload;
    link->announced = false;
    close_if_read(module);
    return FW_DONE;
}

enum fw_outcome fw_ciprecvlen_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPRECVLEN_HEAD);
    for (unsigned id = 0; id < AT_LINKS; id++) {
        const struct fw_link *link = &module->links.link[id];

        if (id > 0) {
            fw_reply_message(&module->reply, FW_MSG_CIPRECVLEN_SEPARATOR);
        }
        if (fw_link_exists(&module->links, id)) {
            fw_reply_message(&module->reply, FW_MSG_CIPRECVLEN_FIELD,
                             (int)(link->rx_payload + link->overhead));
        }
    }
    fw_reply_message(&module->reply, FW_MSG_CIPRECVLEN_TAIL);
    return FW_DONE;
}
