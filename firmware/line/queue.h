/* Command lines that wait for their turn (device_dialect, section 3). */
#ifndef FW_QUEUE_H
#define FW_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "at_limits.h"

#define FW_QUEUE_DEPTH 20

struct fw_queue {
    size_t first, count;
    uint16_t len[FW_QUEUE_DEPTH];
    char text[FW_QUEUE_DEPTH][AT_LINE_MAX];
};

void fw_queue_init(struct fw_queue *queue);

/* Adds a line of at most AT_LINE_MAX bytes; false when the queue is full. */
bool fw_queue_add(struct fw_queue *queue, const char *text, size_t len);

/* Takes the oldest line out: its length. There must be one. */
size_t fw_queue_take(struct fw_queue *queue, char text[AT_LINE_MAX]);

#endif
