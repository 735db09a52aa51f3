/* Errors of the driver. Functions return >= 0 (a result) or one of these, which are negative.
 * The class says whose fault it is and what may be tried again. */
#ifndef WMAT_ERR_H
#define WMAT_ERR_H

#ifdef __cplusplus
extern "C" {
#endif

/* WM_ERROR(name, value, text) */
#define WM_ERROR_LIST(WM_ERROR)                                                                    \
    WM_ERROR(ARG, -1, "an argument is out of its range; nothing was sent")                         \
    WM_ERROR(STATE, -2, "not possible in the present state; nothing was sent")                     \
    WM_ERROR(NOMEM, -3, "no memory, or a buffer of the caller's is too small")                     \
    WM_ERROR(IO, -4, "the port failed or vanished")                                                \
    WM_ERROR(TIMEOUT, -5, "the deadline passed")                                                   \
    WM_ERROR(CANCELLED, -6, "cancelled by the caller")                                             \
    WM_ERROR(BUSY, -7, "the module was busy with something else and may have dropped the command") \
    WM_ERROR(PROTO, -8, "the module sent what no W800 should send; bytes may have been lost")      \
    WM_ERROR(DEVICE, -9, "the module could not do it (ERROR)")                                     \
    WM_ERROR(UNSUPPORTED, -10, "the module does not know the command (CMD FORMAT ERR)")            \
    WM_ERROR(REFUSED, -11, "the module refused a parameter (CMD PARSE ERR)")                       \
    WM_ERROR(CLOSED, -12, "the link is closed")                                                    \
    WM_ERROR(RESET, -13, "the module restarted; links and calls from before are gone")             \
    WM_ERROR(UNKNOWN_DELIVERY, -14,                                                                \
             "the send ended without a result; part of it may have gone out")                      \
    WM_ERROR(                                                                                      \
        MANGLED, -15,                                                                              \
        "received data came up short or long: the module swallows zero bytes and may mix its "     \
        "echo in; the receive mode zero_safe gets zero bytes right")                               \
    WM_ERROR(OVERFLOW, -16,                                                                        \
             "the module's receive buffer was full, and it throws away what comes then; read "     \
             "sooner, or use the active receive mode")

enum wm_err {
#define WM_ERROR_ENUM(name, value, text) WM_ERR_##name = value,
    WM_ERROR_LIST(WM_ERROR_ENUM)
#undef WM_ERROR_ENUM
};

/* "WM_ERR_TIMEOUT" for WM_ERR_TIMEOUT, "WM_OK" for anything >= 0, "WM_ERR_?" for an unknown value.
 * Static storage. */
const char *wm_err_name(int err);

/* One sentence in English, without a full stop. Static storage. */
const char *wm_err_text(int err);

#ifdef __cplusplus
}
#endif

#endif
