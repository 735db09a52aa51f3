#include <wmat/state.h>

#include "at_limits.h"
#include "simple.h"

/* Four modes. */

static const struct field mux[] = {FLAG(wm_modes, multiple)};
static const struct field mode[] = {FLAG(wm_modes, passthrough)};
static const struct field receive[] = {FLAG(wm_modes, passive)};
static const struct field peers[] = {
    {.kind = FIELD_TRUTH, .offset = FIELD_AT(wm_modes, peers_shown)}};

static const struct reading modes_readings[] = {
    READING(AT_CMD_CIPMUX, mux),
    READING(AT_CMD_CIPMODE, mode),
    READING(AT_CMD_CIPRECVMODE, receive),
    READING(AT_CMD_CIPDINFO, peers),
};
static const struct simple modes = SIMPLE_GET(struct wm_modes, modes_readings);

int wm_modes_prepare(struct wm_op *op, struct wm_modes *out)
{
    return simple_prepare_get(op, &modes, out);
}

int wm_modes(struct wm_device *dev, struct wm_modes *out, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_modes_prepare(&op, out), timeout_ms);
}

/* The server. */

static const struct field server[] = {
    FLAG(wm_server_status, on),
    NUMBER_OR(wm_server_status, port, 0, AT_PORT_MAX, 0),
    MAYBE(TEXT, wm_server_status, type),
    FLAG_OR_FALSE(wm_server_status, verifies_clients),
};
static const struct field max_clients[] = {NUMBER(wm_server_status, max_clients, 1, AT_LINKS)};
static const struct field idle[] = {NUMBER(wm_server_status, idle_timeout_s, 0, AT_IDLE_MAX)};

static const struct reading server_readings[] = {
    READING(AT_CMD_CIPSERVER, server),
    READING(AT_CMD_CIPSERVERMAXCONN, max_clients),
    READING(AT_CMD_CIPSTO, idle),
};
static const struct simple server_status = SIMPLE_GET(struct wm_server_status, server_readings);

int wm_server_status_prepare(struct wm_op *op, struct wm_server_status *status)
{
    return simple_prepare_get(op, &server_status, status);
}

int wm_server_status(struct wm_device *dev, struct wm_server_status *status, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_server_status_prepare(&op, status), timeout_ms);
}

/* AT+CIPRECVLEN?. */

#define BYTES(id) NUMBER_OR(wm_waiting, bytes[id], 0, INT32_MAX, -1)

static const struct field lengths[] = {BYTES(0), BYTES(1), BYTES(2), BYTES(3), BYTES(4)};

/* Five positions, some of them empty. The example of the specification has a sixth, always empty.
 */
static bool read_lengths(struct scan *scan, struct wm_waiting *waiting)
{
    struct slice sixth;
    for (size_t id = 0; id < COUNT(lengths); id++) {
        if (scan_ended(scan) || !fields_read(scan, &lengths[id], 1, waiting))
            return false;
    }
    return scan_ended(scan) || (scan_text(scan, &sixth) && sixth.len == 0 && scan_ended(scan));
}

static void waiting_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct scan scan;
    if (answer_of(line, AT_CMD_CIPRECVLEN, &scan) && read_lengths(&scan, op->out))
        simple_sound(op);
    else
        simple_damaged(core, op);
}

static const struct reading waiting_reading[] = {READING(AT_CMD_CIPRECVLEN, lengths)};
static const struct simple waiting = {.op = {.timeout_ms = SIMPLE_MS,
                                             .begin = simple_ask,
                                             .line = waiting_line,
                                             .final = simple_next},
                                      .readings = waiting_reading,
                                      .count = COUNT(waiting_reading),
                                      .size = sizeof(struct wm_waiting)};

int wm_waiting_prepare(struct wm_op *op, struct wm_waiting *out)
{
    return simple_prepare_get(op, &waiting, out);
}

int wm_waiting(struct wm_device *dev, struct wm_waiting *out, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_waiting_prepare(&op, out), timeout_ms);
}
