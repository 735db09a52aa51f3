/* clang-format off */
/* Transcripts: dialogues between a host and a module, written down once and played in both
 * directions.
 *
 *     # TCP-IP_AT: CIPSEND        the section of the specification that what follows holds
 *     ; a comment
 *     ! serve 80 accepts          what the network does (for the firmware; firmware_network.c)
 *     = connect 10.0.0.1 80       what an application calls (for the driver; transcript_driver.c)
 *     > AT+CIPSEND=5              the host sends this line and CR LF
 *     < OK                        the module sends this line and CR LF; "<" alone is an empty line
 *     > hello\                    a backslash at the end: no CR LF
 *     @ 30                        30 ms pass
 *
 * In > and < lines \\ \r \n \0 and \xHH stand for bytes. */
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

struct transcript_item {
    enum transcript_kind kind;
    int line;    /* in the file */
    char *bytes; /* terminated; may hold NULs */
    size_t len;
    unsigned ms;
};

#define TRANSCRIPT_ITEMS 256

struct transcript {
    const char *path;
    struct transcript_item items[TRANSCRIPT_ITEMS];
    size_t count;
    size_t host_bytes, module_bytes; /* in all */
};

/* Reads a file; ends the test with its line where it is malformed. Freed by transcript_free. */
void transcript_read(struct transcript *transcript, const char *path);
void transcript_free(struct transcript *transcript);

/* How the bytes of one side are handed to the other. */
enum transcript_way {
    WAY_WHOLE, /* an item at a time */
    WAY_BYTES, /* a byte at a time */
    WAY_SPLIT, /* one cut in two, at offset at of all that this side sends */
    WAY_CUT,   /* nothing comes behind offset at */
};

struct transcript_play {
    enum transcript_way way;
    size_t at;
    size_t sent; /* so far */
};

/* The next piece of len bytes that are left of an item; 0: the stream was cut. */
size_t transcript_piece(struct transcript_play *play, size_t len);

/* Plays a transcript once. Each fails the test, naming file, line, way and offset, where the other
 * side does not do what the transcript says; with WAY_CUT it checks that the other side gets over
 * it. */
void transcript_play_firmware(const struct transcript *transcript, struct transcript_play play);
void transcript_play_driver(const struct transcript *transcript, struct transcript_play play);

/* A suite that plays every file of the arguments whole, in bytes, and unless $WMAT_FEW_WAYS is set
 * split everywhere and cut everywhere; or, to run a failure again, FILE:WAY:OFFSET alone. Returns
 * the exit status of the program. */
int transcript_main(int argc, char **argv,
                    void (*play)(const struct transcript *, struct transcript_play),
                    size_t (*bytes)(const struct transcript *));

/* Fails with the place. */
#define transcript_fail(transcript, item, play, ...)                                               \
    transcript_failed(transcript, item, &(play), __VA_ARGS__)
void transcript_failed(const struct transcript *transcript, const struct transcript_item *item,
                       const struct transcript_play *play, const char *format, ...)
    __attribute__((format(printf, 4, 5), noreturn));

#endif
