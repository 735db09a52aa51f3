#include <wmat/wifi.h>

#include <stddef.h>
#include <string.h>

#include <wmat/wmat.h>

#include "arg.h"
#include "engine.h"
#include "scan.h"

/* A text in a line of an answer, and where it goes. */
struct field {
    const char *prefix;
    size_t offset;
    size_t size;
};

/* Addresses that nobody asks for are skipped: the SoftAP's IPv6 address of a shipping module
 * (device_dialect, section 13, row 18), those in AT+CIPSTA that AT+CIFSR has as well. */
static bool take_field(const struct field *fields, size_t count, struct slice line, void *out)
{
    for (size_t i = 0; i < count; i++) {
        struct scan scan;
        if (scan_after(line, fields[i].prefix, &scan))
            return scan_string(&scan, (char *)out + fields[i].offset, fields[i].size);
    }
    return slice_starts(line, fields[0].prefix, strcspn(fields[0].prefix, ":") + 1);
}

#define FIELD(prefix, type, member)                                                                \
    {                                                                                              \
        prefix, offsetof(struct type, member), sizeof(((struct type *)0)->member)                  \
    }

/* AT+CIFSR (TCP/IP AT: CIFSR). A shipping module leaves the quotes out. */

static const struct field cifsr[] = {
    FIELD("+CIFSR:APIP,", wm_addresses, softap_ip),
    FIELD("+CIFSR:APMAC,", wm_addresses, softap_mac),
    FIELD("+CIFSR:STAIP,", wm_addresses, station_ip),
    FIELD("+CIFSR:STAIP6LL,", wm_addresses, station_ip6_local),
    FIELD("+CIFSR:STAIP6GL,", wm_addresses, station_ip6_global),
    FIELD("+CIFSR:STAMAC,", wm_addresses, station_mac),
};

static int addresses_begin(struct wm_core *core, struct wm_op *op)
{
    memset(op->out, 0, sizeof(struct wm_addresses));
    struct writer writer = txn_execute(&core->txn, AT_CMD_CIFSR);
    return op_command(core, &writer);
}

static void addresses_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    if (!take_field(cifsr, sizeof cifsr / sizeof cifsr[0], line, op->out))
        core->stats.noise++;
}

static const struct wm_op_def addresses_def = {
    .timeout_ms = 5000, .begin = addresses_begin, .line = addresses_line};

int wm_addresses_prepare(struct wm_op *op, struct wm_addresses *addresses)
{
    return op_prepare(op, &addresses_def, NULL, addresses);
}

int wm_addresses(struct wm_device *dev, struct wm_addresses *addresses, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_addresses_prepare(&op, addresses);
    return wm_run(dev, &op, timeout_ms);
}

/* AT+CIPSTA (framework, "Wi-Fi commands"). */

static const struct field cipsta[] = {
    FIELD("+CIPSTA:ip:", wm_station_ip, ip),
    FIELD("+CIPSTA:gateway:", wm_station_ip, gateway),
    FIELD("+CIPSTA:netmask:", wm_station_ip, netmask),
};

static int ip_get_begin(struct wm_core *core, struct wm_op *op)
{
    memset(op->out, 0, sizeof(struct wm_station_ip));
    struct writer writer = txn_query(&core->txn, AT_CMD_CIPSTA);
    return op_command(core, &writer);
}

static void ip_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    if (!take_field(cipsta, sizeof cipsta / sizeof cipsta[0], line, op->out))
        core->stats.noise++;
}

static const struct wm_op_def ip_get = {.timeout_ms = 5000, .begin = ip_get_begin, .line = ip_line};

int wm_station_ip_get_prepare(struct wm_op *op, struct wm_station_ip *ip)
{
    return op_prepare(op, &ip_get, NULL, ip);
}

int wm_station_ip_get(struct wm_device *dev, struct wm_station_ip *ip, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_station_ip_get_prepare(&op, ip);
    return wm_run(dev, &op, timeout_ms);
}

static int ip_set_begin(struct wm_core *core, struct wm_op *op)
{
    const struct wm_station_ip *ip = op->args;
    struct writer writer = txn_set(&core->txn, AT_CMD_CIPSTA);
    writer_string(&writer, ip->ip);
    if (ip->gateway[0]) {
        writer_string(&writer, ip->gateway);
        writer_string(&writer, ip->netmask);
    }
    return op_command(core, &writer);
}

static const struct wm_op_def ip_set = {.timeout_ms = 5000, .begin = ip_set_begin};

int wm_station_ip_set_prepare(struct wm_op *op, const struct wm_station_ip *ip)
{
    op_prepare(op, &ip_set, ip, NULL);
    bool rest = ip->gateway[0] || ip->netmask[0];
    if (arg_text(ip->ip, 1, WM_IP_SIZE - 1) &&
        (!rest ||
         (arg_text(ip->gateway, 1, WM_IP_SIZE - 1) && arg_text(ip->netmask, 1, WM_IP_SIZE - 1))))
        return 0;
    op->def = NULL;
    return WM_ERR_ARG;
}

int wm_station_ip_set(struct wm_device *dev, const struct wm_station_ip *ip, uint32_t timeout_ms)
{
    struct wm_op op;
    int err = wm_station_ip_set_prepare(&op, ip);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}
