/* The speed of a tty in bits a second, whichever way it was set: glibc's constants show only some.
 * 0 when fd is no tty. */
#ifndef FW_BAUD_H
#define FW_BAUD_H

unsigned fw_tty_speed(int fd);

/* Sets it; a tty that refuses keeps what it had. */
void fw_tty_set_speed(int fd, unsigned baud);

#endif
