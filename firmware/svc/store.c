#include "store.h"

#include <string.h>

void fw_store_init(struct fw_store *store, const struct fw_port *port)
{
    store->port = port;
    store->enabled = true;
    store->changed = false;
}

void fw_store_get_text(const struct fw_store *store, const char *key, char *out, size_t cap,
                       const char *fallback)
{
    if (store->port->nvs->get(store->port->nvs_ctx, key, out, cap) < 0) {
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
