#include "tls.h"

#include <mbedtls/platform.h>

#include "reason.h"
#include "self_signed.h"
#include "session.h"
#include "verify.h"

struct fw_tls_server {
    struct fw_tls_setup setup;
    bool verify;
    unsigned users; /* who opened it, and its connections: the last one frees it */
};

static void release(void *owner)
{
    struct fw_tls_server *server = owner;

    server->users--;
    if (server->users == 0) {
        fw_tls_setup_free(&server->setup);
        mbedtls_free(server);
    }
}

static bool set_certificate(struct fw_tls_setup *setup, const char **reason)
{
    const struct fw_port *port = setup->port;
    size_t len;

    if (port->certs->lend(port->certs_ctx, FW_CERT_SERVER_CHAIN, 0, &len) != NULL) {
        return fw_tls_setup_present(setup, FW_CERT_SERVER_CHAIN, FW_CERT_SERVER_KEY, 0, reason);
    }
    return fw_tls_self_sign(setup, reason) && fw_tls_setup_own(setup, reason);
}

static bool configure(struct fw_tls_server *server, uint64_t unix_s, const char **reason)
{
    struct fw_tls_setup *setup = &server->setup;

    return fw_tls_setup_defaults(setup, MBEDTLS_SSL_IS_SERVER, FW_TLS_SUITES_CERTIFICATE, reason) &&
           (!server->verify || fw_tls_setup_verify(setup, FW_CERT_SERVER_CA, 0, unix_s, reason)) &&
           set_certificate(setup, reason);
}

struct fw_tls_server *fw_tls_server_open(const struct fw_port *port, bool verify, uint64_t unix_s,
                                         const char **reason)
{
    struct fw_tls_server *server = mbedtls_calloc(1, sizeof *server);

    if (server == NULL) {
        *reason = FW_TLS_NO_MEMORY;
        return NULL;
    }
    fw_tls_setup_init(&server->setup, port);
    server->verify = verify;
    server->users = 1;
    if (!configure(server, unix_s, reason)) {
        release(server);
        return NULL;
    }
    return server;
}

void fw_tls_server_close(struct fw_tls_server *server)
{
    if (server != NULL) {
        release(server);
    }
}

struct fw_tls *fw_tls_accept(struct fw_tls_server *server, int sock, uint64_t unix_s,
                             const char **reason)
{
    struct fw_tls *tls;

    if (server->verify && !fw_tls_clock_is_set(unix_s, reason)) {
        return NULL;
    }
    tls = fw_tls_session_new(&server->setup, sock, unix_s, reason);
    if (tls != NULL) {
        server->users++;
        tls->release = release;
        tls->owner = server;
    }
    return tls;
}
