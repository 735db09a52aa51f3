/* The set-up: brings a module that answers to the known state (AT+CIPMODE=0, AT+CIPMUX=1, the
 * receive mode, no links but ours), whatever state it was found in, and notices a restart that went
 * unseen. */
#ifndef SETUP_H
#define SETUP_H

#include "engine.h"

extern const struct wm_op_def setup_def;

#endif
