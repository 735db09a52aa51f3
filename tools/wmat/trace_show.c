/* A trace for people: each line of the exchange with its time, payload as its length and first
 * bytes. */
#include "trace_read.h"

static void show_item(void *user, const struct trace_item *item)
{
    FILE *out = user;

    fprintf(out, "%9.3f %c ", (double)item->start_ms / 1000, item->tx ? '>' : '<');
    trace_print_bytes(out, item->line, item->len);
    if (item->payload > 0) {
        fprintf(out, "[%zu bytes: ", item->payload);
        trace_print_bytes(out, item->sample, item->sampled);
        fprintf(out, "%s]%s", item->came > item->sampled ? "..." : "",
                item->came < item->payload ? " (the trace ends here)" : "");
    }
    fputc('\n', out);
}

unsigned long trace_show(FILE *in, FILE *out)
{
    struct trace_reader reader = {.in = in};
    unsigned long bad = trace_items(&reader, show_item, out);

    trace_reader_free(&reader);
    return bad;
}
