/* The firmware on a platform without a network, and the transcript that is played against it. */
#ifndef FIRMWARE_PLAYER_H
#define FIRMWARE_PLAYER_H

#include <stddef.h>
#include <stdint.h>

#include <wmfw/wmfw.h>

#include "fake_port.h"
#include "transcript_play.h"

struct player {
    struct fw fw;
    struct fake_port fake;
    uint64_t now_ms;
    char out[65536]; /* what the module has said and no line has expected yet */
    size_t out_len;
    const struct transcript *transcript;
    const struct transcript_item *item;
    struct transcript_play play;
};

/* How its module is set up: the platform, and the dialect of the case. */
struct fw_config player_config(struct player *player);

/* Power on, until everything that a boot does by itself is over; its output is dropped. */
void player_boot(struct player *player);

/* Lets ms milliseconds pass. */
void player_pass(struct player *player, unsigned ms);

/* Does what a "!" line says. */
void player_network(struct player *player);

/* Ends the play with the place, as transcript_failed does. */
#define player_fail(player, ...)                                                                   \
    transcript_failed((player)->transcript, (player)->item, &(player)->play, __VA_ARGS__)

#endif
