/* The blocking device and its port: ports that vanish, that are slow, that can't be opened. */
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "call.h"
#include "device_rig.h"
#include "suite.h"
#include "test_port.h"

/* The port vanishes. */

START_TEST(a_call_while_the_port_vanishes)
{
    static struct note async;
    struct note blocking = {0};
    pthread_t thread;
    char bytes[16];
    open_device(WM_RECEIVE_ACTIVE);
    int link = connect_link();
    scripted_say(&module, "+IPD,0,5:hello\r\n");
    ck_assert_int_eq(wm_recv(dev, link, bytes, 2, 20000), 2);
    scripted_hold(&module, "AT+SYSSTORE?");
    wm_store_get_prepare(&blocking.op);
    pthread_create(&thread, NULL, run_op, &blocking);
    scripted_await_held(&module);
    wm_probe_prepare(&async.op);
    submit(&async, WM_FOREVER);
    scripted_hang_up(&module);
    pthread_join(thread, NULL);
    ck_assert_int_eq(blocking.result, WM_ERR_IO);
    ck_assert_int_eq(await(&async), WM_ERR_IO);
    ck_assert_int_eq(wm_probe(dev, 0), WM_ERR_IO);
    ck_assert_int_eq(wm_recv(dev, link, bytes, sizeof bytes, 0), 3);
    ck_assert_int_eq(memcmp(bytes, "llo", 3), 0);
    ck_assert_int_eq(wm_recv(dev, link, bytes, sizeof bytes, WM_FOREVER), WM_ERR_IO);
    close_device();
}
END_TEST

static unsigned char data[30000];

static void fill_data(void)
{
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * 7 + i / 251);
}

START_TEST(short_reads_and_writes)
{
    static const size_t sizes[] = {1, 2, 3, 7, 1000};
    unsigned char bytes[5];
    fill_data();
    open_with((struct wm_config){.transport = choke_start(sizes[_i], false),
                                 .receive = WM_RECEIVE_ACTIVE});
    int link = connect_link();
    ck_assert_int_eq(wm_send(dev, link, data, sizeof data, 60000), sizeof data);
    scripted_say(&module, "+IPD,0,5:hello\r\n");
    for (int at = 0; at < 5;) {
        int n = wm_recv(dev, link, bytes + at, sizeof bytes - (size_t)at, 20000);
        ck_assert_int_gt(n, 0);
        at += n;
    }
    ck_assert_int_eq(memcmp(bytes, "hello", 5), 0);
    close_device();
    ck_assert_int_eq(choke.closed, 1);
    ck_assert_uint_eq(module.payload_len, sizeof data);
    ck_assert_int_eq(memcmp(module.payload, data, sizeof data), 0);
}
END_TEST

/* The module stops reading in the middle of a send until the port takes nothing more. */
START_TEST(a_full_output_buffer)
{
    static struct note note;
    int small = 1;
    uint64_t shorts;
    fill_data();
    struct wm_transport *transport = choke_start(SIZE_MAX, false);
    setsockopt(choke_get_fd(transport), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    open_with((struct wm_config){.transport = transport});
    int link = connect_link();
    scripted_deafen(&module, true);
    wm_send_prepare(&note.op, link, data, sizeof data);
    submit(&note, 60000);
    ck_assert_int_eq((int)read(choke.short_fd, &shorts, sizeof shorts), sizeof shorts);
    ck_assert_int_eq(wm_recv(dev, link, &(char){0}, 1, 0), WM_ERR_TIMEOUT);
    scripted_deafen(&module, false);
    ck_assert_int_eq(await(&note), sizeof data);
    close_device();
    ck_assert_int_eq(memcmp(module.payload, data, sizeof data), 0);
}
END_TEST

/* Active mode: a full ring holds up the input until somebody reads. */

#define STREAM (512 * 1024)

static void *stream(void *arg)
{
    char frame[1500];
    (void)arg;
    for (size_t at = 0; at < STREAM; at += 1024) {
        memcpy(frame, "+IPD,0,1024:", 12);
        for (size_t i = 0; i < 1024; i++)
            frame[12 + i] = (char)((at + i) % 253);
        memcpy(frame + 12 + 1024, "\r\n", 2);
        scripted_say_bytes(&module, frame, 12 + 1024 + 2);
    }
    return NULL;
}

/* Until the stream has filled the ring of a link. */
static void await_full_ring(int link)
{
    struct wm_link_info info;
    do {
        sched_yield();
        ck_assert_int_eq(wm_link_info(dev, link, &info), 0);
    } while (info.buffered_bytes < WM_RING_MIN);
}

START_TEST(a_full_ring_waits_for_its_reader)
{
    unsigned char bytes[300];
    pthread_t thread;
    struct wm_stats stats;
    open_with((struct wm_config){.transport = scripted_start(&module, false),
                                 .receive = WM_RECEIVE_ACTIVE,
                                 .ring_bytes = WM_RING_MIN});
    int link = connect_link();
    pthread_create(&thread, NULL, stream, NULL);
    await_full_ring(link);
    ck_assert_int_eq(wm_probe(dev, 50),
                     WM_ERR_TIMEOUT); /* its answer is behind what nobody reads */
    for (size_t at = 0; at < STREAM;) {
        int n = wm_recv(dev, link, bytes, at % 300 + 1, 20000);
        ck_assert_msg(n > 0, "%s at %zu", wm_err_name(n), at);
        for (int i = 0; i < n; i++, at++)
            ck_assert_int_eq(bytes[i], (int)(at % 253));
    }
    pthread_join(thread, NULL);
    ck_assert_int_eq(wm_probe(dev, 20000), 0);
    wm_get_stats(dev, &stats);
    ck_assert_uint_eq(stats.losses, 0);
    close_device();
}
END_TEST

/* wm_open that fails. */

static int count_fds(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    ck_assert_ptr_nonnull(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static const struct {
    struct wm_config config;
    bool mute, gone;
    int err;
    const char *words;
    const char *refused; /* a command that the module does not take; NULL: none */
} failures[] = {
    {{.ring_bytes = 255}, false, false, WM_ERR_ARG, "range", NULL},
    {{.receive = 3}, false, false, WM_ERR_ARG, "receive", NULL},
    {{.options.flow = 2}, false, false, WM_ERR_ARG, "flow", NULL},
    {{.tls_links = 6}, false, false, WM_ERR_ARG, "tls_links", NULL},
    {{.open_timeout_ms = 200}, true, false, WM_ERR_TIMEOUT, "check the port", NULL},
    {{.open_timeout_ms = 2000},
     false,
     false,
     WM_ERR_TIMEOUT,
     "answers, but could not be set up (AT+CIPRECVMODE: refused",
     "AT+CIPRECVMODE"},
    {{.open_timeout_ms = 20000}, false, true, WM_ERR_IO, "vanished", NULL},
    {{.open_timeout_ms = 20000, .attach = true}, false, true, WM_ERR_IO, "vanished", NULL},
};

START_TEST(an_open_that_fails_leaves_nothing_behind)
{
    char detail[256] = "";
    int before = count_fds();
    struct wm_config config = failures[_i].config;
    config.transport = choke_start(SIZE_MAX, failures[_i].mute);
    scripted_refuse(&module, failures[_i].refused);
    config.detail = detail;
    config.detail_size = sizeof detail;
    dev = (struct wm_device *)&choke;
    if (failures[_i].gone)
        scripted_hang_up(&module);
    ck_assert_int_eq(wm_open(&dev, &config), failures[_i].err);
    ck_assert_ptr_null(dev);
    ck_assert_int_eq(choke.closed, 1);
    scripted_join(&module);
    ck_assert_int_eq(count_fds(), before);
    ck_assert_msg(strstr(detail, failures[_i].words), "%s", detail);
}
END_TEST

START_TEST(an_open_and_a_close_leave_nothing_behind)
{
    int before = count_fds();
    open_with((struct wm_config){.transport = choke_start(SIZE_MAX, false), .attach = _i});
    ck_assert_int_eq(wm_probe(dev, 0), 0);
    if (_i)
        ck_assert_int_eq(wm_tcp_connect(dev, &(struct wm_tcp_options){.host = "h", .port = 7}, 0),
                         WM_ERR_STATE);
    close_device();
    ck_assert_int_eq(choke.closed, 1);
    ck_assert_int_eq(count_fds(), before);
}
END_TEST

/* Where a line's speed is known it tells how long its queue takes: the silences around +++ count
 * from its end (TCP/IP AT: "+++"). A serial server has a line behind it. */

static const struct {
    bool named;
    unsigned asked, baud;
} lines[] = {{true, 0, 115200}, {true, 9600, 9600}, {false, 0, 0}, {false, 9600, 9600}};

START_TEST(the_speed_of_the_line)
{
    unsigned port;
    char name[64];
    int listener = test_bind(1, &port);
    struct wm_config config = {.options.baud = lines[_i].asked, .loop = true};
    snprintf(name, sizeof name, "tcp://127.0.0.1:%u", port);
    if (lines[_i].named)
        config.port = name;
    else
        config.transport = scripted_start(&module, false);
    ck_assert_int_eq(wm_open(&dev, &config), 0);
    ck_assert_uint_eq(dev->core->config.baud, lines[_i].baud);
    wm_close(dev);
    if (!lines[_i].named)
        scripted_join(&module);
    close(listener);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("device_port");
    TCase *tc = tcase_create("device_port");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_call_while_the_port_vanishes);
    tcase_add_loop_test(tc, short_reads_and_writes, 0, 5);
    tcase_add_test(tc, a_full_output_buffer);
    tcase_add_test(tc, a_full_ring_waits_for_its_reader);
    tcase_add_loop_test(tc, an_open_that_fails_leaves_nothing_behind, 0,
                        sizeof failures / sizeof failures[0]);
    tcase_add_loop_test(tc, an_open_and_a_close_leave_nothing_behind, 0, 2);
    tcase_add_loop_test(tc, the_speed_of_the_line, 0, sizeof lines / sizeof lines[0]);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
