/* Virtual modules on Linux: the firmware on host sockets, c-ares, a simulated radio and a settings
 * file. w800-sim is a thin program around this; a test or a tool can embed it (see FW_LINUX_FD).
 *
 * Threads: one struct fw_linux belongs to one thread at a time; fw_linux_run may run in a thread of
 * its own and is ended through stop_fd. No signal handler is installed and no global state is kept.
 */
#ifndef WMFW_LINUX_H
#define WMFW_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/wmfw.h>

/* What plays the serial line. */
enum fw_linux_uart {
    FW_LINUX_PTY = 0, /* a pseudo terminal; link_path may name it */
    FW_LINUX_FD, /* uart_fd: an open stream, for instance one end of a socketpair; its end ends the
                    run */
    FW_LINUX_LISTEN, /* listen: a TCP server, one host at a time */
    FW_LINUX_STDIO,  /* standard input and output; the end of the input ends the run */
};

/* An access point of the simulated radio. */
struct fw_linux_ap {
    const char *ssid;     /* 1..32 bytes */
    const char *password; /* 8..63 characters; NULL or "": an open network */
};

/* Zero is the default of every field. Texts and arrays need to live only during fw_linux_open. */
struct fw_linux_options {
    enum fw_linux_uart uart;
    int uart_fd;           /* FW_LINUX_FD only; stays the caller's, is made non-blocking */
    const char *link_path; /* symbolic link to the pty; with several modules PATH0, PATH1, ... NULL:
                            * none. The link of a module that was killed is replaced, anything else
                            * there is an error: -EBUSY where a running module has it */
    const char
        *listen; /* HOST:PORT or [HOST]:PORT, port 0 picks a free one; module k listens on PORT+k */
    enum fw_dialect dialect; /* of every module */
    bool interleave; /* w800, with a baud rate: echoes land in the payload of frames, as the seed
                      * has it */
    unsigned baud;  /* both directions are as fast as that line, 8N1, and on a pty a host at another
                     * speed gives and gets garbage; 0: as fast as it goes, nothing is lost */
    bool hold_back; /* with a baud rate: RTS/CTS. Without it the module loses what overruns its
                     * receive buffer of 1024 bytes, as the chip does */
    const char
        *state_path;     /* settings file; with several modules FILE0, FILE1, ... NULL: in memory */
    const char *address; /* station address of the first module, counted on; NULL: 127.87.0.1 */
    uint16_t
        port_offset; /* added to every port that a server opens (AT+CIPSERVER=1,80 without root) */
    const char *resolver; /* ADDR[:PORT] that names are asked at; NULL: the host's resolver */
    const char
        *trace_path; /* JSON lines: what passes on each line and what happens inside; NULL: none */
    const char *script_path; /* timed events of the radio (DESIGN.md, section 5); NULL: none */
    uint64_t seed; /* of hardware addresses and of everything that is drawn; 0: the default seed */
    const struct fw_linux_ap *aps; /* NULL: one, "wmat" with the password "wmat-demo-1" */
    size_t ap_count;
    const char *join_ssid; /* one of the access points, joined from the start; NULL: none */
    const char *groups_at; /* interface at which IPv6 groups are joined, for Linux has no way to
                            * them over loopback; the network there learns which, but no datagram
                            * leaves this host. NULL: a link to such a group is ERROR */
    const char
        *certs_path;   /* folder of certificates: ca<N>.pem, cert<N>.pem, key<N>.pem for clients,
                        * server_cert.pem, server_key.pem, server_ca.pem; NULL: none */
    uint16_t ntp_port; /* where SNTP servers are asked; 0: 123 */
    bool extensions;   /* AT+CIPSENDL and AT+CIPSENDLCFG are there */
    unsigned count;    /* modules, 0: one. Several need FW_LINUX_PTY or FW_LINUX_LISTEN */
};

struct fw_linux;

/* Opens and boots the modules. 0 and *out, to be closed with fw_linux_close; or a negative errno,
 * *out NULL and in err (may be NULL) one line that says what is wrong and what to do. */
int fw_linux_open(struct fw_linux **out, const struct fw_linux_options *options, char *err,
                  size_t err_size);

/* How a host reaches that module: the path of its pty (or of the symbolic link), "tcp://ADDR:PORT",
 * "fd:N" or "stdio". Valid until fw_linux_close; NULL past the last module. */
const char *fw_linux_path(const struct fw_linux *sim, unsigned module);

/* Runs the modules until stop_fd (-1: none) is readable or hangs up, or the stream of FW_LINUX_FD
 * or FW_LINUX_STDIO ends. 0, or a negative errno. It can be called again. */
int fw_linux_run(struct fw_linux *sim, int stop_fd);

/* Powers the modules off, removes the symbolic links, frees everything. NULL is harmless. */
void fw_linux_close(struct fw_linux *sim);

#endif
