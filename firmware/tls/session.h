/* One connection, between the files of this layer. */
#ifndef FW_TLS_SESSION_H
#define FW_TLS_SESSION_H

#include "setup.h"
#include "tls.h"

struct fw_tls {
    const struct fw_port *port;
    int sock;
    uint64_t unix_s; /* when it began: certificates have to be valid then */
    mbedtls_ssl_context ssl;
    bool client;
    const char *common_name; /* that the peer's certificate must be for; NULL: any */
    bool hello_sent;         /* a client's: from now on the name in ssl is common_name */
    unsigned wants;
    size_t unsent;       /* bytes that the last send was offered and that are to be offered again */
    bool ended;          /* by the peer */
    const char *failure; /* why nothing more can come of it; NULL: it has not failed */
    uint64_t overhead_bytes;
    void (*release)(void *owner); /* of the setup */
    void *owner;
};

/* A connection with that setup, which must live until release. NULL and *reason. */
struct fw_tls *fw_tls_session_new(struct fw_tls_setup *setup, int sock, uint64_t unix_s,
                                  const char **reason);

#endif
