/* AT+CIPSEND and AT+CIPSENDEX: the payload is collected, then handed over. */
#include "send.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "addr.h"
#include "handlers.h"
#include "trace.h"

#define RETRY_MS 200  /* of a shipping module, when the stack is full */
#define MTU      1500 /* and where it cuts datagrams */

bool fw_send_link_is_open(const struct fw_module *module)
{
    const struct fw_link *link = &module->links.link[module->send.id];

    return link->state == FW_LINK_OPEN && link->generation == module->send.link_generation;
}

bool fw_send_has_failed(const struct fw_module *module)
{
    return fw_has_quirk(module->habits, FW_QUIRK_DEAD_SEND_FAILS) && !fw_send_link_is_open(module);
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

/* `+++` has no reply; what was collected is forgotten, or kept for the next send on that link. */
static int forget(struct fw_module *module)
{
    struct fw_send *send = &module->send;

    if (fw_has_quirk(module->habits, FW_QUIRK_LEFTOVER)) {
        fw_leftover_keep(&module->leftover, send->id, send->link_generation, &send->data);
    }
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

/* A shipping module looks for the two characters in all that it has got of the announced length. */
static size_t take_literal(struct fw_module *module, const char *bytes, size_t len)
{
    struct fw_send *send = &module->send;
    size_t used = len < missing(send) ? len : missing(send);

    for (size_t i = 0; i < used && !send->terminated; i++) {
        fw_ring_write(&send->data, bytes + i, 1);
        send->got++;
        send->hidden |= bytes[i] == '\0';
        if (bytes[i] == '0' && send->backslash && !send->hidden) {
            fw_ring_cut(&send->data, 2);
            send->terminated = true;
        }
        send->backslash = bytes[i] == '\\';
    }
    return used;
}

static const struct fw_sink literal_sink = {
    .take = take_literal, .is_full = extended_is_full, .escape = forget};

/* What an earlier send has left behind counts as if it had come in now. */
static void take_leftover(struct fw_module *module)
{
    struct fw_send *send = &module->send;

    send->got = fw_leftover_take(&module->leftover, send->id, send->link_generation, send->length,
                                 &send->data);
}

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

static bool replaces_remote(const struct fw_module *module)
{
    return fw_has_quirk(module->habits, FW_QUIRK_REMOTE_REPLACED);
}

/* Both or none; a shipping module has none of it for AT+CIPSEND in single connection mode. */
static enum fw_outcome check_remote(const struct fw_module *module, const struct fw_value *host,
                                    const struct fw_value *port, const struct fw_sink *sink)
{
    if (replaces_remote(module)) {
        bool refused = !module->multiple && sink == &plain_sink && (host->given || port->given);

        return refused ? FW_FAILED : FW_DATA;
    }
    return host->given == port->given ? FW_DATA : FW_BAD_PARAMETER;
}

/* Longest: of the characters of an IPv4 literal that it has room for (AT+CIPSENDEX counts the
 * quotes among its 15). The link keeps that remote end. */
static enum fw_outcome replace_remote(struct fw_link *link, const struct fw_value *host,
                                      const struct fw_value *port, size_t longest)
{
    struct fw_addr addr;
    size_t len = strlen(host->text);

    if (!port->given) {
        return FW_DATA; /* the host alone counts for nothing */
    }
    if (!fw_link_is_datagram(link->type) || len > longest ||
        !fw_addr_parse(host->text, len, &addr) || addr.family != FW_IPV4) {
        return FW_BAD_PARAMETER;
    }
    link->remote = (struct fw_endpoint){.addr = addr, .port = (uint16_t)port->number};
    return FW_DATA;
}

/* Another remote end than the link's was named, or part of one. */
static enum fw_outcome begin_to(struct fw_module *module, const struct fw_value *host,
                                const struct fw_value *port)
{
    struct fw_send *send = &module->send;
    struct fw_link *link = &module->links.link[send->id];

    if (replaces_remote(module)) {
        return replace_remote(link, host, port, send->sink == &plain_sink ? 15 : 13);
    }
    if (!fw_link_is_datagram(link->type)) {
        return FW_BAD_PARAMETER;
    }
    ask(module, host->text, (uint16_t)port->number);
    return FW_WAIT;
}

static enum fw_outcome refuse_length(const struct fw_module *module, const struct fw_sink *sink)
{
    bool argument = sink == &plain_sink;

    return argument && fw_has_quirk(module->habits, FW_QUIRK_STREAM_ARGUMENT) ? FW_BAD_PARAMETER
                                                                              : FW_FAILED;
}

/* Positions: link ID, length, remote host, remote port; the last two for datagrams only. */
enum fw_outcome fw_send_begin(struct fw_module *module, const struct fw_args *args,
                              const struct fw_sink *sink)
{
    const struct fw_value *host = &args->value[2], *port = &args->value[3];
    struct fw_send *send = &module->send;
    unsigned id = (unsigned)args->value[0].number;
    enum fw_outcome outcome = check_remote(module, host, port, sink);

    if (outcome != FW_DATA) {
        return outcome;
    }
    if (module->passthrough) {
        return refuse_length(module, sink);
    }
    if (id >= AT_LINKS || module->links.link[id].state != FW_LINK_OPEN ||
        !module->links.link[id].reported) {
        return FW_FAILED;
    }
    fw_send_reset(module, id, sink);
    send->length = (size_t)args->value[1].number;
    if (host->given || port->given) {
        outcome = begin_to(module, host, port);
    }
    if (outcome == FW_DATA) {
        take_leftover(module);
    }
    return outcome;
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
    bool literal = fw_has_quirk(module->habits, FW_QUIRK_SENDEX_LITERAL);

    return fw_send_begin(module, args, literal ? &literal_sink : &extended_sink);
}

/* A stream that dies takes the rest with it (ERROR); a stack that refuses, or takes nothing for as
 * long as so_sndtimeo allows, is SEND FAIL. */
static enum fw_outcome failure(const struct fw_module *module)
{
    bool datagram = fw_link_is_datagram(module->links.link[module->send.id].type);

    if (fw_has_quirk(module->habits, FW_QUIRK_NO_SEND_ERROR)) {
        return FW_SEND_FAILED;
    }
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

size_t fw_send_piece(const struct fw_module *module)
{
    bool datagram = fw_link_is_datagram(module->links.link[module->send.id].type);

    return datagram && fw_has_quirk(module->habits, FW_QUIRK_UDP_SPLIT) ? MTU : AT_SEND_MAX;
}

/* The stack is full. */
static enum fw_outcome await_stack(struct fw_module *module)
{
    struct fw_send *send = &module->send;

    if (fw_has_quirk(module->habits, FW_QUIRK_ENDLESS_RETRY)) {
        send->retry_ms = module->job_ms = module->now_ms + RETRY_MS;
        fw_link_stop_waiting(&module->links, send->id);
        return FW_WAIT;
    }
    return time_is_over(module) ? FW_SEND_FAILED : FW_WAIT;
}

enum fw_outcome fw_cipsend_poll(struct fw_module *module)
{
    struct fw_send *send = &module->send;
    int result;

    if (send->resolving) {
        return fw_send_poll_remote(module);
    }
    if (!fw_send_link_is_open(module)) {
        return failure(module);
    }
    if (module->now_ms < send->retry_ms && send->retry_ms != FW_NEVER) {
        return FW_WAIT;
    }
    if (send->data.used == 0 && send->sent == 0) {
        fw_trace(module->port, "send", "\\0 at once: there is nothing to send");
        return FW_SEND_FAILED;
    }
    result = fw_send_hand_over(module, send->data.used, fw_send_piece(module));
    if (result == FW_IO_AGAIN) {
        return await_stack(module);
    }
    return result < 0 ? failure(module) : FW_DONE_SEND;
}
