/* The mutation run: changes the tables of the firmware one entry at a time, plays every transcript
 * whole, and fails where none notices. Each mutant has a process of its own, so that a crash, an
 * assertion or a hang counts as noticed. With WMAT_MUTANT=NAME it plays that one alone,
 * and shows what fails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mutants.h"
#include "transcript_play.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define WORKERS      2
#define LIMIT_S      20

/* Mutants that nobody can tell from the original, and why; by the beginning of their names. */
static const struct {
    const char *name, *reason;
} equivalents[] = {
    {"CWMODE/2 fallback+1", "every number but 0 joins"},
    {"CWLAP/4 fallback", "a scan has no such choice on this radio"},
    {"CWLAP/5 fallback", "a scan has no such choice on this radio"},
    {"CWLAP/6 fallback", "a scan has no such choice on this radio"},
    {"CWSAP/3 min-1", "no country has channel 0"},
    {"CWSAP/3 max+1", "no country has channel 15"},
    {"CWSAP/3 optional", "no country has channel 0"},
    {"CWDHCPS/1 min-1", "no rules behind that number could bring the pool"},
    {"CWDHCPS/1 max+1", "no rules behind that number could bring the pool"},
    {"CWDHCPS/1/0/1 fallback", "without a pool nobody reads its lease"},
    {"CWDHCPS/1/1/2 optional", "the handler refuses a pool without its first address"},
    {"CWDHCPS/1/1/3 optional", "the handler refuses a pool without its last address"},
    {"CIPSTA/1 optional", "the handler refuses no address"},
    {"CWCOUNTRY/2 max+1", "the handler refuses a channel above 14"},
    {"CWCOUNTRY/3 max+1", "the handler refuses a channel above 14"},
    {"CIPSTART/2/TCP/3 fallback", "the handler asks whether the parameter was given"},
    {"CIPSEND/4 fallback", "the handler asks whether the parameter was given"},
    {"CIPSENDL/4 fallback", "the handler asks whether the parameter was given"},
    {"CIPSENDLCFG/2 fallback", "the handler asks whether the parameter was given"},
    {"CIPTCPOPT/5 fallback", "the handler asks whether the parameter was given"},
    {"CIPDOMAIN/1 max", "no line has room for so much"},
    {"PING/1 max", "no line has room for so much"},
    {"CIPSSLCALPN/2/1/1 max", "no line has room for so much"},
    {"CIPSSLCALPN/2/2/2 max", "no line has room for so much"},
    {"CIPSSLCALPN/2/3/3 max", "no line has room for so much"},
    {"CIPSSLCALPN/2/4/4 max", "no line has room for so much"},
    {"CIPSSLCALPN/2/5/5 max", "no line has room for so much"},
    {"CIPDNS/1/0 value", "a number without rules behind it needs no entry"},
    {"CIPSSLCALPN/2/0 value", "a number without rules behind it needs no entry"},
    {"w800 quirk ECHO_MIXES", "no transcript asks for --interleave: firmware-w800_receive does"},
    {"w800 quirk PRINT_LIMIT", "no command that a line has room for lets it print so much"},
    {"w800 CIPMUX/1 optional", "its count is asked for, and AT+X= is ERROR whatever X is"},
    {"w800 CIPV6/1 optional", "its count is asked for, and AT+X= is ERROR whatever X is"},
    {"w800 CIPMODE/1 optional", "its count is asked for, and AT+X= is ERROR whatever X is"},
    {"w800 CIPSTO/1 optional", "its count is asked for, and AT+X= is ERROR whatever X is"},
    {"w800 CIPRECONNINTV/1 optional", "its count is asked for, and AT+X= is ERROR whatever X is"},
    {"w800 CIPSNTPINTV/1 optional", "its count is asked for, and AT+X= is ERROR whatever X is"},
    {"w800 PING/1 optional", "its count is asked for, and AT+X= is ERROR whatever X is"},
    {"w800 CIPSNTPCFG/1 optional", "what stands behind no number is a wrong count: ERROR as well"},
    {"w800 CIPMUX/1 min-1", "what is cut to 8 bits is never below 0"},
    {"w800 CIPSTART/2/TCP/2 min-1", "what is cut to 16 bits is never outside"},
    {"w800 CIPSTART/2/TCP/2 max+1", "what is cut to 16 bits is never outside"},
    {"w800 CIPSTART/2/UDP/2 min-1", "what is cut to 16 bits is never outside"},
    {"w800 CIPSTART/2/UDP/2 max+1", "what is cut to 16 bits is never outside"},
    {"w800 CIPSTART/2/UDP/3 min-1", "what is cut to 16 bits is never outside"},
    {"w800 CIPSTART/2/UDP/3 max+1", "what is cut to 16 bits is never outside"},
    {"w800 CIPSTART/2/TCP/3 fallback", "the handler asks whether the parameter was given"},
    {"w800 CIPTCPOPT/5 fallback", "the handler asks whether the parameter was given"},
    {"w800 CIPSEND, single/4 fallback", "the handler asks whether the parameter was given"},
    {"w800 CIPSEND, single without", "the count refuses what these rules are for"},
    {"w800 CIPRECVDATA, single/2 optional", "a length of 0 is ERROR, too"},
    {"w800 CIPDNS/1/0 value", "a number without rules behind it needs no entry"},
    {"w800 CIPSSLCALPN/2/0 value", "a number without rules behind it needs no entry"},
    {"w800 CIPSSLCCONF, single/2/0 value", "a number without rules behind it needs no entry"},
    {"w800 CIPSSLCCONF, single/2 optional", "what is no number is 0, and so is what is omitted"},
    {"w800 CIPSSLCCONF, single/2/1/1 optional", "the number behind it has to be there"},
    {"w800 CIPSSLCPSK/2 min-1", "the handler refuses one of the two without the other"},
    {"w800 CIPSSLCPSK/2 optional", "the handler refuses one of the two without the other"},
    {"w800 CIPSSLCPSK/3 min-1", "the handler refuses one of the two without the other"},
    {"w800 CIPSSLCPSK/3 optional", "the handler refuses one of the two without the other"},
    {"w800 CIPSSLCALPN/2/1/1 max", "no line has room for so much"},
    {"w800 CIPSSLCALPN/2/2/2 max", "no line has room for so much"},
    {"w800 CIPSSLCALPN/2/3/3 max", "no line has room for so much"},
    {"w800 CIPSSLCALPN/2/4/4 max", "no line has room for so much"},
    {"w800 CIPSSLCALPN/2/5/5 max", "no line has room for so much"},
    {"w800 AT test form", "whatever stands behind the name is OK"},
    {"w800 AT query form", "whatever stands behind the name is OK"},
    {"w800 AT set form", "whatever stands behind the name is OK"},
    {"w800 AT no_test", "whatever stands behind the name is OK"},
    {"w800 AT set_parse", "whatever stands behind the name is OK"},
    {"w800 RST test form", "there is no usage text, whatever the forms say"},
    {"w800 RESTORE test form", "there is no usage text, whatever the forms say"},
    {"w800 SYSSTORE test form", "there is no usage text, whatever the forms say"},
    {"w800 SYSRAM test form", "there is no usage text, whatever the forms say"},
    {"w800 RST set form", "without rules any parameter is one too many"},
    {"w800 RESTORE set form", "without rules any parameter is one too many"},
    {"w800 CIPMUX execute form", "AT+X alone is the set form there"},
    {"w800 CIPSERVER execute form", "AT+X alone is the set form there"},
    {"w800 CIPSERVERMAXCONN execute form", "AT+X alone is the set form there"},
    {"w800 CIPSTO execute form", "AT+X alone is the set form there"},
    {"w800 CIPDOMAIN execute form", "AT+X alone is the set form there"},
    {"w800 CIPDINFO execute form", "AT+X alone is the set form there"},
    {"w800 CIPRECONNINTV execute form", "AT+X alone is the set form there"},
    {"w800 CIPRECVMODE execute form", "AT+X alone is the set form there"},
    {"w800 CIPTCPOPT execute form", "AT+X alone is the set form there"},
    {"w800 CIPV6, single plain", "AT+X alone is ERROR as either form"},
    {"w800 CIPV6, multiple plain", "AT+X alone is ERROR as either form"},
    {"w800 CIPMODE, single plain", "AT+X alone is ERROR as either form"},
    {"w800 CIPMODE, multiple plain", "AT+X alone is ERROR as either form"},
    {"w800 PING, single plain", "AT+X alone is ERROR as either form"},
    {"w800 PING, multiple plain", "AT+X alone is ERROR as either form"},
    {"w800 CIPSNTPCFG, single plain", "AT+X alone is ERROR as either form"},
    {"w800 CIPSNTPCFG, multiple plain", "AT+X alone is ERROR as either form"},
    {"w800 CIPSNTPINTV, single plain", "AT+X alone is ERROR as either form"},
    {"w800 CIPSNTPINTV, multiple plain", "AT+X alone is ERROR as either form"},
    {"w800 CIPRECVDATA, single plain", "AT+X alone is ERROR as either form"},
    {"w800 CIPRECVDATA, multiple plain", "AT+X alone is ERROR as either form"},
    {"w800 CIPSERVER, single plain", "AT+X alone is ERROR as either form"},
    {"w800 CWLAP, single plain", "the set form without parameters does the same"},
    {"w800 CWLAP, multiple plain", "the set form without parameters does the same"},
    {"w800 CIPCLOSE, single plain", "the set form without parameters does the same"},
    {"w800 CIPV6 ignores_surplus", "the count leaves none over"},
    {"w800 CIPMODE ignores_surplus", "the count leaves none over"},
    {"w800 CIPMUX ignores_surplus", "the count leaves none over"},
    {"w800 CIPSTO ignores_surplus", "the count leaves none over"},
    {"w800 PING ignores_surplus", "the count leaves none over"},
    {"w800 CIPSNTPCFG ignores_surplus", "the count leaves none over"},
    {"w800 CIPSNTPINTV ignores_surplus", "the count leaves none over"},
    {"w800 CIPDINFO ignores_surplus", "the count leaves none over"},
    {"w800 CIPSSLCCN ignores_surplus", "the count leaves none over"},
    {"w800 CIPRECONNINTV ignores_surplus", "the count leaves none over"},
    {"w800 CIPSEND, single ignores_surplus", "the count leaves none over"},
    {"w800 CIPSEND, multiple ignores_surplus", "the count leaves none over"},
    {"w800 CIPRECVDATA, single ignores_surplus", "the count leaves none over"},
    {"w800 CIPRECVDATA, multiple ignores_surplus", "the count leaves none over"},
    {"w800 CIPSERVERMAXCONN count_fault", "surplus is ignored, and no other count is wrong"},
    {"w800 CIPDOMAIN count_fault", "surplus is ignored, and no other count is wrong"},
    {"w800 CIPRECVMODE count_fault", "surplus is ignored, and no other count is wrong"},
    {"w800 CIPV6 least-1", "AT+X= is ERROR whatever X is"},
    {"w800 CIPMODE least-1", "AT+X= is ERROR whatever X is"},
    {"w800 PING least-1", "AT+X= is ERROR whatever X is"},
    {"w800 CIPSNTPCFG least-1", "AT+X= is ERROR whatever X is"},
    {"w800 CIPSNTPINTV least-1", "AT+X= is ERROR whatever X is"},
    {"w800 CIPSEND, single least-1", "AT+X= is ERROR whatever X is"},
    {"w800 CIPRECVDATA, single least-1", "AT+X= is ERROR whatever X is"},
    {"w800 CIPMUX least-1", "a parameter that is missing is CMD PARSE ERR, too"},
    {"w800 CIPDINFO least-1", "a parameter that is missing is CMD PARSE ERR, too"},
    {"w800 CIPRECONNINTV least-1", "a parameter that is missing is CMD PARSE ERR, too"},
    {"w800 CIPSTARTEX least-1", "a parameter that is missing is CMD PARSE ERR, too"},
    {"w800 CIPSNTPINTV most", "each fault of it is ERROR"},
    {"w800 CIPRECVDATA, single most", "each fault of it is ERROR"},
    {"w800 CIPRECVDATA, single gate", "each fault of it is ERROR"},
    {"w800 CIPRECVDATA, multiple gate", "each fault of it is ERROR"},
    {"w800 CIPSTART/2/TCP/2 range", "what is cut to 16 bits is never outside"},
    {"w800 CIPSTART/2/UDP/2 range", "what is cut to 16 bits is never outside"},
    {"w800 CIPSTART/2/UDP/3 range", "what is cut to 16 bits is never outside"},
    {"w800 CWJAP/8 lax", "a join that has no time is ERROR, too"},
    {"w800 CIPDOMAIN/2 lax", "network 0 is ERROR, too"},
    {"w800 CIPSEND, single/3 strict", "the handler refuses a port without its host"},
    {"w800 CIPCLOSE, multiple rules", "those of the manual are the same"},
};

static struct mutants mutants;
static struct transcript *transcripts;
static size_t transcript_count;
static unsigned short *playing; /* shared: the transcript that each mutant plays */

struct worker {
    pid_t pid; /* 0: free */
    size_t mutant;
};

struct score {
    size_t survived, equivalent, listed_wrongly;
};

static void play_all(size_t first, enum transcript_dialect dialect, unsigned short *now)
{
    for (size_t i = 0; i < transcript_count; i++) {
        *now = (unsigned short)((first + i) % transcript_count);
        if (transcripts[*now].reading.dialect != dialect) {
            continue;
        }
        transcript_play_firmware(&transcripts[*now], (struct transcript_play){.way = WAY_WHOLE});
    }
}

static enum transcript_dialect dialect_of(const char *mutant)
{
    bool own = strncmp(mutant, MUTANT_W800, strlen(MUTANT_W800)) == 0;

    return own ? TRANSCRIPT_W800 : TRANSCRIPT_MANUAL;
}

static pid_t start(size_t index, size_t first, bool loud)
{
    struct rlimit none = {0, 0};
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid != 0) {
        return pid;
    }
    setrlimit(RLIMIT_CORE, &none);
    alarm(LIMIT_S);
    if (!loud && freopen("/dev/null", "w", stderr) == NULL) {
        exit(EXIT_FAILURE);
    }
    mutant_apply(&mutants.list[index]);
    play_all(first, dialect_of(mutants.list[index].name), &playing[index]);
    _exit(EXIT_SUCCESS);
}

static const char *reason_of(const char *name)
{
    for (size_t i = 0; i < COUNT(equivalents); i++) {
        if (strncmp(equivalents[i].name, name, strlen(equivalents[i].name)) == 0) {
            return equivalents[i].reason;
        }
    }
    return NULL;
}

/* The killer of one is the first that the next one meets: neighbours often share it. */
static size_t judge(size_t index, int status, struct score *score)
{
    const char *name = mutants.list[index].name;
    const char *reason = reason_of(name);
    bool survived = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
    size_t killer = playing[index];

    if (survived && reason != NULL) {
        printf("%s: equivalent, %s\n", name, reason);
        score->equivalent++;
    } else if (survived) {
        printf("%s: SURVIVED\n  again: WMAT_MUTANT='%s' meson test -C build mutation\n", name,
               name);
        score->survived++;
    } else if (reason != NULL) {
        printf("%s: is listed as equivalent, but %s noticed\n", name, transcripts[killer].name);
        score->listed_wrongly++;
    } else {
        printf("%s: %s\n", name, transcripts[killer].name);
    }
    return survived ? 0 : killer;
}

static size_t await(struct worker *workers, struct score *score)
{
    int status;
    pid_t pid = wait(&status);

    for (size_t i = 0; i < WORKERS; i++) {
        if (workers[i].pid == pid) {
            workers[i].pid = 0;
            return judge(workers[i].mutant, status, score);
        }
    }
    return 0;
}

static struct worker *free_worker(struct worker *workers)
{
    for (size_t i = 0; i < WORKERS; i++) {
        if (workers[i].pid == 0) {
            return &workers[i];
        }
    }
    return NULL;
}

static bool any_at_work(const struct worker *workers)
{
    for (size_t i = 0; i < WORKERS; i++) {
        if (workers[i].pid != 0) {
            return true;
        }
    }
    return false;
}

static void run(struct score *score, const char *only)
{
    struct worker workers[WORKERS] = {{0, 0}};
    size_t first = 0;

    for (size_t i = 0; i < mutants.count; i++) {
        struct worker *worker;

        if (only != NULL && strcmp(only, mutants.list[i].name) != 0) {
            continue;
        }
        while ((worker = free_worker(workers)) == NULL) {
            first = await(workers, score);
        }
        *worker = (struct worker){start(i, first, only != NULL), i};
    }
    while (any_at_work(workers)) {
        await(workers, score);
    }
}

static bool read_case(struct transcript *transcript, const char *path, const char *text, unsigned n,
                      enum transcript_dialect dialect)
{
    if (!transcript_read(transcript, path, text, n, dialect)) {
        return false;
    }
    if (transcript->holds[dialect]) {
        transcript_count++;
    } else {
        transcript_free(transcript);
    }
    return true;
}

static void read_file(const char *path, enum transcript_dialect dialect)
{
    char *text = transcript_load(path);
    bool found = true;

    for (unsigned n = 0; found; n++) {
        transcripts = realloc(transcripts, (transcript_count + 1) * sizeof *transcripts);
        found = read_case(&transcripts[transcript_count], path, text, n, dialect);
    }
    free(text);
}

static void read_all(char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        read_file(paths[i], TRANSCRIPT_MANUAL);
        read_file(paths[i], TRANSCRIPT_W800);
    }
}

int main(int argc, char **argv)
{
    struct score score = {0, 0, 0};
    unsigned short now;

    if (argc < 2 || argc > 65536) {
        fprintf(stderr, "usage: %s TRANSCRIPT...\n", argv[0]);
        return EXIT_FAILURE;
    }
    read_all(argv + 1, (size_t)argc - 1);
    for (int dialect = 0; dialect < TRANSCRIPT_DIALECTS; dialect++) {
        play_all(0, (enum transcript_dialect)dialect,
                 &now); /* what fails unchanged would kill every mutant */
    }
    mutants_list(&mutants);
    playing = mmap(NULL, mutants.count * sizeof *playing, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (playing == MAP_FAILED) {
        perror("mmap");
        return EXIT_FAILURE;
    }
    run(&score, getenv("WMAT_MUTANT"));
    printf("%zu mutants, %zu survived, %zu are equivalent\n", mutants.count, score.survived,
           score.equivalent);
    return score.survived + score.listed_wrongly > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
