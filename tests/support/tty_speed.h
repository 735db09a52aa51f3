/* The speed of a tty in bits a second, whichever way it was set: glibc's constants can't show the
 * speeds that libserialport sets. 0 when fd is no tty. */
#ifndef TTY_SPEED_H
#define TTY_SPEED_H

unsigned test_tty_speed(int fd);

#endif
