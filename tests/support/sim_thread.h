/* Virtual modules in a thread of the test, and a host on a file descriptor that talks to them. The
 * test waits for what they say, never for a time. One run at a time. */
#ifndef SIM_THREAD_H
#define SIM_THREAD_H

#include <stddef.h>

#include <wmfw/linux.h>

/* Around each test: a folder of its own, which is removed with everything in it, and modules that
 * are stopped where the test has not done it. */
void sim_thread_setup(void);
void sim_thread_teardown(void);

/* The path of a file in that folder. */
void sim_thread_path(char path[256], const char *name);

/* Runs modules, in the dialect of the run where options asks for no other than the manual's; a
 * failure to open them fails the test. The modules, until they are stopped. */
struct fw_linux *sim_thread_start(struct fw_linux_options options);
void sim_thread_stop(void);

/* Waits for a run that ends by itself. */
void sim_thread_join(void);

/* The same on one end of a socket pair: the other one, at which `ready` was heard. */
int sim_thread_start_on_socketpair(struct fw_linux_options options);

/* A host that opens a pty. */
int host_open_pty(const char *path);

/* Sends everything; receives len bytes; receives this text; sends a line and receives its answer.
 */
void host_say(int fd, const void *bytes, size_t len);
void host_hear(int fd, void *bytes, size_t len);
void host_expect(int fd, const char *text);
void host_talk(int fd, const char *line, const char *answer);

/* Joins "wmat". */
void host_join(int fd);

#endif
