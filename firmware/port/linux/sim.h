/* The virtual modules of a process: what opening, running and closing share. */
#ifndef FW_SIM_H
#define FW_SIM_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/linux.h>
#include <wmfw/wmfw.h>

#include "journal.h"
#include "net.h"
#include "nvs.h"
#include "radio.h"
#include "resolver.h"
#include "script.h"
#include "uart.h"

/* Entries of the poll set that a module can need. */
#define FW_MODULE_FDS (FW_UART_FDS + FW_NET_SOCKETS + FW_RESOLVER_FDS)

struct fw_sim_module {
    struct fw fw;
    struct fw_port port;
    struct fw_net net;
    struct fw_resolver resolver;
    struct fw_radio radio;
    struct fw_nvs nvs;
    struct fw_uart uart;
    struct fw_linux *sim;
    unsigned index;
    bool booted;
    char input[4096]; /* read and not yet accepted: input[input_at .. input_len) */
    size_t input_at, input_len;
    size_t poll_first, poll_count,
        poll_dns; /* its entries of the poll set; the last ones are the resolver's */
};

struct fw_linux {
    struct fw_journal journal;
    struct fw_script script;
    uint64_t now_ms;
    struct pollfd *set;
    unsigned count;
    struct fw_sim_module modules[];
};

uint64_t fw_sim_now_ms(void);

/* Powers the module up, on the settings that it has. */
void fw_sim_boot(struct fw_sim_module *module);

/* Writes what the module has to say, as far as its line takes it; true when something moved. */
bool fw_sim_move_output(struct fw_sim_module *module);

#endif
