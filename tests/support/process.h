/* Programs that a test starts: with pipes, waited for by what they say, ended by their process id.
 * They die with the test, whatever becomes of it. Start them from the test's main thread. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROCESS_PATIENCE_MS 30000 /* how long a text, or the end, may take */

/* The words of a command line. */
#define WORDS(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

struct process {
    pid_t pid;
    int in;  /* its standard input, -1: ended */
    int out; /* its standard output and standard error */
    char said[1 << 16];
    size_t said_len;
    size_t heard; /* how much of it process_await has gone past */
};

/* Whether there is such a program: on the PATH, or among the peers unpacked under $WMAT_PEERS. */
bool process_exists(const char *program);

/* Ends the test program with the status 77 (skipped) when one is missing; with $WMAT_PEERS_NEEDED
 * that is a failure. */
void process_need(const char *const *programs);

/* A port of that IPv4 address that is free for both protocols; see at_address for one that stays
 * so. */
uint16_t process_free_port(const char *address);

/* Starts words[0] with the other words, the last one NULL. */
void process_start(struct process *process, const char *const *words);

/* Waits until it has said text, behind what was waited for before. */
void process_await(struct process *process, const char *text);

/* Waits until somebody listens on that TCP port, or has bound that UDP port, of an IPv4 address. */
void process_await_port(struct process *process, const char *protocol, const char *address,
                        uint16_t port);

/* Its next line, without the line end. */
void process_line(struct process *process, char *line, size_t size);

/* Writes to its standard input; ends that. */
void process_say(struct process *process, const char *text);
void process_end_input(struct process *process);

/* Waits for its end: the exit status, or 128 and the signal. What it said until then is in said. */
int process_wait(struct process *process);

/* Ends it with SIGTERM: its exit status. Harmless when it was not started. */
int process_stop(struct process *process);

/* Runs it to its end, which must be a success. */
void process_run(const char *const *words);

#endif
