/* The virtual modules of a process: what opening, running and closing share. */
#ifndef FW_SIM_H
#define FW_SIM_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/linux.h>
#include <wmfw/wmfw.h>

#include "certs.h"
#include "journal.h"
#include "net.h"
#include "nvs.h"
#include "ping.h"
#include "radio.h"
#include "resolver.h"
#include "script.h"
#include "uart.h"
#include "cable.h"

/* Entries of the poll set that a module can need. */
#define FW_MODULE_FDS (FW_UART_FDS + FW_NET_SOCKETS + FW_PING_FDS + FW_RESOLVER_FDS)

struct fw_sim_module {
    struct fw fw;
    struct fw_port port;
    struct fw_config config;
    struct fw_net net;
    struct fw_resolver resolver;
    struct fw_ping ping;
    struct fw_radio radio;
    struct fw_nvs nvs;
    struct fw_certs certs;
    struct fw_uart uart;
    struct fw_linux *sim;
    unsigned index;
    bool booted;
    struct fw_cable cable;
    size_t poll_first, poll_count,
        poll_dns; /* its entries of the poll set; the last ones are the resolver's */
};

struct fw_linux {
    struct fw_journal journal;
    struct fw_script script;
    uint64_t now_us, now_ms; /* monotonic */
    struct pollfd *set;
    unsigned count;
    struct fw_sim_module modules[];
};

/* Brings now_us and now_ms up to date. */
void fw_sim_look_at_clock(struct fw_linux *sim);

/* Powers the module up, on the settings that it has. */
void fw_sim_boot(struct fw_sim_module *module);

/* Writes what the module has to say, as far as its line takes it; true when something moved. */
bool fw_sim_move_output(struct fw_sim_module *module);

#endif
