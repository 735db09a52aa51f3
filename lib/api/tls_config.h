/* The lines of a TLS configuration, for whatever operation has to send them: wm_tls_config, and one
 * that connects afterwards. */
#ifndef TLS_CONFIG_H
#define TLS_CONFIG_H

#include <wmat/tls.h>

#include "engine.h"

/* Lines of a configuration: numbers of steps are 0..TLS_CONFIG_LINES - 1. */
#define TLS_CONFIG_LINES 5

/* Is all that config names in its range, and short enough for a command line? */
bool tls_config_sound(const struct wm_tls_config *config);

/* Starts the command of the first line from *step on that config names, for a link id (0..4, or
 * WM_LINK_ALL). WM_STEP_COMMAND: it is on its way, *step is behind it. 0: no line is left, *step is
 * TLS_CONFIG_LINES. What config points at must stay until then. */
int tls_config_next(struct wm_core *core, const struct wm_tls_config *config, unsigned link_id,
                    uint8_t *step);

#endif
