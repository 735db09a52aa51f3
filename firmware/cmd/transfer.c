#include "handlers.h"

#include "addr.h"
#include "payload.h"

enum fw_outcome fw_cipsend_set(struct fw_module *module, const struct fw_args *args)
{
    struct fw_send *send = &module->send;

    send->id = (unsigned)args->value[0].number;
    send->length = (size_t)args->value[1].number;
    send->got = 0;
    send->sent = 0;
    return module->links.link[send->id].state == FW_LINK_OPEN ? FW_DATA : FW_FAILED;
}

/* Passthrough needs AT+CIPMODE=1, which this firmware does not have yet. */
enum fw_outcome fw_cipsend_execute(struct fw_module *module, const struct fw_args *args)
{
    (void)module;
    (void)args;
    return FW_FAILED;
}

enum fw_outcome fw_cipsend_poll(struct fw_module *module)
{
    struct fw_send *send = &module->send;

    while (send->sent < send->length) {
        int took = fw_link_send(&module->links, send->id, send->data + send->sent,
                                send->length - send->sent);

        if (took == FW_IO_AGAIN) {
            return FW_WAIT;
        }
        if (took < 0) {
            return FW_FAILED;
        }
        send->sent += (size_t)took;
    }
    return FW_DONE_SEND;
}

enum fw_outcome fw_ciprecvmode_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPRECVMODE, (int)module->passive);
    return FW_DONE;
}

/* What a link holds when active mode comes on is delivered from then on; what it holds when passive
 * mode comes on is announced. */
enum fw_outcome fw_ciprecvmode_set(struct fw_module *module, const struct fw_args *args)
{
    bool passive = args->value[0].number != 0;

    for (unsigned id = 0; id < AT_LINKS && passive != module->passive; id++) {
        module->links.link[id].announced = false;
    }
    module->passive = passive;
    return FW_DONE;
}

enum fw_outcome fw_ciprecvdata_set(struct fw_module *module, const struct fw_args *args)
{
    module->job_link = (unsigned)args->value[0].number;
    module->job_length = (size_t)args->value[1].number;
    if (!module->passive || !fw_link_exists(&module->links, module->job_link)) {
        return FW_FAILED;
    }
    return module->links.link[module->job_link].rx.used > 0 ? FW_WAIT : FW_FAILED;
}

static void print_data(struct fw_module *module, struct fw_link *link, size_t len)
{
    char ip[FW_ADDR_TEXT];

    if (module->info) {
        fw_addr_format(&link->remote.addr, ip);
        fw_reply_message(&module->reply, FW_MSG_CIPRECVDATA_HEAD_INFO, (int)len, ip,
                         (int)link->remote.port);
    } else {
        fw_reply_message(&module->reply, FW_MSG_CIPRECVDATA_HEAD, (int)len);
    }
    fw_payload_write(module, link, len);
    fw_reply_message(&module->reply, FW_MSG_CIPRECVDATA_TAIL);
}

enum fw_outcome fw_ciprecvdata_poll(struct fw_module *module)
{
    struct fw_link *link = &module->links.link[module->job_link];
    size_t len = module->job_length < link->rx.used ? module->job_length : link->rx.used;

    if (fw_reply_room(&module->reply) < len + FW_REPLY_RESERVE) {
        return FW_WAIT;
    }
    print_data(module, link, len);
    link->announced = false;
    return FW_DONE;
}

enum fw_outcome fw_ciprecvlen_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPRECVLEN_HEAD);
    for (unsigned id = 0; id < AT_LINKS; id++) {
        if (id > 0) {
            fw_reply_message(&module->reply, FW_MSG_CIPRECVLEN_SEPARATOR);
        }
        if (fw_link_exists(&module->links, id)) {
            fw_reply_message(&module->reply, FW_MSG_CIPRECVLEN_FIELD,
                             (int)module->links.link[id].rx.used);
        }
    }
    fw_reply_message(&module->reply, FW_MSG_CIPRECVLEN_TAIL);
    return FW_DONE;
}
