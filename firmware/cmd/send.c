/* AT+CIPSEND and AT+CIPSENDEX: the payload is collected, then handed over. */
#include "send.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "handlers.h"
#include "trace.h"

bool fw_send_link_is_open(const struct fw_module *module)
{
    const struct fw_link *link = &module->links.link[module->send.id];

    return link->state == FW_LINK_OPEN && link->generation == module->send.link_generation;
}

void fw_send_reset(struct fw_module *module, unsigned id, const struct fw_sink *sink)
{
    struct fw_send *send = &module->send;

    memset(send, 0, offsetof(struct fw_send, data));
    fw_ring_clear(&send->data);
    send->sink = sink;
    send->id = id;
    send->link_generation = module->links.link[id].generation;
    send->limit_ms = send->block_ms = send->retry_ms = FW_NEVER;
    fw_link_abandon_send(&module->links, id);
}

/* A datagram that wraps in the buffer is put together first. */
static size_t next_piece(struct fw_module *module, size_t len, const unsigned char **bytes)
{
    struct fw_send *send = &module->send;
    size_t there = fw_ring_peek(&send->data, bytes);

    if (there >= len || !fw_link_is_datagram(module->links.link[send->id].type)) {
        return there < len ? there : len;
    }
    assert(len <= sizeof module->links.datagram); /* longer ones start at the buffer's begin */
    memcpy(module->links.datagram, *bytes, there);
    memcpy(module->links.datagram + there, send->data.bytes, len - there);
    *bytes = module->links.datagram;
    return len;
}

int fw_send_hand_over(struct fw_module *module, size_t limit, size_t piece)
{
    struct fw_send *send = &module->send;

    while (limit > 0) {
        const unsigned char *bytes;
        size_t len = next_piece(module, limit < piece ? limit : piece, &bytes);
        int took = fw_link_send(&module->links, send->id, bytes, len,
                                send->to_other ? &send->remote : NULL, module->now_ms);

        if (took < 0) {
            return took;
        }
        fw_ring_consumed(&send->data, (size_t)took);
        send->sent += (size_t)took;
        limit -= (size_t)took;
    }
    return 0;
}

uint64_t fw_send_limit(const struct fw_module *module)
{
    unsigned timeout_ms = module->links.options[module->send.id].send_timeout_ms;

    return timeout_ms > 0 ? module->now_ms + timeout_ms : FW_NEVER;
}

static size_t missing(const struct fw_send *send)
{
    return send->length - send->got;
}

static size_t take_plain(struct fw_module *module, const char *bytes, size_t len)
{
    struct fw_send *send = &module->send;
    size_t used = len < missing(send) ? len : missing(send);

    fw_ring_write(&send->data, bytes, used);
    send->got += used;
    return used;
}

static bool plain_is_full(const struct fw_module *module)
{
    return missing(&module->send) == 0;
}

/* `+++` has no reply; what was collected is forgotten. */
static int forget(struct fw_module *module)
{
    (void)module;
    return FW_DONE_SILENT;
}

static const struct fw_sink plain_sink = {
    .take = take_plain, .is_full = plain_is_full, .escape = forget};

/* One byte behind a backslash: 0 ends the payload, any other stands for itself. */
static void take_escaped(struct fw_send *send, char byte)
{
    send->backslash = false;
    if (byte == '0') {
        send->terminated = true;
    } else {
        fw_ring_write(&send->data, &byte, 1);
    }
}

/* Spec, CIPSENDEX, notes. The length counts bytes of the line; a backslash that is the last of them
 * escapes nothing and is data. */
static size_t take_extended(struct fw_module *module, const char *bytes, size_t len)
{
    struct fw_send *send = &module->send;
    size_t end = len < missing(send) ? len : missing(send);
    size_t at = 0;

    while (at < end && !send->terminated) {
        const char *backslash = memchr(bytes + at, '\\', end - at);
        size_t run = backslash != NULL ? (size_t)(backslash - bytes) - at : end - at;

        if (send->backslash) {
            take_escaped(send, bytes[at++]);
            continue;
        }
        fw_ring_write(&send->data, bytes + at, run);
        at += run;
        if (backslash != NULL) {
            send->backslash = true;
            at++;
        }
    }
    send->got += at;
    if (missing(send) == 0 && send->backslash) {
        take_escaped(send, '\\');
    }
    return at;
}

static bool extended_is_full(const struct fw_module *module)
{
    return module->send.terminated || missing(&module->send) == 0;
}

static const struct fw_sink extended_sink = {
    .take = take_extended, .is_full = extended_is_full, .escape = forget};

/* Starts to ask for the address that the datagram goes to. */
static void ask(struct fw_module *module, const char *host, uint16_t port)
{
    struct fw_send *send = &module->send;
    enum fw_family family = fw_link_family(module->links.link[send->id].type);

    send->to_other = send->resolving = true;
    send->remote.port = port;
    fw_lookup_start(&module->job_lookup, module->port, host,
                    family == FW_IPV4 ? FW_ONLY_IPV4 : FW_ONLY_IPV6, module->now_ms);
    module->job_ms = fw_lookup_deadline(&module->job_lookup);
}

/* Positions: link ID, length, remote host, remote port; the last two for datagrams only. */
enum fw_outcome fw_send_begin(struct fw_module *module, const struct fw_args *args,
                              const struct fw_sink *sink)
{
    const struct fw_value *host = &args->value[2], *port = &args->value[3];
    struct fw_send *send = &module->send;
    const struct fw_link *link = &module->links.link[args->value[0].number];

    if (host->given != port->given) {
        return FW_BAD_PARAMETER;
    }
    if (module->passthrough || link->state != FW_LINK_OPEN || !link->reported) {
        return FW_FAILED;
    }
    if (host->given && !fw_link_is_datagram(link->type)) {
        return FW_BAD_PARAMETER;
    }
    fw_send_reset(module, (unsigned)args->value[0].number, sink);
    send->length = (size_t)args->value[1].number;
    if (!host->given) {
        return FW_DATA;
    }
    ask(module, host->text, (uint16_t)port->number);
    return FW_WAIT;
}

enum fw_outcome fw_send_poll_remote(struct fw_module *module)
{
    struct fw_send *send = &module->send;
    int result = fw_lookup_poll(&module->job_lookup, module->now_ms, &send->remote.addr);

    if (result == FW_IO_AGAIN) {
        return FW_WAIT;
    }
    send->resolving = false;
    module->job_ms = FW_NEVER;
    return result < 0 || !fw_send_link_is_open(module) ? FW_FAILED : FW_DATA;
}

enum fw_outcome fw_cipsend_set(struct fw_module *module, const struct fw_args *args)
{
    return fw_send_begin(module, args, &plain_sink);
}

enum fw_outcome fw_cipsendex_set(struct fw_module *module, const struct fw_args *args)
{
    return fw_send_begin(module, args, &extended_sink);
}

/* A stream that dies takes the rest with it (ERROR); a stack that refuses, or takes nothing for as
 * long as so_sndtimeo allows, is SEND FAIL. */
static enum fw_outcome failure(const struct fw_module *module)
{
    bool datagram = fw_link_is_datagram(module->links.link[module->send.id].type);

    if (!fw_send_link_is_open(module) || !datagram) {
        return FW_FAILED;
    }
    fw_trace(module->port, "send", "the network does not take the datagram");
    return FW_SEND_FAILED;
}

static bool time_is_over(const struct fw_module *module)
{
    bool over = module->now_ms >= module->job_ms;

    if (over) {
        fw_trace(module->port, "send", "not taken in the time that so_sndtimeo allows");
    }
    return over;
}

enum fw_outcome fw_cipsend_poll(struct fw_module *module)
{
    struct fw_send *send = &module->send;
    int result;

    if (send->resolving) {
        return fw_send_poll_remote(module);
    }
    if (!fw_send_link_is_open(module)) {
        return FW_FAILED;
    }
    if (send->data.used == 0 && send->sent == 0) {
        fw_trace(module->port, "send", "\\0 at once: there is nothing to send");
        return FW_SEND_FAILED;
    }
    result = fw_send_hand_over(module, send->data.used, AT_SEND_MAX);
    if (result == FW_IO_AGAIN) {
        return time_is_over(module) ? FW_SEND_FAILED : FW_WAIT;
    }
    return result < 0 ? failure(module) : FW_DONE_SEND;
}
