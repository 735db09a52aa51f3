#include "served.h"

void run_lines(struct wm_op *op, const char *const lines[], size_t count)
{
    bench_submit(&bench, op, 0);
    for (size_t i = 0; i < count; i++) {
        bench_expect(&bench, lines[i]);
        bench_module(&bench, "OK\r\n");
    }
}

void start_server(unsigned max_clients, enum wm_receive receive, int piece)
{
    struct wm_server_options options = {.port = 80, .max_clients = max_clients};
    struct wm_op op;
    const char *lines[] = {max_clients ? "AT+CIPSERVERMAXCONN=2\r\n" : "AT+CIPSERVERMAXCONN=5\r\n",
                           "AT+CIPSTO=0\r\n", "AT+CIPSERVER=1,80\r\n"};
    bench_open(&bench, receive, 4096, (size_t)piece);
    wm_server_start_prepare(&op, &options);
    run_lines(&op, lines, 3);
    ck_assert_int_eq(result_of(&op), 0);
}

int accept_now(void)
{
    struct wm_op op;
    wm_accept_prepare(&op);
    bench_submit(&bench, &op, 0);
    bench_pass(&bench, 1);
    return result_of(&op);
}

unsigned id_of(int link)
{
    struct wm_link_info info;
    ck_assert_int_eq(wm_core_link_info(&bench.core, link, &info), 0);
    return info.id;
}
