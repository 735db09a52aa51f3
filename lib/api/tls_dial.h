/* What stands in front of a CIPSTART for "SSL": the settings of its link id, and a look at the
 * module's clock where certificates are to be verified. */
#ifndef TLS_DIAL_H
#define TLS_DIAL_H

#include <wmat/tls.h>

#include "engine.h"

/* Steps of an operation, from 0 on; the next one behind them is TLS_DIAL_STEPS. */
enum { TLS_DIAL_CLOCK = 5, TLS_DIAL_CLOCK_ASKED, TLS_DIAL_STEPS };

/* Who is to be trusted has to be said; all else may be. */
bool tls_dial_sound(const char *host, const struct wm_tls_config *config);

/* Whether there may be another TLS link. */
bool tls_link_is_free(const struct wm_core *core);

/* The next command, which op->step counts: the step of begin; 0: none is left. */
int tls_dial_next(struct wm_core *core, struct wm_op *op, const char *host,
                  const struct wm_tls_config *config, unsigned link_id);

/* What op does with lines and final results meanwhile. */
void tls_dial_line(struct wm_core *core, struct wm_op *op, struct slice line);
int tls_dial_final(struct wm_core *core, struct wm_op *op, const struct wm_tls_config *config,
                   enum final final);

#endif
