/* Apart from other code: this header and <termios.h> exclude each other. */
#include "baud.h"

#include <asm/termbits.h>
#include <sys/ioctl.h>

unsigned fw_tty_speed(int fd)
{
    struct termios2 settings;

    return ioctl(fd, TCGETS2, &settings) < 0 ? 0 : settings.c_ospeed;
}

void fw_tty_set_speed(int fd, unsigned baud)
{
    struct termios2 settings;

    if (ioctl(fd, TCGETS2, &settings) == 0) {
        settings.c_cflag = (settings.c_cflag & ~(unsigned)CBAUD) | BOTHER;
        settings.c_ispeed = settings.c_ospeed = baud;
        ioctl(fd, TCSETS2, &settings);
    }
}
