#include <wmat/softap.h>

#include "at_limits.h"
#include "arg.h"
#include "named.h"

/* AT+CWSAP. */

static const struct field read_fields[] = {
    TEXT(wm_softap, ssid, 0),
    TEXT(wm_softap, password, 0),
    NUMBER(wm_softap, channel, 0, 255),
    NUMBER(wm_softap, ecn, 0, 255),
    NUMBER_OR(wm_softap, max_stations, 0, 255, 0),
    FLAG_OR_FALSE(wm_softap, hidden),
};
static const struct field write_fields[] = {
    TEXT(wm_softap, ssid, 1),
    TEXT(wm_softap, password, 0),
    NUMBER(wm_softap, channel, 1, AT_CHANNEL_MAX),
    NUMBER(wm_softap, ecn, 0, AT_SOFTAP_ECN_MAX),
    OPTION(wm_softap, max_stations, 1, AT_SOFTAP_STATIONS),
    FLAG(wm_softap, hidden),
};
static const struct reading softap_reading[] = {READING(AT_CMD_CWSAP, read_fields)};
static const struct simple softap_get = SIMPLE_GET(struct wm_softap, softap_reading);
static const struct simple softap_set = SIMPLE_SET(AT_CMD_CWSAP, write_fields);

int wm_softap_get_prepare(struct wm_op *op, struct wm_softap *softap)
{
    return simple_prepare_get(op, &softap_get, softap);
}

int wm_softap_get(struct wm_device *dev, struct wm_softap *softap, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_get_prepare(&op, softap), timeout_ms);
}

/* An open one has no password, the others have one; there is no WEP. */
static bool softap_sound(const struct wm_softap *softap)
{
    return arg_password(softap->password) && !softap->ecn == !softap->password[0] &&
           softap->ecn != AT_ECN_WEP;
}

int wm_softap_set_prepare(struct wm_op *op, const struct wm_softap *softap)
{
    int err = simple_prepare_set(op, &softap_set, softap);
    return op_checked(op, err == 0 && softap_sound(softap));
}

int wm_softap_set(struct wm_device *dev, const struct wm_softap *softap, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_set_prepare(&op, softap), timeout_ms);
}

/* AT+CWLIF and AT+CWQIF. */

static const struct field station_fields[] = {
    ADDRESS(IP4, wm_softap_station, ip),
    ADDRESS(MAC, wm_softap_station, mac),
};
static const struct simple stations =
    SIMPLE_LIST(struct wm_softap_station, AT_CMD_CWLIF, station_fields, simple_execute);

int wm_softap_stations_prepare(struct wm_op *op, struct wm_softap_station *list, size_t max)
{
    return simple_prepare_list(op, &stations, list, max);
}

int wm_softap_stations(struct wm_device *dev, struct wm_softap_station *list, size_t max,
                       uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_stations_prepare(&op, list, max), timeout_ms);
}

static const struct field mac_field[] = {{.kind = FIELD_MAC, .max = WM_MAC_SIZE - 1}};
static const struct simple drop = SIMPLE_DO(AT_CMD_CWQIF, mac_field);
static const struct simple drop_all = SIMPLE_EXECUTE(AT_CMD_CWQIF);

int wm_softap_drop_prepare(struct wm_op *op, const char *mac)
{
    return simple_prepare_set(op, &drop, mac);
}

int wm_softap_drop(struct wm_device *dev, const char *mac, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_drop_prepare(&op, mac), timeout_ms);
}

int wm_softap_drop_all_prepare(struct wm_op *op)
{
    return simple_prepare(op, &drop_all);
}

int wm_softap_drop_all(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_drop_all_prepare(&op), timeout_ms);
}

/* AT+CWDHCPS. */

static const struct field leases_fields[] = {
    NUMBER(wm_softap_leases, lease_min, 1, AT_LEASE_MAX),
    ADDRESS(IP4, wm_softap_leases, first),
    ADDRESS(IP4, wm_softap_leases, last),
};
static const struct reading leases_reading[] = {READING(AT_CMD_CWDHCPS, leases_fields)};
static const struct simple leases_get = SIMPLE_GET(struct wm_softap_leases, leases_reading);

int wm_softap_leases_get_prepare(struct wm_op *op, struct wm_softap_leases *leases)
{
    return simple_prepare_get(op, &leases_get, leases);
}

int wm_softap_leases_get(struct wm_device *dev, struct wm_softap_leases *leases,
                         uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_leases_get_prepare(&op, leases), timeout_ms);
}

static int leases_begin(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = txn_set(&core->txn, AT_CMD_CWDHCPS);
    writer_int(&writer, op->args != NULL);
    if (op->args)
        fields_write(&writer, leases_fields, COUNT(leases_fields), op->args);
    return setting_command(core, &writer);
}

static const struct wm_op_def leases_set = {
    .timeout_ms = SIMPLE_MS, .begin = leases_begin, .final = setting_final};

int wm_softap_leases_set_prepare(struct wm_op *op, const struct wm_softap_leases *leases)
{
    op_prepare(op, &leases_set, leases, NULL);
    return op_checked(op, !leases || fields_sound(leases_fields, COUNT(leases_fields), leases));
}

int wm_softap_leases_set(struct wm_device *dev, const struct wm_softap_leases *leases,
                         uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_leases_set_prepare(&op, leases), timeout_ms);
}

/* AT+CIPAP. */

static const struct named cipap[] = {
    {"ip:", true, ADDRESS(IP4, wm_softap_ip, ip)},
    {"gateway:", true, ADDRESS(IP4, wm_softap_ip, gateway)},
    {"netmask:", true, ADDRESS(IP4, wm_softap_ip, netmask)},
};
static const struct named_get ip_get = NAMED_GET(struct wm_softap_ip, AT_CMD_CIPAP, cipap, true);

int wm_softap_ip_get_prepare(struct wm_op *op, struct wm_softap_ip *ip)
{
    return named_prepare(op, &ip_get, ip);
}

int wm_softap_ip_get(struct wm_device *dev, struct wm_softap_ip *ip, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_ip_get_prepare(&op, ip), timeout_ms);
}

static const struct field ip_fields[] = {
    ADDRESS(IP4, wm_softap_ip, ip),
    MAYBE(IP4, wm_softap_ip, gateway),
    MAYBE(IP4, wm_softap_ip, netmask),
};
static const struct simple ip_set = SIMPLE_SET(AT_CMD_CIPAP, ip_fields);

int wm_softap_ip_set_prepare(struct wm_op *op, const struct wm_softap_ip *ip)
{
    int err = simple_prepare_set(op, &ip_set, ip);
    return op_checked(op, err == 0 && !ip->gateway[0] == !ip->netmask[0]);
}

int wm_softap_ip_set(struct wm_device *dev, const struct wm_softap_ip *ip, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_ip_set_prepare(&op, ip), timeout_ms);
}

/* AT+CIPAPMAC. */

static const struct reading mac_reading[] = {READING(AT_CMD_CIPAPMAC, mac_field)};
static const struct simple mac_get = SIMPLE_TEXT_GET(mac_reading, WM_MAC_SIZE);
static const struct simple mac_set = SIMPLE_SET(AT_CMD_CIPAPMAC, mac_field);

int wm_softap_mac_get_prepare(struct wm_op *op, char mac[WM_MAC_SIZE])
{
    return simple_prepare_get(op, &mac_get, mac);
}

int wm_softap_mac_get(struct wm_device *dev, char mac[WM_MAC_SIZE], uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_mac_get_prepare(&op, mac), timeout_ms);
}

int wm_softap_mac_set_prepare(struct wm_op *op, const char *mac)
{
    return simple_prepare_set(op, &mac_set, mac);
}

int wm_softap_mac_set(struct wm_device *dev, const char *mac, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_mac_set_prepare(&op, mac), timeout_ms);
}

/* AT+CWAPPROTO. */

static const struct simple protocols_get = SIMPLE_NUMBER_GET(AT_CMD_CWAPPROTO, 1, 7);
static const struct simple protocols_set = SIMPLE_NUMBER_SET(AT_CMD_CWAPPROTO, 1, 7);

int wm_softap_protocols_get_prepare(struct wm_op *op)
{
    return simple_prepare(op, &protocols_get);
}

int wm_softap_protocols_get(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_protocols_get_prepare(&op), timeout_ms);
}

int wm_softap_protocols_set_prepare(struct wm_op *op, unsigned protocols)
{
    return simple_prepare_number(op, &protocols_set, protocols);
}

int wm_softap_protocols_set(struct wm_device *dev, unsigned protocols, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_softap_protocols_set_prepare(&op, protocols), timeout_ms);
}
