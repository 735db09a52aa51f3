/* Statistics of a trace, to standard output. */
#ifndef TRACE_STATS_H
#define TRACE_STATS_H

#include "timeline.h"

/* baud: speed of the line; 0: what the trace says. False: no memory, and nothing was printed. */
bool trace_stats(const struct timeline *timeline, unsigned baud, bool json);

#endif
