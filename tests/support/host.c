#include "host.h"

#include <check.h>
#include <string.h>

#include "peer.h"
#include "watch.h"

struct wm_profile host_profile(const struct host *host)
{
    struct wm_profile profile;
    ck_assert_int_eq(wm_profile(host->dev, &profile), 0);
    return profile;
}

void host_open_device(struct host *host, struct wm_config config)
{
    char detail[256];
    config.detail = detail;
    config.detail_size = sizeof detail;
    int err = wm_open(&host->dev, &config);
    ck_assert_msg(err == 0, "%s: %s", wm_err_name(err), detail);
    struct wm_profile profile = host_profile(host);
    stream_spare_zeros(profile.zeros_lost);
    if (config.receive != WM_RECEIVE_PASSIVE || !profile.passive_discards)
        return;
    wm_close(host->dev);
    config.receive = WM_RECEIVE_ACTIVE;
    host_open_device(host, config);
}

void host_open(struct host *host, enum wm_receive receive)
{
    static const char *const args[] = {"--join", "wmat", NULL};
    sim_start(&host->sim, args);
    host_open_device(host, (struct wm_config){.port = host->sim.path, .receive = receive});
}

void host_close(struct host *host)
{
    wm_close(host->dev);
    sim_stop(&host->sim);
}

int host_connect(struct host *host, uint16_t port)
{
    int link =
        wm_tcp_connect(host->dev, &(struct wm_tcp_options){.host = "127.0.0.1", .port = port}, 0);
    ck_assert_msg(link > 0, "%s", wm_err_name(link));
    return link;
}

void host_send(struct host *host, int link, const void *bytes, size_t len)
{
    int n = wm_send(host->dev, link, bytes, len, 0);
    ck_assert_msg(n == (int)len, "%s", wm_err_name(n));
}

void host_read(struct host *host, int link, void *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        int n = wm_recv(host->dev, link, (char *)bytes + at, len - at, 20000);
        ck_assert_msg(n > 0, "%s", n == 0 ? "end of file" : wm_err_name(n));
        at += (size_t)n;
    }
}

void host_open_with(struct host *host, struct wm_config config)
{
    char detail[256];
    config.on_event = watch_event;
    config.detail = detail;
    config.detail_size = sizeof detail;
    int err = wm_open(&host->dev, &config);
    ck_assert_msg(err == 0, "%s: %s", wm_err_name(err), detail);
    if (!config.loop)
        watch_await(WM_EVENT_READY);
}

void host_expect_works(struct host *host)
{
    struct peer peer;
    char bytes[5];
    struct wm_link_list list;
    peer_start(&peer, &(struct peer_plan){.send_bytes = 5, .text = "world", .expect_bytes = 5});
    int link = host_connect(host, peer.port);
    host_send(host, link, "hello", 5);
    host_read(host, link, bytes, 5);
    ck_assert_int_eq(memcmp(bytes, "world", 5), 0);
    ck_assert_int_eq(wm_link_close(host->dev, link, 0), 0);
    peer_join(&peer);
    ck_assert_uint_eq(peer.received, 5);
    ck_assert_int_eq(wm_links(host->dev, &list, 0), 0);
}

void host_expect_reset(struct host *host, int link)
{
    char byte;
    ck_assert_int_eq(wm_recv(host->dev, link, &byte, 1, 1000), WM_ERR_RESET);
    ck_assert_int_eq(wm_link_close(host->dev, link, 0), 0);
}
