/* Between the host and the firmware: the UART's receive buffer and, where a module has a baud rate,
 * the pace of the line and what a wrong speed makes of its bytes. */
#ifndef FW_CABLE_H
#define FW_CABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uart.h"

#define FW_CABLE_BUFFER 4096 /* without a pace; with one it is the module's 1024 bytes */

/* One direction: how many bytes can have passed. */
struct fw_pace {
    unsigned baud;    /* 10 bits a byte (8N1); 0: no limit */
    uint64_t free_us; /* when the byte that passed last had passed */
};

struct fw_cable {
    struct fw_pace in, out;
    bool hold_back;      /* RTS/CTS: a full buffer stops the host instead of losing bytes */
    bool idle;           /* nothing came in the last time */
    unsigned wrong_baud; /* that the host had when bytes passed last; 0: the right one */
    bool refused;        /* the module took nothing the last time, and has had no reason to since */
    uint64_t lost;       /* bytes that found the buffer full */
    uint32_t noise;      /* state of what a wrong speed sounds like */
    size_t capacity;     /* of buffer */
    size_t at, len;      /* received and not yet taken: buffer[at .. len) */
    unsigned char buffer[FW_CABLE_BUFFER];
};

void fw_cable_init(struct fw_cable *cable, unsigned baud, bool hold_back, uint64_t seed);

/* Bytes that can pass by now_us, at most max; and that so many have passed. A line that was idle
 * saves nothing up: fw_pace_rest says that it is. */
size_t fw_pace_budget(const struct fw_pace *pace, uint64_t now_us, size_t max);
void fw_pace_passed(struct fw_pace *pace, size_t len);
void fw_pace_rest(struct fw_pace *pace, uint64_t now_us);

/* Takes what has come in: how many new bytes the buffer has, at its end. What overran it is added
 * to lost. */
size_t fw_cable_fill(struct fw_cable *cable, struct fw_uart *uart, uint64_t now_us);

/* The module has taken len bytes from buffer[at] on; 0: it takes none for now. */
void fw_cable_taken(struct fw_cable *cable, size_t len);

/* Whether the next thing to happen on the line is that a byte comes in: not while the buffer is
 * full, nor while the pace has the line busy anyway. */
bool fw_cable_listens(const struct fw_cable *cable);

/* Sends: how many bytes have gone. */
size_t fw_cable_send(struct fw_cable *cable, struct fw_uart *uart, const void *bytes, size_t len,
                     uint64_t now_us);

/* How long the line keeps the module waiting, in ms; 0: it has bytes that the module can take now,
 * -1: it does not. */
int fw_cable_wait_ms(const struct fw_cable *cable, bool has_output);

#endif
