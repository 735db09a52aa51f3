/* Bad arguments: for every call that takes any, the values just outside and just inside of each
 * range, texts too short and too long, control characters, NULLs. What is refused can't be
 * submitted, and not a byte goes out. Ranges are typed from the specification and the framework. */
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <wmat/wmat.h>

#include "bench.h"
#include "suite.h"

static struct bench bench;
static struct wm_op op;

static void judge(const char *call, int prepared, bool sound)
{
    ck_assert_msg(prepared == (sound ? 0 : WM_ERR_ARG), "%s: %d", call, prepared);
    if (!sound)
        ck_assert_int_eq(wm_core_submit(&bench.core, &op, 0, NULL, NULL, bench.now_ms),
                         WM_ERR_STATE);
}

#define SOUND(call)   judge(#call, call, true)
#define REFUSED(call) judge(#call, call, false)

static void setup(void)
{
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
}

static void teardown(void)
{
    bench_silence(&bench, 1000);
}

/* Calls that take a structure: one that is sound, and what makes it unsound. */

static char text[512];

/* clang-format off */
static struct wm_wifi_join_options join = {.ssid = "s"};
static int try_join(void) { return wm_wifi_join_prepare(&op, &join); }
static struct wm_wifi_reconnect reconnect;
static int try_reconnect(void) { return wm_wifi_reconnect_set_prepare(&op, &reconnect); }
static struct wm_wifi_scan_filter filter = {.ssid = "s"};
static int try_filter(void) { return wm_wifi_scan_for_prepare(&op, &filter, NULL, 0); }
static struct wm_wifi_scan_view view;
static int try_view(void) { return wm_wifi_scan_view_set_prepare(&op, &view); }
static struct wm_wifi_country country = {"CN", 1, 1};
static int try_country(void) { return wm_wifi_country_set_prepare(&op, &country); }
static struct wm_softap softap = {"s", "12345678", 1, 3, 1, false};
static int try_softap(void) { return wm_softap_set_prepare(&op, &softap); }
static struct wm_softap_leases leases = {1, "10.0.0.2", "10.0.0.3"};
static int try_leases(void) { return wm_softap_leases_set_prepare(&op, &leases); }
static struct wm_station_ip station_ip = {"10.0.0.2", "10.0.0.1", "255.0.0.0", "", ""};
static int try_station_ip(void) { return wm_station_ip_set_prepare(&op, &station_ip); }
static struct wm_softap_ip softap_ip = {"10.0.0.2", "10.0.0.1", "255.0.0.0"};
static int try_softap_ip(void) { return wm_softap_ip_set_prepare(&op, &softap_ip); }
static struct wm_dns dns = {true, {"192.0.2.1", "2001:db8::1"}};
static int try_dns(void) { return wm_dns_set_prepare(&op, &dns); }
static struct wm_sntp sntp = {true, 0, {"a", "b", "c"}};
static int try_sntp(void) { return wm_sntp_set_prepare(&op, &sntp); }
static struct wm_link_options options;
static int try_options(void) { return wm_link_options_prepare(&op, WM_LINK_ALL, &options); }
static struct wm_long_send long_send = {100, 0};
static int try_long_send(void) { return wm_long_send_set_prepare(&op, &long_send); }
static struct wm_tls_config tls = {.psk = text, .psk_len = 1, .psk_identity = "i"};
static int try_tls(void) { return wm_tls_config_prepare(&op, 0, &tls); }
static struct wm_tcp_options tcp = {.host = "h", .port = 1, .own_id = true};
static int try_tcp(void) { return wm_tcp_connect_prepare(&op, &tcp); }
static struct wm_udp_options udp = {.host = "h", .port = 1, .local_port = 1, .own_id = true};
static int try_udp(void) { return wm_udp_open_prepare(&op, &udp); }
static struct wm_message message = {.data = text, .len = 1, .host = "h", .port = 1};
static int try_message(void) { return wm_sendto_prepare(&op, 8, &message); }
static struct wm_server_options server = {.port = 1, .tls = true};
static int try_server(void) { return wm_server_start_prepare(&op, &server); }
static struct wm_at_request at = {.command = "AT"};
static int try_at(void) { return wm_at_prepare(&op, &at); }
static struct wm_usage_request usage = {.name = "CIPMUX"};
static int try_usage(void) { return wm_usage_prepare(&op, &usage); }
/* clang-format on */

/* Numbers: low - 1 and high + 1 are refused, low and high are not. */
static const struct {
    int (*attempt)(void);
    void *member; /* an int or an unsigned */
    int64_t low, high;
} numbers[] = {
    {try_join, &join.pci_en, 0, 1},
    {try_join, &join.reconnect_s, -1, 7200},
    {try_join, &join.listen_interval, 0, 100},
    {try_join, &join.scan_mode, 0, 1},
    {try_join, &join.timeout_s, 0, 0},
    {try_join, &join.timeout_s, 3, 600},
    {try_join, &join.pmf, -1, 3},
    {try_reconnect, &reconnect.interval_s, 0, 7200},
    {try_reconnect, &reconnect.repeats, 0, 1000},
    {try_filter, &filter.channel, 0, 14},
    {try_filter, &filter.passive, 0, 1},
    {try_filter, &filter.min_ms, 0, 1500},
    {try_filter, &filter.max_ms, 0, 1500},
    {try_view, &view.fields, 0, 0x1ff},
    {try_view, &view.rssi, -100, 40},
    {try_view, &view.authmodes, 0, 0xffff},
    {try_country, &country.first_channel, 1, 14},
    {try_country, &country.channels, 1, 14},
    {try_softap, &softap.channel, 1, 14},
    {try_softap, &softap.ecn, 2, 4}, /* with a password; 1 would be WEP */
    {try_softap, &softap.max_stations, 0, 8},
    {try_leases, &leases.lease_min, 1, 2880},
    {try_sntp, &sntp.zone, -12, 14},
    {try_sntp, &sntp.zone, -1259, -1200},
    {try_sntp, &sntp.zone, 1400, 1459},
    {try_sntp, &sntp.zone, 500, 559},
    {try_options, &options.linger_s, 0, 65535},
    {try_options, &options.send_timeout_ms, 0, 2147483647},
    {try_options, &options.keep_alive_s, -1, 7200},
    {try_long_send, &long_send.report_bytes, 100, 1048576},
    {try_long_send, &long_send.piece_bytes, 0, 0},
    {try_long_send, &long_send.piece_bytes, 100, 2920},
    {try_tls, &tls.auth, WM_TLS_KEEP, WM_TLS_BOTH},
    {try_tls, &tls.pki, 0, 255},
    {try_tls, &tls.ca, 0, 255},
    {try_tcp, &tcp.port, 1, 65535},
    {try_tcp, &tcp.keep_alive_s, -1, 7200},
    {try_tcp, &tcp.link_id, 0, 4},
    {try_udp, &udp.port, 1, 65535},
    {try_udp, &udp.local_port, 0, 65535},
    {try_udp, &udp.peer, WM_UDP_PEER_FIXED, WM_UDP_PEER_LAST},
    {try_udp, &udp.link_id, 0, 4},
    {try_message, &message.port, 1, 65535},
    {try_server, &server.port, 1, 65535},
    {try_server, &server.max_clients, 0, 5},
    {try_server, &server.idle_timeout_s, 0, 7200},
};

/* Outside of the range, but sound: the time zone has two forms that overlap there. */
static bool sound_outside(size_t row, int64_t value)
{
    return numbers[row].member == &sntp.zone && (value == -13 || value == 15);
}

static void try_number(size_t row, int64_t value, bool sound)
{
    int64_t before = 0;
    int number = (int)(uint32_t)value;
    char name[64];
    memcpy(&before, numbers[row].member, sizeof number);
    memcpy(numbers[row].member, &number, sizeof number);
    snprintf(name, sizeof name, "row %u, value %lld", (unsigned)row, (long long)value);
    judge(name, numbers[row].attempt(), sound || sound_outside(row, value));
    memcpy(numbers[row].member, &before, sizeof number);
}

START_TEST(numbers_at_the_ends_of_their_ranges)
{
    const size_t row = (size_t)_i;
    try_number(row, numbers[row].low, true);
    try_number(row, numbers[row].high, true);
    try_number(row, numbers[row].low - 1, false);
    try_number(row, numbers[row].high + 1, false);
    try_number(row, INT32_MIN, false);
    if (numbers[row].high < INT32_MAX)
        try_number(row, INT32_MAX, false);
}
END_TEST

/* Texts: shorter than min and longer than max are refused. */
static const struct {
    int (*attempt)(void);
    const char **pointer; /* or */
    char *array;
    size_t min, max;
} texts[] = {
    {try_join, &join.ssid, NULL, 1, 32},       {try_join, &join.password, NULL, 8, 63},
    {try_filter, &filter.ssid, NULL, 1, 32},   {try_country, NULL, country.code, 2, 2},
    {try_softap, NULL, softap.ssid, 1, 32},    {try_sntp, NULL, sntp.servers[0], 1, 64},
    {try_sntp, NULL, sntp.servers[1], 1, 64},  {try_sntp, NULL, sntp.servers[2], 0, 64},
    {try_tls, &tls.common_name, NULL, 0, 64},  {try_tls, &tls.sni, NULL, 0, 64},
    {try_tls, &tls.psk_identity, NULL, 1, 32}, {try_tcp, &tcp.host, NULL, 1, 64},
    {try_udp, &udp.host, NULL, 1, 64},         {try_message, &message.host, NULL, 1, 64},
};

static void judge_text(size_t row, const char *what, bool sound)
{
    char name[64];
    snprintf(name, sizeof name, "row %u, %s", (unsigned)row, what);
    judge(name, texts[row].attempt(), sound);
}

/* Puts a text of so many bytes there. */
static void put_text(size_t row, size_t len)
{
    char *to = texts[row].array ? texts[row].array : text;
    memset(to, 'x', len);
    if (!texts[row].array || len <= texts[row].max)
        to[len] = '\0';
    if (texts[row].pointer)
        *texts[row].pointer = text;
}

START_TEST(texts_at_the_ends_of_their_ranges)
{
    static const char controls[] = "\r\n\t\x01\x1b\x7f";
    const size_t row = (size_t)_i;
    char *array = texts[row].array, saved[512];
    const char *before = texts[row].pointer ? *texts[row].pointer : NULL;
    if (array)
        memcpy(saved, array, texts[row].max + 1);
    for (size_t len = texts[row].min > 0 ? texts[row].min - 1 : 0; len < texts[row].min; len++) {
        put_text(row, len);
        if (len > 0 || texts[row].pointer != &join.password)
            judge_text(row, "too short", false);
    }
    put_text(row, texts[row].min);
    judge_text(row, "shortest", true);
    put_text(row, texts[row].max);
    judge_text(row, "longest", true);
    put_text(row, texts[row].max + 1);
    judge_text(row, "too long, or without an end", false);
    for (size_t i = 0; controls[i]; i++) {
        put_text(row, texts[row].max);
        (array ? array : text)[texts[row].max / 2] = controls[i];
        judge_text(row, "a control character", false);
    }
    if (array)
        memcpy(array, saved, texts[row].max + 1);
    if (texts[row].pointer)
        *texts[row].pointer = before;
}
END_TEST

/* Addresses. */

static const char *const bad_macs[] = {
    "",
    "aa:bb:cc:dd:ee:f",
    "aa:bb:cc:dd:ee:ff:",
    "aa:bb:cc:dd:ee:fff",
    "aa:bb:cc:dd:ee",
    "aa-bb-cc-dd-ee-ff",
    "aa:bb:cc:dd:ee:fg",
    "a:bb:cc:dd:ee:ff0",
    "aabbccddeeff",
    "aa:bb:cc:dd:ee:f\n",
};

START_TEST(hardware_addresses)
{
    const char *bad = bad_macs[_i];
    join.bssid = filter.bssid = bad;
    REFUSED(try_join());
    REFUSED(try_filter());
    join.bssid = filter.bssid = "AA:bb:cc:dd:ee:0f";
    SOUND(try_join());
    SOUND(try_filter());
    join.bssid = filter.bssid = NULL;
    REFUSED(wm_station_mac_set_prepare(&op, bad));
    REFUSED(wm_softap_mac_set_prepare(&op, bad));
    REFUSED(wm_softap_drop_prepare(&op, bad));
    SOUND(wm_station_mac_set_prepare(&op, "AA:bb:cc:dd:ee:0f"));
    SOUND(wm_softap_mac_set_prepare(&op, "AA:bb:cc:dd:ee:0f"));
    SOUND(wm_softap_drop_prepare(&op, "AA:bb:cc:dd:ee:0f"));
}
END_TEST

static const char *const bad_ips[] = {
    "1.2.3",      "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3",      "1.2.3.4 ",
    "1.2.3.0004", "a.b.c.d",   "1,2,3,4",   "host",   "1.2.3.4\r\n",
};

/* A bad address in place of a good one. */
static void try_ip(int (*attempt)(void), char *array, const char *bad)
{
    char before[WM_IP_SIZE];
    strcpy(before, array);
    judge("a good address", attempt(), true);
    strcpy(array, bad);
    judge(bad, attempt(), false);
    strcpy(array, before);
}

START_TEST(ip_addresses)
{
    const char *bad = bad_ips[_i];
    try_ip(try_station_ip, station_ip.ip, bad);
    try_ip(try_station_ip, station_ip.gateway, bad);
    try_ip(try_station_ip, station_ip.netmask, bad);
    try_ip(try_softap_ip, softap_ip.ip, bad);
    try_ip(try_softap_ip, softap_ip.gateway, bad);
    try_ip(try_softap_ip, softap_ip.netmask, bad);
    try_ip(try_leases, leases.first, bad);
    try_ip(try_leases, leases.last, bad);
    try_ip(try_dns, dns.servers[0], bad);
    try_ip(try_dns, dns.servers[1], bad);
}
END_TEST

START_TEST(addresses_that_are_needed)
{
    try_ip(try_station_ip, station_ip.ip, "");
    try_ip(try_station_ip, station_ip.gateway, "");
    try_ip(try_station_ip, station_ip.netmask, "");
    try_ip(try_softap_ip, softap_ip.ip, "");
    try_ip(try_softap_ip, softap_ip.gateway, "");
    try_ip(try_leases, leases.first, "");
    try_ip(try_leases, leases.last, "");
    try_ip(try_dns, dns.servers[0], "");
    try_ip(try_dns, dns.servers[1], "192.0.2.1"); /* the same twice */
    try_ip(try_station_ip, station_ip.ip, "fe80::1");
    try_ip(try_dns, dns.servers[1], "fe80:1");
    try_ip(try_dns, dns.servers[1], "fe80::x");
    strcpy(dns.servers[1], "");
    SOUND(try_dns());
    memset(dns.servers[1], '1', WM_IP_SIZE); /* without an end */
    REFUSED(try_dns());
}
END_TEST

/* Calls that take a number alone. */

START_TEST(numbers_alone)
{
    REFUSED(wm_wifi_mode_set_prepare(&op, (enum wm_wifi_mode) - 1));
    SOUND(wm_wifi_mode_set_prepare(&op, WM_WIFI_OFF));
    SOUND(wm_wifi_mode_set_prepare(&op, WM_WIFI_BOTH));
    REFUSED(wm_wifi_mode_set_prepare(&op, (enum wm_wifi_mode)4));
    REFUSED(wm_wifi_mode_set_auto_prepare(&op, (enum wm_wifi_mode) - 1, true));
    SOUND(wm_wifi_mode_set_auto_prepare(&op, WM_WIFI_BOTH, true));
    REFUSED(wm_wifi_mode_set_auto_prepare(&op, (enum wm_wifi_mode)4, true));
    REFUSED(wm_wifi_protocols_set_prepare(&op, 0));
    SOUND(wm_wifi_protocols_set_prepare(&op, 1));
    SOUND(wm_wifi_protocols_set_prepare(&op, 7));
    REFUSED(wm_wifi_protocols_set_prepare(&op, 8));
    REFUSED(wm_wifi_protocols_set_prepare(&op, UINT_MAX));
    REFUSED(wm_softap_protocols_set_prepare(&op, 0));
    SOUND(wm_softap_protocols_set_prepare(&op, 7));
    REFUSED(wm_softap_protocols_set_prepare(&op, 8));
    REFUSED(wm_dhcp_set_prepare(&op, 0, true));
    SOUND(wm_dhcp_set_prepare(&op, 3, true));
    REFUSED(wm_dhcp_set_prepare(&op, 4, true));
    REFUSED(wm_sntp_interval_set_prepare(&op, 14));
    SOUND(wm_sntp_interval_set_prepare(&op, 15));
    SOUND(wm_sntp_interval_set_prepare(&op, 4294967));
    REFUSED(wm_sntp_interval_set_prepare(&op, 4294968));
    REFUSED(wm_reconnect_interval_set_prepare(&op, 0));
    REFUSED(wm_reconnect_interval_set_prepare(&op, 99));
    SOUND(wm_reconnect_interval_set_prepare(&op, 100));
    REFUSED(wm_reconnect_interval_set_prepare(&op, 101));
    SOUND(wm_reconnect_interval_set_prepare(&op, 3600000));
    REFUSED(wm_reconnect_interval_set_prepare(&op, 3600100));
    REFUSED(wm_tls_config_prepare(&op, 6, &tls));
    SOUND(wm_tls_config_prepare(&op, 5, &tls));
}
END_TEST

/* Texts alone, and lines that would be too long. */

START_TEST(texts_alone)
{
    char ip[WM_IP_SIZE];
    memset(text, 'x', sizeof text - 1);
    REFUSED(wm_hostname_set_prepare(&op, NULL));
    REFUSED(wm_tcp_connect_prepare(&op, NULL));
    REFUSED(wm_udp_open_prepare(&op, NULL));
    REFUSED(wm_tls_connect_prepare(&op, NULL));
    REFUSED(wm_stream_open_prepare(&op, NULL));
    REFUSED(wm_server_start_prepare(&op, NULL));
    REFUSED(wm_sendto_prepare(&op, 8, NULL));
    REFUSED(wm_links_prepare(&op, NULL));
    REFUSED(wm_hostname_set_prepare(&op, ""));
    SOUND(wm_hostname_set_prepare(&op, "x"));
    SOUND(wm_hostname_set_prepare(&op, text + sizeof text - 1 - 32));
    REFUSED(wm_hostname_set_prepare(&op, text + sizeof text - 1 - 33));
    REFUSED(wm_hostname_set_prepare(&op, "a\nb"));
    REFUSED(wm_ping_prepare(&op, NULL));
    REFUSED(wm_ping_prepare(&op, ""));
    REFUSED(wm_ping_prepare(&op, "a\rb"));
    SOUND(wm_ping_prepare(&op, text + sizeof text - 1 - (256 - 12))); /* AT+PING="" and CR LF */
    REFUSED(wm_ping_prepare(&op, text + sizeof text - 1 - (256 - 11)));
    REFUSED(wm_resolve_prepare(&op, NULL, WM_PREFER_DEFAULT, ip));
    REFUSED(wm_resolve_prepare(&op, "", WM_PREFER_DEFAULT, ip));
    REFUSED(wm_resolve_prepare(&op, "a", WM_PREFER_DEFAULT, NULL));
    REFUSED(wm_resolve_prepare(&op, "a", (enum wm_prefer) - 1, ip));
    REFUSED(wm_resolve_prepare(&op, "a", (enum wm_prefer)4, ip));
    REFUSED(wm_resolve_prepare(&op, "a\x7f", WM_ONLY_IPV6, ip));
    SOUND(wm_resolve_prepare(&op, "a", WM_ONLY_IPV6, ip));
    REFUSED(wm_resolve_prepare(&op, text + sizeof text - 1 - 245, WM_ONLY_IPV6, ip));
}
END_TEST

/* Each is sound, all together with everything escaped would be more than 256 bytes. */
START_TEST(lines_that_are_too_long)
{
    struct wm_sntp long_sntp = {.enabled = true};
    memset(long_sntp.servers[0], 'a', 64);
    memset(long_sntp.servers[1], 'b', 64);
    memset(long_sntp.servers[2], 'c', 64);
    SOUND(wm_sntp_set_prepare(&op, &long_sntp));
    memset(long_sntp.servers[2], ',', 64);
    REFUSED(wm_sntp_set_prepare(&op, &long_sntp));
}
END_TEST

/* What only makes sense together. */
START_TEST(pairs)
{
    strcpy(softap.password, "");
    REFUSED(try_softap());
    softap.ecn = 0;
    SOUND(try_softap());
    strcpy(softap.password, "12345678");
    REFUSED(try_softap());
    softap.ecn = 4;
    strcpy(softap.password, "1234567");
    REFUSED(try_softap());
    memset(softap.password, '9', sizeof softap.password); /* without an end */
    REFUSED(try_softap());
    strcpy(sntp.servers[1], "");
    REFUSED(try_sntp());
    strcpy(sntp.servers[2], "");
    SOUND(try_sntp());
    sntp.zone = 60;
    REFUSED(try_sntp());
    sntp.zone = 59;
    SOUND(try_sntp());
    sntp.zone = -99;
    REFUSED(try_sntp());
    udp.local_port = 0;
    udp.peer = WM_UDP_PEER_LAST;
    REFUSED(try_udp());
    message.len = 0;
    REFUSED(try_message());
    message.len = 5760;
    SOUND(try_message());
    message.len = 5761;
    REFUSED(try_message());
    server.tls = false;
    server.verify_clients = true;
    REFUSED(try_server());
    struct wm_wifi_scan_filter everything = {0};
    REFUSED(wm_wifi_scan_for_prepare(&op, &everything, NULL, 0));
}
END_TEST

START_TEST(nulls_and_no_links)
{
    static struct wm_wifi_ap aps[1];
    static struct wm_softap_station stations[1];
    char byte;
    SOUND(wm_wifi_scan_prepare(&op, NULL, 0));
    SOUND(wm_wifi_scan_prepare(&op, aps, 1));
    REFUSED(wm_wifi_scan_prepare(&op, NULL, 1));
    REFUSED(wm_wifi_scan_for_prepare(&op, NULL, aps, 1));
    REFUSED(wm_wifi_scan_for_prepare(&op, &filter, NULL, 1));
    REFUSED(wm_softap_stations_prepare(&op, NULL, 1));
    SOUND(wm_softap_stations_prepare(&op, stations, 1));
    SOUND(wm_softap_leases_set_prepare(&op, NULL)); /* the module's default */
    REFUSED(wm_wifi_join_prepare(&op, NULL));
    REFUSED(wm_wifi_joined_prepare(&op, NULL));
    REFUSED(wm_wifi_status_prepare(&op, NULL));
    REFUSED(wm_wifi_reconnect_get_prepare(&op, NULL));
    REFUSED(wm_wifi_reconnect_set_prepare(&op, NULL));
    REFUSED(wm_wifi_scan_view_set_prepare(&op, NULL));
    REFUSED(wm_wifi_country_get_prepare(&op, NULL));
    REFUSED(wm_wifi_country_set_prepare(&op, NULL));
    REFUSED(wm_softap_get_prepare(&op, NULL));
    REFUSED(wm_softap_set_prepare(&op, NULL));
    REFUSED(wm_softap_leases_get_prepare(&op, NULL));
    REFUSED(wm_softap_ip_get_prepare(&op, NULL));
    REFUSED(wm_softap_ip_set_prepare(&op, NULL));
    REFUSED(wm_softap_mac_get_prepare(&op, NULL));
    REFUSED(wm_softap_mac_set_prepare(&op, NULL));
    REFUSED(wm_softap_drop_prepare(&op, NULL));
    REFUSED(wm_addresses_prepare(&op, NULL));
    REFUSED(wm_station_ip_get_prepare(&op, NULL));
    REFUSED(wm_station_ip_set_prepare(&op, NULL));
    REFUSED(wm_station_mac_get_prepare(&op, NULL));
    REFUSED(wm_station_mac_set_prepare(&op, NULL));
    REFUSED(wm_hostname_get_prepare(&op, NULL));
    REFUSED(wm_dns_get_prepare(&op, NULL));
    REFUSED(wm_dns_set_prepare(&op, NULL));
    REFUSED(wm_sntp_get_prepare(&op, NULL));
    REFUSED(wm_sntp_set_prepare(&op, NULL));
    REFUSED(wm_time_prepare(&op, NULL));
    REFUSED(wm_link_options_prepare(&op, WM_LINK_ALL, NULL));
    REFUSED(wm_link_options_prepare(&op, 0, &options));
    REFUSED(wm_link_options_prepare(&op, -1, &options));
    REFUSED(wm_link_options_get_prepare(&op, 8, NULL));
    REFUSED(wm_link_options_get_prepare(&op, -1, &options));
    REFUSED(wm_link_options_get_prepare(&op, WM_LINK_ALL, &options));
    REFUSED(wm_long_send_get_prepare(&op, NULL));
    REFUSED(wm_long_send_set_prepare(&op, NULL));
    REFUSED(wm_modes_prepare(&op, NULL));
    REFUSED(wm_server_status_prepare(&op, NULL));
    REFUSED(wm_waiting_prepare(&op, NULL));
    REFUSED(wm_ram_prepare(&op, NULL));
    REFUSED(wm_tls_config_prepare(&op, 0, NULL));
    REFUSED(wm_tls_config_get_prepare(&op, 0, NULL));
    REFUSED(wm_usage_prepare(&op, NULL));
    REFUSED(wm_at_prepare(&op, NULL));
    REFUSED(wm_send_prepare(&op, -1, "x", 1));
    REFUSED(wm_send_prepare(&op, 8, NULL, 1));
    REFUSED(wm_send_prepare(&op, 8, "x", (size_t)INT_MAX + 1));
    SOUND(wm_send_prepare(&op, 8, "x", INT_MAX));
    REFUSED(wm_recv_prepare(&op, -1, &byte, 1));
    REFUSED(wm_recv_prepare(&op, 8, NULL, 1));
    REFUSED(wm_recv_prepare(&op, 8, &byte, 0));
    SOUND(wm_recv_prepare(&op, 8, &byte, 1));
    REFUSED(wm_recvfrom_prepare(&op, 8, NULL, 1, NULL));
    REFUSED(wm_sendto_prepare(&op, -1, &message));
    REFUSED(wm_link_close_prepare(&op, -1));
    SOUND(wm_link_close_prepare(&op, 8));
}
END_TEST

START_TEST(commands)
{
    static const char *const bad[] = {
        NULL, "", "A", "at", "AT\r", "AT\nAT+RST", "AT+CIPSEND=1", "AT+CIPSEND", "AT+CIPRECVDATA=1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        at.command = bad[i];
        REFUSED(try_at());
    }
    memset(text, 'x', sizeof text);
    memcpy(text, "AT", 2);
    at.command = text;
    text[254] = '\0';
    SOUND(try_at());
    text[254] = 'x';
    text[255] = '\0';
    REFUSED(try_at());
    SOUND(try_usage());
    usage.name = "CIPMUX?";
    REFUSED(try_usage());
}
END_TEST

#define COUNT(rows) ((int)(sizeof rows / sizeof rows[0]))

int main(void)
{
    Suite *suite = suite_create("arguments");
    TCase *tc = tcase_create("arguments");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, numbers_at_the_ends_of_their_ranges, 0, COUNT(numbers));
    tcase_add_loop_test(tc, texts_at_the_ends_of_their_ranges, 0, COUNT(texts));
    tcase_add_loop_test(tc, hardware_addresses, 0, COUNT(bad_macs));
    tcase_add_loop_test(tc, ip_addresses, 0, COUNT(bad_ips));
    tcase_add_test(tc, addresses_that_are_needed);
    tcase_add_test(tc, numbers_alone);
    tcase_add_test(tc, texts_alone);
    tcase_add_test(tc, lines_that_are_too_long);
    tcase_add_test(tc, pairs);
    tcase_add_test(tc, nulls_and_no_links);
    tcase_add_test(tc, commands);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
