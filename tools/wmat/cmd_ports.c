#include "commands.h"

#include <stdio.h>

#include "record.h"

#define PORTS_MAX 64

static void print_json(const struct wm_port *port)
{
    cJSON *record = cJSON_CreateObject();

    record_add(record, "port", port->name);
    record_add(record, "description", port->description);
    record_add(record, "serial", port->serial);
    if (port->usb_vid >= 0) {
        cJSON_AddNumberToObject(record, "usb_vid", port->usb_vid);
        cJSON_AddNumberToObject(record, "usb_pid", port->usb_pid);
    }
    record_print_json(record);
}

static void print_text(const struct wm_port *port)
{
    print_padded(port->name, 20);
    if (port->usb_vid >= 0)
        printf("%04x:%04x  ", (unsigned)port->usb_vid, (unsigned)port->usb_pid);
    else
        printf("%9s  ", "-");
    print_padded(port->description, 0);
    if (port->serial[0] != '\0') {
        fputs(", serial number ", stdout);
        print_padded(port->serial, 0);
    }
    putchar('\n');
}

int cmd_ports(const struct cli *cli, int argc, char **argv)
{
    static struct wm_port ports[PORTS_MAX];
    int count;

    (void)argv;
    if (cli_words(cli, argc, 0, 0, "ports") != CLI_DONE)
        return CLI_USAGE;
    count = wm_ports(NULL, ports, PORTS_MAX);
    if (count < 0)
        return cli_fail(cli, NULL, count, "is /sys mounted?", "can't list the ports");
    if (count == 0)
        cli_note(cli, "no serial ports here; plug the adapter in, or use `-p sim:`");
    for (int i = 0; i < count && i < PORTS_MAX; i++)
        (cli->json ? print_json : print_text)(&ports[i]);
    return CLI_DONE;
}
