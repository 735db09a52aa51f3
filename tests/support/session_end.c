#include "session.h"

#include <stdlib.h>
#include <string.h>

static void become_reasonable(struct session *s)
{
    struct fake_port *fake = &s->rig.fake;
    rig_mend(&s->rig);
    for (size_t i = 0; i < fake->peer_count; i++)
        fake->peers[i].accepts = SIZE_MAX;
    fw_radio_ap_back(&fake->radio, "wmat");
    rig_pass(&s->rig, 1);
}

/* Takes what there is. True: there was something. */
static bool drink(struct session *s, struct flow *flow)
{
    static unsigned char buffer[CALL_BUFFER];
    struct rig *rig = &s->rig;
    struct wm_datagram from = {0};
    if (!flow->handle || flow->ended || flow->error)
        return false;
    int n = wm_core_read_from(&rig->core, flow->handle, buffer, sizeof buffer, &from, rig->now_ms);
    if (flow->stream)
        oracle_stream_read(&s->oracle, flow, buffer, n);
    else if (flow->udp)
        oracle_datagram(&s->oracle, flow, buffer, n, &from);
    else
        oracle_received(&s->oracle, flow, buffer, n);
    return n > 0 || (n == WM_ERR_NOMEM && from.dropped);
}

static bool drink_all(struct session *s)
{
    bool some = false;
    for (unsigned i = 0; i < s->oracle.count && session_going(s); i++)
        some |= drink(s, &s->oracle.flows[i]);
    return some;
}

/* Takes a client that waits, and what there is to read. In active mode a client that nobody reads
 * holds up everything. True: there was something. */
static bool pass(struct session *s, unsigned ms)
{
    struct call *call = s->serves ? calls_free(&s->calls) : NULL;
    if (call)
        calls_start(call, CALL_ACCEPT, NULL, 0, 1);
    rig_pass(&s->rig, ms);
    return drink_all(s) || (call && call->result > 0);
}

/* What got no answer may hold up the line for as long as its command may take: 60 s for a CIPSTART
 * with TLS, behind the deadline of the call. */
static void probe(struct session *s)
{
    struct call *call = calls_free(&s->calls);
    int result = WM_ERR_TIMEOUT;
    for (unsigned tries = 0; tries < 120 && result < 0 && session_going(s) && !s->rig.unplugged;
         tries++) {
        calls_start(call, CALL_PROBE, NULL, 0, 0);
        while (call->busy && session_going(s))
            pass(s, 20);
        result = call->result;
    }
    if (result < 0 && !s->rig.unplugged)
        oracle_blame(&s->oracle, NULL, "no answer any more: %s", wm_err_name(result));
}

/* Waits for the end of all calls, reading what comes; then until the driver answers, and until
 * nothing more comes. */
void session_come_to_rest(struct session *s)
{
    become_reasonable(s);
    while (calls_any(&s->calls) && session_going(s))
        pass(s, 20);
    if (!session_going(s))
        return;
    session_clients_speak(s);
    if (!s->oracle.stream || !s->oracle.stream->handle) /* no commands in passthrough */
        probe(s);
    for (unsigned quiet = 0; session_going(s) && quiet < 40;)
        quiet = pass(s, 50) ? 0 : quiet + 1;
}

void session_give_back(struct session *s)
{
    for (unsigned i = 0; i < s->oracle.count && session_going(s); i++) {
        struct flow *flow = &s->oracle.flows[i];
        if (flow->handle)
            session_run(s, flow->stream ? CALL_STREAM_CLOSE : CALL_CLOSE, flow, 0);
    }
    if (session_going(s))
        oracle_judge_stream(&s->oracle);
}

/* Sends 300 bytes that come back, takes what is due, gives the handle back. */
static bool echoes(struct session *s, struct flow *flow, size_t due)
{
    const struct call *call = session_run(s, CALL_SEND, flow, 300);
    for (size_t i = 0; call && call->result > 0 && flow->delivered < due && i < due; i++)
        call = session_run(s, CALL_RECV, flow, due);
    bool well = call && flow->delivered == due && call->result > 0;
    call = session_run(s, CALL_CLOSE, flow, 0);
    return well && call && call->result == 0;
}

static bool connects(struct session *s, unsigned round)
{
    struct flow flow = {.port = (uint16_t)(SESSION_AGAIN + round)};
    const struct call *call = session_run(s, CALL_JOIN, NULL, 0);
    if (!call || call->result < 0 || !session_run(s, CALL_CONNECT, &flow, 0) || flow.handle == 0)
        return false;
    bool well = echoes(s, &flow, 300);
    free(flow.given.data);
    return well;
}

/* A server is started anew, and its one client is heard. */
static bool serves(struct session *s)
{
    session_run(s, CALL_STOP, NULL, 1);
    const struct call *call = session_run(s, CALL_SERVE, NULL, 0);
    struct fake_peer *peer = call && call->result == 0 ? session_client(s) : NULL;
    if (!peer)
        return false;
    peer->echo = true;
    call = session_run(s, CALL_ACCEPT, NULL, 0);
    struct flow *flow = call ? oracle_flow(&s->oracle, call->result) : NULL;
    return flow && echoes(s, flow, 300 + ORACLE_NAME) && flow->peer == peer;
}

/* Another driver, whose handles begin anew. */
static void attach_again(struct session *s)
{
    for (unsigned i = 0; i < s->oracle.count; i++)
        oracle_closed(&s->oracle.flows[i]);
    rig_attach(&s->rig, &s->config);
}

void session_work_again(struct session *s)
{
    bool works = false, served = !s->serves;
    if (s->rig.unplugged)
        attach_again(s);
    session_run(s, CALL_STOP, NULL, 1); /* it may keep all link ids for its clients */
    for (unsigned round = 0; round < 3 && session_going(s) && !works; round++)
        works = connects(s, round);
    if (!works)
        oracle_blame(&s->oracle, NULL, "does not work again: %s",
                     wm_err_name(s->calls.call[0].result));
    for (unsigned round = 0; round < 3 && session_going(s) && !served; round++)
        served = serves(s);
    if (!served)
        oracle_blame(&s->oracle, NULL, "does not serve again: %s",
                     wm_err_name(s->calls.call[0].result));
}
