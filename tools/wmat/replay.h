/* A recording, played to the driver's core: does it still write what it wrote then? */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define REPLAY_SAMPLE 48

enum replay_end {
    REPLAY_SAME,
    REPLAY_DIFFERS,     /* in what it writes, or in what it delivers */
    REPLAY_UNSUPPORTED, /* a call that can't be made out of its command; wrote is that */
    REPLAY_NO_TRACE,    /* the line is not part of a trace */
    REPLAY_NO_MEMORY,
};

struct replay_result {
    enum replay_end end;
    unsigned long line; /* of the recording, where the difference is */
    uint64_t time_ms;
    size_t offset; /* of the first byte in that line's text */
    /* What was written or received then, and what is now: the bytes from there on. */
    char then[REPLAY_SAMPLE], now[REPLAY_SAMPLE];
    size_t then_len, now_len;
    int link;         /* of a delivery; -1: the difference is in what is written */
    size_t written;   /* bytes that were the same */
    size_t delivered; /* bytes of links, the same */
    size_t calls;     /* that were made */
};

/* Plays it. The calls of the program that was recorded are made out of its commands: AT+CIPSTART
 * for TCP, AT+CIPSEND, AT+CIPCLOSE are calls for links, received data are taken at once, all others
 * are wm_at. */
void replay_run(FILE *in, struct replay_result *result);

#endif
