/* The port of a device: opened by name, looked up by its serial number, opened again when it has
 * vanished. */
#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"

#define REOPEN_MS         500
#define REOPEN_CONNECT_MS 1000 /* a loop of the program's is held up so long */
#define PORTS_MAX         64

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* The number of a pty is nobody's name: the next program to open one may get it. */
static bool is_bare_pty(const char *path)
{
    return starts_with(path, "/dev/pts/");
}

static bool same_file(const char *a, const char *b)
{
    char *real_a = realpath(a, NULL);
    char *real_b = realpath(b, NULL);
    bool same = strcmp(a, b) == 0 || (real_a && real_b && strcmp(real_a, real_b) == 0);
    free(real_a);
    free(real_b);
    return same;
}

static int list(const struct port_keeper *port, struct wm_port *ports)
{
    int count = wm_ports(port->source, ports, PORTS_MAX);
    return count > PORTS_MAX ? PORTS_MAX : count;
}

static bool has_serial(const struct port_keeper *port, const struct wm_port *listed)
{
    return strcmp(listed->serial, port->state.serial) == 0;
}

/* Remembers which adapter this is, if it has a serial number. One with several ports gives all of
 * them the same. */
static void identify(struct port_keeper *port)
{
    struct wm_port ports[PORTS_MAX];
    int count = list(port, ports);
    int self = 0;
    while (self < count && !same_file(ports[self].name, port->path))
        self++;
    if (self >= count)
        return;
    snprintf(port->state.serial, sizeof port->state.serial, "%s", ports[self].serial);
    for (int i = 0; i < count; i++) {
        bool sibling = has_serial(port, &ports[i]);
        port->siblings += sibling;
        port->nth += sibling && i < self;
    }
}

/* Finds the port with its serial number: under its old name, or the nth of those that have it.
 * False: they are not all there (yet), so which of them is which is not known. */
static bool find_by_serial(const struct port_keeper *port, const struct wm_port *ports, int count,
                           char *name, size_t size)
{
    unsigned found = 0;
    for (int i = 0; i < count; i++) {
        if (!has_serial(port, &ports[i]))
            continue;
        if (found++ == port->nth)
            snprintf(name, size, "%.*s", (int)sizeof ports[i].name - 1, ports[i].name);
        if (same_file(ports[i].name, port->path)) {
            snprintf(name, size, "%s", port->path);
            return true;
        }
    }
    return found == port->siblings;
}

/* Which port to open now. False: none; its old name may be another adapter's now. */
static bool choose(const struct port_keeper *port, char *name, size_t size)
{
    struct wm_port ports[PORTS_MAX];
    int count = port->state.serial[0] ? list(port, ports) : -1;
    if (count >= 0)
        return find_by_serial(port, ports, count, name, size);
    snprintf(name, size, "%s", port->path);
    return true;
}

/* Without the lock: it may take its time. */
static int reopen(struct port_keeper *port, struct wm_transport **out)
{
    struct wm_port_options options = port->options;
    if (port->reopen)
        return port->reopen(port->user, out);
    if (!choose(port, port->state.name, sizeof port->state.name))
        return WM_ERR_IO;
    options.baud = port->state.baud;
    if (options.connect_timeout_ms == 0)
        options.connect_timeout_ms = REOPEN_CONNECT_MS;
    return wm_transport_open(out, port->state.name, &options, NULL, 0);
}

static void try_again(struct device *dev)
{
    struct wm_transport *transport = NULL;
    struct port_keeper port = dev->port;
    dev->in_callback = port.reopen != NULL;
    device_unlock(dev);
    int err = reopen(&port, &transport);
    device_lock(dev);
    dev->in_callback = false;
    dev->port.at_ms = device_look_at_clock(dev) + REOPEN_MS;
    if (err < 0 || !transport)
        return;
    dev->transport = transport;
    dev->port.state = port.state;
    dev->port.state.open = true;
    dev->port.state.reopened++;
    wm_core_plugged(&dev->core, dev->now_ms);
}

void device_keep_port(struct device *dev)
{
    if (!dev->core.lost || !dev->port.reopens)
        return;
    if (dev->transport) {
        dev->transport->ops->close(dev->transport);
        dev->transport = NULL;
        dev->port.at_ms = dev->now_ms + REOPEN_MS;
    } else if (dev->port.at_ms <= dev->now_ms && !dev->stopping) {
        try_again(dev);
    }
}

bool device_port_is_missed(const struct device *dev)
{
    return dev->core.lost && dev->port.reopens && dev->transport;
}

void device_lose_port(struct device *dev)
{
    dev->port.state.open = false;
    dev->input_len = 0; /* nobody takes it any more */
    dev->output_due = false;
    if (dev->port.reopens)
        wm_core_unplugged(&dev->core);
    else
        wm_core_lost(&dev->core, WM_ERR_IO);
}

static bool can_reopen(const struct wm_config *config)
{
    if (config->no_reopen)
        return false;
    return config->transport ? config->reopen != NULL : !is_bare_pty(config->port);
}

static int open_named(struct device *dev, const struct wm_config *config)
{
    struct port_keeper *port = &dev->port;
    int err = wm_transport_open(&dev->transport, config->port, &config->options, config->detail,
                                config->detail_size);
    if (err < 0)
        return err;
    port->path = strdup(config->port);
    if (!port->path)
        return WM_ERR_NOMEM;
    snprintf(port->state.name, sizeof port->state.name, "%s", port->path);
    port->reopens = can_reopen(config);
    if (port->reopens && !starts_with(port->path, PORT_TCP_SCHEME))
        identify(port);
    return 0;
}

unsigned device_line_baud(const struct wm_config *config)
{
    return config->options.baud || config->transport ? config->options.baud : PORT_BAUD_DEFAULT;
}

int device_open_port(struct device *dev, const struct wm_config *config)
{
    struct port_keeper *port = &dev->port;
    port->options = config->options;
    port->source = config->ports;
    port->reopen = config->transport ? config->reopen : NULL;
    port->user = config->user;
    port->reopens = config->transport && can_reopen(config);
    dev->transport = config->transport;
    int err = config->transport ? 0 : open_named(dev, config);
    if (err < 0)
        return err;
    port->state.open = true;
    if (dev->transport->ops->set_baud)
        port->state.baud = dev->speeds.home = dev->speeds.asked = device_line_baud(config);
    dev->speeds.on = port->state.baud && !config->no_speed_scan;
    return 0;
}

void device_close_port(struct device *dev)
{
    if (dev->transport)
        dev->transport->ops->close(dev->transport);
    free(dev->port.path);
}

void wm_port_state(struct wm_device *base, struct wm_port_state *state)
{
    struct device *dev = device_of(base);
    device_lock(dev);
    *state = dev->port.state;
    device_unlock(dev);
}
