#include "sim.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test_dialect.h"

#define ARGS_MAX 20

static void run(const char *program, const char *const *args, int out)
{
    const char *dialect = test_dialect() == FW_DIALECT_W800 ? "w800" : "manual";
    char *argv[ARGS_MAX] = {(char *)program, (char *)"--dialect", (char *)dialect};
    for (size_t i = 0; args && args[i] && i + 4 < ARGS_MAX; i++)
        argv[i + 3] = (char *)args[i];
    dup2(out, STDOUT_FILENO);
    execv(program, argv);
    _exit(127);
}

/* "ready PATH" is the first line. */
static void await_ready(struct sim *sim)
{
    char line[300];
    size_t len = 0;
    while (len < sizeof line - 1 && read(sim->out, line + len, 1) == 1 && line[len] != '\n')
        len++;
    line[len] = '\0';
    ck_assert_msg(strncmp(line, "ready ", 6) == 0, "w800-sim said \"%s\"", line);
    ck_assert_uint_lt(strlen(line + 6), sizeof sim->path);
    strcpy(sim->path, line + 6);
}

void sim_start(struct sim *sim, const char *const *args)
{
    const char *program = getenv("W800_SIM");
    int fds[2];
    ck_assert_msg(program, "W800_SIM must name the program; run the test through meson");
    ck_assert_int_eq(pipe(fds), 0);
    sim->pid = fork();
    ck_assert_int_ge(sim->pid, 0);
    if (sim->pid == 0) {
        close(fds[0]);
        run(program, args, fds[1]);
    }
    close(fds[1]);
    sim->out = fds[0];
    await_ready(sim);
}

static void end(struct sim *sim, int signal)
{
    if (sim->pid <= 0)
        return;
    kill(sim->pid, signal);
    waitpid(sim->pid, NULL, 0);
    close(sim->out);
    sim->pid = 0;
}

void sim_stop(struct sim *sim)
{
    end(sim, SIGTERM);
}

void sim_kill(struct sim *sim)
{
    end(sim, SIGKILL);
}
