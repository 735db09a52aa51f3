/* What happens inside, told to the platform where it wants to know. */
#ifndef FW_TRACE_H
#define FW_TRACE_H

#include <stddef.h>

#include <wmfw/port.h>

static inline void fw_trace(const struct fw_port *port, const char *subject, const char *text)
{
    if (port->trace != NULL) {
        port->trace(port->trace_ctx, subject, text);
    }
}

#endif
