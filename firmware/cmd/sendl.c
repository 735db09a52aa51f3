/* AT+CIPSENDL: payload of any length, handed over while it comes in. */
#include "handlers.h"

enum fw_outcome fw_cipsendlcfg_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPSENDLCFG, (int)module->sendl_report_bytes,
                     (int)module->sendl_piece_bytes);
    return FW_DONE;
}

enum fw_outcome fw_cipsendlcfg_set(struct fw_module *module, const struct fw_args *args)
{
    module->sendl_report_bytes = (size_t)args->value[0].number;
    if (args->value[1].given) {
        module->sendl_piece_bytes = (size_t)args->value[1].number;
    }
    return FW_DONE;
}

/* A link that is gone swallows what still comes, until all has come or `+++`. */
static size_t take(struct fw_module *module, const char *bytes, size_t len)
{
    struct fw_send *send = &module->send;
    size_t missing = send->length - send->got;
    size_t used = len < missing ? len : missing;

    if (!send->broken) {
        size_t room = sizeof send->data.bytes - send->data.used;

        used = used < room ? used : room;
        fw_ring_write(&send->data, bytes, used);
        send->block_ms = module->now_ms + FW_BLOCK_MS;
    }
    send->got += used;
    return used;
}

static bool is_full(const struct fw_module *module)
{
    return module->send.got == module->send.length;
}

/* Streams go out as they come; datagrams in pieces of the configured size, or when nothing more
 * comes. A possible `+++` waits for what follows. */
static size_t ready(const struct fw_module *module)
{
    const struct fw_send *send = &module->send;
    size_t held = is_full(module) ? 0 : fw_escape_held(&module->escape, module->now_ms);
    size_t used = send->data.used > held ? send->data.used - held : 0;

    if (!fw_link_is_datagram(module->links.link[send->id].type) || is_full(module) ||
        module->now_ms >= send->block_ms) {
        return used;
    }
    return used - used % module->sendl_piece_bytes;
}

static void give_up(struct fw_send *send)
{
    send->broken = true;
    fw_ring_clear(&send->data);
    send->limit_ms = FW_NEVER;
}

/* True when something moved. */
static bool hand_over(struct fw_module *module)
{
    struct fw_send *send = &module->send;
    size_t before = send->sent;
    int result;

    if (send->broken) {
        return false;
    }
    result = fw_send_link_is_open(module)
                 ? fw_send_hand_over(module, ready(module), module->sendl_piece_bytes)
                 : FW_IO_FAIL;
    if (result == 0 || send->sent > before) {
        send->limit_ms = FW_NEVER;
    }
    if (result == FW_IO_AGAIN && send->limit_ms == FW_NEVER) {
        send->limit_ms = fw_send_limit(module);
    }
    if (result == FW_IO_FAIL || module->now_ms >= send->limit_ms) {
        give_up(send);
    }
    return send->sent > before || send->broken;
}

/* Spec, CIPSENDL: how far it is, whenever another report size has come in. */
static bool report(struct fw_module *module)
{
    struct fw_send *send = &module->send;
    bool due = send->got - send->reported >= module->sendl_report_bytes ||
               (is_full(module) && send->got > send->reported);

    if (!due || fw_reply_room(&module->reply) < FW_REPLY_RESERVE) {
        return false;
    }
    send->reported = send->got;
    fw_reply_message(&module->reply, FW_MSG_CIPSENDL, (int)send->sent, (int)send->got);
    return true;
}

static bool go_on(struct fw_module *module)
{
    bool moved = hand_over(module);

    return report(module) || moved;
}

static int cancel(struct fw_module *module)
{
    (void)module;
    return FW_CANCELLED;
}

static uint64_t deadline(const struct fw_module *module)
{
    const struct fw_send *send = &module->send;
    uint64_t first = fw_escape_release(&module->escape, module->now_ms);

    if (send->broken || send->data.used == 0) {
        return FW_NEVER;
    }
    first = send->block_ms > module->now_ms && send->block_ms < first ? send->block_ms : first;
    return send->limit_ms < first ? send->limit_ms : first;
}

static const struct fw_sink sink = {
    .take = take, .is_full = is_full, .go_on = go_on, .escape = cancel, .deadline = deadline};

enum fw_outcome fw_cipsendl_set(struct fw_module *module, const struct fw_args *args)
{
    return fw_send_begin(module, args, &sink);
}

enum fw_outcome fw_cipsendl_poll(struct fw_module *module)
{
    struct fw_send *send = &module->send;

    if (send->resolving) {
        return fw_send_poll_remote(module);
    }
    hand_over(module);
    module->job_ms = send->limit_ms;
    if (!send->broken && send->data.used > 0) {
        return FW_WAIT;
    }
    report(module);
    return send->broken ? FW_SEND_FAILED : FW_DONE_SEND;
}
