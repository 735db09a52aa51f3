/* A Wi-Fi module on a microcontroller without an operating system: joins an access point, gets a
 * page over TCP, sends a datagram to and fro. README.md says how it comes to another chip. */
#include <wmat/err.h>
#include <wmat/wifi.h>

#include "chip.h"
#include "clock.h"
#include "config.h"
#include "console.h"
#include "memory.h"
#include "module.h"
#include "steps.h"
#include "uart.h"

#define PAUSE_MS 5000 /* before all of it is tried again */

static int prepare_join(struct wm_op *op)
{
    static const struct wm_wifi_join_options network = {.ssid = SSID, .password = PASSWORD};
    return wm_wifi_join_prepare(op, &network);
}

static const struct step join = {"join", 0, prepare_join, NULL};

static struct wm_op op;
static unsigned at; /* which step it is at */
static uint64_t start_at_ms;

/* NULL behind the last one. */
static const struct step *step_of(unsigned number)
{
    if (number == 0)
        return &join;
    number -= 1;
    if (number < HTTP_STEPS)
        return &http_steps[number];
    number -= HTTP_STEPS;
    return number < UDP_STEPS ? &udp_steps[number] : NULL;
}

static void ended(struct wm_op *ended_op, int result, void *user);

static void fail(const char *why)
{
    console_text(step_of(at)->name);
    console_text(" failed: ");
    console_text(why);
    console_text("\n");
    start_at_ms = clock_ms() + PAUSE_MS;
}

static void begin(void)
{
    const struct step *step = step_of(at);
    if (!step) {
        memory_print();
        console_text("done\n");
        return;
    }
    int err = step->prepare(&op);
    if (err == 0)
        err = module_submit(&op, step->timeout_ms, ended);
    if (err < 0)
        fail(wm_err_text(err));
}

static void ended(struct wm_op *ended_op, int result, void *user)
{
    const struct step *step = step_of(at);
    enum verdict verdict = STEP_NEXT;
    (void)ended_op, (void)user;
    if (result < 0) {
        fail(wm_err_text(result));
        return;
    }
    if (step->take)
        verdict = step->take(result);
    if (verdict == STEP_FAILED) {
        fail("not what was expected");
        return;
    }
    at += verdict == STEP_NEXT;
    begin();
}

static void start(void)
{
    start_at_ms = WM_NO_DEADLINE;
    at = 0;
    module_start();
    begin();
}

/* Until the next interrupt: a byte has come or gone, or a millisecond has passed. */
static void sleep(void)
{
    const uint8_t *bytes;
    interrupts_off(); /* else a byte that comes now would be slept over */
    if (uart_received(&bytes) == 0)
        wait_for_interrupt();
    interrupts_on();
}

int main(void)
{
    memory_start();
    console_start();
    clock_start();
    uart_start();
    start();
    for (;;) {
        if (clock_ms() >= start_at_ms)
            start();
        if (!module_poll())
            sleep();
    }
}
