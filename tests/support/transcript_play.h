/* What plays transcripts in tests, in a process a file; transcript.h describes the language. */
#ifndef TRANSCRIPT_PLAY_H
#define TRANSCRIPT_PLAY_H

#include "transcript.h"

/* Reads a file's text; ends the test where it can't be read. The caller frees it. */
char *transcript_load(const char *path);

/* As transcript_parse, of the dialect's own habits; ends the test where the file is malformed.
 * False: there is no such case. */
bool transcript_read(struct transcript *transcript, const char *path, const char *text,
                     unsigned number, enum transcript_dialect dialect);

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

/* Plays a case once, in the dialect that it was read in. Each fails the test, naming file, line,
 * case, dialect, way and offset, where the other side does not do what the case says; with WAY_CUT
 * it checks that the other side gets over it. */
void transcript_play_firmware(const struct transcript *transcript, struct transcript_play play);
void transcript_play_driver(const struct transcript *transcript, struct transcript_play play);

/* A suite that plays every case of every file of the arguments, in each dialect in which it holds:
 * whole, in bytes, and unless $WMAT_FEW_WAYS is set split everywhere and cut everywhere; or, to run
 * a failure again, FILE:CASE:DIALECT:WAY:OFFSET alone. Returns the exit status of the program. */
int transcript_main(int argc, char **argv,
                    void (*play)(const struct transcript *, struct transcript_play),
                    size_t (*bytes)(const struct transcript *));

/* Fails with the place. */
void transcript_failed(const struct transcript *transcript, const struct transcript_item *item,
                       const struct transcript_play *play, const char *format, ...)
    __attribute__((format(printf, 4, 5), noreturn));

#endif
