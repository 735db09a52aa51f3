#include "chaos.h"

#include <stdlib.h>
#include <string.h>

#include "script.h"

enum { LONGEST_COMMAND_MS = 610000 }; /* CWJAP with the longest jap_timeout */
enum { QUEUE_DEPTH = 20 };            /* of a shipping module: any of its lines may begin to send */
enum { BURST_MS = 2 };                /* the pause that ends a burst */
enum { DATAGRAM_PORT = 9, NTP_PACKET = 48, NTP_STAMP = 0x5a };

static void hear(struct chaos *chaos)
{
    char said[4096];
    size_t len;

    while (!chaos->deaf && (len = fw_drain(&chaos->fw, said, sizeof said, chaos->now_ms)) > 0) {
        size_t kept = len < sizeof chaos->tail ? len : sizeof chaos->tail;

        memmove(chaos->tail, chaos->tail + kept, sizeof chaos->tail - kept);
        memcpy(chaos->tail + sizeof chaos->tail - kept, said + len - kept, kept);
    }
}

/* The fake port remembers a number of datagrams; nobody asks here. */
static void forget_datagrams(struct chaos *chaos)
{
    for (size_t i = 0; i < chaos->fake.peer_count; i++) {
        chaos->fake.peers[i].sent_count = 0;
    }
}

void chaos_start(struct chaos *chaos, enum fw_dialect dialect)
{
    struct fw_config config = {.port = &chaos->fake.port, .dialect = dialect};

    memset(chaos, 0, sizeof *chaos);
    chaos->dialect = dialect;
    fake_port_init(&chaos->fake);
    chaos->fake.port.extensions = true;
    chaos->fake.ping_result = 7;
    fake_serve(&chaos->fake, 80, FAKE_ACCEPTS, true);
    fake_serve(&chaos->fake, 81, FAKE_KEEPS_SILENT, false);
    fake_name(&chaos->fake, "host", "192.0.2.1");
    fw_init(&chaos->fw, &config, 0);
    hear(chaos);
}

void chaos_stop(struct chaos *chaos)
{
    fw_stop(&chaos->fw, chaos->now_ms);
    if (fake_open_sockets(&chaos->fake) > 0) {
        abort();
    }
    fake_port_free(&chaos->fake);
}

void chaos_pass(struct chaos *chaos, uint64_t ms)
{
    uint64_t end_ms = chaos->now_ms + ms;

    for (;;) {
        uint64_t next_ms;

        fw_tick(&chaos->fw, chaos->now_ms);
        hear(chaos);
        forget_datagrams(chaos);
        if (chaos->now_ms >= end_ms) {
            return;
        }
        next_ms = fw_deadline(&chaos->fw);
        if (next_ms <= chaos->now_ms) {
            abort(); /* a deadline that stays would make the event loop spin */
        }
        chaos->now_ms = next_ms < end_ms ? next_ms : end_ms;
    }
}

/* Some connection that takes no more is the only excuse of a module that takes no more. */
static bool may_hold_back(const struct chaos *chaos)
{
    for (size_t i = 0; i < FAKE_SOCKETS; i++) {
        const struct fake_peer *peer = chaos->fake.sockets[i];

        if (peer != NULL && peer->accepts != SIZE_MAX) {
            return true;
        }
    }
    return chaos->deaf;
}

void chaos_say(struct chaos *chaos, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        size_t used = fw_feed(&chaos->fw, at, len, chaos->now_ms);

        hear(chaos);
        forget_datagrams(chaos);
        if (used == 0 && !may_hold_back(chaos)) {
            abort();
        }
        if (used == 0) {
            return;
        }
        at += used;
        len -= used;
    }
}

/* RFC 4330: the answer to the last question, whose time stamp is what the fake port draws. */
static void answer_time(struct fake_peer *peer)
{
    unsigned char packet[NTP_PACKET] = {4 << 3 | 4, 2, [40] = 0xe5};

    memset(packet + 24, NTP_STAMP, 8);
    if (peer->coming_count < FAKE_DATAGRAMS) {
        fake_datagram(peer, "192.0.2.1", 123, packet, sizeof packet);
    }
}

static void send_some(struct fake_peer *peer, size_t len)
{
    static const char bytes[9000] = "+IPD,0,9:OK\r\n>\r\n+++";

    if (!peer->datagram) {
        fake_peer_send(peer, bytes, len);
    } else if (peer->coming_count < FAKE_DATAGRAMS) {
        fake_datagram(peer, peer->coming_count % 2 == 0 ? "192.0.2.1" : "192.0.2.7", DATAGRAM_PORT,
                      bytes, len);
    }
}

static void act_on_peer(struct fake_peer *peer, char what)
{
    switch (what) {
    case 's':
        send_some(peer, 20);
        break;
    case 'S':
        send_some(peer, 9000);
        break;
    case 'e':
        fake_peer_end(peer);
        break;
    case 'r':
        fake_peer_reset(peer);
        break;
    case 'b':
        peer->accepts = 10; /* and then its stack is full */
        break;
    case 'y':
        peer->accepts = SIZE_MAX;
        break;
    case 'f':
        peer->refuses = true;
        break;
    case 'a':
        if (peer->datagram) {
            answer_time(peer);
        } else {
            fake_peer_answer(peer, FAKE_ACCEPTS);
        }
        break;
    default:
        break;
    }
}

static void call(struct fake_port *fake)
{
    for (size_t i = 0; i < FAKE_SOCKETS; i++) {
        if (fake->sockets[i] != NULL && fake->sockets[i]->listens &&
            fake->client_count < FAKE_CLIENTS && fake->peer_count < FAKE_PEERS) {
            fake_call(fake, fake->sockets[i]->port);
            return;
        }
    }
}

/* A guarded +++ (spec, +++). */
static void escape(struct chaos *chaos)
{
    chaos_pass(chaos, 100);
    chaos_say(chaos, "+++", 3);
    chaos_pass(chaos, 1000);
}

/* An event of a script that happens in the air. */
static bool act_on_air(struct chaos *chaos, char what)
{
    static const struct {
        char what;
        const char *event;
    } events[] = {
        {'G', "ap-gone wmat"},
        {'B', "ap-back wmat"},
        {'N', "address-delay never"},
        {'J', "station-joins 02:00:00:00:00:01"},
        {'K', "station-joins 02:00:00:00:00:02"},
        {'L', "station-leaves 02:00:00:00:00:01"},
    };
    struct fw_script_event event;

    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        if (events[i].what == what && fw_script_read_event(events[i].event, &event, NULL, 0)) {
            fw_script_play(&event, &chaos->fake.radio, chaos->now_ms);
            return true;
        }
    }
    return false;
}

static bool act_on_network(struct chaos *chaos, char what)
{
    switch (what) {
    case 'l':
        fw_radio_ops.leave(&chaos->fake.radio, chaos->now_ms);
        return true;
    case 'n':
    case 'Q':
        chaos->fake.dns_silent = what == 'n';
        return true;
    case 'c':
        call(&chaos->fake);
        return true;
    default:
        return act_on_air(chaos, what);
    }
}

static bool act_on_host(struct chaos *chaos, char what)
{
    switch (what) {
    case 'w':
        chaos_pass(chaos, 30);
        return true;
    case 'W':
        chaos_pass(chaos, 11000);
        return true;
    case 'p':
        escape(chaos);
        return true;
    case 'd':
        chaos->deaf = true;
        return true;
    case 'h':
        chaos->deaf = false;
        hear(chaos);
        return true;
    default:
        return false;
    }
}

void chaos_act(struct chaos *chaos, char what)
{
    size_t count = chaos->fake.peer_count;

    if (what >= '0' && what <= '9') {
        chaos->peer = (size_t)(what - '0');
    } else if (!act_on_host(chaos, what) && !act_on_network(chaos, what) && chaos->peer < count) {
        act_on_peer(&chaos->fake.peers[count - 1 - chaos->peer], what);
    }
}

static void become_reasonable(struct chaos *chaos)
{
    chaos->deaf = false;
    chaos->fake.dns_silent = false;
    hear(chaos);
    for (size_t i = 0; i < chaos->fake.peer_count; i++) {
        chaos->fake.peers[i].accepts = SIZE_MAX;
        if (chaos->fake.peers[i].shut) {
            fake_peer_end(&chaos->fake.peers[i]); /* a link may linger for hours */
        }
    }
}

bool chaos_answers(struct chaos *chaos)
{
    chaos_say(chaos, "AT\r\n", 4);
    chaos_pass(chaos, BURST_MS);
    return memcmp(chaos->tail + sizeof chaos->tail - 4, "OK\r\n", 4) == 0;
}

static bool find(struct chaos *chaos)
{
    become_reasonable(chaos);
    chaos_pass(chaos, LONGEST_COMMAND_MS);
    escape(chaos);
    chaos_say(chaos, "\r\n", 2);
    become_reasonable(chaos);
    chaos_pass(chaos, LONGEST_COMMAND_MS);
    return chaos_answers(chaos);
}

bool chaos_find_again(struct chaos *chaos)
{
    int rounds = chaos->dialect == FW_DIALECT_W800 ? 1 + QUEUE_DEPTH : 1;

    for (int i = 0; i < rounds; i++) {
        if (find(chaos)) {
            return true;
        }
    }
    return false;
}
