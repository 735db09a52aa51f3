/* clang-format off */
/* Transcripts: dialogues between a host and a module, written down once, played by the tests in both
 * directions and by `wmat conform` on any port.
 *
 *     # TCP-IP_AT: CIPSEND        the section of the specification that what follows holds
 *     ; a comment
 *     case a link that dies       a case begins; what stands before the first such line begins each of them.
 *                                 A file without one is one case
 *     dialect manual              holds in this dialect only (manual or w800); in both without such a line.
 *                                 Before the first case: all of the file
 *     real never                  must not be sent to a module that is not a virtual one
 *     virtual time                looks to the millisecond, which only virtual time can
 *     row 13                      shows row 13 of the differences between manual and module
 *     ! serve 80 accepts          what the network does (firmware_network.c, `wmat conform`)
 *     = connect 10.0.0.1 80       what an application calls (for the driver; transcript_driver.c)
 *     > AT+CIPSEND=5              the host sends this line and CR LF
 *     < OK                        the module sends this line and CR LF; "<" alone is an empty line
 *     > hello\                    a backslash at the end: no CR LF
 *     @ 30                        30 ms pass
 *     w800: < +SYSSTORE::1        a line of one dialect only; so for each kind of line
 *     manual: < +SYSSTORE:1
 *
 * In > and < lines \\ \r \n \0 and \xHH stand for bytes.
 *
 * Of the w800 dialect these habits need no line of their own: the echo (the line and an empty one) of each
 * "> AT..." whose CR LF is implied and that does not stand right behind a prompt; no empty line in front of
 * an OK or ERROR, unless it has a prefix; an empty line between a usage text and its OK. */
/* clang-format on */
#ifndef TRANSCRIPT_H
#define TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>

enum transcript_kind {
    TRANSCRIPT_HOST,    /* bytes */
    TRANSCRIPT_MODULE,  /* bytes; neighbouring lines are one item */
    TRANSCRIPT_NETWORK, /* text */
    TRANSCRIPT_CALL,    /* text */
    TRANSCRIPT_TIME,    /* ms */
};

enum transcript_dialect { TRANSCRIPT_MANUAL, TRANSCRIPT_W800, TRANSCRIPT_DIALECTS };

extern const char *const transcript_dialects[TRANSCRIPT_DIALECTS];

/* How a case is read. */
struct transcript_reading {
    enum transcript_dialect dialect; /* which lines count */
    enum transcript_dialect habits;  /* whose echo and empty lines: dialect's but for a probe */
};

struct transcript_item {
    enum transcript_kind kind;
    int line;    /* in the file */
    char *bytes; /* terminated; may hold NULs */
    size_t len;
    unsigned ms;
};

#define TRANSCRIPT_ITEMS 256

/* One case. */
struct transcript {
    const char *path; /* of the file, the caller's */
    unsigned number;  /* of the case in it, from 0 */
    char name[112];   /* "cipsend/a link that dies", or "cipsend" */
    char section[96]; /* the last of its # lines before it begins */
    struct transcript_reading reading;
    bool holds[TRANSCRIPT_DIALECTS]; /* in which it is meant to hold */
    bool never_real;
    bool virtual_time;
    int row; /* 0: none */
    struct transcript_item items[TRANSCRIPT_ITEMS];
    size_t count;
    size_t host_bytes, module_bytes; /* in all */
    const char *error;               /* NULL, or what is wrong, */
    int error_line;                  /* and where */
};

/* Reads the number-th case of a file's text, which may be changed afterwards. Returns 1, or 0 where
 * the file has no such case, or -1 where it is malformed (error, error_line). Whatever it returns,
 * transcript_free frees it. */
int transcript_parse(struct transcript *transcript, const char *path, const char *text,
                     unsigned number, struct transcript_reading reading);
void transcript_free(struct transcript *transcript);

#endif
