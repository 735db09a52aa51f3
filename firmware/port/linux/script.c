#include "script.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS   " \t\r"
#define TIME_MAX 1000000000000 /* ms: some 30 years */

enum argument { NOTHING, SSID, MAC, DELAY };

static const struct {
    const char *name;
    enum argument argument;
    const char *takes;
} kinds[FW_SCRIPT_KINDS] = {
    [FW_SCRIPT_AP_GONE] = {"ap-gone", SSID, "the name of an access point, 1 to 32 bytes"},
    [FW_SCRIPT_AP_BACK] = {"ap-back", SSID, "the name of an access point, 1 to 32 bytes"},
    [FW_SCRIPT_ADDRESS_DELAY] = {"address-delay", DELAY, "milliseconds, or never"},
    [FW_SCRIPT_STATION_JOINS] = {"station-joins", MAC, "the station's xx:xx:xx:xx:xx:xx"},
    [FW_SCRIPT_STATION_LEAVES] = {"station-leaves", MAC, "the station's xx:xx:xx:xx:xx:xx"},
    [FW_SCRIPT_RESET] = {"reset", NOTHING, "nothing behind it"},
};

const char *fw_script_name(const struct fw_script_event *event)
{
    return kinds[event->kind].name;
}

__attribute__((format(printf, 3, 4))) static bool refuse(char *reason, size_t size,
                                                         const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(reason, size, format, args);
    va_end(args);
    return false;
}

/* The next word: its length, and *text behind the blanks in front of it. */
static size_t next_word(const char **text)
{
    *text += strspn(*text, BLANKS);
    return strcspn(*text, BLANKS);
}

static bool is_word(const char *text, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(text, word, len) == 0;
}

static bool read_number(const char *text, size_t len, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || *out > TIME_MAX / 10) {
            return false;
        }
        *out = *out * 10 + (uint64_t)(text[i] - '0');
    }
    return len > 0;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;

    return at != NULL ? (int)(at - digits) % 16 : -1;
}

/* A station's: no group's. */
static bool read_mac(const char *text, size_t len, uint8_t mac[6])
{
    for (size_t i = 0; i < 6 && len == 17; i++) {
        int high = hex_digit(text[3 * i]), low = hex_digit(text[3 * i + 1]);

        if (high < 0 || low < 0 || (i < 5 && text[3 * i + 2] != ':')) {
            return false;
        }
        mac[i] = (uint8_t)(high << 4 | low);
    }
    return len == 17 && (mac[0] & 1) == 0;
}

/* A name goes to the end of the line: it may hold blanks, but not end with one. */
static bool read_ssid(const char *text, size_t len, char ssid[33])
{
    if (len == 0 || len > 32) {
        return false;
    }
    memcpy(ssid, text, len);
    ssid[len] = '\0';
    return true;
}

static bool read_argument(struct fw_script_event *event, const char *text, size_t len)
{
    switch (kinds[event->kind].argument) {
    case SSID:
        return read_ssid(text, len, event->ssid);
    case MAC:
        return read_mac(text, len, event->mac);
    case DELAY:
        if (is_word(text, len, "never")) {
            event->delay_ms = FW_NEVER;
            return true;
        }
        return read_number(text, len, &event->delay_ms);
    case NOTHING:
        break;
    }
    return len == 0;
}

static bool find_kind(const char *text, size_t len, enum fw_script_kind *out)
{
    for (int kind = 0; kind < FW_SCRIPT_KINDS; kind++) {
        if (is_word(text, len, kinds[kind].name)) {
            *out = (enum fw_script_kind)kind;
            return true;
        }
    }
    return false;
}

bool fw_script_read_event(const char *text, struct fw_script_event *out, char *reason,
                          size_t reason_size)
{
    size_t len = next_word(&text);
    const char *argument = text + len;

    if (!find_kind(text, len, &out->kind)) {
        return refuse(reason, reason_size, "there is no event '%.*s'", (int)len, text);
    }
    argument += strspn(argument, BLANKS);
    len = strlen(argument);
    while (len > 0 && strchr(BLANKS, argument[len - 1]) != NULL) {
        len--;
    }
    if (!read_argument(out, argument, len)) {
        return refuse(reason, reason_size, "%s takes %s", kinds[out->kind].name,
                      kinds[out->kind].takes);
    }
    return true;
}

/* "module K" in front of the event. */
static bool read_module(const char **text, unsigned modules, struct fw_script_event *out,
                        char *reason, size_t reason_size)
{
    size_t len = next_word(text);
    uint64_t index;

    out->module = FW_SCRIPT_EVERY;
    if (!is_word(*text, len, "module")) {
        return true;
    }
    *text += len;
    len = next_word(text);
    if (!read_number(*text, len, &index) || index >= modules) {
        return refuse(reason, reason_size, "the modules are 0 to %u, not '%.*s'", modules - 1,
                      (int)len, *text);
    }
    out->module = (unsigned)index;
    *text += len;
    return true;
}

static bool read_line(const char *text, const struct fw_radio *radio, unsigned modules,
                      struct fw_script_event *out, char *reason, size_t reason_size)
{
    size_t len = next_word(&text);

    if (!read_number(text, len, &out->at_ms)) {
        return refuse(reason, reason_size,
                      "a line starts with the milliseconds since the start, not with '%.*s'",
                      (int)len, text);
    }
    text += len;
    if (!read_module(&text, modules, out, reason, reason_size) ||
        !fw_script_read_event(text, out, reason, reason_size)) {
        return false;
    }
    if (kinds[out->kind].argument == SSID && !fw_radio_knows(radio, out->ssid)) {
        return refuse(reason, reason_size, "there is no access point '%s' (--ap)", out->ssid);
    }
    return true;
}

/* Behind those of the same time. */
static bool insert(struct fw_script *script, const struct fw_script_event *event)
{
    size_t at = script->count;
    struct fw_script_event *events = realloc(script->events, (at + 1) * sizeof *events);

    if (events == NULL) {
        return false;
    }
    while (at > 0 && events[at - 1].at_ms > event->at_ms) {
        events[at] = events[at - 1];
        at--;
    }
    events[at] = *event;
    script->events = events;
    script->count++;
    return true;
}

/* A line that says something: not an empty one, not a comment. */
static bool is_event(const char *line)
{
    line += strspn(line, BLANKS);
    return *line != '\0' && *line != '#';
}

int fw_script_read(struct fw_script *script, const char *name, const char *text,
                   const struct fw_radio *radio, unsigned modules, char *err, size_t err_size)
{
    unsigned number = 1;
    char reason[160], line[256];

    *script = (struct fw_script){0};
    for (size_t len; *text != '\0'; number++) {
        struct fw_script_event event = {0};

        len = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)len, text);
        text += len + (text[len] == '\n');
        if (!is_event(line)) {
            continue;
        }
        if (!read_line(line, radio, modules, &event, reason, sizeof reason)) {
            snprintf(err, err_size, "%s:%u: %s", name, number, reason);
            return -EINVAL;
        }
        if (!insert(script, &event)) {
            snprintf(err, err_size, "%s:%u: out of memory", name, number);
            return -ENOMEM;
        }
    }
    return 0;
}

void fw_script_free(struct fw_script *script)
{
    free(script->events);
    *script = (struct fw_script){0};
}

uint64_t fw_script_deadline(const struct fw_script *script)
{
    return script->next < script->count ? script->events[script->next].at_ms : FW_NEVER;
}

const struct fw_script_event *fw_script_due(struct fw_script *script, uint64_t elapsed_ms)
{
    return fw_script_deadline(script) <= elapsed_ms ? &script->events[script->next++] : NULL;
}

void fw_script_play(const struct fw_script_event *event, struct fw_radio *radio, uint64_t now_ms)
{
    switch (event->kind) {
    case FW_SCRIPT_AP_GONE:
        fw_radio_ap_gone(radio, event->ssid, now_ms);
        break;
    case FW_SCRIPT_AP_BACK:
        fw_radio_ap_back(radio, event->ssid);
        break;
    case FW_SCRIPT_ADDRESS_DELAY:
        fw_radio_address_delay(radio, event->delay_ms);
        break;
    case FW_SCRIPT_STATION_JOINS:
        fw_radio_station_joins(radio, event->mac);
        break;
    case FW_SCRIPT_STATION_LEAVES:
        fw_radio_station_leaves(radio, event->mac);
        break;
    case FW_SCRIPT_RESET:
    case FW_SCRIPT_KINDS:
        break;
    }
}
