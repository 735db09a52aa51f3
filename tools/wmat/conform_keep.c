/* The module's settings: read before the cases, and put back behind them. */
#include "conform.h"

#include <string.h>

#define COMMAND_MS 5000

/* The order in which they can be set: modes before what needs them. */
static const char *const kept_commands[] = {
    "CWMODE",        "CWJAP",       "CWSAP",      "CIPAP",       "CIPSTA",     "CWDHCP",
    "CIPSTAMAC",     "CIPAPMAC",    "CWDHCPS",    "CWSTAPROTO",  "CWAPPROTO",  "CWHOSTNAME",
    "CWCOUNTRY",     "CWRECONNCFG", "CIPV6",      "CIPDNS",      "CIPSNTPCFG", "CIPSNTPINTV",
    "CIPRECONNINTV", "CIPMUX",      "CIPMODE",    "CIPRECVMODE", "CIPDINFO",   "CIPTCPOPT",
    "CIPSSLCCONF",   "CIPSSLCCN",   "CIPSSLCSNI", "CIPSSLCALPN", "CIPSSLCPSK", "CIPSERVERMAXCONN",
    "CIPSERVER",     "CIPSTO",      "SYSSTORE"};

#define KEPT (sizeof kept_commands / sizeof *kept_commands)

static void ask(struct conform *conform, const char *command, char *answer, size_t size)
{
    char line[40];

    snprintf(line, sizeof line, "AT+%s?", command);
    if (conform_command(&conform->line, line, answer, size, COMMAND_MS) != 0)
        answer[0] = '\0';
}

void conform_keep(struct conform *conform, struct conform_kept *kept)
{
    for (kept->count = 0; kept->count < KEPT; kept->count++) {
        snprintf(kept->list[kept->count].command, sizeof kept->list[0].command, "%s",
                 kept_commands[kept->count]);
        ask(conform, kept_commands[kept->count], kept->list[kept->count].answer,
            sizeof kept->list[0].answer);
    }
}

/* The next line of an answer that is about a setting: what stands behind its name and the colons or
 * equals sign of any dialect. NULL: none is left. */
static const char *next_values(const char **answer, char values[256])
{
    while (**answer != '\0') {
        const char *line = *answer;
        size_t len = strcspn(line, "\r\n");
        size_t name = strcspn(line, ":=\r\n");

        *answer += len + strspn(line + len, "\r\n");
        while (name < len && (line[name] == ':' || line[name] == '='))
            name++;
        if (name < len) {
            snprintf(values, 256, "%.*s", (int)(len - name), line + name);
            return values;
        }
    }
    return NULL;
}

/* Values that a query shows in another way than the command takes them. */
static void translate(const char *command, char values[256])
{
    if (strcmp(command, "CIPDINFO") == 0)
        strcpy(values, strcmp(values, "true") == 0 ? "1" : "0");
    if ((strcmp(command, "CIPDNS") == 0 || strcmp(command, "CIPSNTPCFG") == 0) && values[0] == '0')
        values[1] = '\0';
    if (strcmp(command, "CIPSERVER") == 0 && values[0] == '0')
        values[1] = '\0';
    if (strcmp(command, "CIPSSLCCONF") == 0 && strlen(values) == 7 && values[2] == '0')
        values[3] = '\0'; /* auth 0 stands alone */
}

static bool set(struct conform *conform, const char *command, const char *values)
{
    char line[400];

    snprintf(line, sizeof line, "AT+%s=%s", command, values);
    return conform_command(&conform->line, line, NULL, 0, 20000) == 0;
}

/* "ip:"1.2.3.4"": the three addresses of CIPSTA and CIPAP are set in one line. */
static void set_addresses(struct conform *conform, const char *command, const char *answer)
{
    char values[3][256], line[300];
    int count = 0;

    while (count < 3 && next_values(&answer, values[count]) != NULL) {
        const char *address = strchr(values[count], '"');

        memmove(values[count], address != NULL ? address : "",
                address != NULL ? strlen(address) + 1 : 1);
        count++;
    }
    snprintf(line, sizeof line, "%.90s,%.90s,%.90s", values[0], values[1], values[2]);
    if (count == 3 && strcmp(values[0], "\"0.0.0.0\"") != 0)
        set(conform, command, line);
}

/* In single connection mode queries show link 0, and commands have no id. */
static bool has_id(const char *command)
{
    return strcmp(command, "CIPTCPOPT") == 0 || strncmp(command, "CIPSSLC", 7) == 0;
}

static void put_back(struct conform *conform, const char *command, const char *answer, bool single)
{
    char values[256];

    if (strcmp(command, "CWJAP") == 0) {
        if (conform->is_virtual && strstr(answer, "CWJAP:") != NULL)
            conform_join(conform);
    } else if (strcmp(command, "CIPSTA") == 0 || strcmp(command, "CIPAP") == 0) {
        set_addresses(conform, command, answer);
    } else {
        while (next_values(&answer, values) != NULL) {
            translate(command, values);
            set(conform, command, single && has_id(command) ? values + 2 : values);
        }
    }
    conform_settle(&conform->line, 10);
}

unsigned conform_give_back(struct conform *conform, const struct conform_kept *kept)
{
    static struct conform_kept now;
    unsigned different = 0;
    bool single = false;

    if (!conform_fresh(conform)) {
        cli_note(conform->cli, "the module does not answer any more");
        return 1;
    }
    for (size_t i = 0; i < kept->count; i++)
        single = single || strstr(kept->list[i].answer, "+CIPMUX:0") != NULL;
    for (int rounds = 0; rounds < 2; rounds++) {
        different = 0;
        for (size_t i = 0; i < kept->count; i++) {
            ask(conform, kept->list[i].command, now.list[i].answer, sizeof now.list[i].answer);
            if (strcmp(kept->list[i].answer, now.list[i].answer) == 0)
                continue;
            different++;
            if (rounds == 0)
                put_back(conform, kept->list[i].command, kept->list[i].answer, single);
            else
                cli_note(conform->cli, "AT+%s? is not what it was", kept->list[i].command);
        }
    }
    return different;
}
