/* The one server of a module: it listens, and its clients take free links (AT+CIPSERVER). */
#ifndef FW_SERVER_H
#define FW_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "link.h"

struct fw_server {
    struct fw_links *links;
    int sock; /* -1: there is no server */
    enum fw_link_type type;
    uint16_t port;
    bool verify;           /* AT+CIPSERVER <CA enable> */
    unsigned max_clients;  /* AT+CIPSERVERMAXCONN */
    unsigned idle_limit_s; /* AT+CIPSTO; 0: none */
    bool expires_silently; /* a client that was silent for too long is gone without a report */
    struct fw_tls_server *tls;
};

void fw_server_init(struct fw_server *server, struct fw_links *links);

/* Listens. False and *reason when it can't: the port is taken, a certificate is missing. */
bool fw_server_start(struct fw_server *server, enum fw_link_type type, uint16_t port, bool verify,
                     uint64_t now_ms, const char **reason);

/* Listens no more. TLS clients whose handshake is not over are dropped; the others stay. */
void fw_server_stop(struct fw_server *server);

bool fw_server_is_on(const struct fw_server *server);

/* Takes a client that calls, and ends those that were silent for too long. kept: bit by bit, ids
 * that no client gets although they may be free. True when a link has changed. */
bool fw_server_poll(struct fw_server *server, unsigned kept, uint64_t now_ms);

uint64_t fw_server_deadline(const struct fw_server *server);

#endif
