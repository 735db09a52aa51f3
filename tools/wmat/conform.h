/* wmat conform: plays the cases of tests/transcripts on a port, bytes for bytes. What its parts
 * share. */
#ifndef CONFORM_H
#define CONFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <wmat/transport.h>

#include "cli.h"
#include "embedded.h"
#include "trace.h"
#include "transcript.h"

/* --- the line (conform_line.c) --- */

struct conform_line {
    struct wm_transport *port;
    struct trace *trace; /* NULL: none */
    bool gone;           /* the port has failed */
    char bytes[65536];   /* received and not taken yet */
    size_t len;
};

uint64_t conform_now_ms(void);
void conform_wait(unsigned ms);

/* Sends all of it, or gives up after a while and sets gone. */
void conform_send(struct conform_line *line, const void *bytes, size_t len);

/* Waits up to ms milliseconds for more bytes. False: none came. */
bool conform_receive(struct conform_line *line, unsigned ms);

/* Drops the first len of the bytes, or all. */
void conform_take(struct conform_line *line, size_t len);
void conform_drop(struct conform_line *line);

/* Drops what is there and what comes until the line was silent for that long. */
void conform_settle(struct conform_line *line, unsigned silence_ms);

/* Sends a command line and collects its answer up to its final result: 0 OK, 1 another one, -1 none
 * within ms. The answer, without an echo, is terminated text in answer. */
int conform_command(struct conform_line *line, const char *command, char *answer, size_t size,
                    unsigned ms);

/* Waits until text has come, ms at most. */
bool conform_await(struct conform_line *line, const char *text, unsigned ms);

/* --- words of a case that are others here (conform_word.c) --- */

#define CONFORM_WORDS 64
#define CONFORM_WORD  128

struct conform_words {
    struct {
        char from[CONFORM_WORD], to[CONFORM_WORD];
    } list[CONFORM_WORDS];
    size_t count;
};

void conform_word(struct conform_words *words, const char *from, const char *to);

/* Bytes with their words replaced; any marks the places where any number may stand. */
struct conform_text {
    char *bytes;
    bool *any;
    size_t len;
};

/* Of an item of a case. wild: the numbers that no case can know (local ports, free memory) may be
 * any. Freed with conform_text_free. */
struct conform_text conform_text(const struct conform_words *words, const char *bytes, size_t len,
                                 bool wild);
void conform_text_free(struct conform_text *text);

enum conform_match { CONFORM_MORE, CONFORM_SAME, CONFORM_OTHER };

/* Compares with what was received; *used is how long the part is that is the same. */
enum conform_match conform_compare(const struct conform_text *text, const char *bytes, size_t len,
                                   size_t *used);

/* Bytes made readable: printable ASCII with \r \n \0 \\ \xHH. Allocated. */
char *conform_readable(const char *bytes, size_t len);

/* --- the network (conform_net.c) --- */

#define CONFORM_ENDS 32
#define CONFORM_TCPS 32
#define CONFORM_OWNS 8

struct conform_end {
    char from[64];   /* the address in the case, */
    unsigned number; /* and its port */
    char address[64];
    unsigned port; /* here */
    bool serves;   /* TCP */
    bool echo;
    int listener, udp; /* descriptors, -1: none */
};

/* A UDP port of the module's own that a case names, and the free one that stands for it here: two
 * virtual modules of one host may not have the same. */
struct conform_own {
    unsigned number, port;
};

struct conform_net {
    const char *peer;     /* address of this host */
    bool loopback;        /* it is one of 127/8: the others of the network are, too */
    unsigned port_offset; /* of a virtual module's servers */
    char module[64];      /* the module's station address; "": it has none */
    unsigned module_port; /* of its latest UDP link, 0: not known */
    struct conform_end ends[CONFORM_ENDS];
    size_t end_count;
    struct conform_own owns[CONFORM_OWNS];
    size_t own_count;
    int tcps[CONFORM_TCPS]; /* its connections, the latest last */
    size_t tcp_count;
    int udp;         /* where its latest UDP link leads */
    bool is_udp;     /* that link is later than the connections */
    unsigned awaits; /* connections of the module that have to be accepted */
};

/* --- playing (conform_play.c) --- */

enum conform_verdict { CONFORM_HOLDS, CONFORM_DEVIATES, CONFORM_UNTRIED };

struct conform_result {
    enum conform_verdict verdict;
    char why[256];        /* of untried; what went wrong otherwise */
    int line;             /* of the case's file */
    char *expected, *got; /* readable; NULL: it is not about the line's bytes */
    unsigned ms;
};

struct conform {
    const struct cli *cli;
    struct conform_line line;
    struct conform_net net;
    struct conform_words facts; /* of the module */
    enum transcript_dialect dialect;
    bool is_virtual; /* whatever a case says may be done to it */
    bool joined;     /* the module was found so */
    const char *ssid, *password;
};

/* Peers of a case, before it begins: every "ADDRESS",PORT of its lines gets an end of this host,
 * words get the replacements. False, and why: it can't be tried here. */
bool conform_net_begin(struct conform_net *net, const struct transcript *transcript,
                       struct conform_words *words, char *why, size_t why_size);
void conform_net_end(struct conform_net *net);

/* A UDP link is being opened with that local port. */
void conform_net_opened(struct conform_net *net, const char *line);

/* One "!" line of the network. CONFORM_UNTRIED: only the tests' own network can do that. */
enum conform_verdict conform_net_act(struct conform_net *net, const char *text, char *why,
                                     size_t why_size);
/* Whether conform_net_act knows it. */
bool conform_net_knows(const char *text);

/* Plays one case on a module that is in its first state. */
void conform_play(struct conform *conform, const struct transcript *transcript,
                  struct conform_result *result);
void conform_result_free(struct conform_result *result);

/* --- the module (conform_module.c, conform_keep.c) --- */

/* Finds the module in whatever state it is, and its dialect where that was not said (auto_dialect).
 */
bool conform_find(struct conform *conform, bool auto_dialect);

/* Its first state, as the cases expect it. */
bool conform_fresh(struct conform *conform);

/* Whether it has joined, and its addresses. */
void conform_look(struct conform *conform);

/* Joins the access point of the virtual module. */
bool conform_join(struct conform *conform);

/* Restarts it. */
bool conform_restart(struct conform *conform);

#define CONFORM_KEPT 64

/* What the module's queries answer. */
struct conform_kept {
    struct {
        char command[24];
        char answer[512];
    } list[CONFORM_KEPT];
    size_t count;
};

void conform_keep(struct conform *conform, struct conform_kept *kept);

/* Sets what is different now. Returns how many settings still are, and prints them. */
unsigned conform_give_back(struct conform *conform, const struct conform_kept *kept);

/* --- reports (conform_report.c, conform_rows.c) --- */

struct conform_report {
    const struct cli *cli;
    FILE *junit; /* NULL: none */
    char *suite; /* its cases so far */
    size_t suite_size;
    FILE *cases;
    unsigned counts[3];
    double seconds;
};

bool conform_report_open(struct conform_report *report, const struct cli *cli, const char *junit);
void conform_report_case(struct conform_report *report, const struct transcript *transcript,
                         const struct conform_result *result);
/* Prints the sum. False: the JUnit file could not be written. */
bool conform_report_close(struct conform_report *report);

/* Plays the cases that show a row, in both dialects, and writes the quirk report; deviations:
 * Markdown of the cases that deviate otherwise. False: it could not be written. */
bool conform_rows(struct conform *conform, const char *path, const char *deviations);

#endif
