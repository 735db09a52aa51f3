/* Plays transcripts against the firmware on a platform without a network; firmware_network.c has
 * the "!" lines. */
#include "transcript_play.h"

static size_t host_bytes(const struct transcript *transcript)
{
    return transcript->host_bytes;
}

int main(int argc, char **argv)
{
    return transcript_main(argc, argv, transcript_play_firmware, host_bytes);
}
