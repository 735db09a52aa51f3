/* A module in a thread of the test, at the other end of a transport: answers what the driver needs
 * to find and set it up, says OK to all else, and holds back one answer or goes deaf when it is
 * told to. */
#ifndef SCRIPTED_H
#define SCRIPTED_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <wmat/transport.h>

struct scripted {
    struct wm_transport *end; /* the module's */
    int fd;                   /* of end */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    const char *hold;    /* a command that starts with this gets no answer; NULL: none */
    bool held;           /* it has come */
    const char *refused; /* a command that starts with this is an ERROR; NULL: none */
    bool deaf;           /* does not read the payload of a send */
    bool mute;           /* says nothing at all */
    unsigned links;      /* open ones, a bit each */
    char line[512];
    size_t fill, payload_left;
    unsigned char payload[65536]; /* what it was sent */
    size_t payload_len;
};

/* Starts one; returns the driver's end. mute: it reads and never answers. */
struct wm_transport *scripted_start(struct scripted *module, bool mute);

/* Waits until the driver has closed its end, or the line was hung up. */
void scripted_join(struct scripted *module);

/* The cable is pulled. */
void scripted_hang_up(struct scripted *module);

/* Holds back the answer to a command, or a SEND OK; waits until it has come; lets go, with this
 * answer. */
void scripted_hold(struct scripted *module, const char *command);
void scripted_await_held(struct scripted *module);
void scripted_answer(struct scripted *module, const char *answer);

/* From now on a command that starts with this is an ERROR. */
void scripted_refuse(struct scripted *module, const char *command);

/* Says something of its own accord, all of it. */
void scripted_say(struct scripted *module, const char *text);
void scripted_say_bytes(struct scripted *module, const void *bytes, size_t len);

/* Stops reading behind the next AT+CIPSEND; goes on. */
void scripted_deafen(struct scripted *module, bool deaf);

#endif
