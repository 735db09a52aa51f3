/* What the suites of real peers share: a temporary folder, certificates in it, openssl as a server.
 */
#ifndef PEERS_H
#define PEERS_H

#include <check.h>

#include "at_host.h"
#include "process.h"
#include "sntp_stub.h"

/* Makes the folder of this test program, and takes it away with what it holds: an unchecked fixture
 * of Check, which runs once. */
void peers_make_folder(void);
void peers_remove(void);

/* The folder, and a path in it (of the last 16 calls). */
const char *peers_folder(void);
const char *peers_path(const char *name);

/* The folder, with the certificates of identities.sh ($WMAT_IDENTITIES) in it, for --certs. */
void peers_make_identities(void);

/* Starts `openssl s_server` on a free port of at_address(1), with further options: the port. */
uint16_t peers_serve_tls(struct process *server, const char *const *options);

/* Starts a stub and has the module take the time from it; --ntp-port must be the stub's. */
void peers_set_clock(struct at_host *host, struct sntp_stub *stub, int64_t unix_s);

#endif
