/* A core on a test bench: virtual time, a wire that the test writes and reads byte by byte. Bytes
 * that the module sends are golden ones, typed from the specification. */
#ifndef BENCH_H
#define BENCH_H

#include <wmat/core.h>

struct bench {
    struct wm_core core;
    uint64_t now_ms;
    size_t piece;     /* the module's bytes arrive this many at a time; 0: all at once */
    char sent[32768]; /* what the core sent and nobody has expected yet */
    size_t sent_len;
    struct wm_link links[WM_LINKS];
    unsigned char rings[WM_LINKS][8192];
    unsigned char settings[1024];
};

/* A core that has just been started. */
void bench_start(struct bench *bench, enum wm_receive receive, size_t ring_bytes, size_t piece);

/* The same with fewer links. */
void bench_start_links(struct bench *bench, unsigned link_count, enum wm_receive receive,
                       size_t ring_bytes, size_t piece);

/* The same, found and set up: ready for commands, its clock somewhere. */
void bench_open(struct bench *bench, enum wm_receive receive, size_t ring_bytes, size_t piece);

/* The module sends text (or len bytes). All of it must be taken. */
void bench_module(struct bench *bench, const char *text);
void bench_module_bytes(struct bench *bench, const void *bytes, size_t len);

/* Lets time pass in steps of 1 ms. */
void bench_pass(struct bench *bench, unsigned ms);

/* The core must send exactly text (or len bytes) next, within limit_ms of virtual time. */
void bench_expect(struct bench *bench, const char *text);
void bench_expect_bytes(struct bench *bench, const void *bytes, size_t len);

/* The core sends nothing for ms. */
void bench_silence(struct bench *bench, unsigned ms);

/* Answers the search: +++, an empty line, AT. */
void bench_answer_search(struct bench *bench);

/* Answers AT+SYSSTORE?, which shows what kind of module it is, as one that follows its manual does.
 */
void bench_answer_profile(struct bench *bench);

/* Answers the set-up of a module that is in single connection mode without links; the same without
 * the end, where settings are told again. */
void bench_answer_setup_lines(struct bench *bench, enum wm_receive receive);
void bench_answer_setup(struct bench *bench, enum wm_receive receive);

/* The same of one whose profile is known. */
void bench_answer_single(struct bench *bench, enum wm_receive receive);

/* Answers the check-up of a module that was set up before; links is what it says of AT+CIPSTATE?.
 */
void bench_answer_checkup(struct bench *bench, enum wm_receive receive, const char *links);

/* Submits a prepared operation. */
void bench_submit(struct bench *bench, struct wm_op *op, uint32_t timeout_ms);

/* Its result, once it has ended: it must have. */
int bench_result(const struct wm_op *op);

/* Runs a prepared operation that is one command line; returns its result. */
int bench_run(struct bench *bench, struct wm_op *op, const char *command, const char *answer);

/* Opens link 0, 1, ... to 127.0.0.1:7; returns its handle. */
int bench_connect(struct bench *bench);

#endif
