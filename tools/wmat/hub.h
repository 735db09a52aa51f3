/* Local programs reach the network through the module: listens, and joins each connection to a link
 * of the module, in one poll loop. The module has five links; connections beyond those wait in
 * line. */
#ifndef HUB_H
#define HUB_H

#include <stdint.h>

#include "cli.h"
#include "local.h"

#define HUB_RELAYS 64 /* connections at once; others wait to be accepted */

struct hub_options {
    struct local local;          /* where to listen */
    const char *host;            /* where every connection goes; NULL: it says so by SOCKS5 */
    unsigned port;               /* the same */
    const char *user, *password; /* of SOCKS5; NULL: everybody may */
    uint32_t quit_ms;            /* see relay_deadline_ms */
    enum wm_receive receive;
};

/* Listens, opens the module, says `ready ADDRESS:PORT`, serves until a signal comes or the module
 * is gone for good, closes the links and the module. Returns an exit status, after a message where
 * no signal was the cause. */
int hub_run(const struct cli *cli, const struct hub_options *options);

#endif
