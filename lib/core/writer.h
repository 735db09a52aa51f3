/* Writes a command line. Whatever does not fit or would be read as another command is refused: the
 * error sticks and writer_end returns it. */
#ifndef WRITER_H
#define WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "at_command.h"

struct writer {
    char *text;
    size_t size; /* what the module takes, CR LF included */
    size_t len;
    bool begun; /* a parameter stands already */
    int err;
};

/* Starts AT+<name> and '?' or '='; 0: neither. "AT" where the name is "". */
struct writer writer_start(char *text, size_t size, const char *name, char ending);

/* The same for any command of the table: AT+X, AT+X? or AT+X=. */
struct writer writer_execute(char *text, size_t size, enum at_command command);
struct writer writer_query(char *text, size_t size, enum at_command command);
struct writer writer_set(char *text, size_t size, enum at_command command);

/* Adds a parameter; commas are put between them. */
void writer_int(struct writer *writer, int32_t value);

/* A string in quotes, its special characters escaped (framework, "Escapes": the comma too, since a
 * shipping module splits at commas inside quotes). WM_ERR_ARG: CR, LF or NUL can't come from here,
 * other control characters and those are refused. */
void writer_string(struct writer *writer, const char *string);

/* An omitted parameter; not the last one. */
void writer_omit(struct writer *writer);

/* Adds text as it is, len bytes. Only for what the driver wrote itself or has checked. */
void writer_raw(struct writer *writer, const char *text, size_t len);

/* Adds CR LF. Returns the length of the line, or WM_ERR_ARG. */
int writer_end(struct writer *writer);

#endif
