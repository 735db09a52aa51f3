/* Argument checks that several chapters share. */
#ifndef ARG_H
#define ARG_H

#include <stdbool.h>
#include <stddef.h>

/* A text of min..max bytes, not NULL, without control characters: it can't end a command. */
bool arg_text(const char *text, size_t min, size_t max);

#endif
