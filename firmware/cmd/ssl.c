/* AT+CIPSSLCCONF, -CN, -SNI, -ALPN, -PSK: what a TLS client presents and demands, for each link. */
#include "handlers.h"

#include <string.h>

#include "hex.h"

_Static_assert(FW_TLS_NAME_MAX == AT_TLS_NAME_MAX && FW_TLS_PSK_MAX == AT_PSK_MAX &&
                   FW_TLS_ALPN_MAX == AT_ALPN_MAX,
               "what a command may set has to fit");
_Static_assert(FW_TLS_ALPN_TEXT + sizeof "AT+CIPSSLCALPN=1," > AT_LINE_MAX,
               "the names of a whole line have to fit");
_Static_assert(AT_LINKS *AT_LINE_MAX < FW_REPLY_RESERVE,
               "a query that returns a whole line for each link has to fit");

/* The stored settings of link k are named "ssl.auth<k>" and so on (AT+SYSSTORE: CIPSSLCCONF). */
static const char *key_of(char key[16], const char *name, unsigned id)
{
    size_t len = strlen(name);

    memcpy(key, name, len);
    key[len] = (char)('0' + id);
    key[len + 1] = '\0';
    return key;
}

void fw_ssl_load(struct fw_module *module)
{
    char key[16];

    for (unsigned id = 0; id < AT_LINKS; id++) {
        struct fw_tls_config *tls = &module->links.tls[id];

        memset(tls, 0, sizeof *tls);
        tls->auth_mode =
            (uint8_t)fw_store_get_number(&module->store, key_of(key, "ssl.auth", id), 0, 3, 0);
        tls->pki_number = (uint8_t)fw_store_get_number(&module->store, key_of(key, "ssl.pki", id),
                                                       0, AT_CERT_NUMBER_MAX, 0);
        tls->ca_number = (uint8_t)fw_store_get_number(&module->store, key_of(key, "ssl.ca", id), 0,
                                                      AT_CERT_NUMBER_MAX, 0);
    }
}

static void save(struct fw_module *module, unsigned id)
{
    const struct fw_tls_config *tls = &module->links.tls[id];
    char key[16];

    fw_store_put_number(&module->store, key_of(key, "ssl.auth", id), tls->auth_mode);
    fw_store_put_number(&module->store, key_of(key, "ssl.pki", id), tls->pki_number);
    fw_store_put_number(&module->store, key_of(key, "ssl.ca", id), tls->ca_number);
}

enum fw_outcome fw_cipsslcconf_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    for (unsigned id = 0; id < fw_shown_links(module); id++) {
        const struct fw_tls_config *tls = &module->links.tls[id];

        fw_reply_message(&module->reply, FW_MSG_CIPSSLCCONF, (int)id, (int)tls->auth_mode,
                         (int)tls->pki_number, (int)tls->ca_number);
    }
    return FW_DONE;
}

/* Positions: link ID, auth_mode; then pki_number, ca_number. */
enum fw_outcome fw_cipsslcconf_set(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_value *value = args->value;

    for (unsigned id = 0; id < AT_LINKS; id++) {
        struct fw_tls_config *tls = &module->links.tls[id];

        if (fw_is_meant(value[0].number, id)) {
            tls->auth_mode = (uint8_t)value[1].number;
            tls->pki_number = (uint8_t)value[2].number;
            tls->ca_number = (uint8_t)value[3].number;
            save(module, id);
        }
    }
    fw_store_commit(&module->store);
    return FW_DONE;
}

enum fw_outcome fw_cipsslccn_query(struct fw_module *module, const struct fw_args *args)
{
    bool mistaken = !module->multiple && fw_has_quirk(module->habits, FW_QUIRK_CN_PREFIX);
    enum fw_message message = mistaken ? FW_MSG_CIPSSLCSNI : FW_MSG_CIPSSLCCN;

    (void)args;
    for (unsigned id = 0; id < fw_shown_links(module); id++) {
        const char *name = module->links.tls[id].common_name;

        if (name[0] != '\0') {
            fw_reply_message(&module->reply, message, (int)id, name);
        }
    }
    return FW_DONE;
}

enum fw_outcome fw_cipsslccn_set(struct fw_module *module, const struct fw_args *args)
{
    for (unsigned id = 0; id < AT_LINKS; id++) {
        if (fw_is_meant(args->value[0].number, id)) {
            memcpy(module->links.tls[id].common_name, args->value[1].text, args->value[1].len + 1);
        }
    }
    return FW_DONE;
}

enum fw_outcome fw_cipsslcsni_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    for (unsigned id = 0; id < fw_shown_links(module); id++) {
        const char *name = module->links.tls[id].sni;

        if (name[0] != '\0') {
            fw_reply_message(&module->reply, FW_MSG_CIPSSLCSNI, (int)id, name);
        }
    }
    return FW_DONE;
}

enum fw_outcome fw_cipsslcsni_set(struct fw_module *module, const struct fw_args *args)
{
    for (unsigned id = 0; id < AT_LINKS; id++) {
        if (fw_is_meant(args->value[0].number, id)) {
            memcpy(module->links.tls[id].sni, args->value[1].text, args->value[1].len + 1);
        }
    }
    return FW_DONE;
}

enum fw_outcome fw_cipsslcalpn_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    for (unsigned id = 0; id < fw_shown_links(module); id++) {
        const struct fw_tls_config *tls = &module->links.tls[id];
        const char *name = tls->alpn;

        if (tls->alpn_count == 0) {
            continue;
        }
        fw_reply_message(&module->reply, FW_MSG_CIPSSLCALPN_HEAD, (int)id);
        for (unsigned i = 0; i < tls->alpn_count; i++) {
            fw_reply_message(&module->reply, FW_MSG_CIPSSLCALPN_FIELD, name);
            name += strlen(name) + 1;
        }
        fw_reply_message(&module->reply, FW_MSG_CIPSSLCALPN_TAIL);
    }
    return FW_DONE_BLANK;
}

/* Positions: link ID, counts, and so many names. A line is too short for more than there is room
 * for. */
enum fw_outcome fw_cipsslcalpn_set(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_value *name = &args->value[2];
    unsigned count = (unsigned)args->value[1].number;

    for (unsigned id = 0; id < AT_LINKS; id++) {
        struct fw_tls_config *tls = &module->links.tls[id];
        size_t used = 0;

        if (!fw_is_meant(args->value[0].number, id)) {
            continue;
        }
        tls->alpn_count = (uint8_t)count;
        for (unsigned i = 0; i < count; i++) {
            memcpy(tls->alpn + used, name[i].text, name[i].len + 1);
            used += name[i].len + 1;
        }
    }
    return FW_DONE;
}

enum fw_outcome fw_cipsslcpsk_query(struct fw_module *module, const struct fw_args *args)
{
    char hex[2 * FW_TLS_PSK_MAX + 1];

    (void)args;
    for (unsigned id = 0; id < fw_shown_links(module); id++) {
        const struct fw_tls_config *tls = &module->links.tls[id];

        if (tls->psk_len > 0) {
            fw_hex_put(hex, tls->psk, tls->psk_len);
            fw_reply_message(&module->reply, FW_MSG_CIPSSLCPSK, (int)id, hex, tls->psk_identity);
        }
    }
    return FW_DONE;
}

/* Positions: link ID, key, identity. Two empty texts: no key. */
enum fw_outcome fw_cipsslcpsk_set(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_value *key = &args->value[1], *identity = &args->value[2];

    if ((key->byte_count == 0) != (identity->len == 0)) {
        return FW_BAD_PARAMETER;
    }
    for (unsigned id = 0; id < AT_LINKS; id++) {
        struct fw_tls_config *tls = &module->links.tls[id];

        if (fw_is_meant(args->value[0].number, id)) {
            memcpy(tls->psk, key->bytes, key->byte_count);
            tls->psk_len = (uint8_t)key->byte_count;
            memcpy(tls->psk_identity, identity->text, identity->len + 1);
        }
    }
    return FW_DONE;
}
