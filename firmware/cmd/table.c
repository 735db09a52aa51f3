#include "table.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct fw_chapter *const chapters[] = {
    &fw_chapter_system,
    &fw_chapter_wifi,
    &fw_chapter_tcpip,
};

/* The specification marks the first two as not supported, the framework page the others. */
static const char *const refused[] = {
    "CIPFWVER", "CIUPDATE", "CWSTARTSMART", "CWSTOPSMART", "WPS", "MDNS", "CWJEAP",
};

static bool is_name(const char *candidate, const char *name, size_t len)
{
    return strlen(candidate) == len && memcmp(candidate, name, len) == 0;
}

const struct fw_command *fw_command_find(const char *name, size_t len)
{
    const struct fw_command *row;

    for (size_t i = 0; (row = fw_command_row(i)) != NULL; i++) {
        if (is_name(at_command_name(row->id), name, len)) {
            return row;
        }
    }
    return NULL;
}

bool fw_command_is_refused(const char *name, size_t len)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        if (is_name(refused[i], name, len)) {
            return true;
        }
    }
    return false;
}

const char *fw_command_refused(size_t index)
{
    return index < COUNT(refused) ? refused[index] : NULL;
}

const struct fw_command *fw_command_row(size_t index)
{
    for (size_t i = 0; i < COUNT(chapters); i++) {
        if (index < chapters[i]->count) {
            return &chapters[i]->rows[index];
        }
        index -= chapters[i]->count;
    }
    return NULL;
}
