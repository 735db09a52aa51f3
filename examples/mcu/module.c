#include "module.h"

#include "chip.h"
#include "clock.h"
#include "console.h"
#include "uart.h"

static struct wm_core core;
static struct wm_link links[1];
static uint8_t rings[1][MODULE_RING_BYTES];
static unsigned lost_before;

void module_start(void)
{
    static const struct wm_core_config config = {
        .links = links,
        .link_count = sizeof links / sizeof links[0],
        .rings = rings,
        .ring_bytes = sizeof rings[0],
        .baud = UART_BAUD, /* what uart_write has taken may still wait in its ring */
    };
    if (wm_core_init(&core, &config, clock_ms()) < 0)
        console_text("the configuration of the core is wrong\n");
}

/* Received bytes have been lost: nothing that was open can be trusted, and a passthrough stream
 * would not notice. All fails with an error, and the module is searched for. */
static void take_losses(uint64_t now)
{
    const uint8_t *bytes;
    size_t n;
    if (uart_lost() == lost_before)
        return;
    lost_before = uart_lost();
    console_text("bytes were lost\n");
    while ((n = uart_received(&bytes)) > 0)
        uart_consume(n);
    wm_core_unplugged(&core);
    wm_core_plugged(&core, now);
}

static size_t take_input(uint64_t now)
{
    const uint8_t *bytes;
    size_t n = uart_received(&bytes);
    if (n == 0)
        return 0;
    n = wm_core_feed(&core, bytes, n, now);
    uart_consume(n);
    return n;
}

static size_t give_output(uint64_t now)
{
    const void *bytes;
    size_t n = wm_core_output(&core, &bytes, now);
    if (n == 0)
        return 0;
    n = uart_write(bytes, n);
    wm_core_sent(&core, n, now);
    return n;
}

bool module_poll(void)
{
    uint64_t now = clock_ms();
    take_losses(now);
    size_t received = take_input(now);
    wm_core_tick(&core, now);
    size_t sent = give_output(now);
    wm_core_dispatch(&core, NULL, NULL);
    return received > 0 || sent > 0;
}

int module_submit(struct wm_op *op, uint32_t timeout_ms, wm_done_fn done)
{
    return wm_core_submit(&core, op, timeout_ms, done, NULL, clock_ms());
}
