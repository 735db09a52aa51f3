/* The W800 driver for Linux programs: a device with an I/O thread, and blocking calls. (Programs
 * with a loop of their own: see loop.h.)
 *
 * Threads: a struct wm_device may be used from several threads at once. Callbacks (events,
 * completions) run on the device's I/O thread with no lock held; inside one, everything that does
 * not block may be called, a blocking call returns WM_ERR_STATE. wm_close must not run beside
 * another call on the same device, nor inside a callback.
 *
 * Time: every blocking call takes timeout_ms, the longest it may take in milliseconds, waiting for
 * other callers included. 0 means the default of that command (a call that only looks says so);
 * WM_FOREVER means no limit. A command that the module works on holds up all others, also after its
 * call was cancelled or its deadline has passed: the module takes one at a time, and a CIPSTART
 * whose name server is silent takes 10 s and more.
 *
 * Errors: each call names those that are its own. Any of them may besides return WM_ERR_TIMEOUT
 * (the deadline passed), WM_ERR_CANCELLED, WM_ERR_IO (the port is gone), WM_ERR_RESET (the module
 * restarted meanwhile), WM_ERR_BUSY and WM_ERR_PROTO (it said what does not fit), WM_ERR_STATE (in
 * a callback, or while a stream is open), and a call that asks something of the module
 * WM_ERR_DEVICE, WM_ERR_UNSUPPORTED or WM_ERR_REFUSED: ERROR, CMD FORMAT ERR, CMD PARSE ERR. A call
 * that sets something is WM_ERR_NOMEM, and sets nothing, when the 4096 bytes are full in which its
 * lines are kept for a restart. Pointers are not NULL unless a function says so.
 *
 * Restarts: a module that restarts, or whose port was unplugged, has lost its links (WM_ERR_RESET)
 * and what it does not store. The driver sets it up again, tells it what was set through this
 * device (the mode, the join, the server, SNTP and so on), and then says WM_EVENT_READY, which also
 * comes after any other search, without a WM_EVENT_LOST or WM_EVENT_RESET before it. The network
 * may take longer: connect again on WM_EVENT_WIFI_UP.
 *
 * Program:
 *     struct wm_config config = {.port = "/dev/ttyUSB0"};
 *     struct wm_device *dev;
 *     int err = wm_open(&dev, &config);
 *     if (err < 0) ...
 *     wm_wifi_join(dev, "ssid", "password", 0);
 *     int link = wm_tcp_connect(dev, &(struct wm_tcp_options){.host = "example.org", .port = 80},
 * 0);
 */
#ifndef WMAT_WMAT_H
#define WMAT_WMAT_H

#include <wmat/address.h>
#include <wmat/core.h>
#include <wmat/err.h>
#include <wmat/link.h>
#include <wmat/loop.h>
#include <wmat/name.h>
#include <wmat/options.h>
#include <wmat/profile.h>
#include <wmat/server.h>
#include <wmat/softap.h>
#include <wmat/state.h>
#include <wmat/stream.h>
#include <wmat/sys.h>
#include <wmat/tcp.h>
#include <wmat/time.h>
#include <wmat/tls.h>
#include <wmat/transport.h>
#include <wmat/udp.h>
#include <wmat/wifi.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

struct wm_config {
    const char *port;               /* see wm_transport_open; ignored where transport is given */
    struct wm_port_options options; /* how port is opened */
    struct wm_transport
        *transport;     /* an open transport; the device closes it, also when wm_open fails */
    bool no_reopen;     /* a port that vanishes is gone for good, see wm_port_state */
    bool no_speed_scan; /* no other speed is tried, see wm_open */
    /* Opens a transport of the caller's again: returns 0 and *out, or a negative error and is asked
     * again 500 ms later. Runs where callbacks run, with user below. NULL: it is gone for good. */
    int (*reopen)(void *user, struct wm_transport **out);
    /* Where the port's serial number is looked up, see wm_port_state; must stay until wm_close.
     * NULL: this machine's ports. */
    const struct wm_port_source *ports;
    uint32_t open_timeout_ms; /* 0: 15000 */
    enum wm_receive receive;  /* 0 is passive: nothing is lost without flow control */
    size_t ring_bytes;        /* receive buffer of a link; 0: 16384, at least 256 */
    bool attach;              /* only find the module: its links and modes stay as they are; no
                                 links can be opened through this device */
    uint32_t idle_poll_ms;    /* see wm_core_config */
    unsigned tls_links;       /* see wm_core_config */
    const struct wm_profile *profile; /* what to assume of the module; NULL: it is found out */
    bool loop; /* no thread: the program's loop serves the device, see loop.h */
    /* Called for every event, from before wm_open returns on (dev is another one's until then),
     * also of a device whose wm_open then fails; may be NULL. */
    void (*on_event)(struct wm_device *dev, const struct wm_event *event, void *user);
    void *user;
    /* Called with every piece of the wire, in order, on whichever thread moves it, with the device
     * locked: it must not call the driver. May be NULL. */
    wm_trace_fn trace;
    void *trace_user;
    /* Words about a failed wm_open; may be NULL. */
    char *detail;
    size_t detail_size;
};

/* Opens the port, finds the module in whatever state it is (in data mode, with links open, in
 * single connection mode, just started) and brings it to a known one: command mode, no links,
 * AT+CIPMUX=1 and the receive mode of config. *out is freed by wm_close; NULL on failure.
 * WM_ERR_ARG, WM_ERR_IO, WM_ERR_BUSY as wm_transport_open; WM_ERR_TIMEOUT: nothing that speaks AT
 * answered; WM_ERR_NOMEM. With config.loop it opens the port and returns.
 *
 * Speed: where a serial port or a pty stays silent for 1.7 s at the speed of options, the others
 * that modules are set to are tried for 0.3 s each: 115200, 921600, 2000000, 1000000, 460800,
 * 230400, 57600, 38400, 19200, 9600, 1500000, 3000000. Then it starts over, until open_timeout_ms
 * have passed. What answers is kept; wm_port_state tells it. A transport of the caller's that has a
 * set_baud takes part where options.baud says at which speed it is now. config.no_speed_scan: no
 * other speed is tried. The same is done later whenever the module falls silent; WM_EVENT_SILENT
 * comes when no speed gave an answer. */
int wm_open(struct wm_device **out, const struct wm_config *config);

/* The port of a device. One that vanishes (WM_EVENT_LOST: unplugged, its adapter reset, the serial
 * server restarted) is opened again: every 500 ms its path is tried, or, where its adapter has a
 * USB serial number, whatever path has that number now; a path that is another adapter's by then is
 * left alone. Then the module is searched for and set up, and WM_EVENT_READY tells that calls work
 * again. Calls that were pending, and those made meanwhile, fail with WM_ERR_IO, links with
 * WM_ERR_RESET.
 *
 * Gone for good (links fail with WM_ERR_IO) are: a port of config.no_reopen; a transport of the
 * caller's without config.reopen; a pty that was named by its number, because /dev/pts/7 may be
 * another program's next (a symbolic link to one is opened again). */
struct wm_port_state {
    char name[256];    /* what is open, or was; "" for a transport of the caller's */
    char serial[64];   /* USB serial number; "": none, or unknown */
    unsigned baud;     /* bits a second; 0: a port without speed, or unknown */
    bool open;         /* false: it is gone */
    unsigned reopened; /* how often it came back */
};

/* May be called in callbacks. */
void wm_port_state(struct wm_device *dev, struct wm_port_state *state);

/* Leaves a stream (within 3 s) and closes the links whose handles were not given back (within 1 s),
 * ends the I/O thread, closes the transport, frees dev. The module keeps its server, and clients
 * that nobody has accepted; the next wm_open ends them. wm_server_stop comes before it where that
 * is not wanted. Pending operations complete with WM_ERR_CANCELLED; every callback has returned
 * before this call does, and the last may run on its thread. Events are told no more then. NULL is
 * allowed. */
void wm_close(struct wm_device *dev);

/* Runs a prepared operation and waits for it: what every blocking call is made of. Returns the
 * operation's result. */
int wm_run(struct wm_device *dev, struct wm_op *op, uint32_t timeout_ms);

/* Starts a prepared operation; done is called once, on the I/O thread or in wm_process, when it has
 * ended. op and all that it refers to must stay until then. done NULL: nobody is told, and
 * wm_op_ended tells on the thread that serves the device. Returns 0, or a negative error and done
 * is not called. */
int wm_submit(struct wm_device *dev, struct wm_op *op, uint32_t timeout_ms, wm_done_fn done,
              void *user);

/* Ends an operation of wm_submit, or of a wm_run on another thread; it completes with
 * WM_ERR_CANCELLED unless it already has.
 * A command that the module is working on still runs there; later calls wait for it. */
void wm_cancel(struct wm_device *dev, struct wm_op *op);

/* Copies the words about the last command that failed in the module, such as "AT+CIPSTART: ERROR",
 * cut to size with their NUL; "" if there was none, or a call has timed out since then before the
 * module was asked. size 0: nothing, and text may be NULL. Returns text. */
const char *wm_last_detail(struct wm_device *dev, char *text, size_t size);

/* Counters since wm_open. */
void wm_get_stats(struct wm_device *dev, struct wm_stats *stats);

/* Version of these headers, and as text of the library, "major.minor.patch": what a program of the
 * same major version needs is there from the minor version on that had it first. */
#define WM_VERSION_MAJOR 0
#define WM_VERSION_MINOR 1
#define WM_VERSION_PATCH 0

const char *wm_version(void);

#ifdef __cplusplus
}
#endif

#endif
