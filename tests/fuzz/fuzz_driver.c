/* The whole driver core against a module that says arbitrary bytes, in arbitrary pieces, at
 * arbitrary times, while an application connects, sends, receives and closes: nothing breaks and
 * every call ends by its deadline. The first byte says which mode and which calls. A byte
 * 0xf0..0xff of the input is an act, everything else comes from the module; 0xef lets the next byte
 * through as it is. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/core.h>
#include <wmat/link.h>
#include <wmat/server.h>
#include <wmat/stream.h>
#include <wmat/sys.h>
#include <wmat/tcp.h>
#include <wmat/tls.h>
#include <wmat/udp.h>
#include <wmat/wifi.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OPS 8

struct bench {
    struct wm_core core;
    uint64_t now_ms;
    struct wm_link links[WM_LINKS];
    unsigned char rings[WM_LINKS][256];
    struct wm_op ops[OPS];
    bool opens[OPS]; /* its result is a handle */
    unsigned char buffers[OPS][64];
    struct wm_datagram from[OPS];
    unsigned char settings[512];
    unsigned page; /* which calls */
    int link;
};

static const struct wm_tcp_options tcp = {.host = "10.0.0.1", .port = 80};
static const struct wm_wifi_join_options ap = {.ssid = "wmat", .password = "wmat-demo-1"};
static const struct wm_udp_options udp = {
    .host = "10.0.0.1", .port = 80, .local_port = 81, .peer = WM_UDP_PEER_LAST};
static const struct wm_tls_options tls = {
    .host = "name", .port = 443, .tls = {.auth = WM_TLS_SERVER}};
static const struct wm_stream_options stream = {.host = "10.0.0.1", .port = 80};
static const struct wm_server_options server = {.port = 80, .max_clients = 2};
static unsigned char payload[7000];
static const struct wm_message messages[] = {
    {.data = payload, .len = 5760}, {.data = "+++", .len = 3, .host = "10.0.0.2", .port = 9}};

static void drain(struct bench *bench)
{
    const void *out;
    size_t len;
    while ((len = wm_core_output(&bench->core, &out, bench->now_ms)) > 0)
        wm_core_sent(&bench->core, len, bench->now_ms);
    wm_core_dispatch(&bench->core, NULL, NULL);
}

static void pass(struct bench *bench, unsigned ms)
{
    for (unsigned i = 0; i < ms; i += 10) {
        bench->now_ms += 10;
        wm_core_tick(&bench->core, bench->now_ms);
        drain(bench);
    }
}

static void streams(struct bench *bench, unsigned i, uint8_t act)
{
    struct wm_op *op = &bench->ops[i];
    switch (act & 7) {
    case 0:
        bench->opens[i] = wm_tcp_connect_prepare(op, &tcp) == 0;
        break;
    case 1:
        wm_send_prepare(op, bench->link, payload, sizeof payload);
        break;
    case 2:
        wm_recv_prepare(op, bench->link, bench->buffers[i], sizeof bench->buffers[i]);
        break;
    case 3:
        wm_link_close_prepare(op, bench->link);
        break;
    case 4:
        wm_wifi_join_prepare(op, &ap);
        break;
    case 5:
        wm_restart_prepare(op);
        break;
    case 6:
        wm_send_prepare(op, bench->link, "+++", 3);
        break;
    default:
        wm_probe_prepare(op);
    }
}

static void datagrams(struct bench *bench, unsigned i, uint8_t act)
{
    struct wm_op *op = &bench->ops[i];
    switch (act & 7) {
    case 0:
        bench->opens[i] = wm_udp_open_prepare(op, &udp) == 0;
        break;
    case 1:
    case 2:
        wm_sendto_prepare(op, bench->link, &messages[act & 1]);
        break;
    case 3:
        wm_recvfrom_prepare(op, bench->link, bench->buffers[i], sizeof bench->buffers[i],
                            &bench->from[i]);
        break;
    default:
        streams(bench, i, act);
    }
}

static void servers(struct bench *bench, unsigned i, uint8_t act)
{
    struct wm_op *op = &bench->ops[i];
    switch (act & 7) {
    case 4:
        wm_server_start_prepare(op, &server);
        break;
    case 5:
        wm_server_stop_prepare(op, i & 1);
        break;
    case 6:
        bench->opens[i] = wm_accept_prepare(op) == 0;
        break;
    default:
        streams(bench, i, act);
    }
}

static void passthrough(struct bench *bench, unsigned i, uint8_t act)
{
    struct wm_op *op = &bench->ops[i];
    switch (act & 7) {
    case 0:
        bench->opens[i] = wm_stream_open_prepare(op, &stream) == 0;
        break;
    case 1:
        wm_stream_write_prepare(op, bench->link, payload, 600);
        break;
    case 2:
        wm_stream_read_prepare(op, bench->link, bench->buffers[i], sizeof bench->buffers[i]);
        break;
    case 3:
        wm_stream_close_prepare(op, bench->link);
        break;
    case 4:
        bench->opens[i] = wm_tls_connect_prepare(op, &tls) == 0;
        break;
    default:
        streams(bench, i, act);
    }
}

static void prepare(struct bench *bench, unsigned i, uint8_t act)
{
    static void (*const pages[])(struct bench * bench, unsigned i,
                                 uint8_t act) = {streams, datagrams, servers, passthrough};
    bench->opens[i] = false;
    pages[bench->page % 4](bench, i, act);
}

static bool running(const struct wm_op *op)
{
    return op->state != 0 && !wm_op_ended(op);
}

static void act(struct bench *bench, uint8_t act)
{
    for (unsigned i = 0; i < OPS; i++) {
        struct wm_op *op = &bench->ops[i];
        if (wm_op_ended(op) && bench->opens[i] && op->result > 0)
            bench->link = op->result;
        if (running(op))
            continue;
        prepare(bench, i, act);
        wm_core_submit(&bench->core, op, 2000, NULL, NULL, bench->now_ms);
        break;
    }
    drain(bench);
}

/* The port goes and comes back, or the driver looks whether it is there. */
static void plug(struct bench *bench)
{
    if (wm_core_unanswered(&bench->core) < 0)
        wm_core_unplugged(&bench->core);
    wm_core_plugged(&bench->core, bench->now_ms);
}

static void hear(struct bench *bench, const uint8_t *bytes, size_t len)
{
    unsigned char out[256];
    uint8_t *copy = malloc(len);
    memcpy(copy, bytes, len);
    for (size_t at = 0; at < len;) {
        size_t n = wm_core_feed(&bench->core, copy + at, len - at, bench->now_ms);
        at += n;
        drain(bench);
        if (n == 0 && wm_core_read(&bench->core, bench->link, out, sizeof out, bench->now_ms) < 0)
            break; /* nobody can read the link that holds everything up */
    }
    free(copy);
}

static void settle(struct bench *bench)
{
    pass(bench, 4000);
    for (unsigned i = 0; i < OPS; i++) {
        if (running(&bench->ops[i]))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bench *bench = calloc(1, sizeof *bench);
    if (size < 1 || !bench) {
        free(bench);
        return 0;
    }
    struct wm_core_config config = {.links = bench->links,
                                    .link_count = WM_LINKS,
                                    .rings = bench->rings,
                                    .ring_bytes = sizeof bench->rings[0],
                                    .receive = data[0] & 1 ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE,
                                    .settings = bench->settings,
                                    .settings_bytes = sizeof bench->settings};
    bench->page = data[0] >> 2;
    wm_core_init(&bench->core, &config, 0);
    if (data[0] & 2)
        pass(bench, 120);
    for (size_t at = 1; at < size;) {
        size_t end = at;
        while (end < size && data[end] < 0xef)
            end++;
        hear(bench, data + at, end - at);
        if (end < size && data[end] == 0xef && end + 1 < size)
            hear(bench, data + ++end, 1);
        else if (end < size && data[end] == 0xf7 && data[0] & 16)
            plug(bench);
        else if (end < size && data[end] < 0xf8)
            act(bench, data[end]);
        else if (end < size)
            pass(bench, 10u << (data[end] & 7));
        at = end + 1;
    }
    settle(bench);
    free(bench);
    return 0;
}
