#include "store.h"

#include <string.h>

#include "addr.h"

void fw_store_init(struct fw_store *store, const struct fw_port *port)
{
    store->port = port;
    store->enabled = true;
    store->changed = false;
}

/* No command can have stored anything else, but whoever edits the settings can. */
static bool is_printable(const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c < 0x20 || c == 0x7f) {
            return false;
        }
    }
    return true;
}

void fw_store_get_text(const struct fw_store *store, const char *key, char *out, size_t cap,
                       const char *fallback)
{
    if (store->port->nvs->get(store->port->nvs_ctx, key, out, cap) < 0 || !is_printable(out)) {
        memcpy(out, fallback, strlen(fallback) + 1);
    }
}

static bool text_to_number(const char *text, int *out)
{
    bool negative = *text == '-';
    long number = 0;

    text += negative;
    if (*text == '\0' || strlen(text) > 9) {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') {
            return false;
        }
        number = number * 10 + (*text - '0');
    }
    *out = (int)(negative ? -number : number);
    return true;
}

int fw_store_get_number(const struct fw_store *store, const char *key, int min, int max,
                        int fallback)
{
    char text[FW_STORE_TEXT];
    int number;

    fw_store_get_text(store, key, text, sizeof text, "");
    return text_to_number(text, &number) && number >= min && number <= max ? number : fallback;
}

void fw_store_get_addr(const struct fw_store *store, const char *key, enum fw_family family,
                       struct fw_addr *out)
{
    char text[FW_STORE_TEXT];

    fw_store_get_text(store, key, text, sizeof text, "");
    if (!fw_addr_parse(text, strlen(text), out) || out->family != family) {
        *out = (struct fw_addr){0};
    }
}

void fw_store_get_mac(const struct fw_store *store, const char *key, uint8_t mac[6])
{
    char text[FW_STORE_TEXT];

    fw_store_get_text(store, key, text, sizeof text, "");
    if (!fw_mac_parse(text, strlen(text), mac) || !fw_mac_is_host(mac)) {
        memset(mac, 0, 6);
    }
}

void fw_store_put_text(struct fw_store *store, const char *key, const char *text)
{
    char old[FW_STORE_TEXT];

    if (!store->enabled) {
        return;
    }
    if (store->port->nvs->get(store->port->nvs_ctx, key, old, sizeof old) >= 0 &&
        strcmp(old, text) == 0) {
        return;
    }
    store->port->nvs->put(store->port->nvs_ctx, key, text);
    store->changed = true;
}

void fw_store_put_number(struct fw_store *store, const char *key, int number)
{
    char text[12];
    size_t at = sizeof text - 1;
    unsigned rest = number < 0 ? 0u - (unsigned)number : (unsigned)number;

    text[at] = '\0';
    do {
        text[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        text[--at] = '-';
    }
    fw_store_put_text(store, key, text + at);
}

void fw_store_put_addr(struct fw_store *store, const char *key, const struct fw_addr *addr)
{
    char text[FW_ADDR_TEXT];

    fw_addr_format(addr, text);
    fw_store_put_text(store, key, text);
}

void fw_store_put_mac(struct fw_store *store, const char *key, const uint8_t mac[6])
{
    char text[FW_MAC_TEXT];

    fw_mac_format(mac, text);
    fw_store_put_text(store, key, text);
}

void fw_store_keep_number(struct fw_store *store, const char *key, int number)
{
    bool enabled = store->enabled;

    store->enabled = true;
    fw_store_put_number(store, key, number);
    fw_store_commit(store);
    store->enabled = enabled;
}

void fw_store_commit(struct fw_store *store)
{
    if (store->changed) {
        store->port->nvs->commit(store->port->nvs_ctx);
        store->changed = false;
    }
}

void fw_store_erase(struct fw_store *store)
{
    store->port->nvs->erase(store->port->nvs_ctx);
    store->port->nvs->commit(store->port->nvs_ctx);
    store->changed = false;
}
