#include "firmware_player.h"

#include <string.h>

#define ANSWER_MS 20000 /* virtual time that an answer may take */
#define BOOT_MS   200

static struct player player;

static void collect(struct player *p)
{
    p->out_len += fw_drain(&p->fw, p->out + p->out_len, sizeof p->out - p->out_len, p->now_ms);
}

void player_pass(struct player *p, unsigned ms)
{
    for (unsigned i = 0; i < ms; i++) {
        p->now_ms++;
        fw_tick(&p->fw, p->now_ms);
        collect(p);
    }
}

struct fw_config player_config(struct player *p)
{
    static const enum fw_dialect dialects[] = {FW_DIALECT_MANUAL, FW_DIALECT_W800};

    return (struct fw_config){.port = &p->fake.port,
                              .dialect = dialects[p->transcript->reading.dialect]};
}

void player_boot(struct player *p)
{
    struct fw_config config = player_config(p);

    fw_init(&p->fw, &config, p->now_ms);
    player_pass(p, BOOT_MS);
    p->out_len = 0;
}

static void feed(struct player *p, const char *bytes, size_t len)
{
    for (unsigned patience = 0; len > 0 && patience < ANSWER_MS; patience++) {
        size_t n = fw_feed(&p->fw, bytes, len, p->now_ms);

        collect(p);
        bytes += n;
        len -= n;
        if (n == 0) {
            player_pass(p, 1);
        }
    }
    fw_tick(&p->fw, p->now_ms);
    collect(p);
}

static void network(struct player *p)
{
    player_network(p);
    fw_tick(&p->fw, p->now_ms);
    collect(p);
}

static void expect(struct player *p)
{
    const struct transcript_item *item = p->item;

    for (unsigned ms = 0; p->out_len < item->len && ms < ANSWER_MS; ms++) {
        player_pass(p, 1);
    }
    if (p->out_len < item->len || memcmp(p->out, item->bytes, item->len) != 0) {
        player_fail(p, "the module sent \"%.*s\" instead of \"%s\"", (int)p->out_len, p->out,
                    item->bytes);
    }
    memmove(p->out, p->out + item->len, p->out_len - item->len);
    p->out_len -= item->len;
}

/* True: it answers AT. */
static bool answers(struct player *p)
{
    p->out_len = 0;
    feed(p, "AT\r\n", 4);
    player_pass(p, 1000);
    return p->out_len >= 4 && memcmp(p->out + p->out_len - 4, "OK\r\n", 4) == 0;
}

/* Whatever it was in the middle of, +++ and an empty line bring it back, perhaps after a while; a
 * peer that it waits for ends, as peers do in the long run. Of a shipping module, the empty line
 * may end a command that was cut in front of its LF (its parameters end at the CR) and that begins
 * a payload: so +++ comes again. */
static void recover(struct player *p)
{
    for (size_t i = 0; i < p->fake.peer_count; i++) {
        p->fake.peers[i].accepts = SIZE_MAX;
        p->fake.peers[i].ended = true;
    }
    for (unsigned ms = 0; ms < ANSWER_MS; ms += 1000) {
        player_pass(p, 100);
        feed(p, "+++", 3);
        player_pass(p, 100);
        feed(p, "\r\n", 2);
        player_pass(p, 100);
        if (answers(p)) {
            return;
        }
    }
    player_fail(p, "the module does not answer after a cut");
}

/* False: the host's bytes were cut. */
static bool host(struct player *p)
{
    const struct transcript_item *item = p->item;

    if (p->out_len > 0) {
        player_fail(p, "before this the module sent \"%.*s\"", (int)p->out_len, p->out);
    }
    for (size_t at = 0; at < item->len;) {
        size_t n = transcript_piece(&p->play, item->len - at);

        if (n == 0) {
            return false;
        }
        feed(p, item->bytes + at, n);
        at += n;
    }
    return true;
}

static bool play_item(struct player *p)
{
    switch (p->item->kind) {
    case TRANSCRIPT_HOST:
        return host(p);
    case TRANSCRIPT_MODULE:
        expect(p);
        break;
    case TRANSCRIPT_NETWORK:
        network(p);
        break;
    case TRANSCRIPT_TIME:
        player_pass(p, p->item->ms);
        break;
    case TRANSCRIPT_CALL:
        break;
    }
    return true;
}

void transcript_play_firmware(const struct transcript *transcript, struct transcript_play play)
{
    struct player *p = &player;
    bool whole = true;

    p->transcript = transcript;
    p->play = play;
    p->now_ms = 1000;
    fake_port_init(&p->fake);
    player_boot(p);
    for (size_t i = 0; i < transcript->count && whole; i++) {
        p->item = &transcript->items[i];
        whole = play_item(p);
    }
    p->item = whole ? NULL : p->item;
    if (!whole) {
        recover(p);
    } else if (p->out_len > 0) {
        player_fail(p, "at the end the module sent \"%.*s\"", (int)p->out_len, p->out);
    }
    fw_stop(&p->fw, p->now_ms);
    fake_port_free(&p->fake);
}
