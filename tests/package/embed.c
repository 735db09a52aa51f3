/* A program that embeds a virtual module, from what is installed: asks it AT, and looks at the
 * answer. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <wmfw/linux.h>

int main(void)
{
    char err[200], answer[256];
    int line[2];
    struct fw_linux *sim;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, line) < 0)
        return 1;
    struct fw_linux_options options = {.uart = FW_LINUX_FD, .uart_fd = line[1]};
    if (fw_linux_open(&sim, &options, err, sizeof err) < 0)
        return fprintf(stderr, "%s\n", err), 1;
    if (write(line[0], "AT\r\n", 4) != 4 || shutdown(line[0], SHUT_WR) < 0)
        return 1;
    fw_linux_run(sim, -1); /* to the end of the line */
    fw_linux_close(sim);
    ssize_t n = read(line[0], answer, sizeof answer - 1);
    answer[n > 0 ? n : 0] = '\0';
    return strstr(answer, "OK\r\n") == NULL;
}
