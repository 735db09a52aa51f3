/* The typed calls against the firmware, in one process on virtual time: what is set is what is
 * asked for afterwards, and what the module does is what the call says. Whole lines and odd pieces.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <wmat/wmat.h>

#include "at_command.h"
#include "suite.h"
#include "wire.h"

static struct wire wire;
static struct wm_op op;

static int run(int prepared)
{
    ck_assert_int_eq(prepared, 0);
    return wire_run(&wire, &op, 0);
}

#define EXPECT(wanted, call) ck_assert_msg(run(call) == (wanted), "%s: %d", #call, op.result)
#define FAILS(error, call)   EXPECT(error, call)

static struct wm_profile profile(void)
{
    struct wm_profile now;
    ck_assert_int_eq(wm_core_profile(&wire.core, &now), 0);
    return now;
}

static void start(int i, bool join)
{
    wire.seed = (unsigned)i * 7;
    wire.fault = WIRE_SOUND;
    wire_start(&wire, WM_RECEIVE_PASSIVE, 1024);
    ck_assert_int_eq(wire_ready(&wire), 0);
    if (join)
        ck_assert_int_eq(wire_join(&wire), 0);
}

static void pass(unsigned ms)
{
    for (unsigned i = 0; i < ms; i++)
        wire_pass(&wire);
}

static void stop(void)
{
    ck_assert_uint_eq(wm_core_stats(&wire.core)->noise, 0);
    wire_stop(&wire);
}

/* System. */

static unsigned lines;

static void count_line(void *user, const char *text, size_t len)
{
    (void)user;
    ck_assert_uint_gt(len, 0);
    ck_assert_int_eq(memcmp(text, "AT", 2), 0);
    lines++;
}

START_TEST(usage_of_every_command)
{
    static const char unsupported[] = " CIPSENDL CIPSENDLCFG CIPFWVER CIUPDATE ";
    start(_i, false);
    for (int command = 0; command < AT_COMMAND_COUNT; command++) {
        const char *name = at_command_name((enum at_command)command);
        struct wm_usage_request request = {.name = name[0] ? name : "AT", .on_line = count_line};
        char padded[32];
        sprintf(padded, " %s ", request.name);
        lines = 0;
        if (strstr(unsupported, padded) && !profile().usage_partial) {
            FAILS(WM_ERR_DEVICE, wm_usage_prepare(&op, &request));
            continue;
        }
        int err = run(wm_usage_prepare(&op, &request));
        bool may_lack = profile().usage_partial && (err == 0 || err == WM_ERR_DEVICE);
        ck_assert_msg((err == 0 && lines > 0) || may_lack, "%s has no usage text", name);
    }
    stop();
}
END_TEST

START_TEST(the_system)
{
    struct wm_ram ram;
    start(_i, false);
    EXPECT(0, wm_probe_prepare(&op));
    EXPECT(1, wm_store_get_prepare(&op));
    EXPECT(0, wm_store_set_prepare(&op, false));
    EXPECT(0, wm_store_get_prepare(&op));
    EXPECT(0, wm_ram_prepare(&op, &ram));
    ck_assert_uint_gt(ram.free_bytes, 0);
    ck_assert_uint_le(ram.lowest_bytes, ram.free_bytes);
    EXPECT(0, wm_ipv6_set_prepare(&op, false));
    EXPECT(0, wm_restart_prepare(&op));
    EXPECT(1, wm_store_get_prepare(&op)); /* never stored */
    EXPECT(1, wm_ipv6_get_prepare(&op));  /* was not stored */
    EXPECT(0, wm_ipv6_set_prepare(&op, false));
    EXPECT(0, wm_restart_prepare(&op));
    EXPECT(0, wm_ipv6_get_prepare(&op)); /* was stored */
    EXPECT(0, wm_restore_prepare(&op));
    EXPECT(1, wm_ipv6_get_prepare(&op));
    stop();
}
END_TEST

/* Station. */

START_TEST(the_station)
{
    struct wm_wifi_join_options options = {.ssid = "wmat",
                                           .password = "wmat-demo-1",
                                           .bssid = "02:80:aa:00:00:01",
                                           .reconnect_s = 5,
                                           .listen_interval = 10,
                                           .scan_mode = 1,
                                           .timeout_s = 20,
                                           .pmf = 3};
    struct wm_wifi_joined at;
    struct wm_wifi_status status;
    start(_i, false);
    EXPECT(0, wm_wifi_join_prepare(&op, &options));
    EXPECT(0, wm_wifi_joined_prepare(&op, &at));
    ck_assert_str_eq(at.ssid, "wmat");
    ck_assert_str_eq(at.bssid, "02:80:aa:00:00:01");
    ck_assert_int_eq(at.channel, 1);
    ck_assert_int_eq(at.rssi, -40);
    ck_assert_int_eq(at.pci_en, 0);
    ck_assert_int_eq(at.reconnect_s, 5);
    ck_assert_int_eq(at.listen_interval, 10);
    ck_assert_int_eq(at.scan_mode, 1);
    ck_assert_int_eq(at.pmf, 3);
    EXPECT(0, wm_wifi_status_prepare(&op, &status));
    ck_assert_int_eq((int)status.state, WM_WIFI_UP);
    ck_assert_str_eq(status.ssid, "wmat");
    EXPECT(0, wm_wifi_leave_prepare(&op));
    EXPECT(0, wm_wifi_joined_prepare(&op, &at));
    ck_assert_str_eq(at.ssid, "");
    EXPECT(0, wm_wifi_rejoin_prepare(&op));
    EXPECT(0, wm_wifi_joined_prepare(&op, &at));
    ck_assert_str_eq(at.ssid, "wmat");
    options.password = "another-one";
    FAILS(WM_ERR_DEVICE, wm_wifi_join_prepare(&op, &options));
    stop();
}
END_TEST

START_TEST(settings_of_the_station)
{
    struct wm_wifi_reconnect reconnect = {7200, 1000}, now;
    struct wm_wifi_country country = {"JP", 1, 14}, where;
    start(_i, false);
    EXPECT(1, wm_wifi_driver_get_prepare(&op));
    EXPECT(0, wm_wifi_driver_set_prepare(&op, false));
    EXPECT(0, wm_wifi_driver_get_prepare(&op));
    FAILS(WM_ERR_DEVICE, wm_wifi_mode_set_prepare(&op, WM_WIFI_STATION));
    EXPECT(0, wm_wifi_driver_set_prepare(&op, true));
    EXPECT(0, wm_wifi_mode_set_auto_prepare(&op, WM_WIFI_BOTH, false));
    EXPECT(WM_WIFI_BOTH, wm_wifi_mode_get_prepare(&op));
    EXPECT(0, wm_wifi_auto_join_set_prepare(&op, false));
    EXPECT(0, wm_wifi_reconnect_set_prepare(&op, &reconnect));
    EXPECT(0, wm_wifi_reconnect_get_prepare(&op, &now));
    ck_assert_uint_eq(now.interval_s, 7200);
    ck_assert_uint_eq(now.repeats, 1000);
    EXPECT(0, wm_wifi_protocols_set_prepare(&op, WM_WIFI_11B));
    EXPECT(WM_WIFI_11B, wm_wifi_protocols_get_prepare(&op));
    EXPECT(0, wm_wifi_country_set_prepare(&op, &country));
    EXPECT(0, wm_wifi_country_get_prepare(&op, &where));
    ck_assert_str_eq(where.code, "JP");
    ck_assert_int_eq(where.channels, 14);
    strcpy(country.code, "XX");
    FAILS(WM_ERR_REFUSED, wm_wifi_country_set_prepare(&op, &country));
    stop();
}
END_TEST

START_TEST(scans)
{
    struct wm_wifi_ap aps[4];
    struct wm_wifi_scan_filter filter = {.ssid = "shop, \"open\""};
    struct wm_wifi_scan_view view = {0x002, -100, 0xffff}; /* the SSID alone */
    start(_i, false);
    ck_assert(fw_radio_add(&wire.fake.radio, "shop, \"open\"", ""));
    EXPECT(2, wm_wifi_scan_prepare(&op, aps, 4));
    ck_assert_str_eq(aps[0].ssid, "wmat");
    ck_assert_str_eq(aps[0].bssid, "02:80:aa:00:00:01");
    ck_assert_int_eq(aps[0].ecn, 3);
    ck_assert_int_eq(aps[0].channel, 1);
    ck_assert_int_eq(aps[0].rssi, -40);
    ck_assert_int_eq(aps[0].bgn, 7);
    ck_assert_int_eq(aps[0].wps, 0);
    ck_assert_int_gt(aps[0].pairwise_cipher, 0);
    EXPECT(2, wm_wifi_scan_prepare(&op, NULL, 0));
    EXPECT(1, wm_wifi_scan_for_prepare(&op, &filter, aps, 4));
    ck_assert_str_eq(aps[0].ssid, "shop, \"open\"");
    ck_assert_int_eq(aps[0].ecn, 0);
    filter = (struct wm_wifi_scan_filter){.bssid = "02:80:aa:00:00:01", .channel = 1};
    EXPECT(1, wm_wifi_scan_for_prepare(&op, &filter, aps, 4));
    filter.channel = 2;
    EXPECT(0, wm_wifi_scan_for_prepare(&op, &filter, aps, 4));
    EXPECT(0, wm_wifi_scan_view_set_prepare(&op, &view));
    EXPECT(2, wm_wifi_scan_prepare(&op, aps, 4));
    ck_assert_str_eq(aps[0].ssid, "wmat");
    ck_assert_str_eq(aps[0].bssid, "");
    ck_assert_int_eq(aps[0].ecn, -1);
    ck_assert_int_eq(aps[0].wps, -1);
    stop();
}
END_TEST

/* Addresses. */

START_TEST(addresses)
{
    struct wm_addresses all;
    struct wm_station_ip ip;
    char mac[WM_MAC_SIZE], name[WM_HOSTNAME_SIZE];
    start(_i, true);
    pass(5000); /* IPv6 comes after IPv4 */
    EXPECT(0, wm_addresses_prepare(&op, &all));
    EXPECT(0, wm_station_ip_get_prepare(&op, &ip));
    ck_assert_str_eq(all.station_ip, ip.ip);
    bool shown = !profile().station_ip4_only;
    ck_assert_str_eq(ip.ip6_local, shown ? all.station_ip6_local : "");
    ck_assert_str_eq(ip.ip6_global, shown ? all.station_ip6_global : "");
    ck_assert_str_ne(all.station_ip6_local, "");
    ck_assert_str_eq(all.softap_ip, "");
    EXPECT(0, wm_station_mac_get_prepare(&op, mac));
    ck_assert_str_eq(all.station_mac, mac);
    EXPECT(0, wm_station_mac_set_prepare(&op, "18:fe:35:98:d3:7b"));
    EXPECT(0, wm_station_mac_get_prepare(&op, mac));
    ck_assert_str_eq(mac, "18:fe:35:98:d3:7b");
    EXPECT(0, wm_hostname_set_prepare(&op, "pump, \"7\""));
    EXPECT(0, wm_hostname_get_prepare(&op, name));
    ck_assert_str_eq(name, "pump, \"7\"");
    EXPECT(WM_DHCP_STATION | WM_DHCP_SOFTAP, wm_dhcp_get_prepare(&op));
    ip = (struct wm_station_ip){.ip = "10.1.2.3", .gateway = "10.1.2.1", .netmask = "255.255.0.0"};
    EXPECT(0, wm_station_ip_set_prepare(&op, &ip));
    EXPECT(WM_DHCP_SOFTAP, wm_dhcp_get_prepare(&op)); /* the last one set wins */
    EXPECT(0, wm_station_ip_get_prepare(&op, &ip));
    ck_assert_str_eq(ip.ip, "10.1.2.3");
    ck_assert_str_eq(ip.gateway, "10.1.2.1");
    ck_assert_str_eq(ip.netmask, "255.255.0.0");
    EXPECT(0, wm_dhcp_set_prepare(&op, WM_DHCP_STATION, true));
    EXPECT(WM_DHCP_STATION | WM_DHCP_SOFTAP, wm_dhcp_get_prepare(&op));
    EXPECT(0, wm_ipv6_set_prepare(&op, false));
    EXPECT(0, wm_addresses_prepare(&op, &all));
    ck_assert_str_eq(all.station_ip6_local, "");
    stop();
}
END_TEST

/* SoftAP. */

START_TEST(the_softap)
{
    static const uint8_t phone[6] = {2, 0, 0, 0, 0, 0x0a}, other[6] = {2, 0, 0, 0, 0, 0x0b};
    struct wm_softap softap = {"pump, \"7\"", "12345678", 6, 3, 4, true}, now;
    struct wm_softap_leases pool = {60, "192.168.20.10", "192.168.20.20"}, leases;
    struct wm_softap_ip ip = {"192.168.20.1", "", ""};
    struct wm_softap_station stations[4];
    char mac[WM_MAC_SIZE];
    start(_i, false);
    FAILS(WM_ERR_DEVICE, wm_softap_get_prepare(&op, &now));
    EXPECT(0, wm_wifi_mode_set_prepare(&op, WM_WIFI_SOFTAP));
    EXPECT(0, wm_softap_set_prepare(&op, &softap));
    EXPECT(0, wm_softap_get_prepare(&op, &now));
    ck_assert_str_eq(now.ssid, softap.ssid);
    ck_assert_str_eq(now.password, softap.password);
    ck_assert_int_eq(now.channel, 6);
    ck_assert_int_eq(now.ecn, 3);
    ck_assert_int_eq(now.max_stations, 4);
    ck_assert(now.hidden);
    EXPECT(0, wm_softap_ip_set_prepare(&op, &ip));
    EXPECT(0, wm_softap_ip_get_prepare(&op, &ip));
    ck_assert_str_eq(ip.gateway, "192.168.20.1");
    ck_assert_str_eq(ip.netmask, "255.255.255.0");
    EXPECT(0, wm_softap_leases_set_prepare(&op, &pool));
    EXPECT(0, wm_softap_leases_get_prepare(&op, &leases));
    ck_assert_int_eq(leases.lease_min, 60);
    ck_assert_str_eq(leases.first, "192.168.20.10");
    ck_assert_str_eq(leases.last, "192.168.20.20");
    EXPECT(0, wm_softap_stations_prepare(&op, stations, 4));
    ck_assert(fw_radio_station_joins(&wire.fake.radio, phone));
    ck_assert(fw_radio_station_joins(&wire.fake.radio, other));
    pass(100);
    EXPECT(2, wm_softap_stations_prepare(&op, stations, 4));
    ck_assert_str_eq(stations[0].mac, "02:00:00:00:00:0a");
    ck_assert_str_eq(stations[0].ip, "192.168.20.10");
    ck_assert_str_eq(stations[1].ip, "192.168.20.11");
    EXPECT(0, wm_softap_drop_prepare(&op, "02:00:00:00:00:0a"));
    pass(100);
    FAILS(WM_ERR_DEVICE, wm_softap_drop_prepare(&op, "02:00:00:00:00:0a"));
    EXPECT(1, wm_softap_stations_prepare(&op, stations, 4));
    EXPECT(0, wm_softap_drop_all_prepare(&op));
    pass(100);
    EXPECT(0, wm_softap_stations_prepare(&op, stations, 4));
    EXPECT(0, wm_softap_leases_set_prepare(&op, NULL));
    EXPECT(0, wm_softap_leases_get_prepare(&op, &leases));
    ck_assert_int_eq(leases.lease_min, 120);
    EXPECT(0, wm_softap_mac_set_prepare(&op, "18:fe:35:98:d3:7c"));
    EXPECT(0, wm_softap_mac_get_prepare(&op, mac));
    ck_assert_str_eq(mac, "18:fe:35:98:d3:7c");
    EXPECT(0, wm_softap_protocols_set_prepare(&op, WM_WIFI_11N));
    EXPECT(WM_WIFI_11N, wm_softap_protocols_get_prepare(&op));
    stop();
}
END_TEST

/* Names, clock. */

START_TEST(names_and_their_servers)
{
    struct wm_dns dns = {true, {"192.0.2.1", "2001:db8::1"}}, now;
    char ip[WM_IP_SIZE];
    start(_i, true);
    fake_name(&wire.fake, "example.org", "192.0.2.7");
    EXPECT(0, wm_resolve_prepare(&op, "example.org", WM_PREFER_DEFAULT, ip));
    ck_assert_str_eq(ip, "192.0.2.7");
    FAILS(WM_ERR_DEVICE, wm_resolve_prepare(&op, "nobody.example", WM_ONLY_IPV4, ip));
    ck_assert_str_eq(ip, "");
    wire.fake.ping_result = 23;
    EXPECT(23, wm_ping_prepare(&op, "example.org"));
    wire.fake.ping_result = FW_IO_AGAIN;
    FAILS(WM_ERR_TIMEOUT, wm_ping_prepare(&op, "192.0.2.7"));
    FAILS(WM_ERR_TIMEOUT, wm_ping_prepare(&op, "nobody.example"));
    EXPECT(0, wm_dns_set_prepare(&op, &dns));
    EXPECT(0, wm_dns_get_prepare(&op, &now));
    ck_assert(now.manual);
    ck_assert_str_eq(now.servers[0], "192.0.2.1");
    ck_assert_int_eq(strcasecmp(now.servers[1], "2001:db8::1"), 0);
    dns.manual = false;
    EXPECT(0, wm_dns_set_prepare(&op, &dns));
    EXPECT(0, wm_dns_get_prepare(&op, &now));
    ck_assert(!now.manual);
    stop();
}
END_TEST

/* RFC 4330: an answer to the request that the server got. */
static void answer_sntp(uint32_t ntp_s)
{
    struct fake_peer *peer = fake_last_peer(&wire.fake);
    unsigned char packet[48] = {4 << 3 | 4, 2};
    ck_assert_uint_eq(peer->received.len, 48);
    memcpy(packet + 24, peer->received.data + 40, 8);
    for (int i = 0; i < 4; i++)
        packet[40 + i] = (unsigned char)(ntp_s >> (24 - 8 * i));
    fake_datagram(peer, "192.0.2.1", 123, packet, sizeof packet);
    pass(1);
}

START_TEST(the_clock)
{
    struct wm_sntp sntp = {true, 530, {"a.example", "b.example", ""}}, now;
    struct wm_time time;
    start(_i, true);
    EXPECT(0, wm_time_prepare(&op, &time));
    ck_assert(!time.known);
    ck_assert_int_eq(time.year, 1970);
    if (profile().sntp_off_hides)
        FAILS(WM_ERR_DEVICE, wm_sntp_interval_set_prepare(&op, 15));
    else
        EXPECT(0, wm_sntp_interval_set_prepare(&op, 15));
    fake_name(&wire.fake, "a.example", "192.0.2.1");
    EXPECT(0, wm_sntp_set_prepare(&op, &sntp));
    EXPECT(0, wm_sntp_interval_set_prepare(&op, 15));
    EXPECT(15, wm_sntp_interval_get_prepare(&op));
    pass(100);
    answer_sntp(3843625676u); /* Tue Oct 19 09:47:56 2021, UTC */
    EXPECT(0, wm_time_prepare(&op, &time));
    ck_assert(time.known);
    ck_assert_str_eq(time.text, "Tue Oct 19 15:17:56 2021");
    ck_assert_int_eq(time.weekday, 2);
    ck_assert_int_eq(time.month, 10);
    ck_assert_int_eq(time.hour, 15);
    EXPECT(0, wm_sntp_get_prepare(&op, &now));
    ck_assert(now.enabled);
    ck_assert_int_eq(now.zone, profile().zone_as_entered ? 530 : 5); /* whole hours */
    ck_assert_str_eq(now.servers[1], "b.example");
    ck_assert_str_eq(now.servers[2], "");
    sntp = (struct wm_sntp){.zone = -5};
    EXPECT(0, wm_sntp_set_prepare(&op, &sntp));
    EXPECT(0, wm_sntp_get_prepare(&op, &now));
    ck_assert(!now.enabled);
    if (!profile().sntp_off_hides) {
        ck_assert_int_eq(now.zone, -5);
        ck_assert_str_eq(now.servers[0], "cn.ntp.org.cn");
    }
    stop();
}
END_TEST

/* Options, modes, TLS. */

START_TEST(options_of_links)
{
    struct wm_link_options options = {true, 5, true, 5000, 60}, now;
    struct wm_long_send long_send = {1024, 0};
    start(_i, true);
    int link = wire_connect(&wire, 7);
    ck_assert_int_gt(link, 0);
    EXPECT(0, wm_link_options_get_prepare(&op, link, &now));
    ck_assert(!now.linger);
    ck_assert_int_eq(now.keep_alive_s, -1);
    EXPECT(0, wm_link_options_prepare(&op, link, &options));
    EXPECT(0, wm_link_options_get_prepare(&op, link, &now));
    ck_assert(now.linger);
    ck_assert_uint_eq(now.linger_s, 5);
    ck_assert(now.no_delay);
    ck_assert_uint_eq(now.send_timeout_ms, 5000);
    ck_assert_int_eq(now.keep_alive_s, 60);
    ck_assert_uint_eq(fake_last_peer(&wire.fake)->keep_alive_s, 60);
    struct wm_link_options none = {0};
    if (profile().options_single)
        FAILS(WM_ERR_REFUSED, wm_link_options_prepare(&op, WM_LINK_ALL, &none));
    EXPECT(0, wm_link_options_prepare(&op, profile().options_single ? link : WM_LINK_ALL, &none));
    EXPECT(0, wm_link_options_get_prepare(&op, link, &now));
    ck_assert(!now.linger);
    ck_assert_int_eq(now.keep_alive_s, 60); /* as it was */
    ck_assert_int_eq(wire_close(&wire, link), 0);
    FAILS(WM_ERR_ARG, wm_link_options_get_prepare(&op, link, &now));
    EXPECT(100, wm_reconnect_interval_get_prepare(&op));
    EXPECT(0, wm_reconnect_interval_set_prepare(&op, 3600000));
    EXPECT(3600000, wm_reconnect_interval_get_prepare(&op));
    FAILS(WM_ERR_DEVICE, wm_long_send_get_prepare(&op, &long_send));
    stop();
}
END_TEST

START_TEST(the_state)
{
    struct wm_modes modes;
    struct wm_server_status server;
    struct wm_waiting waiting;
    struct wm_server_options options = {.port = 80, .max_clients = 2, .idle_timeout_s = 7200};
    start(_i, true);
    EXPECT(0, wm_modes_prepare(&op, &modes));
    ck_assert(modes.multiple && !modes.passthrough && modes.passive && !modes.peers_shown);
    EXPECT(0, wm_server_status_prepare(&op, &server));
    ck_assert(!server.on);
    ck_assert_int_eq(server.max_clients, 5);
    EXPECT(0, wm_server_start_prepare(&op, &options));
    EXPECT(0, wm_server_status_prepare(&op, &server));
    ck_assert(server.on && !server.verifies_clients);
    ck_assert_int_eq(server.port, 80);
    ck_assert_str_eq(server.type, "TCP");
    ck_assert_int_eq(server.max_clients, 2);
    ck_assert_int_eq(server.idle_timeout_s, 7200);
    int link = wire_connect(&wire, 7);
    struct wm_link_info info;
    ck_assert_int_eq(wm_core_link_info(&wire.core, link, &info), 0);
    EXPECT(0, wm_waiting_prepare(&op, &waiting));
    for (unsigned id = 0; id < WM_LINKS; id++)
        ck_assert_int_eq(waiting.bytes[id], id == info.id ? 0 : -1);
    stop();
}
END_TEST

START_TEST(tls_settings)
{
    static const char *const names[] = {"h2", "http/1.1"};
    struct wm_tls_config config = {.auth = WM_TLS_BOTH,
                                   .pki = 3,
                                   .ca = 4,
                                   .common_name = "example.org",
                                   .sni = "www.example.org",
                                   .alpn = names,
                                   .alpn_count = 2,
                                   .psk = "\x00\x1a\xff",
                                   .psk_len = 3,
                                   .psk_identity = "me, \"you\""};
    struct wm_tls_settings now;
    start(_i, false);
    EXPECT(0, wm_tls_config_prepare(&op, WM_LINK_ALL, &config));
    for (unsigned id = 0; id < WM_LINKS; id++) {
        EXPECT(0, wm_tls_config_get_prepare(&op, id, &now));
        ck_assert_int_eq((int)now.auth, WM_TLS_BOTH);
        ck_assert_uint_eq(now.pki, 3);
        ck_assert_uint_eq(now.ca, 4);
        ck_assert_str_eq(now.common_name, "example.org");
        ck_assert_str_eq(now.sni, "www.example.org");
        ck_assert_str_eq(now.alpn, "h2,http/1.1");
        ck_assert_uint_eq(now.psk_len, 3);
        ck_assert_int_eq(memcmp(now.psk, config.psk, 3), 0);
        ck_assert_str_eq(now.psk_identity, "me, \"you\"");
    }
    config = (struct wm_tls_config){.common_name = "", .sni = "", .alpn = names, .psk = ""};
    if (profile().tls_keeps_names) {
        FAILS(WM_ERR_REFUSED, wm_tls_config_prepare(&op, 2, &config));
        stop();
        return;
    }
    EXPECT(0, wm_tls_config_prepare(&op, 2, &config));
    EXPECT(0, wm_tls_config_get_prepare(&op, 2, &now));
    ck_assert_int_eq((int)now.auth, WM_TLS_BOTH); /* as it was */
    ck_assert_str_eq(now.common_name, "");
    ck_assert_uint_eq(now.alpn_count, 0);
    ck_assert_uint_eq(now.psk_len, 0);
    EXPECT(0, wm_tls_config_get_prepare(&op, 3, &now));
    ck_assert_uint_eq(now.alpn_count, 2);
    stop();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calls");
    TCase *tc = tcase_create("calls");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, usage_of_every_command, 0, 3);
    tcase_add_loop_test(tc, the_system, 0, 3);
    tcase_add_loop_test(tc, the_station, 0, 3);
    tcase_add_loop_test(tc, settings_of_the_station, 0, 3);
    tcase_add_loop_test(tc, scans, 0, 3);
    tcase_add_loop_test(tc, addresses, 0, 3);
    tcase_add_loop_test(tc, the_softap, 0, 3);
    tcase_add_loop_test(tc, names_and_their_servers, 0, 3);
    tcase_add_loop_test(tc, the_clock, 0, 3);
    tcase_add_loop_test(tc, options_of_links, 0, 3);
    tcase_add_loop_test(tc, the_state, 0, 3);
    tcase_add_loop_test(tc, tls_settings, 0, 3);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
