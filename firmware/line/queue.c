#include "queue.h"

#include <assert.h>
#include <string.h>

void fw_queue_init(struct fw_queue *queue)
{
    queue->first = queue->count = 0;
}

bool fw_queue_add(struct fw_queue *queue, const char *text, size_t len)
{
    size_t place = (queue->first + queue->count) % FW_QUEUE_DEPTH;

    assert(len <= AT_LINE_MAX);
    if (queue->count == FW_QUEUE_DEPTH) {
        return false;
    }
    memcpy(queue->text[place], text, len);
    queue->len[place] = (uint16_t)len;
    queue->count++;
    return true;
}

size_t fw_queue_take(struct fw_queue *queue, char text[AT_LINE_MAX])
{
    size_t place = queue->first;

    assert(queue->count > 0);
    memcpy(text, queue->text[place], queue->len[place]);
    queue->first = (place + 1) % FW_QUEUE_DEPTH;
    queue->count--;
    return queue->len[place];
}
