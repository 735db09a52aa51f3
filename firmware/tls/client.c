#include "tls.h"

#include <assert.h>
#include <string.h>

#include <mbedtls/platform.h>

#include "reason.h"
#include "session.h"

enum { PRESENTS = 1, VERIFIES = 2 }; /* bits of auth_mode */

/* mbedTLS refers to the names of protocols; so they live here. */
struct client {
    struct fw_tls_setup setup;
    char common_name[FW_TLS_NAME_MAX + 1];
    char alpn[FW_TLS_ALPN_TEXT];
    const char *protocols[FW_TLS_ALPN_MAX + 1]; /* the last one NULL */
};

static void release(void *owner)
{
    struct client *client = owner;

    fw_tls_setup_free(&client->setup);
    mbedtls_free(client);
}

static bool set_protocols(struct client *client, const struct fw_tls_config *config,
                          const char **reason)
{
    const char *name = client->alpn;

    if (config->alpn_count == 0) {
        return true;
    }
    assert(config->alpn_count <= FW_TLS_ALPN_MAX);
    memcpy(client->alpn, config->alpn, sizeof client->alpn);
    for (unsigned i = 0; i < config->alpn_count; i++) {
        client->protocols[i] = name;
        name += strlen(name) + 1;
    }
    if (mbedtls_ssl_conf_alpn_protocols(&client->setup.conf, client->protocols) != 0) {
        *reason = "an ALPN protocol has no name";
        return false;
    }
    return true;
}

static bool set_psk(struct client *client, const struct fw_tls_config *config, const char **reason)
{
    int result = mbedtls_ssl_conf_psk(&client->setup.conf, config->psk, config->psk_len,
                                      (const unsigned char *)config->psk_identity,
                                      strlen(config->psk_identity));

    if (result != 0) {
        *reason = fw_tls_reason(result);
    }
    return result == 0;
}

static bool set_certificates(struct client *client, const struct fw_tls_config *config,
                             uint64_t unix_s, const char **reason)
{
    struct fw_tls_setup *setup = &client->setup;

    if ((config->auth_mode & VERIFIES) != 0 &&
        !fw_tls_setup_verify(setup, FW_CERT_CA, config->ca_number, unix_s, reason)) {
        return false;
    }
    return (config->auth_mode & PRESENTS) == 0 ||
           fw_tls_setup_present(setup, FW_CERT_CHAIN, FW_CERT_KEY, config->pki_number, reason);
}

/* With a pre-shared key the key is all of the authentication: its suites have no certificates. */
static bool configure(struct client *client, const struct fw_tls_config *config, uint64_t unix_s,
                      const char **reason)
{
    bool psk = config->psk_len > 0;

    memcpy(client->common_name, config->common_name, sizeof client->common_name);
    return fw_tls_setup_defaults(&client->setup, MBEDTLS_SSL_IS_CLIENT,
                                 psk ? FW_TLS_SUITES_PSK : FW_TLS_SUITES_CERTIFICATE, reason) &&
           set_protocols(client, config, reason) &&
           (psk ? set_psk(client, config, reason)
                : set_certificates(client, config, unix_s, reason));
}

static struct fw_tls *start(struct client *client, int sock, const char *sni, uint64_t unix_s,
                            const char **reason)
{
    struct fw_tls *tls = fw_tls_session_new(&client->setup, sock, unix_s, reason);
    int result;

    if (tls == NULL) {
        return NULL;
    }
    result = mbedtls_ssl_set_hostname(&tls->ssl, *sni != '\0' ? sni : NULL);
    if (result != 0) {
        *reason = fw_tls_reason(result);
        fw_tls_close(tls);
        return NULL;
    }
    tls->client = true;
    tls->common_name = *client->common_name != '\0' ? client->common_name : NULL;
    tls->release = release;
    tls->owner = client;
    return tls;
}

struct fw_tls *fw_tls_connect(const struct fw_port *port, int sock,
                              const struct fw_tls_config *config, uint64_t unix_s,
                              const char **reason)
{
    struct client *client = mbedtls_calloc(1, sizeof *client);
    struct fw_tls *tls = NULL;

    if (client == NULL) {
        *reason = FW_TLS_NO_MEMORY;
        return NULL;
    }
    fw_tls_setup_init(&client->setup, port);
    if (configure(client, config, unix_s, reason)) {
        tls = start(client, sock, config->sni, unix_s, reason);
    }
    if (tls == NULL) {
        release(client);
    }
    return tls;
}
