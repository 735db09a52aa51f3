/* Arbitrary bytes on the serial line of a whole module: the line reader, the table, data mode,
 * links.
 *
 * The input goes to the module as it is, but for a backtick and the letter behind it, which make
 * something happen (see act). Whatever was sent, the module must be found again in the way that a
 * driver finds it: a guarded +++, an empty line, and AT. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wmfw/wmfw.h>

#include "fake_port.h"
#include "script.h"

struct bench {
    struct fw fw;
    struct fake_port fake;
    uint64_t now_ms;
    bool deaf;
    char tail[64]; /* the end of what the module has said */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hear(struct bench *bench)
{
    char said[4096];
    size_t len;

    while (!bench->deaf && (len = fw_drain(&bench->fw, said, sizeof said, bench->now_ms)) > 0) {
        size_t kept = len < sizeof bench->tail ? len : sizeof bench->tail;

        memmove(bench->tail, bench->tail + kept, sizeof bench->tail - kept);
        memcpy(bench->tail + sizeof bench->tail - kept, said + len - kept, kept);
    }
}

static void pass(struct bench *bench, uint64_t ms)
{
    uint64_t end_ms = bench->now_ms + ms;

    for (;;) {
        uint64_t next_ms;

        fw_tick(&bench->fw, bench->now_ms);
        hear(bench);
        if (bench->now_ms >= end_ms) {
            return;
        }
        next_ms = fw_deadline(&bench->fw);
        if (next_ms <= bench->now_ms) {
            abort(); /* a deadline that stays would make the event loop spin */
        }
        bench->now_ms = next_ms < end_ms ? next_ms : end_ms;
    }
}

static void say(struct bench *bench, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        size_t used = fw_feed(&bench->fw, at, len, bench->now_ms);

        hear(bench);
        if (used == 0 && !bench->deaf) {
            abort(); /* a host that reads is always heard */
        }
        if (used == 0) {
            return;
        }
        at += used;
        len -= used;
    }
}

/* What the letter behind a backtick does to the peer that connected last. */
static void act_on_peer(struct fake_peer *peer, char what)
{
    static const char bytes[9000] = "+IPD,0,9:OK\r\n>\r\n+++";

    switch (what) {
    case 's':
        fake_peer_send(peer, bytes, 20);
        break;
    case 'S':
        fake_peer_send(peer, bytes, sizeof bytes);
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
    case 'a':
        fake_peer_answer(peer, FAKE_ACCEPTS);
        break;
    default:
        break;
    }
}

/* An event of a script: what a capital letter behind a backtick lets happen in the air. */
static void act_on_radio(struct bench *bench, char what)
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
            fw_script_play(&event, &bench->fake.radio, bench->now_ms);
        }
    }
}

/* ... or to the time, the host, and the radio. */
static void act(struct bench *bench, char what)
{
    switch (what) {
    case 'w':
        pass(bench, 30);
        break;
    case 'W':
        pass(bench, 11000);
        break;
    case 'd':
        bench->deaf = true;
        break;
    case 'h':
        bench->deaf = false;
        hear(bench);
        break;
    case 'l':
        fw_radio_ops.leave(&bench->fake.radio, bench->now_ms);
        break;
    case '`':
        say(bench, "`", 1);
        break;
    default:
        act_on_radio(bench, what);
        if (bench->fake.peer_count > 0) {
            act_on_peer(fake_last_peer(&bench->fake), what);
        }
    }
}

static void release(struct bench *bench)
{
    bench->deaf = false;
    hear(bench);
    for (size_t i = 0; i < bench->fake.peer_count; i++) {
        bench->fake.peers[i].accepts = SIZE_MAX;
    }
}

static void find_again(struct bench *bench)
{
    release(bench);
    pass(bench, 60000);
    say(bench, "+++", 3);
    pass(bench, 1000);
    say(bench, "\r\n", 2);
    pass(bench, 60000);
    say(bench, "AT\r\n", 4);
    if (memcmp(bench->tail + sizeof bench->tail - 4, "OK\r\n", 4) != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct fw_config config;
    size_t at = 0;

    fake_port_init(&bench->fake);
    fake_serve(&bench->fake, 80, FAKE_ACCEPTS, true);
    fake_serve(&bench->fake, 81, FAKE_KEEPS_SILENT, false);
    fake_name(&bench->fake, "host", "192.0.2.1");
    config = (struct fw_config){.port = &bench->fake.port};
    fw_init(&bench->fw, &config, 0);
    hear(bench);
    while (at < size) {
        const uint8_t *mark = memchr(data + at, '`', size - at);
        size_t len = mark != NULL ? (size_t)(mark - data) - at : size - at;

        say(bench, data + at, len);
        at += len;
        if (at + 1 < size) {
            act(bench, (char)data[at + 1]);
        }
        at += 2;
    }
    find_again(bench);
    fw_stop(&bench->fw, bench->now_ms);
    if (fake_open_sockets(&bench->fake) > 0) {
        abort();
    }
    fake_port_free(&bench->fake);
    free(bench);
    return 0;
}
