#include "sim.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <wmfw/linux.h>

#define SIM_SSID "wmat" /* the access point that every virtual module has */

struct sim {
    struct fw_linux *module;
    pthread_t thread;
    int uart; /* the module's end of the line */
};

/* Ends when the host closes its end. */
static void *run(void *arg)
{
    fw_linux_run(((struct sim *)arg)->module, -1);
    return NULL;
}

static struct sim *start(int uart, char *detail, size_t detail_size)
{
    const struct fw_linux_options options = {
        .uart = FW_LINUX_FD, .uart_fd = uart, .join_ssid = SIM_SSID};
    struct sim *sim = calloc(1, sizeof *sim);

    if (sim == NULL)
        return NULL;
    sim->uart = uart;
    if (fw_linux_open(&sim->module, &options, detail, detail_size) == 0 &&
        pthread_create(&sim->thread, NULL, run, sim) == 0)
        return sim;
    fw_linux_close(sim->module);
    free(sim);
    return NULL;
}

struct sim *sim_open(struct wm_transport **line, char *detail, size_t detail_size)
{
    struct sim *sim = NULL;
    int ends[2];

    *line = NULL;
    snprintf(detail, detail_size, "no memory or no descriptors left");
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0)
        return NULL;
    if (wm_transport_from_fd(line, ends[0]) == 0)
        sim = start(ends[1], detail, detail_size);
    if (sim == NULL) {
        if (*line != NULL)
            (*line)->ops->close(*line);
        *line = NULL;
        close(ends[1]);
    }
    return sim;
}

void sim_close(struct sim *sim)
{
    if (sim == NULL)
        return;
    pthread_join(sim->thread, NULL);
    fw_linux_close(sim->module);
    close(sim->uart);
    free(sim);
}
