/* The dialects of the firmware: what each prints (message.def), and the habits in which a shipping
 * module departs from its manual (quirk.def). Nothing else may depend on which dialect is on. */
#ifndef FW_DIALECT_H
#define FW_DIALECT_H

#include <stdbool.h>

#include <wmfw/wmfw.h>

enum fw_message {
#define FW_MESSAGE(name, manual, w800) FW_MSG_##name,
#include "message.def"
#undef FW_MESSAGE
    FW_MSG_COUNT
};

enum fw_quirk {
#define FW_QUIRK(name, row, what) FW_QUIRK_##name,
#include "quirk.def"
#undef FW_QUIRK
    FW_QUIRKS
};

struct fw_habits {
    const char *formats[FW_MSG_COUNT]; /* NULL: that of the manual dialect */
    bool quirks[FW_QUIRKS];
};

/* By enum fw_dialect. */
extern const struct fw_habits fw_habits[FW_DIALECTS];

/* Of tests and lists: "ECHO", and where it comes from: a row or section of the page. */
const char *fw_quirk_name(enum fw_quirk quirk);
const char *fw_quirk_source(enum fw_quirk quirk);

static inline bool fw_has_quirk(const struct fw_habits *habits, enum fw_quirk quirk)
{
    return habits->quirks[quirk];
}

const char *fw_habits_format(const struct fw_habits *habits, enum fw_message message);

#endif
