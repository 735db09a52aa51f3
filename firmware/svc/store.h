/* Stored settings: numbers and texts by name over the platform's key-value store. Nothing is
 * written that is stored already. */
#ifndef FW_STORE_H
#define FW_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include <wmfw/port.h>

#define FW_STORE_TEXT 80 /* longest stored text and its NUL */

struct fw_store {
    const struct fw_port *port;
    bool enabled; /* AT+SYSSTORE: set commands store what they set */
    bool changed; /* something waits for fw_store_commit */
};

void fw_store_init(struct fw_store *store, const struct fw_port *port);

/* The stored text, or fallback (which must fit). out holds cap bytes. */
void fw_store_get_text(const struct fw_store *store, const char *key, char *out, size_t cap,
                       const char *fallback);

/* The stored number, or fallback where there is none or it is not within min..max. */
int fw_store_get_number(const struct fw_store *store, const char *key, int min, int max,
                        int fallback);

/* Changes a setting where AT+SYSSTORE allows it; fw_store_commit makes the changes permanent. */
void fw_store_put_text(struct fw_store *store, const char *key, const char *text);
void fw_store_put_number(struct fw_store *store, const char *key, int number);
void fw_store_commit(struct fw_store *store);

/* Forgets everything: factory values from the next boot on. */
void fw_store_erase(struct fw_store *store);

#endif
