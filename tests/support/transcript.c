#include "transcript.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const way_names[] = {"whole", "bytes", "split", "cut"};

static void die(const char *path, int line, const char *why)
{
    fprintf(stderr, "%s:%d: %s\n", path, line, why);
    exit(EXIT_FAILURE);
}

static int hex(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Bytes of a > or < line, with CR LF unless it ends with a backslash. Returns their number. */
static size_t unescape(const char *text, char *out)
{
    size_t len = 0;
    for (; *text; text++) {
        if (*text != '\\') {
            out[len++] = *text;
            continue;
        }
        switch (*++text) {
        case '\0':
            return len;
        case 'r':
            out[len++] = '\r';
            break;
        case 'n':
            out[len++] = '\n';
            break;
        case '0':
            out[len++] = '\0';
            break;
        case 'x':
            out[len++] = (char)(hex(text[1]) << 4 | hex(text[2]));
            text += 2;
            break;
        default:
            out[len++] = *text;
        }
    }
    out[len++] = '\r';
    out[len++] = '\n';
    return len;
}

static struct transcript_item *new_item(struct transcript *transcript, enum transcript_kind kind,
                                        int line)
{
    struct transcript_item *last =
        transcript->count ? &transcript->items[transcript->count - 1] : NULL;
    if (last && kind == TRANSCRIPT_MODULE && last->kind == kind)
        return last;
    if (transcript->count == TRANSCRIPT_ITEMS)
        die(transcript->path, line, "too many lines; split the file");
    last = &transcript->items[transcript->count++];
    *last = (struct transcript_item){.kind = kind, .line = line};
    return last;
}

static void add_bytes(struct transcript_item *item, const char *bytes, size_t len)
{
    item->bytes = realloc(item->bytes, item->len + len + 1);
    memcpy(item->bytes + item->len, bytes, len);
    item->len += len;
    item->bytes[item->len] = '\0';
}

static void add_line(struct transcript *transcript, char *text, int line)
{
    static const char marks[] = "><!=";
    static const enum transcript_kind kinds[] = {TRANSCRIPT_HOST, TRANSCRIPT_MODULE,
                                                 TRANSCRIPT_NETWORK, TRANSCRIPT_CALL};
    char bytes[1024];
    if (text[0] == '\0' || text[0] == '#' || text[0] == ';')
        return;
    const char *rest = text[1] == ' ' ? text + 2 : text + 1;
    if (text[0] == '@') {
        new_item(transcript, TRANSCRIPT_TIME, line)->ms = (unsigned)strtoul(rest, NULL, 10);
        return;
    }
    const char *mark = strchr(marks, text[0]);
    if (!mark || strlen(text) > sizeof bytes - 3)
        die(transcript->path, line, "a line starts with one of # ; ! = > < @");
    enum transcript_kind kind = kinds[mark - marks];
    struct transcript_item *item = new_item(transcript, kind, line);
    if (kind == TRANSCRIPT_NETWORK || kind == TRANSCRIPT_CALL) {
        add_bytes(item, rest, strlen(rest));
        return;
    }
    size_t len = unescape(rest, bytes);
    add_bytes(item, bytes, len);
    *(kind == TRANSCRIPT_HOST ? &transcript->host_bytes : &transcript->module_bytes) += len;
}

void transcript_read(struct transcript *transcript, const char *path)
{
    char text[1024];
    FILE *file = fopen(path, "r");
    *transcript = (struct transcript){.path = path};
    if (!file)
        die(path, 0, "can't be read");
    bool section = false;
    for (int line = 1; fgets(text, sizeof text, file); line++) {
        text[strcspn(text, "\n")] = '\0';
        section = section || text[0] == '#';
        if (!section && text[0])
            die(path, line, "name the section of the specification first: # SECTION");
        add_line(transcript, text, line);
    }
    fclose(file);
    if (transcript->count == 0)
        die(path, 0, "is empty");
}

void transcript_free(struct transcript *transcript)
{
    for (size_t i = 0; i < transcript->count; i++)
        free(transcript->items[i].bytes);
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
    fprintf(stderr, "%s:%d: ", transcript->path, item ? item->line : 0);
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n  again: %s:%s:%zu\n", transcript->path, way_names[play->way], play->at);
    va_end(args);
    exit(EXIT_FAILURE);
}

typedef void (*play_fn)(const struct transcript *, struct transcript_play);

/* All plays of one file, in a process of their own, so that the others run whatever happens. */
static void play_all(const char *path, play_fn play, size_t (*bytes)(const struct transcript *))
{
    static struct transcript transcript;
    transcript_read(&transcript, path);
    play(&transcript, (struct transcript_play){.way = WAY_WHOLE});
    play(&transcript, (struct transcript_play){.way = WAY_BYTES});
    bool everywhere = getenv("WMAT_FEW_WAYS") == NULL;
    for (size_t at = 1; everywhere && at < bytes(&transcript); at++)
        play(&transcript, (struct transcript_play){.way = WAY_SPLIT, .at = at});
    for (size_t at = 0; everywhere && at < bytes(&transcript); at++)
        play(&transcript, (struct transcript_play){.way = WAY_CUT, .at = at});
    transcript_free(&transcript);
}

static int play_again(char *where, play_fn play)
{
    static struct transcript transcript;
    char *offset = strrchr(where, ':');
    *offset++ = '\0';
    char *way = strrchr(where, ':');
    *way++ = '\0';
    struct transcript_play again = {.at = strtoul(offset, NULL, 10)};
    for (int i = 0; i < 4; i++) {
        if (strcmp(way, way_names[i]) == 0)
            again.way = (enum transcript_way)i;
    }
    transcript_read(&transcript, where);
    play(&transcript, again);
    transcript_free(&transcript);
    return EXIT_SUCCESS;
}

static bool play_in_child(const char *path, play_fn play,
                          size_t (*bytes)(const struct transcript *))
{
    int status = 1;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        play_all(path, play, bytes);
        exit(EXIT_SUCCESS);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int transcript_main(int argc, char **argv, play_fn play, size_t (*bytes)(const struct transcript *))
{
    int failed = 0;
    if (argc == 2 && strstr(argv[1], ".at:"))
        return play_again(argv[1], play);
    for (int i = 1; i < argc; i++) {
        if (!play_in_child(argv[i], play, bytes)) {
            printf("FAILED: %s\n", argv[i]);
            failed++;
        }
    }
    printf("%d transcripts, %d failed\n", argc - 1, failed);
    return failed || argc < 2 ? EXIT_FAILURE : EXIT_SUCCESS;
}
