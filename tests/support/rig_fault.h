/* The accidents of a rig's wire, and what the bytes were that had them. */
#ifndef RIG_FAULT_H
#define RIG_FAULT_H

#include "rig.h"

/* Bytes that leave the core, which are those of wm_core_output; bytes that leave the module.
 * Returns how many arrive in out, at most twice as many. */
size_t rig_to_module(struct rig *rig, const unsigned char *in, size_t len, unsigned char *out);
size_t rig_to_host(struct rig *rig, const unsigned char *in, size_t len, unsigned char *out);

/* The module restarts (rig.c). */
void rig_reset(struct rig *rig);

#endif
