/* Argument checks that several chapters share. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* A text of min..max bytes, not NULL, without control characters: nothing in it can end a command. */
bool check_text(const char *text, size_t min, size_t max);

#endif
