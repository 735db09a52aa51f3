/* Apart from other code: this header and <termios.h> exclude each other. */
#include "tty_speed.h"

#include <asm/termbits.h>
#include <sys/ioctl.h>

unsigned test_tty_speed(int fd)
{
    struct termios2 settings;

    return ioctl(fd, TCGETS2, &settings) < 0 ? 0 : settings.c_ospeed;
}
