/* A host that speaks AT by hand to a w800-sim process: lines, texts to hear, payload. Whatever it
 * waits for has a deadline; when it passes, the test fails with what was heard instead. */
#ifndef AT_HOST_H
#define AT_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "process.h"

struct at_host {
    struct process sim; /* pid 0: attached to a module of somebody else's process */
    int fd;
    char buffer[1 << 14]; /* heard and not yet expected */
    size_t at, end;
    char trace[128]; /* the file of --trace, "": none */
    size_t traced;   /* how much of it at_traced has gone past */
};

/* An address of 127/8 that no other test program uses now, 0..3: its ports are free. */
const char *at_address(unsigned index);

/* Starts w800-sim ($W800_SIM) joined to its access point, at at_address(0), with further options;
 * trace: a file for --trace, or NULL. It is in single connection mode, its reports were heard. */
void at_open(struct at_host *host, const char *trace, const char *const *options);

/* The same for modules of a process that was started with --count; path is what `ready` says. */
void at_attach(struct at_host *host, const char *path);

/* Ends the process, which must end well. */
void at_close(struct at_host *host);

/* Says a line: printf, and CR LF behind it. Writes bytes as they are. */
void at_say(struct at_host *host, const char *format, ...) __attribute__((format(printf, 2, 3)));
void at_write(struct at_host *host, const void *bytes, size_t len);

/* The next bytes are exactly this text; the text comes, whatever stands before it. */
void at_expect(struct at_host *host, const char *text);
void at_await(struct at_host *host, const char *text);

/* Says a line and awaits `OK`, or `ERROR`, alone on its line. */
void at_ok(struct at_host *host, const char *format, ...) __attribute__((format(printf, 2, 3)));
void at_error(struct at_host *host, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The next line, without its end; exactly len bytes; whether there is nothing to hear now. */
void at_line(struct at_host *host, char *line, size_t size);
void at_read(struct at_host *host, void *bytes, size_t len);
bool at_is_silent(struct at_host *host);

/* Whether the trace says that, behind what was found before. What happened before a reply is
 * there. */
bool at_traced(struct at_host *host, const char *text);

/* --- payload --- */

/* AT+CIPSEND of up to 5760 bytes to SEND OK; link below 0: single connection mode. */
void at_send(struct at_host *host, int link, const void *bytes, size_t len);

/* The next +IPD frame of active mode: its length, payload in bytes; *link -1: no id. `CLOSED`
 * instead: 0. */
size_t at_frame(struct at_host *host, int *link, void *bytes, size_t cap);

/* Passive mode: AT+CIPRECVDATA, which must find something: the length. */
size_t at_take(struct at_host *host, int link, void *bytes, size_t cap);

/* Passive mode: awaits the notice and reads once: the length. `CLOSED` instead: 0. */
size_t at_receive(struct at_host *host, int link, void *bytes, size_t cap);

#endif
