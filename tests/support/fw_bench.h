/* A module on a test bench: the firmware on a fake port and on virtual time, talked to in text.
 *
 *     bench_start(&bench, BENCH_WHOLE);
 *     bench_talk(&bench, "AT\r\n", "OK\r\n");
 */
#ifndef FW_BENCH_H
#define FW_BENCH_H

#include <stddef.h>
#include <stdint.h>

#include <wmfw/wmfw.h>

#include "fake_port.h"

#define BENCH_PAUSE_MS 2 /* ends a burst on the line of a shipping module */

/* How bytes reach the firmware. Loop tests take their number from here. */
enum bench_feed { BENCH_WHOLE, BENCH_BYTES, BENCH_FEEDS };

struct fw_bench {
    struct fw fw;
    struct fake_port fake;
    uint64_t now_ms;
    enum bench_feed feed;
    enum fw_dialect dialect;
    uint32_t interleave; /* of struct fw_config, from the next boot on */
    bool byte_by_byte;   /* the same */
    char out[1 << 17];   /* what the module has said and nobody has expected yet */
    size_t out_len;
    bool deaf; /* the host does not read: output stays in the module */
};

/* A booted module that has said `ready` and was heard. */
void bench_start(struct fw_bench *bench, enum bench_feed feed);

/* The same in another dialect. */
void bench_start_as(struct fw_bench *bench, enum bench_feed feed, enum fw_dialect dialect);

/* The same, on the settings that the fake port has: boots again. */
void bench_boot(struct fw_bench *bench);
void bench_stop(struct fw_bench *bench);

/* Sends to the module: text, or bytes. What it does not take yet is offered again by bench_wait. */
void bench_say(struct fw_bench *bench, const char *text);
void bench_say_bytes(struct fw_bench *bench, const void *bytes, size_t len);

/* Lets the module look at its peers, and ms milliseconds pass, in steps of its deadlines. */
void bench_wait(struct fw_bench *bench, uint64_t ms);

/* The module has said exactly that, and nothing more; *_bytes where it holds a NUL. */
void bench_expect(struct fw_bench *bench, const char *text);
void bench_expect_bytes(struct fw_bench *bench, const void *bytes, size_t len);

/* Says, waits for nothing but the present, expects. */
void bench_talk(struct fw_bench *bench, const char *say, const char *expect);

/* Says a command line and CR LF, lets the pause pass that ends a burst, and expects the answer; in
 * the dialect of a shipping module the echo in front of it. */
void bench_command(struct fw_bench *bench, const char *line, const char *answer);

/* Says each command with the parameters of bad behind its name, and expects CMD PARSE ERR. */
void bench_refuse(struct fw_bench *bench, const char *command, const char *const bad[],
                  size_t count);
#define BENCH_REFUSE(bench, command, bad)                                                          \
    bench_refuse(bench, command, bad, sizeof(bad) / sizeof *(bad))

/* Lets something happen in the air: an event of a script (script.h). */
void bench_play(struct fw_bench *bench, const char *event);

/* Power off and on. */
void bench_reset(struct fw_bench *bench);

/* Joins "wmat". */
void bench_join(struct fw_bench *bench);

/* Opens a TCP link to a server on port 80 that accepts: in single connection mode, or (id) in
 * multiple. */
struct fake_peer *bench_connect(struct fw_bench *bench);
struct fake_peer *bench_connect_id(struct fw_bench *bench, int id);

#endif
