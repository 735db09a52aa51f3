/* Driver and firmware in one process on virtual time, on a wire where random bytes come between the
 * module's lines, and the echo of a command lands inside a frame, byte for byte mixed
 * (device_dialect, sections 1 and 17); by chance, many times. No call goes on behind its deadline;
 * no byte is wrong without an error at or before the next frame; afterwards the driver works again.
 * usage: test_noise FIRST LAST; one number replays one run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/link.h>
#include <wmat/sys.h>
#include <wmat/tcp.h>
#include <wmat/wifi.h>

#include "dice.h"
#include "fake_port.h"
#include "test_dialect.h"
#include "wmfw/wmfw.h"

#define LINKS    2
#define STREAM   6000 /* bytes of a peer's */
#define INJECTED 64
#define RUN_MS   4000
#define SLACK_MS 2

struct flow {
    int link;
    struct fake_peer *peer;
    unsigned char sent[STREAM]; /* by its peer */
    size_t sent_len;
    unsigned char got[STREAM];
    size_t got_len;
    size_t framed;               /* so many went out in frames */
    size_t mixed_from, mixed_to; /* of these, what stood in a frame that was mixed up; 0, 0: none */
    int err;                     /* what ended its receiving */
    struct wm_op recv;
    unsigned char buffer[512];
    uint64_t deadline_ms;
};

static struct {
    struct wm_core core;
    struct fw fw;
    struct fake_port fake;
    struct dice dice;
    uint64_t now_ms;
    struct wm_link links[WM_LINKS];
    unsigned char rings[WM_LINKS][2048];
    struct flow flow[LINKS];
    bool noisy, zeros;
    unsigned junk_in, echo_in; /* lines, payload bytes until the next accident */
    char line[64];             /* of the module, its beginning */
    size_t len;
    unsigned payload_left, frame_len, frame_link, read_link;
    char echo[INJECTED]; /* what is being mixed in */
    size_t echo_at, echo_len;
    unsigned char to_host[4096];
    size_t to_host_len;
    unsigned seed;
} s;

static unsigned echoes_mixed, junk_put; /* in all runs */

#define FAIL(...)                                                                                  \
    do {                                                                                           \
        printf("run %u: ", s.seed);                                                                \
        printf(__VA_ARGS__);                                                                       \
        printf("\nreplay: test_noise %u\n", s.seed);                                               \
        exit(1);                                                                                   \
    } while (0)

static void put(unsigned char byte)
{
    if (s.to_host_len < sizeof s.to_host)
        s.to_host[s.to_host_len++] = byte;
}

static void put_junk(void)
{
    unsigned len = dice_between(&s.dice, 1, 8);
    junk_put++;
    while (len-- > 0)
        put((unsigned char)dice_below(&s.dice, 256));
    s.junk_in = dice_between(&s.dice, 4, 60);
}

/* The echo of a command that came while the frame goes out. */
static void begin_echo(void)
{
    static const char *const echoes[] = {"AT+CIPSTATE?\r\n\r\n", "AT\r\n\r\n",
                                         "AT+CIPSEND=0,1024\r\n\r\n", "AT+CIPRECVLEN?\r\n\r\n"};
    strcpy(s.echo, echoes[dice_below(&s.dice, 4)]);
    echoes_mixed++;
    s.echo_at = 0;
    s.echo_len = strlen(s.echo);
    s.echo_in = dice_between(&s.dice, 500, 6000);
    struct flow *flow = &s.flow[s.frame_link];
    if (flow->mixed_to == 0) {
        flow->mixed_to = flow->framed;
        flow->mixed_from = flow->framed - s.frame_len;
    }
}

/* "+IPD,<id>,<len>:" and "+CIPRECVDATA:<len>,": payload follows. */
static void look_for_header(void)
{
    unsigned link, len;
    if (sscanf(s.line, "+IPD,%u,%u:", &link, &len) == 2 && s.line[s.len - 1] == ':')
        s.frame_link = link;
    else if (sscanf(s.line, "+CIPRECVDATA:%u,", &len) == 1 && s.line[s.len - 1] == ',')
        s.frame_link = s.read_link;
    else
        return;
    s.payload_left = s.frame_len = len;
    s.len = 0;
    if (s.frame_link < LINKS)
        s.flow[s.frame_link].framed += len;
}

static void mix(void)
{
    if (s.echo_at < s.echo_len)
        put((unsigned char)s.echo[s.echo_at++]);
}

/* A byte of the module's, and what happens to it. */
static void pass_byte(unsigned char byte)
{
    bool active = s.core.config.receive == WM_RECEIVE_ACTIVE;
    if (s.payload_left > 0) {
        if (s.noisy && active && s.frame_link < LINKS && s.echo_in-- == 0)
            begin_echo();
        mix();
        s.payload_left--;
        put(byte);
        return;
    }
    mix();
    if (s.len == 0 && s.noisy && s.junk_in-- == 0)
        put_junk();
    put(byte);
    if (s.len < sizeof s.line - 1)
        s.line[s.len++] = (char)byte;
    s.line[s.len] = '\0';
    if (byte == '\n')
        s.len = 0;
    else
        look_for_header();
}

static bool to_host(void)
{
    unsigned char in[128];
    if (s.to_host_len == 0) {
        size_t n = fw_drain(&s.fw, in, dice_between(&s.dice, 1, sizeof in), s.now_ms);
        for (size_t i = 0; i < n; i++)
            pass_byte(in[i]);
    }
    size_t used = wm_core_feed(&s.core, s.to_host, s.to_host_len, s.now_ms);
    s.to_host_len -= used;
    memmove(s.to_host, s.to_host + used, s.to_host_len);
    return used > 0;
}

static bool to_module(void)
{
    const void *out;
    size_t len = wm_core_output(&s.core, &out, s.now_ms);
    if (len == 0)
        return false;
    if (len >= 16 && memcmp(out, "AT+CIPRECVDATA=", 15) == 0)
        s.read_link = (unsigned)(((const char *)out)[15] - '0');
    size_t n = fw_feed(&s.fw, out, len, s.now_ms);
    wm_core_sent(&s.core, n, s.now_ms);
    return n > 0;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Everything that is due now; then the time of what is due next, at most end_ms. */
static void step(uint64_t end_ms)
{
    bool more = true;
    while (more) {
        fw_tick(&s.fw, s.now_ms);
        wm_core_tick(&s.core, s.now_ms);
        more = to_module();
        more |= to_host();
    }
    uint64_t next_ms = sooner(wm_core_deadline(&s.core), fw_deadline(&s.fw));
    next_ms = sooner(next_ms, end_ms);
    s.now_ms = next_ms > s.now_ms ? next_ms : s.now_ms + 1;
}

/* Runs one to its end, which must come in time. */
static int run(struct wm_op *op, uint32_t timeout_ms)
{
    uint64_t end_ms = s.now_ms + timeout_ms;
    int err = wm_core_submit(&s.core, op, timeout_ms, NULL, NULL, s.now_ms);
    if (err < 0)
        return err;
    while (!wm_op_ended(op)) {
        if (s.now_ms > end_ms + SLACK_MS)
            FAIL("a call goes on behind its deadline");
        step(end_ms);
    }
    return op->result;
}

static int connect_flow(struct flow *flow)
{
    struct wm_tcp_options options = {.host = "192.0.2.1", .port = 80};
    struct wm_op op;
    wm_tcp_connect_prepare(&op, &options);
    int link = run(&op, 5000);
    memset(flow, 0, sizeof *flow);
    flow->link = link;
    flow->peer = fake_last_peer(&s.fake);
    return link;
}

static void peer_sends(struct flow *flow, size_t len)
{
    if (len > STREAM - flow->sent_len)
        len = STREAM - flow->sent_len;
    for (size_t i = 0; i < len; i++) {
        unsigned value = dice_once_in(&s.dice, 20) ? dice_below(&s.dice, 2) * 3 + 10
                                                   : dice_between(&s.dice, 1, 255);
        bool zero = s.zeros && dice_once_in(&s.dice, 50);
        flow->sent[flow->sent_len + i] = zero ? 0 : (unsigned char)value;
    }
    fake_peer_send(flow->peer, flow->sent + flow->sent_len, len);
    flow->sent_len += len;
}

/* What was delivered is what was sent, but for the end of a frame that was mixed up, behind which
 * there is an error. */
static void check_flow(const struct flow *flow)
{
    size_t at = 0;
    while (at < flow->got_len && at < flow->sent_len && flow->got[at] == flow->sent[at])
        at++;
    if (at == flow->got_len)
        return;
    bool in_frame = flow->mixed_to > 0 && at >= flow->mixed_from && at < flow->mixed_to;
    if (!in_frame || flow->got_len > flow->mixed_to || flow->err == 0)
        FAIL("byte %u of %u is wrong (mixed: %u to %u), %s", (unsigned)at, (unsigned)flow->got_len,
             (unsigned)flow->mixed_from, (unsigned)flow->mixed_to, wm_err_name(flow->err));
}

static void receive(struct flow *flow)
{
    if (flow->err != 0 || flow->link <= 0)
        return;
    if (flow->recv.def && !wm_op_ended(&flow->recv)) {
        if (s.now_ms > flow->deadline_ms + SLACK_MS)
            FAIL("wm_recv goes on behind its deadline");
        return;
    }
    int n = flow->recv.def ? flow->recv.result : WM_ERR_TIMEOUT;
    if (n > 0 && flow->got_len + (size_t)n <= STREAM) {
        memcpy(flow->got + flow->got_len, flow->buffer, (size_t)n);
        flow->got_len += (size_t)n;
    } else if (n != WM_ERR_TIMEOUT) {
        flow->err = n < 0 ? n : WM_ERR_CLOSED;
        return;
    }
    wm_recv_prepare(&flow->recv, flow->link, flow->buffer, sizeof flow->buffer);
    flow->deadline_ms = s.now_ms + 500;
    wm_core_submit(&s.core, &flow->recv, 500, NULL, NULL, s.now_ms);
}

/* Another call, now and then. */
static void call(struct wm_op *op)
{
    static unsigned char data[3000];
    struct flow *flow = &s.flow[dice_below(&s.dice, LINKS)];
    uint32_t timeout_ms = dice_between(&s.dice, 20, 2000);
    memset(data, 'd', sizeof data);
    if (op->def && !wm_op_ended(op)) {
        if (s.now_ms > op->deadline_ms + SLACK_MS)
            FAIL("a call goes on behind its deadline");
        return;
    }
    if (dice_below(&s.dice, 2))
        wm_probe_prepare(op);
    else if (flow->link <= 0 ||
             wm_send_prepare(op, flow->link, data, dice_between(&s.dice, 1, sizeof data)) < 0)
        return;
    wm_core_submit(&s.core, op, timeout_ms, NULL, NULL, s.now_ms);
}

static void traffic(void)
{
    struct wm_op other = {0};
    uint64_t end_ms = s.now_ms + RUN_MS;
    while (s.now_ms < end_ms) {
        uint64_t next_ms = s.now_ms + dice_between(&s.dice, 1, 200);
        for (int i = 0; i < LINKS; i++) {
            receive(&s.flow[i]);
            if (s.flow[i].link > 0 && dice_once_in(&s.dice, 4))
                peer_sends(&s.flow[i], dice_between(&s.dice, 1, 1500));
        }
        call(&other);
        while (s.now_ms < next_ms)
            step(next_ms);
    }
    wm_core_cancel(&s.core, &other);
    for (int i = 0; i < LINKS; i++) {
        receive(&s.flow[i]);
        wm_core_cancel(&s.core, &s.flow[i].recv);
        check_flow(&s.flow[i]);
    }
}

/* Without noise a link works again, and has a hundred bytes right. */
static int session(void)
{
    struct flow *flow = &s.flow[0];
    struct wm_op op;
    int n = connect_flow(flow);
    if (n < 0)
        return n;
    s.zeros = false;
    peer_sends(flow, 100);
    while (flow->got_len < 100) {
        wm_recv_prepare(&op, flow->link, flow->got + flow->got_len, 100 - flow->got_len);
        if ((n = run(&op, 2000)) <= 0)
            return n < 0 ? n : WM_ERR_CLOSED;
        flow->got_len += (size_t)n;
    }
    check_flow(flow);
    return 0;
}

static void close_flow(struct flow *flow)
{
    struct wm_op op;
    if (flow->link > 0 && wm_link_close_prepare(&op, flow->link) == 0)
        run(&op, 5000);
}

static void works_again(void)
{
    int err = WM_ERR_TIMEOUT;
    s.noisy = false;
    for (int i = 0; i < LINKS; i++)
        close_flow(&s.flow[i]);
    for (int tries = 0; tries < 4 && err < 0; tries++) {
        err = session();
        close_flow(&s.flow[0]);
    }
    if (err < 0)
        FAIL("does not work again: %s", wm_err_name(err));
}

static void open_all(enum wm_receive receive_mode)
{
    struct wm_wifi_join_options join = {.ssid = "wmat", .password = "wmat-demo-1"};
    struct fw_config module = {.port = &s.fake.port, .dialect = test_dialect()};
    struct wm_core_config config = {.links = s.links,
                                    .link_count = WM_LINKS,
                                    .rings = s.rings,
                                    .ring_bytes = sizeof s.rings[0],
                                    .receive = receive_mode};
    struct wm_op op;
    fake_port_init(&s.fake);
    fake_serve(&s.fake, 80, FAKE_ACCEPTS, false);
    if (fw_init(&s.fw, &module, s.now_ms) < 0 || wm_core_init(&s.core, &config, s.now_ms) < 0)
        FAIL("no module");
    while (!wm_core_ready(&s.core))
        step(s.now_ms + 1000);
    wm_wifi_join_prepare(&op, &join);
    int err = run(&op, 20000);
    for (int i = 0; err == 0 && i < LINKS; i++)
        err = connect_flow(&s.flow[i]) < 0 ? WM_ERR_DEVICE : 0;
    if (err < 0)
        FAIL("can't begin: %s", wm_err_name(err));
}

static void play(unsigned seed)
{
    static const enum wm_receive modes[] = {WM_RECEIVE_ACTIVE, WM_RECEIVE_ACTIVE,
                                            WM_RECEIVE_PASSIVE, WM_RECEIVE_ZERO_SAFE};
    memset(&s, 0, sizeof s);
    s.seed = seed;
    s.dice.state = seed;
    s.now_ms = 1000;
    open_all(modes[seed % 4]);
    /* And no noise: where a frame ends can't be told from outside. */
    s.zeros = seed % 5 == 0;
    s.noisy = !s.zeros;
    s.junk_in = dice_between(&s.dice, 1, 40);
    s.echo_in = dice_between(&s.dice, 1, 3000);
    traffic();
    works_again();
    fw_stop(&s.fw, s.now_ms);
    fake_port_free(&s.fake);
}

int main(int argc, char **argv)
{
    unsigned first = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1;
    unsigned last = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : first;
    for (unsigned seed = first; seed <= last; seed++)
        play(seed);
    printf("%u runs, %u times noise, %u echoes in frames\n", last - first + 1, junk_put,
           echoes_mixed);
    return last > first + 100 && (junk_put < last - first || echoes_mixed == 0);
}
