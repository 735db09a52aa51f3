/* A folder of a test's own: a fixture of Check around each test. */
#ifndef FOLDER_H
#define FOLDER_H

void folder_make(void);

/* It must be empty but for files of folder_write. */
void folder_remove(void);

/* A path in it (of the last 4 calls). */
const char *folder_path(const char *name);

/* Writes a file there; returns its path. */
const char *folder_write(const char *name, const char *text);

#endif
