#include "sim.h"
#include <stdio.h>
struct sim *sim_open(struct wm_transport **line, char *detail, size_t detail_size)
{
    *line = NULL;
    snprintf(detail, detail_size, "not built");
    return NULL;
}
void sim_close(struct sim *sim)
{
    (void)sim;
}
