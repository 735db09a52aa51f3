#include "escape.h"

#include <string.h>

#include "at_limits.h"
#include "at_text.h"

enum { ESCAPE_LEN = sizeof AT_TEXT_ESCAPE - 1 };

void fw_escape_start(struct fw_escape *escape, uint64_t now_ms)
{
    escape->last_ms = now_ms;
    escape->count = 0;
    escape->spoiled = false;
}

void fw_escape_feed(struct fw_escape *escape, const char *bytes, size_t len, uint64_t now_ms)
{
    uint64_t silence_ms = now_ms - escape->last_ms;

    if (len == 0) {
        return;
    }
    escape->last_ms = now_ms;
    if (silence_ms >= AT_ESCAPE_GUARD_MS &&
        (escape->count == 0 || silence_ms > AT_ESCAPE_GUARD_MS)) {
        escape->count = 0;
        escape->spoiled = false;
    } else if (escape->count == 0) {
        escape->spoiled = true;
    }
    if (escape->spoiled || escape->count + len > ESCAPE_LEN ||
        memcmp(bytes, AT_TEXT_ESCAPE, len) != 0) {
        escape->spoiled = true;
        escape->count = 0;
        return;
    }
    escape->count += (uint8_t)len;
}

bool fw_escape_due(const struct fw_escape *escape, uint64_t now_ms)
{
    return now_ms >= fw_escape_deadline(escape);
}

unsigned fw_escape_held(const struct fw_escape *escape, uint64_t now_ms)
{
    return escape->count == ESCAPE_LEN || now_ms <= escape->last_ms + AT_ESCAPE_GUARD_MS
               ? escape->count
               : 0;
}

uint64_t fw_escape_release(const struct fw_escape *escape, uint64_t now_ms)
{
    bool undecided = escape->count < ESCAPE_LEN && fw_escape_held(escape, now_ms) > 0;

    return undecided ? escape->last_ms + AT_ESCAPE_GUARD_MS + 1 : UINT64_MAX;
}

uint64_t fw_escape_deadline(const struct fw_escape *escape)
{
    return escape->count == ESCAPE_LEN ? escape->last_ms + AT_ESCAPE_GUARD_MS : UINT64_MAX;
}
