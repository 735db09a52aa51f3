/* The serial ports of this machine. */
#include <wmat/transport.h>

#include <libserialport.h>
#include <stdio.h>
#include <string.h>

#include <wmat/err.h>

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

static void describe(struct wm_port *port, const struct sp_port *found)
{
    memset(port, 0, sizeof *port);
    copy(port->name, sizeof port->name, sp_get_port_name(found));
    copy(port->description, sizeof port->description, sp_get_port_description(found));
    copy(port->serial, sizeof port->serial, sp_get_port_usb_serial(found));
    if (sp_get_port_usb_vid_pid(found, &port->usb_vid, &port->usb_pid) != SP_OK)
        port->usb_vid = port->usb_pid = -1;
}

static int list_serial_ports(void *user, struct wm_port *ports, size_t max)
{
    struct sp_port **list;
    enum sp_return result = sp_list_ports(&list);
    size_t count = 0;

    (void)user;
    if (result != SP_OK)
        return result == SP_ERR_MEM ? WM_ERR_NOMEM : WM_ERR_IO;
    for (; list[count] != NULL; count++)
        if (count < max)
            describe(&ports[count], list[count]);
    sp_free_port_list(list);
    return (int)count;
}

int wm_ports(const struct wm_port_source *source, struct wm_port *ports, size_t max)
{
    static const struct wm_port_source machine = {.list = list_serial_ports};
    const struct wm_port_source *from = source != NULL ? source : &machine;

    return from->list(from->user, ports, max);
}
