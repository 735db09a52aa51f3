#include "peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORDS_MAX 40

static char folder[] = "/tmp/wmat-peers-XXXXXX";

void peers_make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

const char *peers_folder(void)
{
    return folder;
}

const char *peers_path(const char *name)
{
    static char path[16][128];
    static unsigned turn;
    char *out = path[turn++ % 16];
    snprintf(out, sizeof path[0], "%s/%s", peers_folder(), name);
    return out;
}

void peers_remove(void)
{
    process_run(WORDS("rm", "-rf", peers_folder()));
}

void peers_make_identities(void)
{
    const char *script = getenv("WMAT_IDENTITIES");
    ck_assert_msg(script, "WMAT_IDENTITIES must name the script; run the test through meson");
    peers_make_folder();
    process_run(WORDS("sh", script, peers_folder()));
}

uint16_t peers_serve_tls(struct process *server, const char *const *options)
{
    const char *words[WORDS_MAX] = {"openssl", "s_server", "-accept"};
    char where[40];
    size_t count = 4;
    uint16_t port = process_free_port(at_address(1));
    snprintf(where, sizeof where, "%s:%u", at_address(1), port);
    words[3] = where;
    for (; *options; options++)
        words[count++] = *options;
    ck_assert_uint_lt(count, WORDS_MAX);
    process_start(server, words);
    process_await_port(server, "tcp", at_address(1), port);
    return port;
}

void peers_set_clock(struct at_host *host, struct sntp_stub *stub, int64_t unix_s)
{
    char line[128];
    stub->unix_s = unix_s;
    at_ok(host, "AT+CIPSNTPCFG=0,0");
    at_ok(host, "AT+CIPSNTPCFG=1,0,\"127.0.0.1\"");
    do { /* the year of an unset clock, or of the one before */
        at_say(host, "AT+CIPSNTPTIME?");
        at_await(host, "+CIPSNTPTIME:");
        at_line(host, line, sizeof line);
        at_expect(host, "OK\r\n");
    } while (atoi(strrchr(line, ' ')) != (int)(1970 + unix_s / 31556952));
}
