/* A serial port for libserialport that is a pty in truth. libserialport refuses ptys: they are not
 * in /sys/class/tty and have no modem lines. Linked into a program (or preloaded into one), these
 * definitions of a few libc functions answer for one made-up device and pass everything else on.
 *
 * The device is named by the environment, read at every call: WM_SERIAL_SHIM=/dev/ttyWM0=/dev/pts/7
 */
#ifndef SERIAL_SHIM_H
#define SERIAL_SHIM_H

#include <stdbool.h>

#define SERIAL_SHIM_ENV "WM_SERIAL_SHIM"

/* Did a program ask the made-up device for low latency? For tests that link the shim. */
bool serial_shim_low_latency(void);

#endif
