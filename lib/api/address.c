#include <wmat/address.h>

#include "arg.h"
#include "named.h"

/* AT+CIFSR (TCP/IP AT: CIFSR). A shipping module leaves the quotes out. */

static const struct named cifsr[] = {
    {"APIP,", false, ADDRESS(IP, wm_addresses, softap_ip)},
    {"APMAC,", false, ADDRESS(MAC, wm_addresses, softap_mac)},
    {"STAIP,", false, ADDRESS(IP, wm_addresses, station_ip)},
    {"STAIP6LL,", false, ADDRESS(IP, wm_addresses, station_ip6_local)},
    {"STAIP6GL,", false, ADDRESS(IP, wm_addresses, station_ip6_global)},
    {"STAMAC,", false, ADDRESS(MAC, wm_addresses, station_mac)},
};
static const struct named_get addresses_get =
    NAMED_GET(struct wm_addresses, AT_CMD_CIFSR, cifsr, false);

int wm_addresses_prepare(struct wm_op *op, struct wm_addresses *addresses)
{
    return named_prepare(op, &addresses_get, addresses);
}

int wm_addresses(struct wm_device *dev, struct wm_addresses *addresses, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_addresses_prepare(&op, addresses), timeout_ms);
}

/* AT+CIPSTA (framework, "Wi-Fi commands"). */

static const struct named cipsta[] = {
    {"ip:", true, ADDRESS(IP4, wm_station_ip, ip)},
    {"gateway:", true, ADDRESS(IP4, wm_station_ip, gateway)},
    {"netmask:", true, ADDRESS(IP4, wm_station_ip, netmask)},
    {"ip6ll:", false, ADDRESS(IP, wm_station_ip, ip6_local)},
    {"ip6gl:", false, ADDRESS(IP, wm_station_ip, ip6_global)},
};
static const struct named_get ip_get = NAMED_GET(struct wm_station_ip, AT_CMD_CIPSTA, cipsta, true);

int wm_station_ip_get_prepare(struct wm_op *op, struct wm_station_ip *ip)
{
    return named_prepare(op, &ip_get, ip);
}

int wm_station_ip_get(struct wm_device *dev, struct wm_station_ip *ip, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_station_ip_get_prepare(&op, ip), timeout_ms);
}

static const struct field ip_fields[] = {
    ADDRESS(IP4, wm_station_ip, ip),
    MAYBE(IP4, wm_station_ip, gateway),
    MAYBE(IP4, wm_station_ip, netmask),
};
static const struct simple ip_set = SIMPLE_SET(AT_CMD_CIPSTA, ip_fields);

int wm_station_ip_set_prepare(struct wm_op *op, const struct wm_station_ip *ip)
{
    int err = simple_prepare_set(op, &ip_set, ip);
    return op_checked(op, err == 0 && !ip->gateway[0] == !ip->netmask[0]);
}

int wm_station_ip_set(struct wm_device *dev, const struct wm_station_ip *ip, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_station_ip_set_prepare(&op, ip), timeout_ms);
}

/* AT+CIPSTAMAC. */

static const struct field mac_field[] = {{.kind = FIELD_MAC, .max = WM_MAC_SIZE - 1}};
static const struct reading mac_reading[] = {READING(AT_CMD_CIPSTAMAC, mac_field)};
static const struct simple mac_get = SIMPLE_TEXT_GET(mac_reading, WM_MAC_SIZE);
static const struct simple mac_set = SIMPLE_SET(AT_CMD_CIPSTAMAC, mac_field);

int wm_station_mac_get_prepare(struct wm_op *op, char mac[WM_MAC_SIZE])
{
    return simple_prepare_get(op, &mac_get, mac);
}

int wm_station_mac_get(struct wm_device *dev, char mac[WM_MAC_SIZE], uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_station_mac_get_prepare(&op, mac), timeout_ms);
}

int wm_station_mac_set_prepare(struct wm_op *op, const char *mac)
{
    return simple_prepare_set(op, &mac_set, mac);
}

int wm_station_mac_set(struct wm_device *dev, const char *mac, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_station_mac_set_prepare(&op, mac), timeout_ms);
}

/* AT+CWHOSTNAME. */

static const struct field hostname_field[] = {
    {.kind = FIELD_TEXT, .min = 1, .max = WM_HOSTNAME_SIZE - 1}};
static const struct reading hostname_reading[] = {READING(AT_CMD_CWHOSTNAME, hostname_field)};
static const struct simple hostname_get = SIMPLE_TEXT_GET(hostname_reading, WM_HOSTNAME_SIZE);
static const struct simple hostname_set = SIMPLE_SET(AT_CMD_CWHOSTNAME, hostname_field);

int wm_hostname_get_prepare(struct wm_op *op, char name[WM_HOSTNAME_SIZE])
{
    return simple_prepare_get(op, &hostname_get, name);
}

int wm_hostname_get(struct wm_device *dev, char name[WM_HOSTNAME_SIZE], uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_hostname_get_prepare(&op, name), timeout_ms);
}

int wm_hostname_set_prepare(struct wm_op *op, const char *name)
{
    return simple_prepare_set(op, &hostname_set, name);
}

int wm_hostname_set(struct wm_device *dev, const char *name, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_hostname_set_prepare(&op, name), timeout_ms);
}

/* AT+CWDHCP. */

static const struct simple dhcp_get = SIMPLE_NUMBER_GET(AT_CMD_CWDHCP, 0, 3);

int wm_dhcp_get_prepare(struct wm_op *op)
{
    return simple_prepare(op, &dhcp_get);
}

int wm_dhcp_get(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_dhcp_get_prepare(&op), timeout_ms);
}

static int dhcp_begin(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = txn_set(&core->txn, AT_CMD_CWDHCP);
    writer_int(&writer, op->size != 0);
    writer_int(&writer, op->value);
    return setting_command(core, &writer);
}

static const struct simple dhcp_set = {
    .op = {.timeout_ms = SIMPLE_MS, .begin = dhcp_begin, .final = setting_of_first_final},
    .min = 1,
    .max = 3};

int wm_dhcp_set_prepare(struct wm_op *op, unsigned interfaces, bool on)
{
    int err = simple_prepare_number(op, &dhcp_set, interfaces);
    op->size = on;
    return err;
}

int wm_dhcp_set(struct wm_device *dev, unsigned interfaces, bool on, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_dhcp_set_prepare(&op, interfaces, on), timeout_ms);
}

/* AT+CIPV6 (TCP/IP AT: CIPV6). */

static const struct simple ipv6_get = SIMPLE_NUMBER_GET(AT_CMD_CIPV6, 0, 1);
static const struct simple ipv6_set = SIMPLE_NUMBER_SET(AT_CMD_CIPV6, 0, 1);

int wm_ipv6_get_prepare(struct wm_op *op)
{
    return simple_prepare(op, &ipv6_get);
}

int wm_ipv6_get(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_ipv6_get_prepare(&op), timeout_ms);
}

int wm_ipv6_set_prepare(struct wm_op *op, bool on)
{
    return simple_prepare_number(op, &ipv6_set, on);
}

int wm_ipv6_set(struct wm_device *dev, bool on, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_ipv6_set_prepare(&op, on), timeout_ms);
}
