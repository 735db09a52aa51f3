#include <wmfw/wmfw.h>

#include <string.h>

#include "engine.h"

_Static_assert(sizeof(struct fw_module) <= FW_BYTES, "FW_BYTES is too small");

static struct fw_module *module_of(struct fw *fw)
{
    return (struct fw_module *)(void *)fw->storage.bytes;
}

static const struct fw_module *const_module_of(const struct fw *fw)
{
    return (const struct fw_module *)(const void *)fw->storage.bytes;
}

int fw_init(struct fw *fw, const struct fw_config *config, uint64_t now_ms)
{
    struct fw_module *module = module_of(fw);

    if ((unsigned)config->dialect >= FW_DIALECTS) {
        return FW_IO_FAIL;
    }
    memset(module, 0, sizeof *module);
    module->port = config->port;
    module->now_ms = now_ms;
    module->noise = config->interleave;
    module->gather.byte_by_byte = config->byte_by_byte;
    module->habits = &fw_habits[config->dialect];
    fw_reply_init(&module->reply, module->habits);
    fw_engine_boot(module);
    fw_engine_advance(module);
    return 0;
}

void fw_stop(struct fw *fw, uint64_t now_ms)
{
    struct fw_module *module = module_of(fw);

    module->now_ms = now_ms;
    fw_engine_halt(module);
}

size_t fw_feed(struct fw *fw, const void *bytes, size_t len, uint64_t now_ms)
{
    fw_tick(fw, now_ms); /* a +++ whose silence has ended came before these bytes */
    return fw_engine_feed(module_of(fw), bytes, len);
}

size_t fw_drain(struct fw *fw, void *buf, size_t cap, uint64_t now_ms)
{
    size_t done = 0;

    while (done < cap) {
        const void *piece;
        size_t len = fw_peek(fw, &piece);

        if (len == 0) {
            break;
        }
        len = len < cap - done ? len : cap - done;
        memcpy((unsigned char *)buf + done, piece, len);
        done += len;
        fw_consume(fw, len, now_ms);
    }
    return done;
}

size_t fw_peek(const struct fw *fw, const void **bytes)
{
    return fw_reply_peek(&const_module_of(fw)->reply, bytes);
}

void fw_consume(struct fw *fw, size_t len, uint64_t now_ms)
{
    fw_reply_consume(&module_of(fw)->reply, len);
    fw_tick(fw, now_ms);
}

void fw_tick(struct fw *fw, uint64_t now_ms)
{
    struct fw_module *module = module_of(fw);

    module->now_ms = now_ms;
    fw_engine_advance(module);
}

uint64_t fw_deadline(const struct fw *fw)
{
    return fw_engine_deadline(const_module_of(fw));
}

bool fw_is_busy(const struct fw *fw)
{
    const struct fw_module *module = const_module_of(fw);

    return module->phase == FW_PHASE_RUNNING || module->queue.count > 0 ||
           module->burst.read_len > 0 || fw_gather_deadline(&module->gather) != UINT64_MAX;
}

size_t fw_memory(void)
{
    return sizeof(struct fw_module);
}
