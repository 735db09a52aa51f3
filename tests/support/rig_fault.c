#include "rig_fault.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module.h"

/* The fault that is due at this byte, line or prompt of that side. */
static struct rig_fault *due(struct rig *rig, enum rig_side side, bool line, bool prompt)
{
    for (unsigned i = 0; i < RIG_FAULTS; i++) {
        struct rig_fault *fault = &rig->faults[i];
        bool by_line = fault->kind == RIG_SWALLOW, by_prompt = fault->kind == RIG_PROMPT;
        unsigned count = by_line ? rig->lines : by_prompt ? rig->prompts : rig->passed[side];
        if (fault->done || fault->side != side || count < fault->at)
            continue;
        if ((by_line && !line) || (by_prompt && !prompt))
            continue;
        fault->done = true;
        return fault;
    }
    return NULL;
}

/* A frame that is on its way is cut off. */
static void restart(struct rig *rig)
{
    if (rig->seen.payload_left > 0)
        rig->on_hit(rig->user, &(struct rig_hit){RIG_RESET, RIG_TO_HOST, RIG_PAYLOAD,
                                                 rig->seen.link, -1, false});
    rig_reset(rig);
}

/* Does it change what is on the wire? */
static bool corrupts(enum rig_kind kind)
{
    return kind == RIG_DROP || kind == RIG_FLIP || kind == RIG_DOUBLE || kind == RIG_SWALLOW;
}

/* Whom an accident concerns. A host that does not know that its words come late gets its silences
 * wrong. */
static void count_accident(struct rig *rig, const struct rig_fault *fault)
{
    bool both = fault->kind == RIG_RESET || fault->kind == RIG_UNPLUG || fault->kind == RIG_CUT;
    bool module = fault->side == RIG_TO_MODULE && corrupts(fault->kind);
    rig->struck[RIG_TO_MODULE] += both || module || fault->kind == RIG_DELAY;
    bool host = fault->side == RIG_TO_HOST && (corrupts(fault->kind) || fault->kind == RIG_PROMPT);
    rig->struck[RIG_TO_HOST] += both || host;
}

/* What becomes of a byte: how many there are of it. */
static size_t strike(struct rig *rig, const struct rig_fault *fault, unsigned char *byte)
{
    uint64_t until_ms = rig->now_ms + fault->arg;
    count_accident(rig, fault);
    switch (fault->kind) {
    case RIG_DROP:
        return 0;
    case RIG_FLIP:
        *byte ^= (unsigned char)(1u << fault->arg % 8);
        return 1;
    case RIG_DOUBLE:
        return 2;
    case RIG_STALL:
        rig->held_until_ms[RIG_TO_MODULE] = until_ms;
        rig->held_until_ms[RIG_TO_HOST] = until_ms;
        return 1;
    case RIG_HOLD:
        rig->held_until_ms[RIG_TO_HOST] = until_ms;
        return 1;
    case RIG_DELAY:
        rig->held_until_ms[2] = until_ms;
        return 1;
    case RIG_SWALLOW:
    case RIG_PROMPT:
        rig->swallowing = true;
        return 0;
    case RIG_RESET:
        restart(rig);
        return 1;
    case RIG_UNPLUG:
        rig->back_at_ms = until_ms;
        return 1;
    case RIG_CUT:
        rig->unplugged = true;
        return 1;
    case RIG_KINDS:
        break;
    }
    return 1;
}

static void tell(struct rig *rig, const struct rig_hit *hit)
{
    if (rig->on_hit && corrupts(hit->kind))
        rig->on_hit(rig->user, hit);
}

/* The link that a command line is about, -1 for none. */
static int link_of(const char *line)
{
    const char *equals = strchr(line, '=');
    return equals && isdigit((unsigned char)equals[1]) ? atoi(equals + 1) : -1;
}

/* Could a module take it for a command? */
static bool is_command(const char *line)
{
    size_t len = strlen(line);
    bool quoted = false;
    if (len < 4 || strncmp(line, "AT", 2) != 0 || strcmp(line + len - 2, "\r\n") != 0)
        return false;
    for (const char *at = strchr(line, '='); at && *++at && *at != '\r';) {
        quoted ^= *at == '"';
        if (!quoted && !strchr("0123456789,-\"", *at))
            return false;
    }
    return !quoted;
}

/* The command line of the core with an accident at one of its bytes. A second LF behind it is the
 * first byte of payload. */
static void hit_command(struct rig *rig, const struct rig_fault *fault, size_t at)
{
    struct rig_hit hit = {fault->kind, RIG_TO_MODULE, RIG_COMMAND, -1, -1, false};
    char line[WM_LINE_SIZE + 4];
    size_t len = rig->core.txn.line_len;
    memcpy(line, rig->core.txn.line, len);
    line[len] = '\0';
    hit.link = link_of(line);
    if (fault->kind == RIG_FLIP)
        line[at] ^= (char)(1u << fault->arg % 8);
    else
        memmove(line + at + (fault->kind == RIG_DOUBLE), line + at + (fault->kind == RIG_DROP),
                len - at + 1 - (fault->kind == RIG_DROP));
    hit.now_link = link_of(line);
    hit.sense = is_command(line) || (fault->kind == RIG_DOUBLE && at == len - 1);
    tell(rig, &hit);
}

/* A byte of payload; of a stream it belongs to no command. */
static void hit_sent(struct rig *rig, const struct rig_fault *fault)
{
    const struct wm_link *link = rig->core.txn.link;
    int id = link ? link->id : 0;
    tell(rig, &(struct rig_hit){fault->kind, RIG_TO_MODULE, RIG_PAYLOAD, id, id, false});
}

static void hit_to_module(struct rig *rig, const struct rig_fault *fault, size_t i)
{
    const struct wm_txn *txn = &rig->core.txn;
    if (txn->line_sent < txn->line_len)
        hit_command(rig, fault, txn->line_sent + i);
    else
        hit_sent(rig, fault);
}

/* Commands that change how the module's words are to be read. */
static void note_command(struct rig *rig, unsigned char byte)
{
    char *last = rig->seen.last;
    size_t len = sizeof rig->seen.last - 1;
    memmove(last, last + 1, len - 1);
    last[len - 1] = (char)byte;
    if (memcmp(last + len - 15, "AT+CIPDINFO=1\r\n", 15) == 0)
        rig->seen.peers = true;
    if (memcmp(last + len - 15, "AT+CIPDINFO=0\r\n", 15) == 0)
        rig->seen.peers = false;
    if (memcmp(last + len - 17, "AT+CIPRECVDATA=", 15) == 0)
        rig->seen.read_link = last[len - 2] - '0';
    if (memcmp(last + len - 12, RIG_ENTERS, 12) != 0)
        return;
    rig->logs = true;
    rig->log[RIG_SAID].len = rig->log[RIG_WIRED].len = rig->log[RIG_HEARD].len = 0;
}

size_t rig_to_module(struct rig *rig, const unsigned char *in, size_t len, unsigned char *out)
{
    bool command = rig->core.txn.line_sent < rig->core.txn.line_len;
    size_t n = 0;
    if (module_state(&rig->core) == MODULE_STREAM)
        rig_note(rig, RIG_SAID, in, len);
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = in[i];
        const struct rig_fault *fault = due(rig, RIG_TO_MODULE, false, false);
        size_t copies = 1;
        rig->passed[RIG_TO_MODULE]++;
        if (fault) {
            if (corrupts(fault->kind))
                hit_to_module(rig, fault, i);
            copies = strike(rig, fault, &byte);
        }
        for (; copies > 0; copies--) {
            out[n++] = byte;
            if (rig->logs)
                rig_note(rig, RIG_WIRED, &byte, 1);
            if (command)
                note_command(rig, byte);
        }
    }
    return n;
}

/* A header is complete: how much payload follows, and whose it is. False: it is none. */
static bool is_header(struct rig *rig)
{
    const char *line = rig->seen.line;
    unsigned link, len, commas = 0;
    for (const char *at = line; *at; at++)
        commas += *at == ',';
    if (rig->seen.line[rig->seen.len - 1] == ':' && sscanf(line, "+IPD,%u,%u", &link, &len) == 2) {
        rig->seen.link = (int)link;
        rig->seen.payload_len = rig->seen.payload_left = len;
        return true;
    }
    if (sscanf(line, "+CIPRECVDATA:%u", &len) != 1 || commas != (rig->seen.peers ? 3 : 1))
        return false;
    rig->seen.link = rig->seen.read_link;
    rig->seen.payload_len = rig->seen.payload_left = len;
    return true;
}

/* What the next byte of the module's is; a line that has begun may still become a header. */
static enum rig_part part_of(struct rig *rig, unsigned char byte)
{
    if (rig->seen.payload_left > 0) {
        rig->seen.payload_left--;
        return RIG_PAYLOAD;
    }
    if (rig->seen.len < sizeof rig->seen.line - 1)
        rig->seen.line[rig->seen.len++] = (char)byte;
    rig->seen.line[rig->seen.len] = '\0';
    bool announces = strncmp(rig->seen.line, "+IPD,", 5) == 0 ||
                     strncmp(rig->seen.line, "+CIPRECVDATA:", 13) == 0;
    bool header = announces && (byte == ':' || byte == ',') && is_header(rig);
    rig->seen.frames += header;
    if (byte == '\n' && isdigit((unsigned char)rig->seen.line[0]) &&
        strcmp(rig->seen.line + 1, ",CONNECT\r\n") == 0)
        rig->seen.came |= 1u << (rig->seen.line[0] - '0');
    if (byte == '\n' || header)
        rig->seen.len = 0;
    return announces ? RIG_HEADER : RIG_LINE;
}

/* The id of "+IPD,<id>" and of "<id>,CLOSED", which may become another one. */
static void hit_to_host(struct rig *rig, const struct rig_fault *fault, enum rig_part part,
                        unsigned char byte, size_t at)
{
    struct rig_hit hit = {fault->kind, RIG_TO_HOST, part, rig->seen.link, -1, false};
    unsigned char now = (unsigned char)(byte ^ 1u << fault->arg % 8);
    bool id = (part == RIG_HEADER && at == 5) || (part == RIG_LINE && at == 0);
    if (part != RIG_PAYLOAD)
        hit.link = id && isdigit(byte) ? byte - '0' : -1;
    if (id && fault->kind == RIG_FLIP && isdigit(byte) && isdigit(now)) {
        hit.now_link = now - '0';
        hit.sense = true;
    }
    tell(rig, &hit);
}

static size_t pass_to_host(struct rig *rig, unsigned char *byte)
{
    size_t at = rig->seen.len;
    bool start = at == 0 && rig->seen.payload_left == 0 && !rig->seen.raw;
    enum rig_part part = rig->seen.raw ? RIG_PAYLOAD : part_of(rig, *byte);
    const struct rig_fault *fault =
        due(rig, RIG_TO_HOST, start && *byte != '+', start && *byte == '>');
    rig->lines += start;
    rig->prompts += start && *byte == '>';
    rig->passed[RIG_TO_HOST]++;
    if (rig->swallowing) {
        rig->swallowing = *byte != '\n';
        return 0;
    }
    if (!fault)
        return 1;
    if (corrupts(fault->kind))
        hit_to_host(rig, fault, part, *byte, at);
    return strike(rig, fault, byte);
}

size_t rig_to_host(struct rig *rig, const unsigned char *in, size_t len, unsigned char *out)
{
    size_t n = 0;
    unsigned resets = rig->resets;
    for (size_t i = 0; i < len && rig->resets == resets; i++) {
        unsigned char byte = in[i];
        for (size_t copies = pass_to_host(rig, &byte); copies > 0; copies--)
            out[n++] = byte;
    }
    return n;
}
