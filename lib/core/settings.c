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

/* Takes out every line that starts with key. */
static void remove_lines(struct wm_core *core, const char *key, size_t len)
{
    uint8_t *bytes = memory(core);
    for (size_t at = 0; at < core->settings_len;) {
        size_t size = 1u + bytes[at];
        if (size > len && memcmp(bytes + at + 1, key, len) == 0) {
            memmove(bytes + at, bytes + at + size, core->settings_len - at - size);
            core->settings_len = (uint16_t)(core->settings_len - size);
        } else {
            at += size;
        }
    }
}

static const char join_line[] = "AT+CWJAP=";
static const char server_line[] = "AT+CIPSERVER=";

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

/* A station that joins by itself is left alone. */
static int replay(struct wm_core *core, struct wm_op *op)
{
    while (op->progress < core->settings_len) {
        const uint8_t *line = memory(core) + op->progress;
        bool join = line_starts(line, join_line, sizeof join_line - 1);
        op->progress += 1u + line[0];
        if (join && core->wifi_joining)
            continue;
        if (join)
            op->deadline_ms = core->now_ms + JOIN_MS;
        return send(core, line);
    }
    return 0;
}

/* A server needs the network, which comes by itself a while after the restart. */

static int server_begin(struct wm_core *core, struct wm_op *op)
{
    (void)op;
    for (size_t at = 0; at < core->settings_len; at += 1u + memory(core)[at]) {
        if (line_starts(memory(core) + at, server_line, sizeof server_line - 1))
            return send(core, memory(core) + at);
    }
    return 0;
}

static const struct wm_op_def server_def;

static void replayed(struct wm_core *core, enum final final)
{
    if (final == FINAL_OK)
        return;
    if (memcmp(core->txn.line, server_line, sizeof server_line - 1) == 0)
        core->due_when_up = &server_def;
    else
        core->stats.unset++;
}

static int server_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)op;
    replayed(core, final);
    return op_result(final);
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

static void keep(struct wm_core *core, bool by_first)
{
    const char *line = core->txn.line;
    size_t len = core->txn.line_len - 2u;
    if (core->config.settings_bytes == 0)
        return;
    remove_lines(core, line, key_len(line, len, by_first));
    uint8_t *to = memory(core) + core->settings_len;
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
