/* A platform for the firmware without a network: scripted peers, a scripted name server, settings
 * in memory, and the simulated radio. Nothing happens by itself: what a peer does is what the test
 * calls, and the firmware sees it at its next fw_tick. Time is the test's. */
#ifndef FAKE_PORT_H
#define FAKE_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/port.h>

#include "radio.h"

#define FAKE_SOCKETS   8
#define FAKE_PEERS     64 /* connections of one test; open fails beyond */
#define FAKE_SERVERS   8
#define FAKE_NAMES     8
#define FAKE_SETTINGS  64
#define FAKE_DATAGRAMS 64 /* of one socket */
#define FAKE_CLIENTS   16 /* that call a server of the firmware */

/* What happens to whoever connects to a server. */
enum fake_answer {
    FAKE_ACCEPTS,
    FAKE_REFUSES,
    FAKE_KEEPS_SILENT, /* neither, until fake_peer_answer */
};

struct fake_bytes {
    unsigned char *data;
    size_t len, cap;
};

/* The far end of one connection. It stays readable for the test after the connection is gone. */
struct fake_peer {
    enum fake_answer answer;
    bool echo;
    bool ended;     /* the peer has ended its side */
    bool reset;     /* the connection is broken */
    bool closed;    /* the firmware has closed its socket, */
    bool was_reset; /* and told the peer that the connection is broken */
    size_t
        accepts; /* bytes that the connection still takes from the firmware; SIZE_MAX: any number */
    size_t piece; /* at most so many bytes a recv or send; 0: any number */
    uint16_t port;
    uint16_t local_port;  /* of the firmware; 0: 50000 and on */
    struct fw_addr local; /* that the firmware bound to; family 0: none */
    unsigned keep_alive_s;
    bool no_delay;
    bool shut;                 /* the firmware has ended its side */
    bool listens;              /* a server of the firmware; its clients wait in the port's queue */
    bool refuses;              /* its network takes no datagram, and never will */
    char sni[66];              /* of its TLS client, see plain_tls.c; "": none */
    bool datagram;             /* UDP: what it received and gets are datagrams, see fake_datagram */
    struct fw_endpoint remote; /* UDP: whom the link was opened for */
    struct {
        size_t len;
        struct fw_endpoint peer; /* whom it goes to, or comes from */
    } sent[FAKE_DATAGRAMS], coming[FAKE_DATAGRAMS];
    size_t sent_count, coming_count, coming_taken;
    struct fake_bytes to_module; /* on its way to the firmware */
    size_t taken;                /* how much of it the firmware has read */
    struct fake_bytes received;  /* all that came from the firmware */
};

struct fake_port {
    struct fw_port port; /* for struct fw_config */
    struct fw_radio radio;
    struct {
        uint16_t port, last;
        enum fake_answer answer;
        bool echo;
    } servers[FAKE_SERVERS];
    size_t server_count;
    struct fake_peer *sockets[FAKE_SOCKETS]; /* NULL: free */
    unsigned wants[FAKE_SOCKETS];
    struct fake_peer peers[FAKE_PEERS]; /* in the order of connecting */
    size_t peer_count;
    struct fake_peer *clients[FAKE_CLIENTS]; /* they wait to be accepted */
    size_t client_count;
    struct {
        char host[256];
        struct fw_addr addr; /* family 0: no such name */
    } names[FAKE_NAMES];
    size_t name_count;
    char asked[257];            /* the last name that was asked for; "": none */
    bool dns_silent;            /* no query gets an answer, */
    bool dns_silent4;           /* or none for an IPv4 address */
    struct fw_addr pinged;      /* the last one; family 0: none */
    int ping_result;            /* what AT+PING hears: a time in ms, FW_IO_AGAIN: nothing */
    const char *ping_forbidden; /* why the platform refuses; NULL: it does not */
    struct {
        bool used;
        int outcome;
        struct fw_addr addr;
    } queries[FW_DNS_QUERIES];
    struct fw_addr dns_servers[2]; /* that AT+CIPDNS set */
    size_t dns_server_count;
    struct {
        char key[32], text[96];
    } settings[FAKE_SETTINGS];
    size_t setting_count;
    const char *ca_pem; /* of FW_CERT_SERVER_CA; there are no other certificates. NULL: none */
    size_t ca_pem_len;  /* with its NUL */
    unsigned commits;   /* how often the settings were made permanent */
    char last_loss[96]; /* the last trace of a datagram that was not delivered */
};

/* A platform with one access point, "wmat" with the password "wmat-demo-1", and no servers: a
 * connect to an unknown port is refused. */
void fake_port_init(struct fake_port *fake);
void fake_port_free(struct fake_port *fake);

/* A server at every address on that port. With echo its peers return what they receive, and so
 * does what gets datagrams there. */
void fake_serve(struct fake_port *fake, uint16_t port, enum fake_answer answer, bool echo);

/* The same on each of the ports first to last. */
void fake_serve_ports(struct fake_port *fake, uint16_t first, uint16_t last,
                      enum fake_answer answer, bool echo);

/* A name that resolves to an address (text), or to none (NULL). Unknown names fail as well. */
void fake_name(struct fake_port *fake, const char *host, const char *address);

/* The latest connection; fails the test when there is none. */
struct fake_peer *fake_last_peer(struct fake_port *fake);

/* A client at 192.0.2.9 that calls the firmware's server: NULL when there is none on that port. */
struct fake_peer *fake_call(struct fake_port *fake, uint16_t port);

/* A datagram from an address (text) for the UDP link of that socket. */
void fake_datagram(struct fake_peer *peer, const char *from, uint16_t port, const void *bytes,
                   size_t len);

void fake_peer_answer(struct fake_peer *peer, enum fake_answer answer);
void fake_peer_send(struct fake_peer *peer, const void *bytes, size_t len);
void fake_peer_end(struct fake_peer *peer);
void fake_peer_reset(struct fake_peer *peer);

/* Sockets that the firmware holds open now. */
size_t fake_open_sockets(const struct fake_port *fake);

/* A stored setting, NULL when there is none. */
const char *fake_setting(const struct fake_port *fake, const char *key);

#endif
