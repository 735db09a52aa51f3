#include "gather.h"

#include <string.h>

#include "at_text.h"

void fw_gather_init(struct fw_gather *gather)
{
    gather->len = 0;
    gather->refused = false;
}

/* Bytes that come one by one reach the count exactly, unless they were refused before. */
static size_t most_at_once(const struct fw_gather *gather)
{
    bool exact = gather->byte_by_byte && gather->len < FW_HAND_OVER_BYTES;

    return exact ? FW_HAND_OVER_BYTES - gather->len : FW_READ_MAX;
}

size_t fw_gather_take(struct fw_gather *gather, const char *bytes, size_t len, uint64_t now_ms)
{
    size_t room = sizeof gather->bytes - gather->len;
    size_t most = most_at_once(gather);
    size_t read = len < most ? len : most;
    size_t used = read < room ? read : room;

    memcpy(gather->bytes + gather->len, bytes, used);
    gather->len += used;
    gather->last_ms = now_ms;
    gather->refused = false;
    return used;
}

bool fw_gather_is_due(const struct fw_gather *gather, uint64_t now_ms)
{
    bool silent = now_ms >= gather->last_ms + FW_HAND_OVER_MS;

    return gather->len >= FW_HAND_OVER_BYTES || (gather->len > 0 && (silent || gather->refused));
}

uint64_t fw_gather_deadline(const struct fw_gather *gather)
{
    return gather->len > 0 && !gather->refused ? gather->last_ms + FW_HAND_OVER_MS : UINT64_MAX;
}

bool fw_gather_is_escape(const struct fw_gather *gather)
{
    size_t len = sizeof AT_TEXT_ESCAPE - 1;

    return gather->len == len && memcmp(gather->bytes, AT_TEXT_ESCAPE, len) == 0;
}

void fw_gather_taken(struct fw_gather *gather, size_t len)
{
    memmove(gather->bytes, gather->bytes + len, gather->len - len);
    gather->len -= len;
    gather->refused = gather->len > 0;
}
