/* Thousands of sessions of chance on virtual time: driver and firmware in one process, calls as
 * several threads would make them, a network that does what it likes, and a wire that has
 * accidents. Whatever happens: every byte is delivered in order, or its link fails and its call
 * ends with an error of its kind; no call goes on behind its deadline; nothing wrong is delivered
 * in silence (what the wire can't show: tests/support/oracle.h); losses are counted; and afterwards
 * the driver works again.
 *
 * Each session follows from one number. One that fails prints it:
 *     test_e2e_sessions NUMBER      plays that session alone
 *     test_e2e_sessions FIRST LAST  plays some */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"
#include "script.h"

enum { ECHO = 2000, TALK = 3000, SILENT = 4000, REFUSE = 5000, DATAGRAMS = 6000, AGAIN = 7000 };

struct session {
    uint64_t seed;
    bool told; /* what happens is printed */
    struct dice dice;
    struct rig rig;
    struct oracle oracle;
    struct calls calls;
    struct wm_core_config config;
    unsigned char text[CALL_DATA]; /* what peers say */
};

static struct session session;
static char replay[80];

static unsigned one_of(unsigned count)
{
    return dice_below(&session.dice, count);
}

static unsigned between(unsigned least, unsigned most)
{
    return dice_between(&session.dice, least, most);
}

/* Small ones are as likely as large ones. */
static unsigned any_size(unsigned most)
{
    unsigned bits = 1;
    while (bits < 32 && most >> bits)
        bits++;
    unsigned limit = 1u << between(1, bits);
    return between(1, limit < most ? limit : most);
}

static void on_hit(void *user, const struct rig_hit *hit)
{
    (void)user;
    if (session.told)
        printf("%8u hit %d to %s, part %d, link %d now %d\n", (unsigned)session.rig.now_ms,
               hit->kind, hit->side == RIG_TO_HOST ? "host" : "module", hit->part, hit->link,
               hit->now_link);
    oracle_hit(&session.oracle, hit);
}

static void on_step(void *user)
{
    (void)user;
    calls_look(&session.calls);
}

static bool going(void)
{
    return session.oracle.verdict[0] == '\0';
}

/* The wire of a session that is played alone, a line at a time. */
static void on_trace(void *user, enum wm_trace_kind kind, const void *bytes, size_t len,
                     uint64_t now_ms)
{
    static enum wm_trace_kind last;
    static size_t column;
    const unsigned char *at = bytes;
    (void)user;
    for (size_t i = 0; i < len; i++) {
        if (column > 0 && (kind != last || column > 100)) {
            printf("\n");
            column = 0;
        }
        if (column++ == 0)
            printf("%8u %s ", (unsigned)now_ms, kind == WM_TRACE_TX ? ">" : "<");
        printf(at[i] >= ' ' && at[i] < 127 ? "%c" : "\\%02x", at[i]);
        column = at[i] == '\n' ? 1000 : column;
        last = kind;
    }
}

/* The session's beginning. */

static void configure(void)
{
    static const unsigned rings[] = {256, 300, 512, 1024, 2048, 8192};
    static const unsigned paces[] = {0, 0, 0, 12, 92, 200};
    struct rig *rig = &session.rig;
    rig->dice = (struct dice){dice_next(&session.dice)};
    rig->piece = any_size(4096);
    rig->bytes_per_ms = paces[one_of(6)];
    rig->jitter = one_of(2);
    rig->on_hit = on_hit;
    rig->on_step = on_step;
    session.config =
        (struct wm_core_config){.links = rig->links,
                                .link_count = between(1, WM_LINKS),
                                .rings = rig->rings,
                                .ring_bytes = rings[one_of(6)],
                                .receive = one_of(2) ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE,
                                .trace = session.told ? on_trace : NULL};
}

static void serve(void)
{
    struct fake_port *fake = &session.rig.fake;
    fake_serve_ports(fake, ECHO, ECHO + 999, FAKE_ACCEPTS, true);
    fake_serve_ports(fake, TALK, TALK + 999, FAKE_ACCEPTS, false);
    fake_serve_ports(fake, SILENT, SILENT + 999, FAKE_KEEPS_SILENT, false);
    fake_serve_ports(fake, AGAIN, AGAIN + 999, FAKE_ACCEPTS, true);
}

/* One or several accidents; none in a session of eight. */
static void plan_faults(void)
{
    struct rig *rig = &session.rig;
    unsigned count = one_of(8) ? one_of(4) ? 1 : between(1, RIG_FAULTS) : 0;
    rig_mend(rig);
    for (unsigned i = 0; i < count; i++) {
        struct rig_fault *fault = &rig->faults[i];
        *fault = (struct rig_fault){.kind = (enum rig_kind)one_of(RIG_KINDS),
                                    .side = one_of(2) ? RIG_TO_HOST : RIG_TO_MODULE};
        bool counts_lines = fault->kind == RIG_SWALLOW || fault->kind == RIG_PROMPT;
        if (counts_lines)
            fault->side = RIG_TO_HOST;
        fault->at = counts_lines ? (fault->kind == RIG_SWALLOW ? rig->lines : rig->prompts) +
                                       one_of(fault->kind == RIG_SWALLOW ? 30 : 4)
                                 : rig->passed[fault->side] + any_size(8000);
        fault->arg = one_of(4) ? any_size(3000) : any_size(30000);
    }
}

static void run(enum call_kind kind, struct flow *flow, size_t size)
{
    struct call *call = calls_free(&session.calls);
    if (!going())
        return;
    calls_start(call, kind, flow, size, kind == CALL_RECV ? 3000 : 0);
    while (call->busy && going())
        rig_pass(&session.rig, 10);
}

static void begin(void)
{
    memset(&session.rig, 0, sizeof session.rig);
    session.dice = (struct dice){session.seed};
    configure();
    rig_start(&session.rig);
    serve();
    oracle_init(&session.oracle, &session.rig);
    calls_init(&session.calls, &session.rig, &session.oracle, &session.dice);
    session.calls.told = session.told;
    for (size_t i = 0; i < sizeof session.text; i++)
        session.text[i] = (unsigned char)(i * 7 + i / 256 + session.seed);
    memcpy(session.text + 100, "\r\nOK\r\n+IPD,0,9:\r\nERROR\r\n>0,CLOSED\r\n+++", 38);
    rig_attach(&session.rig, &session.config);
    if (one_of(8) == 0)
        plan_faults();
    else
        rig_mend(&session.rig);
    run(CALL_JOIN, NULL, 0);
    plan_faults();
}

/* What the application does. */

static uint32_t some_time(void)
{
    switch (one_of(6)) {
    case 0:
        return between(1, 300);
    case 1:
        return between(300, 5000);
    default:
        return 0;
    }
}

static struct flow *any_flow(bool udp)
{
    struct oracle *oracle = &session.oracle;
    unsigned first = oracle->count ? one_of(oracle->count) : 0;
    for (unsigned i = 0; i < oracle->count; i++) {
        struct flow *flow = &oracle->flows[(first + i) % oracle->count];
        if (flow->handle && flow->udp == udp)
            return flow;
    }
    return NULL;
}

static void open_one(struct call *call)
{
    static const uint16_t kinds[] = {ECHO, ECHO,   ECHO,   TALK,      TALK,
                                     TALK, SILENT, REFUSE, DATAGRAMS, DATAGRAMS};
    uint16_t port = (uint16_t)(kinds[one_of(10)] + session.oracle.count);
    bool udp = port >= DATAGRAMS;
    struct flow *flow = oracle_open(&session.oracle, port, udp, &call->op);
    if (flow)
        calls_start(call, udp ? CALL_OPEN_UDP : CALL_CONNECT, flow, 0, some_time());
}

static void send_some(struct call *call)
{
    struct flow *flow = any_flow(one_of(4) == 0);
    if (!flow)
        return;
    if (flow->udp && flow->sent + flow->doubtful < FAKE_DATAGRAMS / 2)
        calls_start(call, CALL_SENDTO, flow, any_size(5760), some_time());
    else if (!flow->udp && !calls_busy(&session.calls, flow, CALL_SEND))
        calls_start(call, CALL_SEND, flow, any_size(one_of(4) ? 3000 : CALL_DATA), some_time());
}

static void receive_some(struct call *call)
{
    struct flow *flow = any_flow(one_of(4) == 0);
    uint32_t timeout_ms = some_time();
    if (!flow)
        return;
    if (flow->udp)
        calls_start(call, CALL_RECVFROM, flow, one_of(8) ? CALL_BUFFER : any_size(CALL_BUFFER),
                    timeout_ms ? timeout_ms : 1000);
    else
        calls_start(call, CALL_RECV, flow, any_size(CALL_BUFFER), timeout_ms ? timeout_ms : 1000);
}

static void close_one(struct call *call)
{
    struct flow *flow = any_flow(one_of(4) == 0);
    if (flow && !calls_busy(&session.calls, flow, CALL_CLOSE))
        calls_start(call, CALL_CLOSE, flow, 0, some_time());
}

static void call_something(void)
{
    struct call *call = calls_free(&session.calls);
    unsigned what = one_of(20);
    if (!call)
        return;
    if (what < 4)
        open_one(call);
    else if (what < 10)
        send_some(call);
    else if (what < 16)
        receive_some(call);
    else if (what < 17)
        close_one(call);
    else if (what < 18)
        calls_cancel(&session.calls);
    else
        calls_start(call, (enum call_kind)between(CALL_PROBE, CALL_JOIN), NULL, 0, some_time());
}

/* What the network does. */

static void datagram_comes(struct fake_peer *peer)
{
    size_t at = one_of(10000);
    if (peer->coming_count < FAKE_DATAGRAMS)
        fake_datagram(peer, "10.0.0.1", (uint16_t)(peer->port + one_of(2)), session.text + at,
                      any_size(2920));
}

static void peer_acts(struct fake_peer *peer)
{
    unsigned what = one_of(16);
    if (peer->datagram)
        datagram_comes(peer);
    else if (what < 9 && !peer->ended)
        fake_peer_send(peer, session.text + one_of(1000), any_size(one_of(4) ? 2000 : 16000));
    else if (what == 9)
        fake_peer_end(peer);
    else if (what == 10)
        fake_peer_reset(peer);
    else if (what == 11)
        peer->accepts = one_of(2000);
    else if (what == 12)
        fake_peer_answer(peer, FAKE_ACCEPTS);
    else
        peer->accepts = SIZE_MAX;
}

static void air_acts(void)
{
    static const char *const events[] = {"ap-gone wmat", "ap-back wmat", "ap-back wmat",
                                         "station-joins 02:00:00:00:00:01",
                                         "station-leaves 02:00:00:00:00:01"};
    struct fw_script_event event;
    unsigned what = one_of(5);
    fw_script_read_event(events[what], &event, NULL, 0);
    fw_script_play(&event, &session.rig.fake.radio, session.rig.now_ms);
}

static void something_happens(void)
{
    struct fake_port *fake = &session.rig.fake;
    if (one_of(40) == 0)
        air_acts();
    else if (fake->peer_count > 0)
        peer_acts(&fake->peers[one_of((unsigned)fake->peer_count)]);
}

static void live(void)
{
    unsigned steps = between(10, 200);
    while (steps-- > 0 && going() && !session.rig.unplugged) {
        if (one_of(3))
            call_something();
        else
            something_happens();
        if (one_of(2))
            rig_pass(&session.rig, one_of(10) ? any_size(50) : any_size(4000));
    }
}

/* The end. */

static void become_reasonable(void)
{
    struct fake_port *fake = &session.rig.fake;
    rig_mend(&session.rig);
    for (size_t i = 0; i < fake->peer_count; i++)
        fake->peers[i].accepts = SIZE_MAX;
    fw_radio_ap_back(&fake->radio, "wmat");
    rig_pass(&session.rig, 1);
}

/* Takes what there is. True: there was something. */
static bool drink(struct flow *flow)
{
    static unsigned char buffer[CALL_BUFFER];
    struct rig *rig = &session.rig;
    struct wm_datagram from = {0};
    if (!flow->handle || flow->ended || flow->error)
        return false;
    int n = wm_core_read_from(&rig->core, flow->handle, buffer, sizeof buffer, &from, rig->now_ms);
    if (flow->udp)
        oracle_datagram(&session.oracle, flow, buffer, n, &from);
    else
        oracle_received(&session.oracle, flow, buffer, n);
    return n > 0 || (n == WM_ERR_NOMEM && from.dropped);
}

static bool drink_all(void)
{
    bool some = false;
    for (unsigned i = 0; i < session.oracle.count && going(); i++)
        some |= drink(&session.oracle.flows[i]);
    return some;
}

/* Waits for the end of all calls, reading what comes; then until the driver answers, and until
 * nothing more comes. */
static void come_to_rest(void)
{
    struct rig *rig = &session.rig;
    while (calls_any(&session.calls) && going()) {
        rig_pass(rig, 20);
        drink_all();
    }
    struct call *call = calls_free(&session.calls);
    if (!going())
        return;
    call->result = WM_ERR_TIMEOUT;
    for (unsigned tries = 0; tries < 60 && call->result < 0 && going() && !rig->unplugged;
         tries++) {
        calls_start(call, CALL_PROBE, NULL, 0, 0);
        while (call->busy && going()) {
            rig_pass(rig, 20);
            drink_all();
        }
    }
    if (call->result < 0 && !rig->unplugged)
        oracle_blame(&session.oracle, NULL, "no answer any more: %s", wm_err_name(call->result));
    for (unsigned quiet = 0; going() && quiet < 40; quiet = drink_all() ? 0 : quiet + 1)
        rig_pass(rig, 50);
}

static void give_back(void)
{
    for (unsigned i = 0; i < session.oracle.count && going(); i++) {
        if (session.oracle.flows[i].handle)
            run(CALL_CLOSE, &session.oracle.flows[i], 0);
    }
}

static bool echoes(unsigned round)
{
    struct flow flow = {.port = (uint16_t)(AGAIN + round)};
    struct call *call = &session.calls.call[0];
    run(CALL_JOIN, NULL, 0);
    if (call->result < 0 || !going())
        return false;
    run(CALL_CONNECT, &flow, 0);
    if (flow.handle == 0)
        return false;
    run(CALL_SEND, &flow, 300);
    for (unsigned i = 0; i < 300 && flow.delivered < 300 && call->result > 0; i++)
        run(CALL_RECV, &flow, 300);
    run(CALL_CLOSE, &flow, 0);
    free(flow.given.data);
    return flow.delivered == 300 && call->result == 0;
}

static void work_again(void)
{
    bool works = false;
    if (session.rig.unplugged)
        rig_attach(&session.rig, &session.config);
    for (unsigned round = 0; round < 3 && going() && !works; round++)
        works = echoes(round);
    if (!works)
        oracle_blame(&session.oracle, NULL, "does not work again: %s",
                     wm_err_name(session.calls.call[0].result));
}

/* What all sessions together have seen. */
static struct {
    unsigned long long calls, failed_calls, links, failed_links, delivered, sent, resyncs, resets,
        losses, virtual_s;
} seen;

static void count(void)
{
    const struct wm_stats *stats = wm_core_stats(&session.rig.core);
    seen.calls += session.calls.ended;
    seen.failed_calls += session.calls.failed;
    seen.resyncs += stats->resyncs;
    seen.resets += stats->resets;
    seen.losses += stats->losses;
    seen.virtual_s += session.rig.now_ms / 1000;
    for (unsigned i = 0; i < session.oracle.count; i++) {
        const struct flow *flow = &session.oracle.flows[i];
        seen.links += flow->was_open;
        seen.failed_links += flow->error < 0;
        seen.delivered += flow->delivered;
        seen.sent += flow->given.len;
    }
}

static void print_seen(void)
{
    printf("%llu calls, %llu failed; %llu links, %llu failed; %llu bytes delivered, %llu sent; "
           "%llu losses, %llu resyncs, %llu resets; %llu s of virtual time\n",
           seen.calls, seen.failed_calls, seen.links, seen.failed_links, seen.delivered, seen.sent,
           seen.losses, seen.resyncs, seen.resets, seen.virtual_s);
}

static bool play(uint64_t seed)
{
    session.seed = seed;
    begin();
    live();
    become_reasonable();
    come_to_rest();
    if (going() && !session.rig.unplugged)
        oracle_judge(&session.oracle);
    count();
    if (!session.rig.unplugged)
        give_back();
    work_again();
    if (!going())
        printf("session %llu: %s; replay: %s %llu\n", (unsigned long long)seed,
               session.oracle.verdict, replay, (unsigned long long)seed);
    rig_stop(&session.rig);
    oracle_free(&session.oracle);
    return going();
}

/* An assertion fails, or memory is misused: say where. */
static void on_crash(int number)
{
    char text[64];
    int n = snprintf(text, sizeof text, "session %llu: signal %d\n",
                     (unsigned long long)session.seed, number);
    (void)!write(STDERR_FILENO, text, (size_t)n);
    signal(number, SIG_DFL);
    raise(number);
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    uint64_t last = argc > 2 ? strtoull(argv[2], NULL, 0) : first;
    unsigned failed = 0;
    if (getenv("WMAT_FEW_WAYS") && last > first + 100)
        last = first + 100;
    session.told = first == last;
    snprintf(replay, sizeof replay, "%s", argv[0]);
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGABRT, on_crash);
    signal(SIGSEGV, on_crash);
    for (uint64_t seed = first; seed <= last && failed < 20; seed++)
        failed += !play(seed);
    print_seen();
    printf("%llu sessions, %u failed\n", (unsigned long long)(last - first + 1), failed);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
