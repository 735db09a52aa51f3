#include "burst.h"

#include <string.h>

void fw_burst_init(struct fw_burst *burst)
{
    memset(burst, 0, sizeof *burst);
}

size_t fw_burst_take(struct fw_burst *burst, const char *bytes, size_t len, uint64_t now_ms)
{
    size_t left = FW_READ_MAX - burst->read_len;
    size_t used = len < left ? len : left;

    burst->read_len += used;
    burst->last_ms = now_ms;
    burst->spoiled |= memchr(bytes, '\0', used) != NULL;
    if (used > sizeof burst->text - burst->len) {
        burst->too_long = true;
    } else {
        memcpy(burst->text + burst->len, bytes, used);
        burst->len += used;
    }
    return used;
}

uint64_t fw_burst_deadline(const struct fw_burst *burst)
{
    return burst->read_len > 0 ? burst->last_ms + FW_READ_GAP_MS : UINT64_MAX;
}

bool fw_burst_has_ended(const struct fw_burst *burst, uint64_t now_ms)
{
    return burst->read_len == FW_READ_MAX || now_ms >= fw_burst_deadline(burst);
}

enum fw_line_event fw_burst_end(struct fw_burst *burst)
{
    bool too_long = burst->too_long;

    if (burst->spoiled || too_long) {
        fw_burst_init(burst);
        return too_long ? FW_LINE_TOO_LONG : FW_LINE_NONE;
    }
    burst->read_len = 0;
    return fw_line_length(burst->text, burst->len) < burst->len ? FW_LINE_COMPLETE : FW_LINE_NONE;
}
