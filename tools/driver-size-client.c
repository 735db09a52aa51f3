/* A TCP client on a host microcontroller without an operating system, for driver-size.sh: what it
 * is linked with counts. The three functions that it asks for are the platform's. */
#include <wmat/core.h>
#include <wmat/link.h>
#include <wmat/tcp.h>

size_t uart_read(void *bytes, size_t cap);
size_t uart_write(const void *bytes, size_t len);
uint64_t clock_ms(void);
void client(void);

struct wm_core client_core;
struct wm_link client_link;
uint8_t client_ring[WM_RING_MIN];

static uint8_t input[64];
static size_t input_len;

static void take_input(void)
{
    input_len += uart_read(input + input_len, sizeof input - input_len);
    size_t used = wm_core_feed(&client_core, input, input_len, clock_ms());
    for (size_t i = used; i < input_len; i++)
        input[i - used] = input[i];
    input_len -= used;
}

static int run(struct wm_op *op)
{
    int err = wm_core_submit(&client_core, op, 0, NULL, NULL, clock_ms());
    while (err >= 0 && !wm_op_ended(op)) {
        const void *out;
        size_t len;
        take_input();
        if (wm_core_deadline(&client_core) <= clock_ms())
            wm_core_tick(&client_core, clock_ms());
        while ((len = wm_core_output(&client_core, &out, clock_ms())) > 0)
            wm_core_sent(&client_core, uart_write(out, len), clock_ms());
        wm_core_dispatch(&client_core, NULL, NULL);
    }
    return err < 0 ? err : op->result;
}

static int fetch(int link)
{
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    char answer[64];
    struct wm_op op;
    wm_send_prepare(&op, link, request, sizeof request - 1);
    int result = run(&op);
    while (result > 0) {
        wm_recv_prepare(&op, link, answer, sizeof answer);
        result = run(&op);
    }
    wm_link_close_prepare(&op, link);
    run(&op);
    return result;
}

void client(void)
{
    struct wm_core_config config = {.links = &client_link,
                                    .link_count = 1,
                                    .rings = client_ring,
                                    .ring_bytes = sizeof client_ring};
    struct wm_tcp_options options = {.host = "example.org", .port = 80};
    struct wm_op op;
    wm_core_init(&client_core, &config, clock_ms());
    for (;;) {
        wm_tcp_connect_prepare(&op, &options);
        int link = run(&op);
        if (link > 0)
            fetch(link);
    }
}
