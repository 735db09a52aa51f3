/* The application's part for streams: passthrough needs the module for itself, so links are given
 * back first. */
#include "session.h"

static uint32_t some_time(struct session *s)
{
    return one_of(s, 6) ? 0 : between(s, 1, 4000);
}

static bool is_under_way(const struct session *s, enum call_kind kind)
{
    return calls_busy(&s->calls, s->oracle.stream, kind);
}

/* A link whose handle is not given back yet. */
static struct flow *a_link(struct session *s)
{
    for (unsigned i = 0; i < s->oracle.count; i++) {
        struct flow *flow = &s->oracle.flows[i];
        if (flow->handle && !flow->stream && !calls_busy(&s->calls, flow, CALL_CLOSE))
            return flow;
    }
    return NULL;
}

static void open_stream(struct session *s, struct call *call)
{
    struct flow *link = a_link(s);
    unsigned kind = one_of(s, 2) ? SESSION_STREAM : SESSION_STREAM2;
    if (link && one_of(s, 8)) {
        calls_start(call, CALL_CLOSE, link, 0, 0);
        return;
    }
    struct flow *flow =
        oracle_stream_open(&s->oracle, (uint16_t)(kind + s->oracle.count), &call->op);
    if (flow)
        calls_start(call, CALL_STREAM_OPEN, flow, 0, some_time(s));
}

/* Few bytes are what +++ is about. */
static size_t write_size(struct session *s)
{
    return one_of(s, 3) ? between(s, 1, 6) : session_size(s, one_of(s, 4) ? 3000 : CALL_DATA);
}

void session_stream_call(struct session *s, struct call *call)
{
    struct flow *flow = s->oracle.stream;
    unsigned what = one_of(s, 16);
    if (flow && (flow->opening || (!flow->handle && !wm_core_ready(&s->rig.core))))
        return; /* it is opened, or what is left of it is cleared away */
    if (!flow || !flow->handle)
        open_stream(s, call);
    else if (what == 0 && !is_under_way(s, CALL_STREAM_CLOSE))
        calls_start(call, CALL_STREAM_CLOSE, flow, 0, some_time(s));
    else if (what == 1)
        calls_cancel(&s->calls);
    else if (what < 9 && !is_under_way(s, CALL_STREAM_CLOSE))
        calls_start(call, CALL_STREAM_WRITE, flow, write_size(s), some_time(s));
    else if (!is_under_way(s, CALL_STREAM_READ))
        calls_start(call, CALL_STREAM_READ, flow, session_size(s, CALL_BUFFER), some_time(s) + 200);
}
