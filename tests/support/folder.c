#include "folder.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64], written[128];

void folder_make(void)
{
    strcpy(folder, "/tmp/wmat-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

void folder_remove(void)
{
    if (written[0])
        unlink(written);
    rmdir(folder);
}

const char *folder_path(const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *folder_write(const char *name, const char *text)
{
    strcpy(written, folder_path(name));
    FILE *file = fopen(written, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    return written;
}
