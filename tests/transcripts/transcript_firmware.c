/* Plays transcripts against the firmware on a platform without a network. Lines that start with
 * "!":
 *
 * serve PORT accepts|refuses|silent [echo]   a server at every address
 * name HOST ADDRESS                          what a name resolves to
 * peer sends TEXT, peer ends, peer resets    the latest connection; TEXT with escapes, no CR LF
 * boot                                       power off and on, unheard
 * ap-gone SSID, station-joins MAC, ...       what a script lets happen (script.h) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wmfw/wmfw.h>

#include "fake_port.h"
#include "script.h"
#include "transcript.h"

#define ANSWER_MS 20000 /* virtual time that an answer may take */

static struct fw fw;
static struct fake_port fake;
static uint64_t now_ms;
static char out[65536];
static size_t out_len;

static void collect(void)
{
    out_len += fw_drain(&fw, out + out_len, sizeof out - out_len, now_ms);
}

static void pass(unsigned ms)
{
    for (unsigned i = 0; i < ms; i++) {
        now_ms++;
        fw_tick(&fw, now_ms);
        collect();
    }
}

static void boot(void)
{
    struct fw_config config = {.port = &fake.port};
    fw_init(&fw, &config, now_ms);
    pass(200);
    out_len = 0;
}

static void feed(const char *bytes, size_t len)
{
    for (unsigned patience = 0; len > 0 && patience < ANSWER_MS; patience++) {
        size_t n = fw_feed(&fw, bytes, len, now_ms);
        collect();
        bytes += n;
        len -= n;
        if (n == 0)
            pass(1);
    }
    fw_tick(&fw, now_ms);
    collect();
}

static size_t unescape_network(const char *text, char *bytes)
{
    size_t len = 0;
    for (; *text; text++) {
        char c = *text;
        if (c == '\\' && text[1]) {
            c = *++text;
            c = c == 'r' ? '\r' : c == 'n' ? '\n' : c == '0' ? '\0' : c;
        }
        bytes[len++] = c;
    }
    return len;
}

/* False: the radio knows no such event. */
static bool play_event(const char *text)
{
    struct fw_script_event event;
    char reason[160];
    if (!fw_script_read_event(text, &event, reason, sizeof reason))
        return false;
    if (event.kind == FW_SCRIPT_RESET) {
        struct fw_config config = {.port = &fake.port};
        fw_stop(&fw, now_ms);
        fw_init(&fw, &config, now_ms);
    }
    fw_script_play(&event, &fake.radio, now_ms);
    return true;
}

static void network(const struct transcript *transcript, const struct transcript_item *item,
                    const struct transcript_play *play)
{
    char word[3][128] = {"", "", ""}, bytes[1024];
    unsigned port;
    const char *text = item->bytes;
    if (sscanf(text, "serve %u %127s %127s", &port, word[0], word[1]) >= 2)
        fake_serve(&fake, (uint16_t)port,
                   strcmp(word[0], "refuses") == 0  ? FAKE_REFUSES
                   : strcmp(word[0], "silent") == 0 ? FAKE_KEEPS_SILENT
                                                    : FAKE_ACCEPTS,
                   strcmp(word[1], "echo") == 0);
    else if (sscanf(text, "name %127s %127s", word[0], word[1]) == 2)
        fake_name(&fake, word[0], word[1]);
    else if (strncmp(text, "peer sends ", 11) == 0)
        fake_peer_send(fake_last_peer(&fake), bytes, unescape_network(text + 11, bytes));
    else if (strcmp(text, "peer ends") == 0)
        fake_peer_end(fake_last_peer(&fake));
    else if (strcmp(text, "peer resets") == 0)
        fake_peer_reset(fake_last_peer(&fake));
    else if (strcmp(text, "boot") == 0)
        boot();
    else if (!play_event(text))
        transcript_failed(transcript, item, play, "the network knows no \"%s\"", text);
    fw_tick(&fw, now_ms);
    collect();
}

static void expect(const struct transcript *transcript, const struct transcript_item *item,
                   const struct transcript_play *play)
{
    for (unsigned ms = 0; out_len < item->len && ms < ANSWER_MS; ms++)
        pass(1);
    if (out_len < item->len || memcmp(out, item->bytes, item->len) != 0)
        transcript_failed(transcript, item, play, "the module sent \"%.*s\" instead of \"%s\"",
                          (int)out_len, out, item->bytes);
    memmove(out, out + item->len, out_len - item->len);
    out_len -= item->len;
}

/* Whatever it was in the middle of, +++ and an empty line bring it back, perhaps after a while. */
static void recover(const struct transcript *transcript, const struct transcript_play *play)
{
    pass(100);
    feed("+++", 3);
    pass(100);
    feed("\r\n", 2);
    for (unsigned ms = 0; ms < ANSWER_MS; ms += 1000) {
        out_len = 0;
        feed("AT\r\n", 4);
        pass(1000);
        if (out_len >= 4 && memcmp(out + out_len - 4, "OK\r\n", 4) == 0)
            return;
    }
    transcript_failed(transcript, NULL, play, "the module does not answer after a cut");
}

/* False: the host's bytes were cut. */
static bool host(const struct transcript_item *item, struct transcript_play *play)
{
    for (size_t at = 0; at < item->len;) {
        size_t n = transcript_piece(play, item->len - at);
        if (n == 0)
            return false;
        feed(item->bytes + at, n);
        at += n;
    }
    return true;
}

static bool play_item(const struct transcript *transcript, const struct transcript_item *item,
                      struct transcript_play *play)
{
    switch (item->kind) {
    case TRANSCRIPT_HOST:
        if (out_len > 0)
            transcript_failed(transcript, item, play, "before this the module sent \"%.*s\"",
                              (int)out_len, out);
        return host(item, play);
    case TRANSCRIPT_MODULE:
        expect(transcript, item, play);
        break;
    case TRANSCRIPT_NETWORK:
        network(transcript, item, play);
        break;
    case TRANSCRIPT_TIME:
        pass(item->ms);
        break;
    case TRANSCRIPT_CALL:
        break;
    }
    return true;
}

void transcript_play_firmware(const struct transcript *transcript, struct transcript_play play)
{
    bool whole = true;
    now_ms = 1000;
    fake_port_init(&fake);
    boot();
    for (size_t i = 0; i < transcript->count && whole; i++)
        whole = play_item(transcript, &transcript->items[i], &play);
    if (!whole)
        recover(transcript, &play);
    else if (out_len > 0)
        transcript_failed(transcript, NULL, &play, "at the end the module sent \"%.*s\"",
                          (int)out_len, out);
    fw_stop(&fw, now_ms);
    fake_port_free(&fake);
}

static size_t host_bytes(const struct transcript *transcript)
{
    return transcript->host_bytes;
}

int main(int argc, char **argv)
{
    return transcript_main(argc, argv, transcript_play_firmware, host_bytes);
}
