#include "session.h"

#include <stdio.h>
#include <string.h>

#include "test_dialect.h"

unsigned session_size(struct session *s, unsigned most)
{
    unsigned bits = 1;
    while (bits < 32 && most >> bits)
        bits++;
    unsigned limit = 1u << between(s, 1, bits);
    return between(s, 1, limit < most ? limit : most);
}

bool session_going(const struct session *s)
{
    return s->oracle.verdict[0] == '\0';
}

static void on_hit(void *user, const struct rig_hit *hit)
{
    struct session *s = user;
    if (s->told)
        printf("%8u hit %d to %s, part %d, link %d now %d\n", (unsigned)s->rig.now_ms, hit->kind,
               hit->side == RIG_TO_HOST ? "host" : "module", hit->part, hit->link, hit->now_link);
    oracle_hit(&s->oracle, hit);
}

static void on_step(void *user)
{
    struct session *s = user;
    calls_look(&s->calls);
}

static void configure(struct session *s, wm_trace_fn trace)
{
    static const unsigned rings[] = {256, 300, 512, 1024, 2048, 8192};
    static const unsigned paces[] = {0, 0, 0, 12, 92, 200};
    struct rig *rig = &s->rig;
    rig->dice = (struct dice){dice_next(&s->dice)};
    rig->piece = session_size(s, 4096);
    rig->bytes_per_ms = paces[one_of(s, 6)];
    rig->jitter = one_of(s, 2);
    rig->on_hit = on_hit;
    rig->on_step = on_step;
    rig->user = s;
    s->calm = test_dialect() == FW_DIALECT_W800;
    s->streams = s->seed % 4 == 0 && !s->calm;
    s->serves = one_of(s, 2) && !s->streams && !s->calm;
    s->config =
        (struct wm_core_config){.links = rig->links,
                                .link_count = between(s, 1, WM_LINK_SLOTS),
                                .rings = rig->rings,
                                .ring_bytes = rings[one_of(s, 6)],
                                .receive = one_of(s, 2) ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE,
                                .trace = trace};
    if (s->streams && rig->bytes_per_ms && one_of(s, 2)) {
        rig->queued = true;
        rig->jitter = false; /* it would make the line slower than its driver knows */
        s->config.baud = rig->bytes_per_ms * 10000;
    }
    if (one_of(s, 2)) {
        s->config.settings = s->settings;
        s->config.settings_bytes = sizeof s->settings;
    }
}

static void serve(struct session *s)
{
    struct fake_port *fake = &s->rig.fake;
    fake_serve_ports(fake, SESSION_ECHO, SESSION_ECHO + 999, FAKE_ACCEPTS, true);
    fake_serve_ports(fake, SESSION_TALK, SESSION_TALK + 999, FAKE_ACCEPTS, false);
    fake_serve_ports(fake, SESSION_SILENT, SESSION_SILENT + 999, FAKE_KEEPS_SILENT, false);
    fake_serve_ports(fake, SESSION_AGAIN, SESSION_AGAIN + 999, FAKE_ACCEPTS, true);
    fake_serve_ports(fake, SESSION_SECURE, SESSION_SECURE + 999, FAKE_ACCEPTS, true);
    fake_serve_ports(fake, SESSION_STREAM, SESSION_STREAM + 999, FAKE_ACCEPTS, false);
    fake_serve_ports(fake, SESSION_STREAM2, SESSION_STREAM2 + 999, FAKE_ACCEPTS, true);
}

/* One or several accidents; none in a session of eight. */
void session_plan_faults(struct session *s)
{
    struct rig *rig = &s->rig;
    unsigned count = one_of(s, 8) ? one_of(s, 4) ? 1 : between(s, 1, RIG_FAULTS) : 0;
    rig_mend(rig);
    for (unsigned i = 0; i < count && !s->calm; i++) {
        struct rig_fault *fault = &rig->faults[i];
        *fault = (struct rig_fault){.kind = (enum rig_kind)one_of(s, RIG_KINDS),
                                    .side = one_of(s, 2) ? RIG_TO_HOST : RIG_TO_MODULE};
        bool counts_lines = fault->kind == RIG_SWALLOW || fault->kind == RIG_PROMPT;
        if (counts_lines)
            fault->side = RIG_TO_HOST;
        fault->at = counts_lines ? (fault->kind == RIG_SWALLOW ? rig->lines : rig->prompts) +
                                       one_of(s, fault->kind == RIG_SWALLOW ? 30 : 4)
                                 : rig->passed[fault->side] + session_size(s, 8000);
        fault->arg = one_of(s, 4) ? session_size(s, 3000) : session_size(s, 30000);
    }
}

struct call *session_run(struct session *s, enum call_kind kind, struct flow *flow, size_t size)
{
    struct call *call = calls_free(&s->calls);
    if (!session_going(s))
        return NULL;
    bool waits = kind == CALL_RECV || kind == CALL_ACCEPT;
    calls_start(call, kind, flow, size, waits ? 3000 : 0);
    while (call->busy && session_going(s))
        rig_pass(&s->rig, 10);
    return call;
}

void session_begin(struct session *s, uint64_t seed, wm_trace_fn trace)
{
    memset(&s->rig, 0, sizeof s->rig);
    s->seed = seed;
    s->told = trace != NULL;
    s->dice = (struct dice){seed};
    configure(s, trace);
    rig_start(&s->rig);
    serve(s);
    oracle_init(&s->oracle, &s->rig);
    calls_init(&s->calls, &s->rig, &s->oracle, &s->dice);
    s->calls.told = s->told;
    for (size_t i = 0; i < sizeof s->text; i++)
        s->text[i] = (unsigned char)(i * 7 + i / 256 + seed);
    if (s->streams)
        memcpy(s->text + 200, "\r\nready\r\n\0\0>\r\nCLOSED\r\n+IPD,9:abc", 33);
    memcpy(s->text + 100, "\r\nOK\r\n+IPD,0,9:\r\nERROR\r\n>0,CLOSED\r\n+++", 38);
    for (size_t i = 0; s->calm && i < sizeof s->text; i++)
        s->text[i] += s->text[i] == 0;
    rig_attach(&s->rig, &s->config);
    if (one_of(s, 8) == 0)
        session_plan_faults(s);
    else
        rig_mend(&s->rig);
    session_run(s, CALL_JOIN, NULL, 0);
    session_plan_faults(s);
}

void session_stop(struct session *s)
{
    rig_stop(&s->rig);
    oracle_free(&s->oracle);
}
