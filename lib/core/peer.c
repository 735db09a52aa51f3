/* Headers that tell whose bytes they announce (TCP/IP AT: CIPDINFO). Only who wants to know that
 * refers to this. */
#include "lexer.h"

#include "at_limits.h"

/* An address, in quotes or not, and the comma behind it. */
const char *lexer_take_peer(const char *at, const char *end, struct frame *frame)
{
    char stop = at < end && *at == '"' ? '"' : ',';
    const char *start = at += stop == '"';
    while (at < end && *at != stop && (unsigned char)*at >= ' ')
        at++;
    frame->ip = slice_make(start, (size_t)(at - start));
    if (at < end && *at != stop)
        return NULL;
    at += at < end && stop == '"';
    if (at == end)
        return end;
    if (*at != ',')
        return NULL;
    for (start = ++at; at < end && (unsigned char)*at - (unsigned)'0' <= 9; at++) {
        frame->port = frame->port * 10 + ((unsigned char)*at - (unsigned)'0');
        if (frame->port > AT_PORT_MAX)
            return NULL;
    }
    return at > start || at == end ? at : NULL;
}
