/* --receive MODE, of every command that has links. */
#ifndef RECEIVE_H
#define RECEIVE_H

#include "cli.h"

/* Reads passive, active or zero-safe. Returns CLI_DONE or CLI_USAGE. */
int receive_mode(const struct cli *cli, const char *text, enum wm_receive *mode);

#endif
