#include "cable.h"

#include <string.h>

#include "baud.h"

enum { UART_BUFFER = 1024, BITS_A_BYTE = 10, US = 1000000 };

void fw_cable_init(struct fw_cable *cable, unsigned baud, bool hold_back, uint64_t seed)
{
    memset(cable, 0, offsetof(struct fw_cable, buffer));
    cable->in.baud = cable->out.baud = baud;
    cable->hold_back = hold_back;
    cable->idle = true;
    cable->noise = (uint32_t)seed | 1;
    cable->capacity = baud > 0 ? UART_BUFFER : sizeof cable->buffer;
}

size_t fw_pace_budget(const struct fw_pace *pace, uint64_t now_us, size_t max)
{
    uint64_t passed = (now_us - pace->free_us) * pace->baud / BITS_A_BYTE / US;

    return pace->baud > 0 && passed < max ? (size_t)passed : max;
}

void fw_pace_passed(struct fw_pace *pace, size_t len)
{
    if (pace->baud > 0) {
        pace->free_us += ((uint64_t)len * BITS_A_BYTE * US + pace->baud - 1) / pace->baud;
    }
}

void fw_pace_rest(struct fw_pace *pace, uint64_t now_us)
{
    pace->free_us = now_us;
}

/* A pty tells the speed that its host has set; on any other line there is none that could differ.
 */
static bool speeds_agree(struct fw_cable *cable, const struct fw_uart *uart)
{
    unsigned host = cable->in.baud > 0 && uart->slave >= 0 ? fw_tty_speed(uart->slave) : 0;

    cable->wrong_baud = host != cable->in.baud ? host : 0;
    return cable->wrong_baud == 0;
}

/* What a UART at another speed makes of the bits: never the bytes that they were (xorshift32). */
static void garble(struct fw_cable *cable, unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        cable->noise ^= cable->noise << 13;
        cable->noise ^= cable->noise >> 17;
        cable->noise ^= cable->noise << 5;
        bytes[i] ^= (unsigned char)(cable->noise >> 8) | 0x80;
    }
}

static void make_room(struct fw_cable *cable)
{
    memmove(cable->buffer, cable->buffer + cable->at, cable->len - cable->at);
    cable->len -= cable->at;
    cable->at = 0;
}

/* Without flow control there is always room to lose bytes in. */
static bool has_room(const struct fw_cable *cable)
{
    return cable->len - cable->at < cable->capacity || (cable->in.baud > 0 && !cable->hold_back);
}

bool fw_cable_listens(const struct fw_cable *cable)
{
    return cable->in.baud == 0 ? cable->at == cable->len : has_room(cable) && cable->idle;
}

/* Without flow control the bytes come whether there is room or not. */
static size_t receive(struct fw_cable *cable, struct fw_uart *uart, size_t max)
{
    unsigned char bytes[FW_CABLE_BUFFER];
    size_t room = cable->capacity - cable->len;
    size_t got, kept;

    if (cable->in.baud == 0 || cable->hold_back) {
        max = max < room ? max : room;
    }
    got = max > 0 ? fw_uart_read(uart, bytes, max) : 0;
    kept = got < room ? got : room;
    if (!speeds_agree(cable, uart)) {
        garble(cable, bytes, kept);
    }
    memcpy(cable->buffer + cable->len, bytes, kept);
    cable->len += kept;
    cable->lost += got - kept;
    return got;
}

size_t fw_cable_fill(struct fw_cable *cable, struct fw_uart *uart, uint64_t now_us)
{
    size_t budget = fw_pace_budget(&cable->in, now_us, sizeof cable->buffer);
    size_t before, got;

    if (cable->in.baud == 0 && cable->at < cable->len) {
        return 0; /* one piece at a time */
    }
    make_room(cable);
    if (!has_room(cable)) { /* RTS: the host waits */
        fw_pace_rest(&cable->in, now_us);
        return 0;
    }
    before = cable->len;
    got = receive(cable, uart, budget);
    fw_pace_passed(&cable->in, got);
    cable->idle = got == 0 && budget > 0;
    if (got < budget) {
        fw_pace_rest(&cable->in, now_us);
    }
    return cable->len - before;
}

void fw_cable_taken(struct fw_cable *cable, size_t len)
{
    cable->at += len;
    cable->refused = len == 0;
}

size_t fw_cable_send(struct fw_cable *cable, struct fw_uart *uart, const void *bytes, size_t len,
                     uint64_t now_us)
{
    unsigned char noisy[256];
    size_t budget = fw_pace_budget(&cable->out, now_us, len);
    size_t sent;

    if (budget > 0 && !speeds_agree(cable, uart)) {
        budget = budget < sizeof noisy ? budget : sizeof noisy;
        memcpy(noisy, bytes, budget);
        garble(cable, noisy, budget);
        bytes = noisy;
    }
    sent = budget > 0 ? fw_uart_write(uart, bytes, budget) : 0;
    fw_pace_passed(&cable->out, sent);
    cable->refused &= sent == 0; /* what has gone makes room for the next answer */
    return sent;
}

int fw_cable_wait_ms(const struct fw_cable *cable, bool has_output)
{
    if (cable->at < cable->len && !has_output && !cable->refused) {
        return 0;
    }
    return cable->in.baud > 0 && (has_output || !cable->idle) ? 1 : -1;
}
