#include "handlers.h"

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
