#include "session.h"

#include <string.h>

#include "script.h"

static void datagram_comes(struct session *s, struct fake_peer *peer)
{
    size_t at = one_of(s, 10000);
    if (peer->coming_count < FAKE_DATAGRAMS)
        fake_datagram(peer, "10.0.0.1", (uint16_t)(peer->port + one_of(s, 2)), s->text + at,
                      session_size(s, 2920));
}

/* The first thing that a client says is who it is. */
static void say_name(struct session *s, struct fake_peer *peer)
{
    unsigned char name[ORACLE_NAME];
    unsigned number = oracle_number(&s->oracle, peer);
    memset(name, (int)number, sizeof name);
    if (number > 0 && peer->to_module.len == 0)
        fake_peer_send(peer, name, sizeof name);
}

static void speak(struct session *s, struct fake_peer *peer)
{
    say_name(s, peer);
    fake_peer_send(peer, s->text + one_of(s, 1000), session_size(s, one_of(s, 4) ? 2000 : 16000));
}

static void peer_acts(struct session *s, struct fake_peer *peer)
{
    unsigned what = one_of(s, 16);
    if (peer->datagram)
        datagram_comes(s, peer);
    else if (what < 9 && !peer->ended)
        speak(s, peer);
    else if ((what == 9 || what == 10) && s->streams && s->rig.fake.peer_count + 20 > FAKE_PEERS)
        return; /* a stream calls again; what comes behind the session needs some, too */
    else if (what == 9)
        fake_peer_end(peer);
    else if (what == 10)
        fake_peer_reset(peer);
    else if (what == 11)
        peer->accepts = one_of(s, 2000);
    else if (what == 12)
        fake_peer_answer(peer, FAKE_ACCEPTS);
    else
        peer->accepts = SIZE_MAX;
}

static void air_acts(struct session *s)
{
    static const char *const events[] = {"ap-gone wmat", "ap-back wmat", "ap-back wmat",
                                         "station-joins 02:00:00:00:00:01",
                                         "station-leaves 02:00:00:00:00:01"};
    struct fw_script_event event;
    unsigned what = one_of(s, 5);
    fw_script_read_event(events[what], &event, NULL, 0);
    fw_script_play(&event, &s->rig.fake.radio, s->rig.now_ms);
}

static struct fake_peer *call_server(struct session *s)
{
    struct fake_peer *peer = fake_call(&s->rig.fake, CALL_SERVER_PORT);
    if (peer)
        oracle_client(&s->oracle, peer);
    return peer;
}

struct fake_peer *session_client(struct session *s)
{
    struct fake_peer *peer = call_server(s);
    if (peer)
        say_name(s, peer);
    return peer;
}

/* Some talk at once, some leave at once. What comes behind the session needs some, too. */
static void client_comes(struct session *s)
{
    unsigned what = one_of(s, 8);
    if (s->oracle.client_count + 3 >= ORACLE_CLIENTS || s->rig.fake.peer_count + 12 > FAKE_PEERS)
        return;
    struct fake_peer *peer = call_server(s);
    if (peer && what < 5)
        speak(s, peer);
    if (peer && (what == 0 || what == 7))
        fake_peer_end(peer);
}

void session_event(struct session *s)
{
    struct fake_port *fake = &s->rig.fake;
    if (one_of(s, 40) == 0)
        air_acts(s);
    else if (s->serves && one_of(s, 4) == 0)
        client_comes(s);
    else if (fake->peer_count > 0)
        peer_acts(s, &fake->peers[one_of(s, (unsigned)fake->peer_count)]);
}

void session_clients_speak(struct session *s)
{
    for (unsigned i = 0; i < s->oracle.client_count; i++) {
        if (!s->oracle.clients[i]->ended)
            say_name(s, s->oracle.clients[i]);
    }
}
