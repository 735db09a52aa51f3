/* System commands, usage texts and raw commands. For threads, time and callbacks see wmat.h. Unless
 * a call says otherwise its default deadline is 5 s. */
#ifndef WMAT_SYS_H
#define WMAT_SYS_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

/* Takes one line of a response, without its CR LF and without the final result. text is not
 * terminated and is valid during the call only. Runs with the device locked: it must not call the
 * driver. */
typedef void (*wm_line_fn)(void *user, const char *text, size_t len);

/* A raw command for wm_at. */
struct wm_at_request {
    const char *command; /* "AT+CIPMUX?", without CR LF; must start with AT */
    wm_line_fn on_line;  /* may be NULL */
    void *user;
};

/* Sends one command line and waits for its final result. Default deadline 10 s. Commands that leave
 * command mode or move payload (CIPSEND in its set and execute forms; CIPSENDEX, CIPSENDL and
 * CIPRECVDATA in their set forms) are refused with WM_ERR_ARG, as is anything with CR, LF or
 * another control character, without AT in front, or longer than 254 bytes. Their =? is not.
 * Returns 0 for OK; WM_ERR_DEVICE, WM_ERR_UNSUPPORTED, WM_ERR_REFUSED by the result; WM_ERR_PROTO:
 * OK, but a line was longer than 255 bytes, and on_line got its beginning. What the command changes
 * behind the driver's back (multiplex or receive mode, links) is the caller's affair. */
int wm_at(struct wm_device *dev, const char *command, wm_line_fn on_line, void *user,
          uint32_t timeout_ms);
int wm_at_prepare(struct wm_op *op, const struct wm_at_request *request);

/* What wm_usage asks for. */
struct wm_usage_request {
    const char *name;   /* of a command, without "AT+": "CIPMUX", in capitals; "AT" is AT itself */
    wm_line_fn on_line; /* takes the text line by line; may be NULL */
    void *user;
};

/* AT+X=?, the test form of every command: how it is used. WM_ERR_ARG: there is no command of that
 * name in the specification. WM_ERR_DEVICE: the module has no text for it. WM_ERR_UNSUPPORTED: the
 * module does not have the command. */
int wm_usage(struct wm_device *dev, const char *name, wm_line_fn on_line, void *user,
             uint32_t timeout_ms);
int wm_usage_prepare(struct wm_op *op, const struct wm_usage_request *request);

/* AT (framework, system commands): is the module there? Returns 0. Default deadline 1 s. */
int wm_probe(struct wm_device *dev, uint32_t timeout_ms);
int wm_probe_prepare(struct wm_op *op);

/* AT+RST: restarts the module, then brings it to the known state again. Returns 0. Links from
 * before fail with WM_ERR_RESET, and so do other calls that run meanwhile. Default deadline 15 s.
 */
int wm_restart(struct wm_device *dev, uint32_t timeout_ms);
int wm_restart_prepare(struct wm_op *op);

/* AT+RESTORE: as wm_restart, with the stored parameters back at factory values. What was set
 * through this device is not told again. */
int wm_restore(struct wm_device *dev, uint32_t timeout_ms);
int wm_restore_prepare(struct wm_op *op);

/* AT+SYSSTORE: true stores what set commands change, false keeps it in RAM only. Returns 0. */
int wm_store_set(struct wm_device *dev, bool store, uint32_t timeout_ms);
int wm_store_set_prepare(struct wm_op *op, bool store);

/* AT+SYSSTORE?: returns 1 or 0. */
int wm_store_get(struct wm_device *dev, uint32_t timeout_ms);
int wm_store_get_prepare(struct wm_op *op);

/* AT+SYSRAM: the module's memory in bytes. */
struct wm_ram {
    unsigned free_bytes;
    unsigned lowest_bytes; /* the lowest that free_bytes has been */
};

/* WM_ERR_ARG: ram is NULL. WM_ERR_PROTO: the answer could not be read. */
int wm_ram(struct wm_device *dev, struct wm_ram *ram, uint32_t timeout_ms);
int wm_ram_prepare(struct wm_op *op, struct wm_ram *ram);

#ifdef __cplusplus
}
#endif

#endif
