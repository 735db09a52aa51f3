#include "calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/sys.h>

#include "test_dialect.h"

static unsigned char pool[4 * CALL_DATA];
static unsigned char pluses[2 * CALL_DATA]; /* of streams */

/* Bytes of every kind, with words of the protocol among them. */
static void fill_pool(void)
{
    static const char words[] = "\r\nOK\r\n+IPD,0,9:\r\nERROR\r\n>0,CLOSED\r\n+++SEND OK\r\n";
    struct dice dice = {4711};
    for (size_t i = 0; i < sizeof pool; i++)
        pool[i] = (unsigned char)dice_next(&dice);
    for (size_t i = 0; test_dialect() == FW_DIALECT_W800 && i < sizeof pool; i++)
        pool[i] += pool[i] == 0; /* what comes back has none */
    for (size_t i = 0; i + sizeof words < sizeof pool; i += 300 + dice_below(&dice, 3000))
        memcpy(pool + i, words, sizeof words - 1);
}

/* What passthrough might take for something else: many '+' alone and between other bytes, line
 * ends, words, zeros. */
static void fill_pluses(void)
{
    static const char *const words[] = {"\r\n", ">\r\n",      "OK\r\n",       "ready\r\n",
                                        "\r",   "CLOSED\r\n", "+IPD,0,9:abc", "+IPD,3:abc\r\n"};
    struct dice dice = {815};
    for (size_t i = 0; i + 16 < sizeof pluses;) {
        unsigned what = dice_below(&dice, 16);
        const char *word = words[what % 8];
        size_t len = what < 8 ? strlen(word) : dice_below(&dice, 6) + 1;
        for (size_t k = 0; k < len; k++, i++)
            pluses[i] = what < 8    ? (unsigned char)word[k]
                        : what < 13 ? '+'
                        : what < 15 ? (unsigned char)dice_next(&dice)
                                    : 0;
    }
}

void calls_init(struct calls *calls, struct rig *rig, struct oracle *oracle, struct dice *dice)
{
    if (pool[0] == 0 && pool[1] == 0)
        fill_pool(), fill_pluses();
    memset(calls, 0, sizeof *calls);
    calls->rig = rig;
    calls->oracle = oracle;
    calls->dice = dice;
}

struct call *calls_free(struct calls *calls)
{
    for (int i = 0; i < CALLS; i++) {
        calls->call[i].calls = calls;
        if (!calls->call[i].busy)
            return &calls->call[i];
    }
    return NULL;
}

bool calls_busy(const struct calls *calls, const struct flow *flow, enum call_kind kind)
{
    for (int i = 0; i < CALLS; i++) {
        const struct call *call = &calls->call[i];
        if (call->busy && call->flow == flow && call->kind == kind)
            return true;
    }
    return false;
}

bool calls_any(const struct calls *calls)
{
    for (int i = 0; i < CALLS; i++) {
        if (calls->call[i].busy)
            return true;
    }
    return false;
}

/* What the flow has to do with the end of a call. */
static void tell(struct call *call, int result)
{
    struct oracle *oracle = call->calls->oracle;
    switch (call->kind) {
    case CALL_CONNECT:
    case CALL_CONNECT_TLS:
    case CALL_OPEN_UDP:
        oracle_opened(oracle, call->flow, result);
        break;
    case CALL_SEND:
        oracle_sent(oracle, call->flow, call->data, call->len, result);
        break;
    case CALL_RECV:
        oracle_received(oracle, call->flow, call->buffer, result);
        break;
    case CALL_SENDTO:
        oracle_sent_datagram(oracle, call->flow, call->data, call->len, result);
        break;
    case CALL_RECVFROM:
        oracle_datagram(oracle, call->flow, call->buffer, result, &call->from);
        break;
    case CALL_CLOSE:
        oracle_closed(call->flow);
        break;
    case CALL_ACCEPT:
        oracle_accepted(oracle, result);
        break;
    case CALL_STREAM_OPEN:
        oracle_stream_opened(oracle, call->flow, result);
        break;
    case CALL_STREAM_WRITE:
        oracle_stream_wrote(oracle, call->flow, &call->op, result);
        break;
    case CALL_STREAM_READ:
        oracle_stream_read(oracle, call->flow, call->buffer, result);
        break;
    case CALL_STREAM_CLOSE:
        oracle_stream_closed(oracle, call->flow, result);
        break;
    case CALL_STOP:
        oracle_stop(oracle);
        break;
    default:
        break;
    }
}

static void on_done(struct wm_op *op, int result, void *user)
{
    struct call *call = user;
    struct rig *rig = call->calls->rig;
    call->busy = false;
    call->result = result;
    if (call->calls->told)
        printf("\n%8u call %d ended, kind %d, flow %u: %d\n", (unsigned)rig->now_ms,
               (int)(call - call->calls->call), call->kind, call->flow ? call->flow->port : 0,
               result);
    call->calls->ended++;
    call->calls->failed += result < 0;
    if (rig->now_ms > op->deadline_ms && rig->now_ms - op->deadline_ms > CALL_SLACK_MS)
        oracle_blame(call->calls->oracle, call->flow, "a call of kind %d ended %u ms late",
                     call->kind, (unsigned)(rig->now_ms - op->deadline_ms));
    if (result < WM_ERR_UNKNOWN_DELIVERY && !oracle_allows(call->calls->oracle, call->flow, result))
        oracle_blame(call->calls->oracle, call->flow, "a call of kind %d gave %d", call->kind,
                     result);
    tell(call, result);
}

/* Who is called, and how, follows from the port: settings that another link had would show. */
static void prepare_tls(struct call *call, struct flow *flow)
{
    static const char *const protocols[] = {"wmat", "http/1.1"};
    struct wm_tls_options *tls = &call->about.tls;
    snprintf(flow->sni, sizeof flow->sni, "peer-%u.example", flow->port);
    *tls = (struct wm_tls_options){.host = "10.0.0.1", .port = flow->port};
    tls->tls = (struct wm_tls_config){.auth = flow->port % 7 ? WM_TLS_NONE : WM_TLS_SERVER,
                                      .sni = flow->sni,
                                      .alpn = protocols,
                                      .alpn_count = flow->port % 3};
    if (flow->port % 4 == 0) {
        tls->tls.psk = "key";
        tls->tls.psk_len = 3;
        tls->tls.psk_identity = "wmat";
    }
    wm_tls_connect_prepare(&call->op, tls);
}

static void prepare_stream(struct call *call, enum call_kind kind, struct flow *flow, size_t size)
{
    struct wm_op *op = &call->op;
    call->data = pluses + dice_below(call->calls->dice, (unsigned)(sizeof pluses - CALL_DATA));
    call->len = size;
    switch (kind) {
    case CALL_STREAM_OPEN:
        call->about.stream = (struct wm_stream_options){
            .kind = flow->port % 4 ? WM_STREAM_TCP : WM_STREAM_TLS,
            .host = "10.0.0.1",
            .port = flow->port,
            .tls = {.auth = WM_TLS_NONE, .sni = flow->port % 4 ? NULL : "stream.example"}};
        snprintf(flow->sni, sizeof flow->sni, "%s", flow->port % 4 ? "" : "stream.example");
        wm_stream_open_prepare(op, &call->about.stream);
        break;
    case CALL_STREAM_WRITE:
        wm_stream_write_prepare(op, flow->handle, call->data, size);
        break;
    case CALL_STREAM_READ:
        wm_stream_read_prepare(op, flow->handle, call->buffer, size);
        break;
    default:
        oracle_stream_closing(call->calls->oracle, flow);
        wm_stream_close_prepare(op, flow->handle);
    }
}

static void prepare_flow(struct call *call, enum call_kind kind, struct flow *flow, size_t size)
{
    struct wm_op *op = &call->op;
    call->data = pool + dice_below(call->calls->dice, (unsigned)(sizeof pool - CALL_DATA));
    call->len = size;
    switch (kind) {
    case CALL_CONNECT:
        call->about.tcp = (struct wm_tcp_options){.host = "10.0.0.1", .port = flow->port};
        wm_tcp_connect_prepare(op, &call->about.tcp);
        break;
    case CALL_CONNECT_TLS:
        prepare_tls(call, flow);
        break;
    case CALL_OPEN_UDP:
        call->about.udp = (struct wm_udp_options){.host = "10.0.0.1", .port = flow->port};
        wm_udp_open_prepare(op, &call->about.udp);
        break;
    case CALL_SEND:
        wm_send_prepare(op, flow->handle, call->data, size);
        break;
    case CALL_RECV:
        wm_recv_prepare(op, flow->handle, call->buffer, size);
        break;
    case CALL_SENDTO:
        call->message = (struct wm_message){.data = call->data, .len = size};
        wm_sendto_prepare(op, flow->handle, &call->message);
        break;
    case CALL_RECVFROM:
        wm_recvfrom_prepare(op, flow->handle, call->buffer, size, &call->from);
        break;
    default:
        wm_link_close_prepare(op, flow->handle);
    }
}

static void prepare_server(struct call *call, size_t number)
{
    struct wm_server_options *server = &call->about.server;
    *server = (struct wm_server_options){.port = CALL_SERVER_PORT,
                                         .tls = number % 3 == 1,
                                         .max_clients = number % 11 < 6 ? number % 11 : 0,
                                         .idle_timeout_s = number % 7 == 3 ? 20 : 0};
    wm_server_start_prepare(&call->op, server);
}

static void prepare(struct call *call, enum call_kind kind, size_t number)
{
    static const struct wm_wifi_join_options ap = {.ssid = "wmat", .password = "wmat-demo-1"};
    struct wm_op *op = &call->op;
    switch (kind) {
    case CALL_LINKS:
        wm_links_prepare(op, &call->about.links);
        break;
    case CALL_SCAN:
        wm_wifi_scan_prepare(op, call->about.aps, 4);
        break;
    case CALL_STATUS:
        wm_wifi_status_prepare(op, &call->about.status);
        break;
    case CALL_ADDRESSES:
        wm_addresses_prepare(op, &call->about.addresses);
        break;
    case CALL_SERVE:
        prepare_server(call, number);
        break;
    case CALL_ACCEPT:
        wm_accept_prepare(op);
        break;
    case CALL_STOP:
        wm_server_stop_prepare(op, number > 0);
        break;
    case CALL_JOIN:
        wm_wifi_join_prepare(op, &ap);
        break;
    default:
        wm_probe_prepare(op);
    }
}

void calls_start(struct call *call, enum call_kind kind, struct flow *flow, size_t size,
                 uint32_t timeout_ms)
{
    struct rig *rig = call->calls->rig;
    call->kind = kind;
    call->flow = flow;
    if (kind >= CALL_STREAM_OPEN && kind <= CALL_STREAM_CLOSE)
        prepare_stream(call, kind, flow, size);
    else if (flow)
        prepare_flow(call, kind, flow, size);
    else
        prepare(call, kind, size);
    call->busy = true;
    if (kind == CALL_STOP)
        oracle_stop(call->calls->oracle);
    if (call->calls->told)
        printf("\n%8u call %d begins, kind %d, flow %u, size %zu, timeout %u\n",
               (unsigned)rig->now_ms, (int)(call - call->calls->call), kind, flow ? flow->port : 0,
               size, (unsigned)timeout_ms);
    int err = wm_core_submit(&rig->core, &call->op, timeout_ms, on_done, call, rig->now_ms);
    if (err < 0) {
        call->op.deadline_ms = rig->now_ms;
        on_done(&call->op, err, call);
    }
}

void calls_look(struct calls *calls)
{
    struct rig *rig = calls->rig;
    wm_core_dispatch(&rig->core, NULL, NULL);
    oracle_look(calls->oracle);
    for (int i = 0; i < CALLS; i++) {
        const struct call *call = &calls->call[i];
        if (call->busy && rig->now_ms > call->op.deadline_ms + CALL_SLACK_MS)
            oracle_blame(calls->oracle, call->flow, "a call of kind %d hangs", call->kind);
    }
}

void calls_cancel(struct calls *calls)
{
    struct call *call = &calls->call[dice_below(calls->dice, CALLS)];
    if (call->busy)
        wm_core_cancel(&calls->rig->core, &call->op);
}
