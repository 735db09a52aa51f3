#include "process.h"

#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <glob.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_SKIPPED 77

/* The first of the folders of a search path that has the program. */
static bool find(const char *path, const char *prefix, const char *program, char *out, size_t size)
{
    while (*path != '\0') {
        size_t len = strcspn(path, ":");
        snprintf(out, size, "%s%.*s/%s", prefix, (int)len, path, program);
        if (access(out, X_OK) == 0)
            return true;
        path += len + (path[len] == ':');
    }
    return false;
}

static bool is_unpacked(const char *program, char *out, size_t size)
{
    const char *peers = getenv("WMAT_PEERS");
    return peers && find("/usr/sbin:/usr/bin", peers, program, out, size);
}

static bool look_up(const char *program, char *out, size_t size)
{
    const char *path = getenv("PATH");
    if (strchr(program, '/')) {
        snprintf(out, size, "%s", program);
        return access(out, X_OK) == 0;
    }
    return is_unpacked(program, out, size) || (path && find(path, "", program, out, size)) ||
           find("/usr/sbin:/sbin", "", program, out, size);
}

bool process_exists(const char *program)
{
    char path[4096];
    return look_up(program, path, sizeof path);
}

void process_need(const char *const *programs)
{
    for (; *programs; programs++) {
        if (process_exists(*programs))
            continue;
        fprintf(stderr, "%s is not there: sh tools/packages.sh check, sh tools/peers.sh\n",
                *programs);
        exit(getenv("WMAT_PEERS_NEEDED") ? EXIT_FAILURE : EXIT_SKIPPED);
    }
}

/* Unpacked programs have their libraries beside them; some packages put theirs into /lib. */
static void use_unpacked_libraries(const char *program)
{
    static const char *const folders[] = {"usr/lib/*-linux-*", "lib/*-linux-*"};
    char path[4096], all[8192] = "";
    glob_t found;
    if (!is_unpacked(program, path, sizeof path))
        return;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", getenv("WMAT_PEERS"), folders[i]);
        if (glob(path, GLOB_ONLYDIR, NULL, &found) != 0)
            continue;
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", all[0] ? ":" : "",
                 found.gl_pathv[0]);
        globfree(&found);
    }
    setenv("LD_LIBRARY_PATH", all, 1);
}

static void become(const char *const *words, int in, int out)
{
    char path[4096];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    signal(SIGPIPE, SIG_DFL);
    use_unpacked_libraries(words[0]);
    if (look_up(words[0], path, sizeof path))
        execv(path, (char *const *)words);
    fprintf(stderr, "%s can't be run\n", words[0]);
    _exit(127);
}

void process_start(struct process *process, const char *const *words)
{
    int in[2], out[2];
    memset(process, 0, sizeof *process);
    ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
    ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
    signal(SIGPIPE, SIG_IGN);
    process->pid = fork();
    ck_assert_int_ge(process->pid, 0);
    if (process->pid == 0)
        become(words, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    process->in = in[1];
    process->out = out[0];
}

/* Takes what it says next: false at its end. */
static bool hear(struct process *process)
{
    struct pollfd readable = {.fd = process->out, .events = POLLIN};
    ck_assert_msg(process->said_len < sizeof process->said - 1, "a program says too much");
    ck_assert_msg(poll(&readable, 1, PROCESS_PATIENCE_MS) > 0, "a program says no more than: %s",
                  process->said);
    ssize_t n = read(process->out, process->said + process->said_len,
                     sizeof process->said - 1 - process->said_len);
    if (n <= 0)
        return false;
    process->said_len += (size_t)n;
    process->said[process->said_len] = '\0';
    return true;
}

void process_await(struct process *process, const char *text)
{
    const char *found;
    while (!(found = strstr(process->said + process->heard, text)))
        ck_assert_msg(hear(process), "instead of \"%s\" a program has said: %s", text,
                      process->said);
    process->heard = (size_t)(found - process->said) + strlen(text);
}

static bool is_bound(const char *protocol, const char *address, uint16_t port)
{
    char path[32], line[512], wanted[32];
    bool found = false;
    snprintf(path, sizeof path, "/proc/net/%s", protocol);
    snprintf(wanted, sizeof wanted, " %08X:%04X 00000000:0000 ", inet_addr(address), port);
    FILE *file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    while (!found && fgets(line, sizeof line, file))
        found = strstr(line, wanted) != NULL;
    fclose(file);
    return found;
}

/* Nothing tells when a port is bound: it is looked at again and again. */
void process_await_port(struct process *process, const char *protocol, const char *address,
                        uint16_t port)
{
    enum { INTERVAL_MS = 5 };
    struct pollfd talk = {.fd = process->out, .events = POLLIN};
    for (int i = 0; !is_bound(protocol, address, port); i++) {
        ck_assert_msg(i < PROCESS_PATIENCE_MS / INTERVAL_MS, "nobody has port %u", port);
        if (poll(&talk, 1, INTERVAL_MS) > 0)
            ck_assert_msg(hear(process), "a program has ended: %s", process->said);
    }
}

uint16_t process_free_port(const char *address)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = inet_addr(address)};
    socklen_t len = sizeof in;
    int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(tcp, (struct sockaddr *)&in, sizeof in), 0);
    ck_assert_int_eq(getsockname(tcp, (struct sockaddr *)&in, &len), 0);
    ck_assert_int_eq(bind(udp, (struct sockaddr *)&in, sizeof in), 0);
    close(tcp);
    close(udp);
    return ntohs(in.sin_port);
}

void process_line(struct process *process, char *line, size_t size)
{
    size_t from = process->heard;
    process_await(process, "\n");
    size_t len = process->heard - 1 - from;
    ck_assert_uint_lt(len, size);
    memcpy(line, process->said + from, len);
    line[len] = '\0';
}

void process_say(struct process *process, const char *text)
{
    ck_assert_int_eq(write(process->in, text, strlen(text)), (ssize_t)strlen(text));
}

void process_end_input(struct process *process)
{
    if (process->in >= 0)
        close(process->in);
    process->in = -1;
}

int process_wait(struct process *process)
{
    int status;
    process_end_input(process);
    while (hear(process)) {
    }
    close(process->out);
    ck_assert_int_eq(waitpid(process->pid, &status, 0), process->pid);
    process->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int process_stop(struct process *process)
{
    if (process->pid <= 0)
        return 0;
    kill(process->pid, SIGTERM);
    return process_wait(process);
}

void process_run(const char *const *words)
{
    struct process process;
    process_start(&process, words);
    int status = process_wait(&process);
    ck_assert_msg(status == 0, "%s: exit status %d: %s", words[0], status, process.said);
}
