/* Which kind of module a test of the driver talks to: $WMAT_DIALECT, "manual" or "w800"; unset:
 * manual. Only what starts a module asks. A test asks wm_profile what the module is capable of. */
#ifndef TEST_DIALECT_H
#define TEST_DIALECT_H

#include <stdlib.h>
#include <string.h>

#include <wmfw/wmfw.h>

static inline enum fw_dialect test_dialect(void)
{
    const char *name = getenv("WMAT_DIALECT");
    return name && strcmp(name, "w800") == 0 ? FW_DIALECT_W800 : FW_DIALECT_MANUAL;
}

#endif
