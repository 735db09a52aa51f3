/* AT, AT+RST, AT+RESTORE, AT+SYSSTORE, AT+SYSRAM: the module itself. */
#include "handlers.h"

#include "system.h"

/* Of the receive windows, the payload to send, and the output. */
static size_t free_bytes(const struct fw_module *module)
{
    size_t bytes = sizeof module->send.data.bytes - module->send.data.used;

    bytes += fw_reply_room(&module->reply);
    for (unsigned id = 0; id < AT_LINKS; id++) {
        bytes += AT_RECV_WINDOW - module->links.link[id].rx.used;
    }
    return bytes;
}

void fw_system_boot(struct fw_module *module)
{
    module->scan_options = (struct fw_scan_options){0x1ff, -100, 0xffff};
    module->lowest_free = free_bytes(module);
}

void fw_system_watch(struct fw_module *module)
{
    size_t bytes = free_bytes(module);

    module->lowest_free = bytes < module->lowest_free ? bytes : module->lowest_free;
}

enum fw_outcome fw_at_execute(struct fw_module *module, const struct fw_args *args)
{
    (void)module;
    (void)args;
    return FW_DONE;
}

enum fw_outcome fw_rst_execute(struct fw_module *module, const struct fw_args *args)
{
    (void)module;
    (void)args;
    return FW_RESTART;
}

enum fw_outcome fw_restore_execute(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_store_erase(&module->store);
    return FW_RESTART;
}

enum fw_outcome fw_sysstore_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_SYSSTORE, (int)module->store.enabled);
    return FW_DONE;
}

enum fw_outcome fw_sysstore_set(struct fw_module *module, const struct fw_args *args)
{
    module->store.enabled = args->value[0].number != 0;
    return FW_DONE;
}

enum fw_outcome fw_sysram_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_system_watch(module);
    fw_reply_message(&module->reply, FW_MSG_SYSRAM, (int)free_bytes(module),
                     (int)module->lowest_free);
    return FW_DONE;
}
