#include "session.h"

static uint32_t some_time(struct session *s)
{
    switch (one_of(s, 6)) {
    case 0:
        return between(s, 1, 300);
    case 1:
        return between(s, 300, 5000);
    default:
        return 0;
    }
}

static struct flow *any_flow(struct session *s, bool udp)
{
    struct oracle *oracle = &s->oracle;
    unsigned first = oracle->count ? one_of(s, oracle->count) : 0;
    for (unsigned i = 0; i < oracle->count; i++) {
        struct flow *flow = &oracle->flows[(first + i) % oracle->count];
        if (flow->handle && flow->udp == udp && !flow->stream)
            return flow;
    }
    return NULL;
}

static void open_one(struct session *s, struct call *call)
{
    static const uint16_t kinds[] = {SESSION_ECHO,      SESSION_ECHO,   SESSION_ECHO,
                                     SESSION_TALK,      SESSION_TALK,   SESSION_TALK,
                                     SESSION_SILENT,    SESSION_REFUSE, SESSION_DATAGRAMS,
                                     SESSION_DATAGRAMS, SESSION_SECURE, SESSION_SECURE};
    uint16_t kind = kinds[one_of(s, s->calm ? 8 : 12)];
    uint16_t port = (uint16_t)(kind + s->oracle.count);
    bool udp = kind == SESSION_DATAGRAMS;
    struct flow *flow = oracle_open(&s->oracle, port, udp, &call->op);
    if (flow)
        calls_start(call,
                    udp                      ? CALL_OPEN_UDP
                    : kind == SESSION_SECURE ? CALL_CONNECT_TLS
                                             : CALL_CONNECT,
                    flow, 0, some_time(s));
}

static void send_some(struct session *s, struct call *call)
{
    struct flow *flow = any_flow(s, one_of(s, 4) == 0);
    if (!flow)
        return;
    if (flow->udp && flow->sent + flow->doubtful < FAKE_DATAGRAMS / 2)
        calls_start(call, CALL_SENDTO, flow, session_size(s, 5760), some_time(s));
    else if (!flow->udp && !calls_busy(&s->calls, flow, CALL_SEND))
        calls_start(call, CALL_SEND, flow, session_size(s, one_of(s, 4) ? 3000 : CALL_DATA),
                    some_time(s));
}

static void receive_some(struct session *s, struct call *call)
{
    struct flow *flow = any_flow(s, one_of(s, 4) == 0);
    uint32_t timeout_ms = some_time(s);
    if (!flow)
        return;
    if (flow->udp)
        calls_start(call, CALL_RECVFROM, flow,
                    one_of(s, 8) ? CALL_BUFFER : session_size(s, CALL_BUFFER),
                    timeout_ms ? timeout_ms : 1000);
    else
        calls_start(call, CALL_RECV, flow, session_size(s, CALL_BUFFER),
                    timeout_ms ? timeout_ms : 1000);
}

static void close_one(struct session *s, struct call *call)
{
    struct flow *flow = any_flow(s, one_of(s, 4) == 0);
    if (flow && !calls_busy(&s->calls, flow, CALL_CLOSE))
        calls_start(call, CALL_CLOSE, flow, 0, some_time(s));
}

/* A server is started, whether there is one or not; its clients are taken; it is stopped. */
static void serve_some(struct session *s, struct call *call)
{
    unsigned what = one_of(s, 12);
    if (what < 3)
        calls_start(call, CALL_SERVE, NULL, one_of(s, 100), some_time(s));
    else if (what < 11)
        calls_start(call, CALL_ACCEPT, NULL, 0, between(s, 1, 2000));
    else
        calls_start(call, CALL_STOP, NULL, one_of(s, 2), some_time(s));
}

void session_call(struct session *s)
{
    struct call *call = calls_free(&s->calls);
    unsigned what = one_of(s, s->serves ? 26 : 20);
    if (!call)
        return;
    if (s->streams && one_of(s, 4))
        session_stream_call(s, call);
    else if (what < 4)
        open_one(s, call);
    else if (what < 10)
        send_some(s, call);
    else if (what < 16)
        receive_some(s, call);
    else if (what < 17)
        close_one(s, call);
    else if (what < 18)
        calls_cancel(&s->calls);
    else if (what < 20)
        calls_start(call, (enum call_kind)between(s, CALL_PROBE, CALL_JOIN), NULL, 0, some_time(s));
    else
        serve_some(s, call);
}
