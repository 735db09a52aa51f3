#include "dialect.h"

#include <stddef.h>

/* In the column of the shipping module: prints what the manual says. */
#define SAME NULL

const struct fw_habits fw_habits[FW_DIALECTS] = {
    [FW_DIALECT_MANUAL] =
        {
            .formats =
                {
#define FW_MESSAGE(name, manual, w800) [FW_MSG_##name] = manual,
#include "message.def"
#undef FW_MESSAGE
                },
        },
    [FW_DIALECT_W800] =
        {
            .formats =
                {
#define FW_MESSAGE(name, manual, w800) [FW_MSG_##name] = w800,
#include "message.def"
#undef FW_MESSAGE
                },
            .quirks =
                {
#define FW_QUIRK(name, row, what) [FW_QUIRK_##name] = true,
#include "quirk.def"
#undef FW_QUIRK
                },
        },
};

const char *fw_habits_format(const struct fw_habits *habits, enum fw_message message)
{
    const char *own = habits->formats[message];

    return own != NULL ? own : fw_habits[FW_DIALECT_MANUAL].formats[message];
}

static const struct {
    const char *name, *source;
} quirks[] = {
#define FW_QUIRK(name, row, what) {#name, row},
#include "quirk.def"
#undef FW_QUIRK
};

const char *fw_quirk_name(enum fw_quirk quirk)
{
    return quirks[quirk].name;
}

const char *fw_quirk_source(enum fw_quirk quirk)
{
    return quirks[quirk].source;
}
