/* Gets a page over HTTP and writes its body to standard output. The module must have joined an
 * access point (wmat join).
 *
 *     http_get PORT HOST TCP_PORT PATH
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <wmat/wmat.h>

#define ANSWER_MS 10000

struct answer {
    char header[4096];
    size_t header_len;
    bool in_body;
    unsigned long long body_bytes;
};

static int fail(struct wm_device *dev, const char *what, int err)
{
    char words[64] = "";
    wm_last_detail(dev, words, sizeof words);
    fprintf(stderr, "%s: %s%s%s\n", what, wm_err_text(err), words[0] ? "; the module said: " : "",
            words);
    wm_close(dev);
    return EXIT_FAILURE;
}

/* The value of a field; NULL: there is none. */
static const char *field(const struct answer *answer, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = strchr(answer->header, '\n'); at; at = strchr(at, '\n')) {
        at++;
        if (strncasecmp(at, name, len) == 0 && at[len] == ':')
            return at + len + 1;
    }
    return NULL;
}

static bool is_whole(const struct answer *answer)
{
    const char *length = field(answer, "Content-Length");
    return answer->in_body && (!length || strtoull(length, NULL, 10) == answer->body_bytes);
}

/* Takes bytes of the answer. False: its header is too long. */
static bool take(struct answer *answer, const char *bytes, size_t len)
{
    size_t used = 0;
    while (!answer->in_body && used < len) {
        if (answer->header_len == sizeof answer->header - 1)
            return false;
        answer->header[answer->header_len++] = bytes[used++];
        answer->header[answer->header_len] = '\0';
        answer->in_body = answer->header_len >= 4 &&
                          strcmp(answer->header + answer->header_len - 4, "\r\n\r\n") == 0;
    }
    answer->body_bytes += len - used;
    fwrite(bytes + used, 1, len - used, stdout);
    return true;
}

static int get(struct wm_device *dev, int link, const char *host, const char *path,
               struct answer *answer)
{
    char request[1024], bytes[4096];
    int n = snprintf(request, sizeof request,
                     "GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: wmat\r\n\r\n", path, host);
    if (n >= (int)sizeof request)
        return WM_ERR_ARG;
    n = wm_send(dev, link, request, (size_t)n, 0);
    while (n > 0) {
        n = wm_recv(dev, link, bytes, sizeof bytes, ANSWER_MS);
        if (n > 0 && !take(answer, bytes, (size_t)n))
            return WM_ERR_NOMEM;
    }
    return n;
}

int main(int argc, char **argv)
{
    char words[WM_DETAIL_MAX];
    static struct answer answer;
    struct wm_device *dev;

    if (argc != 5) {
        fprintf(stderr, "usage: http_get PORT HOST TCP_PORT PATH\n");
        return 2;
    }
    struct wm_config config = {.port = argv[1], .detail = words, .detail_size = sizeof words};
    struct wm_tcp_options server = {.host = argv[2], .port = (unsigned)strtoul(argv[3], NULL, 10)};

    if (wm_open(&dev, &config) < 0) {
        fprintf(stderr, "%s: %s\n", argv[1], words);
        return EXIT_FAILURE;
    }
    int link = wm_tcp_connect(dev, &server, 0);
    if (link < 0)
        return fail(dev, "connect", link);
    int err = get(dev, link, argv[2], argv[4], &answer);
    if (err < 0)
        return fail(dev, "get", err);
    wm_link_close(dev, link, 0);
    wm_close(dev);
    if (fflush(stdout) != 0 || !is_whole(&answer)) {
        fprintf(stderr, "the page is not whole\n");
        return EXIT_FAILURE;
    }
    fprintf(stderr, "%.*s\n", (int)strcspn(answer.header, "\r\n"), answer.header);
    return strncmp(answer.header, "HTTP/1.", 7) == 0 && strncmp(answer.header + 8, " 200", 4) == 0
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}
