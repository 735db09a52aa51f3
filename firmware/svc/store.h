/* Stored settings: numbers and texts by name over the platform's key-value store. Nothing is
 * written that is stored already. */
#ifndef FW_STORE_H
#define FW_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include <wmfw/port.h>

#define FW_STORE_TEXT 96 /* longest stored text and its NUL: two addresses and a comma */

struct fw_store {
    const struct fw_port *port;
    bool enabled; /* AT+SYSSTORE: set commands store what they set */
    bool changed; /* something waits for fw_store_commit */
};

void fw_store_init(struct fw_store *store, const struct fw_port *port);

/* The stored text, or fallback (which must fit) where there is none, or none that fits, or it holds
 * a control byte. out holds cap bytes. */
void fw_store_get_text(const struct fw_store *store, const char *key, char *out, size_t cap,
                       const char *fallback);

/* The stored number, or fallback where there is none or it is not within min..max. */
int fw_store_get_number(const struct fw_store *store, const char *key, int min, int max,
                        int fallback);

/* The stored address, or family 0 where there is none of that family; the stored hardware address,
 * or all zero where there is none that an interface can have. */
void fw_store_get_addr(const struct fw_store *store, const char *key, enum fw_family family,
                       struct fw_addr *out);
void fw_store_get_mac(const struct fw_store *store, const char *key, uint8_t mac[6]);

/* Changes a setting where AT+SYSSTORE allows it; fw_store_commit makes the changes permanent. */
void fw_store_put_text(struct fw_store *store, const char *key, const char *text);
void fw_store_put_number(struct fw_store *store, const char *key, int number);
void fw_store_put_addr(struct fw_store *store, const char *key, const struct fw_addr *addr);
void fw_store_put_mac(struct fw_store *store, const char *key, const uint8_t mac[6]);
void fw_store_commit(struct fw_store *store);

/* The same at once, whatever AT+SYSSTORE says (AT+CWAUTOCONN). */
void fw_store_keep_number(struct fw_store *store, const char *key, int number);

/* Forgets everything: factory values from the next boot on. */
void fw_store_erase(struct fw_store *store);

#endif
