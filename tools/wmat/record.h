/* Results on standard output: as text for people, or as JSON with --json. */
#ifndef RECORD_H
#define RECORD_H

#include <stddef.h>

#include <cjson/cJSON.h>

#include "cli.h"

/* Text of the network's (an SSID may be any bytes) as a JSON string: what is not UTF-8 becomes
 * U+FFFD. */
cJSON *record_bytes(const char *bytes, size_t len);

/* Adds a string; "" is left out. */
void record_add(cJSON *record, const char *name, const char *text);

/* Prints a record and frees it: one JSON object on a line, or a line for each of its values. */
void record_print(const struct cli *cli, cJSON *record);

/* Prints a record as JSON to standard output and frees it. */
void record_print_json(cJSON *record);

/* Prints text of the network's with its control characters made harmless, padded to width. */
void print_padded(const char *text, int width);

#endif
