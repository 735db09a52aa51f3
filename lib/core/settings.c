#include "settings.h"

#include <string.h>

/* A line stands without its CR LF behind a byte with its length. */

#define JOIN_MS   30000 /* as wm_wifi_join allows it */
#define SERVER_MS 5000

static uint8_t *memory(const struct wm_core *core)
{
    return core->config.settings;
}

/* The part of a line that makes it another setting than others: up to its '=' or, by_first, to the
 * comma behind the first parameter. */
static size_t key_len(const char *line, size_t len, bool by_first)
{
    const char *equals = memchr(line, '=', len);
    if (!equals)
        return len;
    size_t key = (size_t)(equals - line) + 1;
    const char *comma = by_first ? memchr(line + key, ',', len - key) : NULL;
    return comma ? (size_t)(comma - line) + 1 : key;
}

/* Takes out every line that starts with key. Returns where the first of them was, or the end. */
static size_t remove_lines(struct wm_core *core, const char *key, size_t len)
{
    uint8_t *bytes = memory(core);
    size_t first = SIZE_MAX;
    for (size_t at = 0; at < core->settings_len;) {
        size_t size = 1u + bytes[at];
        if (size > len && memcmp(bytes + at + 1, key, len) == 0) {
            first = at < first ? at : first;
            memmove(bytes + at, bytes + at + size, core->settings_len - at - size);
            core->settings_len = (uint16_t)(core->settings_len - size);
        } else {
            at += size;
        }
    }
    return first < core->settings_len ? first : core->settings_len;
}

static const char join_line[] = "AT+CWJAP=";
static const char server_line[] = "AT+CIPSERVER=";
static const char idle_line[] = "AT+CIPSTO=";

static bool line_starts(const uint8_t *line, const char *text, size_t len)
{
    return line[0] >= len && memcmp(line + 1, text, len) == 0;
}

static int send(struct wm_core *core, const uint8_t *line)
{
    struct writer writer = {.text = core->txn.line, .size = WM_LINE_SIZE};
    writer_raw(&writer, (const char *)line + 1, line[0]);
    return op_command(core, &writer);
}

#define JOIN_TIMEOUT_AT 7 /* commas in front of how long the module may try, in seconds */

/* How long a join may take: as the line says, or as wm_wifi_join allows it. */
static uint32_t join_ms(const uint8_t *line)
{
    uint32_t commas = 0, seconds = 0;
    bool quoted = false;
    for (size_t at = 1; at <= line[0]; at++) {
        char c = (char)line[at];
        if (c == '\\')
            at++;
        else if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            commas++;
        else if (commas == JOIN_TIMEOUT_AT && !quoted && c >= '0' && c <= '9')
            seconds = seconds * 10 + (uint32_t)(c - '0');
    }
    return JOIN_MS + seconds * 1000;
}

static const struct wm_op_def server_def;

/* A server needs the network, which comes by itself a while after the restart. A shipping module
 * takes its idle time only behind it (device_dialect, section 13, row 20). */
static bool waits_for_server(const struct wm_core *core, const uint8_t *line)
{
    return core->due_when_up == &server_def && core->profile.idle_needs_server &&
           line_starts(line, idle_line, sizeof idle_line - 1);
}

/* A station that joins by itself is left alone. */
static int replay(struct wm_core *core, struct wm_op *op)
{
    while (op->progress < core->settings_len) {
        const uint8_t *line = memory(core) + op->progress;
        bool join = line_starts(line, join_line, sizeof join_line - 1);
        op->progress += 1u + line[0];
        if ((join && core->wifi_joining) || waits_for_server(core, line))
            continue;
        if (join)
            op->deadline_ms = core->now_ms + join_ms(line);
        return send(core, line);
    }
    return 0;
}

/* Two steps: the server, its idle time. */
static int server_begin(struct wm_core *core, struct wm_op *op)
{
    const char *text = op->step == 0 ? server_line : idle_line;
    for (size_t at = 0; at < core->settings_len; at += 1u + memory(core)[at]) {
        if (line_starts(memory(core) + at, text, strlen(text)))
            return send(core, memory(core) + at);
    }
    return 0;
}

static void replayed(struct wm_core *core, enum final final)
{
    bool server = memcmp(core->txn.line, server_line, sizeof server_line - 1) == 0;
    if (server)
        core->due_when_up = NULL;
    if (final == FINAL_OK)
        return;
    if (!server || final != FINAL_ERROR) {
        core->stats.unset++;
        return;
    }
    core->due_when_up = &server_def;
    core->stats.retries++;
    if (core->wifi_up) /* it may want its clock, too */
        core->escape_at_ms = core->now_ms + SERVER_MS;
}

static int server_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    replayed(core, final);
    if (final != FINAL_OK || op->step > 0 || !core->profile.idle_needs_server)
        return op_result(final);
    op->step++;
    return WM_STEP_AGAIN;
}

static const struct wm_op_def server_def = {
    .timeout_ms = SERVER_MS, .begin = server_begin, .final = server_final};

static const struct wm_settings_ops ops = {replay, replayed};

int setting_command(struct wm_core *core, struct writer *writer)
{
    size_t size = core->config.settings_bytes;
    if (size > 0 && core->settings_len + 1u + writer->len > size)
        return WM_ERR_NOMEM;
    return op_command(core, writer);
}

/* One that is set anew stays where it was: what needs it, a join the mode, comes behind it. */
static void keep(struct wm_core *core, bool by_first)
{
    const char *line = core->txn.line;
    size_t len = core->txn.line_len - 2u;
    if (core->config.settings_bytes == 0)
        return;
    size_t at = remove_lines(core, line, key_len(line, len, by_first));
    uint8_t *to = memory(core) + at;
    memmove(to + 1 + len, to, core->settings_len - at);
    to[0] = (uint8_t)len;
    memcpy(to + 1, line, len);
    core->settings_len = (uint16_t)(core->settings_len + 1u + len);
    core->settings = &ops;
}

void setting_keep(struct wm_core *core)
{
    keep(core, false);
}

void setting_forget(struct wm_core *core, const char *text)
{
    remove_lines(core, text, strlen(text));
}

int setting_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)op;
    if (final == FINAL_OK)
        keep(core, false);
    return op_result(final);
}

int setting_of_first_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)op;
    if (final == FINAL_OK)
        keep(core, true);
    return op_result(final);
}
