#include "paced.h"

#include <check.h>
#include <string.h>

#include <wmat/wifi.h>

#include "test_dialect.h"

#define NS_A_MS     1000000u
#define BITS_A_BYTE 10
#define SECOND_NS   1000000000u

static uint64_t now_ms(const struct paced *paced)
{
    return paced->now_ns / NS_A_MS;
}

static void send_to_module(struct paced *paced)
{
    const void *out;
    if (paced->to_module.busy || wm_core_output(&paced->core, &out, now_ms(paced)) == 0)
        return;
    paced->to_module.busy = true;
    paced->to_module.byte = *(const unsigned char *)out;
    paced->to_module.done_ns = paced->now_ns + paced->byte_ns;
    wm_core_sent(&paced->core, 1, now_ms(paced));
}

static void send_to_host(struct paced *paced)
{
    const void *out;
    if (paced->to_host.busy || fw_peek(&paced->fw, &out) == 0)
        return;
    paced->to_host.busy = true;
    paced->to_host.byte = *(const unsigned char *)out;
    paced->to_host.done_ns = paced->now_ns + paced->byte_ns;
    fw_consume(&paced->fw, 1, now_ms(paced));
}

static void on_event(void *user, const struct wm_event *event)
{
    struct paced *paced = user;
    if (event->kind == WM_EVENT_READABLE && paced->on_readable)
        paced->on_readable(paced, event->link);
}

static void arrive(struct paced *paced)
{
    if (paced->to_module.busy && paced->to_module.done_ns <= paced->now_ns) {
        paced->to_module.busy = false;
        ck_assert_uint_eq(fw_feed(&paced->fw, &paced->to_module.byte, 1, now_ms(paced)), 1);
    }
    if (paced->to_host.busy && paced->to_host.done_ns <= paced->now_ns) {
        paced->to_host.busy = false;
        ck_assert_uint_eq(wm_core_feed(&paced->core, &paced->to_host.byte, 1, now_ms(paced)), 1);
        wm_core_dispatch(&paced->core, on_event, paced);
    }
}

static void sooner(uint64_t *at_ns, uint64_t other_ns)
{
    if (other_ns < *at_ns)
        *at_ns = other_ns;
}

static uint64_t next_ns(const struct paced *paced)
{
    uint64_t at_ns = paced->now_ns + NS_A_MS;
    uint64_t core_ms = wm_core_deadline(&paced->core), fw_ms = fw_deadline(&paced->fw);
    if (paced->to_module.busy)
        sooner(&at_ns, paced->to_module.done_ns);
    if (paced->to_host.busy)
        sooner(&at_ns, paced->to_host.done_ns);
    if (core_ms < UINT64_MAX / NS_A_MS)
        sooner(&at_ns, core_ms * NS_A_MS);
    if (fw_ms < UINT64_MAX / NS_A_MS)
        sooner(&at_ns, fw_ms * NS_A_MS);
    return at_ns;
}

void paced_step(struct paced *paced)
{
    fw_tick(&paced->fw, now_ms(paced));
    send_to_module(paced);
    send_to_host(paced);
    uint64_t at_ns = next_ns(paced);
    paced->now_ns = at_ns > paced->now_ns ? at_ns : paced->now_ns + 1;
    arrive(paced);
    if (wm_core_deadline(&paced->core) <= now_ms(paced))
        wm_core_tick(&paced->core, now_ms(paced));
}

int paced_run(struct paced *paced, struct wm_op *op)
{
    ck_assert_int_eq(wm_core_submit(&paced->core, op, 0, NULL, NULL, now_ms(paced)), 0);
    while (!wm_op_ended(op))
        paced_step(paced);
    return op->result;
}

void paced_start(struct paced *paced, unsigned baud, enum wm_receive receive)
{
    struct wm_core_config config = {.links = &paced->link,
                                    .link_count = 1,
                                    .rings = paced->ring,
                                    .ring_bytes = sizeof paced->ring,
                                    .receive = receive};
    struct wm_wifi_join_options join = {.ssid = "wmat", .password = "wmat-demo-1"};
    struct wm_op op;
    memset(paced, 0, sizeof *paced);
    paced->now_ns = SECOND_NS;
    paced->byte_ns = (uint64_t)BITS_A_BYTE * SECOND_NS / baud;
    fake_port_init(&paced->fake);
    fake_serve(&paced->fake, 80, FAKE_ACCEPTS, false);
    struct fw_config module = {.port = &paced->fake.port, .dialect = test_dialect()};
    ck_assert_int_eq(fw_init(&paced->fw, &module, now_ms(paced)), 0);
    ck_assert_int_eq(wm_core_init(&paced->core, &config, now_ms(paced)), 0);
    while (!wm_core_ready(&paced->core))
        paced_step(paced);
    wm_wifi_join_prepare(&op, &join);
    ck_assert_int_eq(paced_run(paced, &op), 0);
}

void paced_stop(struct paced *paced)
{
    fw_stop(&paced->fw, now_ms(paced));
    fake_port_free(&paced->fake);
}
