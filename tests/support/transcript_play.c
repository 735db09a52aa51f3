#include "transcript_play.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WAYS 4

static const char *const way_names[WAYS] = {"whole", "bytes", "split", "cut"};

typedef void (*play_fn)(const struct transcript *, struct transcript_play);
typedef size_t (*bytes_fn)(const struct transcript *);

static void die(const char *path, int line, const char *why)
{
    fprintf(stderr, "%s:%d: %s\n", path, line, why);
    exit(EXIT_FAILURE);
}

char *transcript_load(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        die(path, 0, "can't be read");
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = calloc((size_t)size + 1, 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size)
        die(path, 0, "can't be read");
    fclose(file);
    return text;
}

bool transcript_read(struct transcript *transcript, const char *path, const char *text,
                     unsigned number, enum transcript_dialect dialect)
{
    int found = transcript_parse(transcript, path, text, number,
                                 (struct transcript_reading){dialect, dialect});
    if (found < 0)
        die(path, transcript->error_line, transcript->error);
    return found > 0;
}

size_t transcript_piece(struct transcript_play *play, size_t len)
{
    if (play->way == WAY_BYTES)
        len = 1;
    else if (play->way != WAY_WHOLE && play->sent < play->at && play->at - play->sent < len)
        len = play->at - play->sent;
    else if (play->way == WAY_CUT && play->sent >= play->at)
        len = 0;
    play->sent += len;
    return len;
}

void transcript_failed(const struct transcript *transcript, const struct transcript_item *item,
                       const struct transcript_play *play, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: %s: ", transcript->path, item ? item->line : 0, transcript->name);
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n  again: %s:%u:%s:%s:%zu\n", transcript->path, transcript->number,
            transcript_dialects[transcript->reading.dialect], way_names[play->way], play->at);
    va_end(args);
    exit(EXIT_FAILURE);
}

/* All plays of one case in one dialect. */
static void play_ways(const struct transcript *transcript, play_fn play, bytes_fn bytes)
{
    play(transcript, (struct transcript_play){.way = WAY_WHOLE});
    play(transcript, (struct transcript_play){.way = WAY_BYTES});
    bool everywhere = getenv("WMAT_FEW_WAYS") == NULL;
    for (size_t at = 1; everywhere && at < bytes(transcript); at++)
        play(transcript, (struct transcript_play){.way = WAY_SPLIT, .at = at});
    for (size_t at = 0; everywhere && at < bytes(transcript); at++)
        play(transcript, (struct transcript_play){.way = WAY_CUT, .at = at});
}

/* Every case of a file, in each dialect in which it holds. */
static void play_file(const char *path, const char *text, play_fn play, bytes_fn bytes)
{
    static struct transcript transcript;
    for (int dialect = 0; dialect < TRANSCRIPT_DIALECTS; dialect++) {
        for (unsigned n = 0; transcript_read(&transcript, path, text, n, dialect); n++) {
            if (transcript.holds[dialect])
                play_ways(&transcript, play, bytes);
            transcript_free(&transcript);
        }
        transcript_free(&transcript);
    }
}

/* The last part of text behind a colon, which is cut off. */
static const char *cut_part(char *text)
{
    char *colon = strrchr(text, ':');
    if (!colon)
        die(text, 0, "write FILE:CASE:DIALECT:WAY:OFFSET");
    *colon = '\0';
    return colon + 1;
}

static int named(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0)
            return i;
    }
    die(name, 0, "no such dialect or way");
    return 0;
}

static int play_again(char *where, play_fn play)
{
    static struct transcript transcript;
    struct transcript_play again = {.at = strtoul(cut_part(where), NULL, 10)};
    again.way = (enum transcript_way)named(cut_part(where), way_names, WAYS);
    int dialect = named(cut_part(where), transcript_dialects, TRANSCRIPT_DIALECTS);
    unsigned number = (unsigned)atoi(cut_part(where));
    char *text = transcript_load(where);
    if (!transcript_read(&transcript, where, text, number, (enum transcript_dialect)dialect))
        die(where, 0, "there is no such case");
    play(&transcript, again);
    transcript_free(&transcript);
    free(text);
    return EXIT_SUCCESS;
}

/* In a process of its own, so that the others run whatever happens. */
static bool play_in_child(const char *path, const char *text, play_fn play, bytes_fn bytes)
{
    int status = 1;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        play_file(path, text, play, bytes);
        exit(EXIT_SUCCESS);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void count(const char *path, const char *text, unsigned counts[TRANSCRIPT_DIALECTS])
{
    static struct transcript transcript;
    for (unsigned n = 0; transcript_read(&transcript, path, text, n, TRANSCRIPT_MANUAL); n++) {
        for (int dialect = 0; dialect < TRANSCRIPT_DIALECTS; dialect++)
            counts[dialect] += transcript.holds[dialect];
        transcript_free(&transcript);
    }
    transcript_free(&transcript);
}

int transcript_main(int argc, char **argv, play_fn play, bytes_fn bytes)
{
    int failed = 0;
    unsigned counts[TRANSCRIPT_DIALECTS] = {0};
    if (argc == 2 && strstr(argv[1], ".at:"))
        return play_again(argv[1], play);
    for (int i = 1; i < argc; i++) {
        char *text = transcript_load(argv[i]);
        count(argv[i], text, counts);
        if (!play_in_child(argv[i], text, play, bytes)) {
            printf("FAILED: %s\n", argv[i]);
            failed++;
        }
        free(text);
    }
    printf("%u cases in the manual dialect, %u in the w800 dialect; %d of %d files failed\n",
           counts[TRANSCRIPT_MANUAL], counts[TRANSCRIPT_W800], failed, argc - 1);
    return failed || argc < 2 ? EXIT_FAILURE : EXIT_SUCCESS;
}
