/* Timed events of the simulated radio, from a plain text (its grammar: DESIGN.md, section 5). Like
 * the radio it uses nothing of its platform and no clock, so tests have it, too. */
#ifndef FW_SCRIPT_H
#define FW_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "radio.h"

enum fw_script_kind {
    FW_SCRIPT_AP_GONE,
    FW_SCRIPT_AP_BACK,
    FW_SCRIPT_ADDRESS_DELAY,
    FW_SCRIPT_STATION_JOINS,
    FW_SCRIPT_STATION_LEAVES,
    FW_SCRIPT_RESET, /* of the module: as if its power was off for a moment */
    FW_SCRIPT_KINDS
};

#define FW_SCRIPT_EVERY UINT32_MAX /* module: all of them */

struct fw_script_event {
    uint64_t at_ms; /* since the start */
    unsigned module;
    enum fw_script_kind kind;
    char ssid[33];
    uint8_t mac[6];
    uint64_t delay_ms; /* FW_NEVER: no answer */
};

/* All zero is an empty script. */
struct fw_script {
    struct fw_script_event *events; /* by time, and in the order of the file where that is equal */
    size_t count, next;
};

/* Reads one event, EVENT ARGS, without its time and module. False, and in reason what is wrong. */
bool fw_script_read_event(const char *text, struct fw_script_event *out, char *reason,
                          size_t reason_size);

/* Reads a whole script for that many modules, whose access points are those of radio. name stands
 * in messages. 0; or a negative errno and in err NAME:LINE: and what is wrong there. Either way
 * fw_script_free is due. */
int fw_script_read(struct fw_script *script, const char *name, const char *text,
                   const struct fw_radio *radio, unsigned modules, char *err, size_t err_size);
void fw_script_free(struct fw_script *script);

/* The next event whose time has come, and goes on to the one behind it; NULL: none. */
const struct fw_script_event *fw_script_due(struct fw_script *script, uint64_t elapsed_ms);

/* The time of the next event since the start, FW_NEVER: there is none. */
uint64_t fw_script_deadline(const struct fw_script *script);

/* The event's name as in the script. Static storage. */
const char *fw_script_name(const struct fw_script_event *event);

/* Makes it happen on a radio. FW_SCRIPT_RESET is not the radio's: it is left to the caller. */
void fw_script_play(const struct fw_script_event *event, struct fw_radio *radio, uint64_t now_ms);

#endif
