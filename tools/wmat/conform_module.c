#include "conform.h"

#include <ctype.h>
#include <string.h>

#define COMMAND_MS 5000
#define RESTART_MS 10000
#define JOIN_MS    20000
#define GUARD_MS   60 /* silence on both sides of +++ */

static bool ok(struct conform *conform, const char *command)
{
    return conform_command(&conform->line, command, NULL, 0, COMMAND_MS) == 0;
}

/* Out of whatever it is in the middle of. */
static bool recover(struct conform_line *line)
{
    for (int tries = 0; tries < 4; tries++) {
        conform_wait(GUARD_MS);
        conform_send(line, "+++", 3);
        conform_wait(tries == 0 ? GUARD_MS : 1000);
        conform_send(line, "\r\n", 2);
        conform_settle(line, GUARD_MS);
        if (conform_command(line, "AT", NULL, 0, 1000) == 0)
            return true;
    }
    return false;
}

bool conform_find(struct conform *conform, bool auto_dialect)
{
    struct conform_line *line = &conform->line;

    conform_settle(line, 100); /* `ready` of a module that was just switched on */
    if (!recover(line))
        return false;
    conform_settle(line, 20);
    if (!auto_dialect)
        return true;
    conform_send(line, "AT\r\n", 4);
    if (!conform_await(line, "OK\r\n", 1000))
        return false;
    conform->dialect = memcmp(line->bytes, "AT\r\n", 4) == 0 ? TRANSCRIPT_W800 : TRANSCRIPT_MANUAL;
    conform_drop(line);
    return true;
}

bool conform_restart(struct conform *conform)
{
    if (!ok(conform, "AT+RST") || !conform_await(&conform->line, "ready\r\n", RESTART_MS))
        return false;
    conform_settle(&conform->line, 100);
    return true;
}

/* The settings that a case may meet changed, set to what they are after the first boot. Those that
 * a module refuses (a server that is not there) say nothing. */
static const char *const first_state[] = {"AT+CIPCLOSE",
                                          "AT+CIPCLOSE=5",
                                          "AT+CIPSTO=0",
                                          "AT+CIPSERVER=0,1",
                                          "AT+CIPMODE=0",
                                          "AT+CIPMUX=1",
                                          "AT+CIPTCPOPT=0,-1,0,0,0",
                                          "AT+CIPTCPOPT=1,-1,0,0,0",
                                          "AT+CIPTCPOPT=2,-1,0,0,0",
                                          "AT+CIPTCPOPT=3,-1,0,0,0",
                                          "AT+CIPTCPOPT=4,-1,0,0,0",
                                          "AT+CIPSSLCCONF=5,0",
                                          "AT+CIPMUX=0",
                                          "AT+CIPRECVMODE=0",
                                          "AT+CIPDINFO=0",
                                          "AT+CIPSERVERMAXCONN=5",
                                          "AT+CIPRECONNINTV=1",
                                          "AT+CIPDNS=0",
                                          "AT+CIPSNTPCFG=0",
                                          "AT+CWRECONNCFG=0,0",
                                          "AT+CWLAPOPT=0,511"};

/* In multiple connection mode. */
static void clear_tls(struct conform *conform, int id)
{
    static const char *const lines[][2] = {{"AT+CIPSSLCCN=", ",\"\""},
                                           {"AT+CIPSSLCSNI=", ",\"\""},
                                           {"AT+CIPSSLCALPN=", ",0"},
                                           {"AT+CIPSSLCPSK=", ",\"\",\"\""}};
    char command[40];

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        snprintf(command, sizeof command, "%s%d%s", lines[i][0], id, lines[i][1]);
        ok(conform, command);
    }
}

static void set_first_state(struct conform *conform)
{
    for (size_t i = 0; i < sizeof first_state / sizeof *first_state; i++) {
        ok(conform, first_state[i]);
        for (int id = 0; strcmp(first_state[i], "AT+CIPMUX=1") == 0 && id < 5; id++)
            clear_tls(conform, id);
    }
}

static bool fresh_virtual(struct conform *conform)
{
    struct conform_line *line = &conform->line;

    if (!ok(conform, "AT+RESTORE") && !(recover(line) && ok(conform, "AT+RESTORE")))
        return false;
    if (!conform_await(line, "ready\r\n", RESTART_MS))
        return false;
    conform_settle(line, 10);
    return true;
}

bool conform_fresh(struct conform *conform)
{
    if (conform->line.gone)
        return false;
    if (conform->is_virtual)
        return fresh_virtual(conform);
    if (!ok(conform, "AT") && !recover(&conform->line))
        return false;
    set_first_state(conform);
    conform_settle(&conform->line, 10);
    return ok(conform, "AT");
}

bool conform_join(struct conform *conform)
{
    char command[300];

    snprintf(command, sizeof command, "AT+CWJAP=\"%s\",\"%s\"", conform->ssid, conform->password);
    if (conform_command(&conform->line, command, NULL, 0, JOIN_MS) != 0 ||
        !conform_await(&conform->line, "WIFI GOT IP", JOIN_MS))
        return false;
    conform_settle(&conform->line, 60); /* IPv6 addresses come later */
    return true;
}

/* --- facts --- */

static void upper(char *to, const char *from)
{
    size_t i;

    for (i = 0; from[i] != '\0' && i + 1 < CONFORM_WORD; i++)
        to[i] = (char)toupper((unsigned char)from[i]);
    to[i] = '\0';
}

static void fact(struct conform *conform, const char *from, const char *to)
{
    char from_upper[CONFORM_WORD], to_upper[CONFORM_WORD];

    upper(from_upper, from);
    upper(to_upper, to);
    if (strcmp(to, to_upper) != 0 || strcmp(from, from_upper) == 0)
        conform_word(&conform->facts, from, to);
    if (strcmp(from, from_upper) != 0)
        conform_word(&conform->facts, from_upper, to_upper);
}

/* What stands behind a name in an answer, without its quotes. */
static bool value_of(const char *answer, const char *name, char value[CONFORM_WORD])
{
    const char *at = strstr(answer, name);
    size_t len;

    if (at == NULL)
        return false;
    at += strlen(name);
    at += *at == '"';
    len = strcspn(at, "\"\r");
    snprintf(value, CONFORM_WORD, "%.*s", (int)len, at);
    return true;
}

static void fact_of(struct conform *conform, const char *answer, const char *name, const char *from)
{
    char value[CONFORM_WORD];

    if (value_of(answer, name, value))
        fact(conform, from, value);
}

/* What the module of the tests is called, by the query that shows it. */
static const struct {
    const char *query, *name, *from;
} facts[] = {
    {"AT+CIFSR", "+CIFSR:STAIP,", "127.87.0.1"},
    {"AT+CIFSR", "+CIFSR:STAIP6LL,", "fe80::80:ff:fe01:0"},
    {"AT+CIFSR", "+CIFSR:STAIP6GL,", "::1"},
    {"AT+CIFSR", "+CIFSR:APIP6LL,", "fe80::80:ff:fe01:1"},
    {"AT+CIFSR", "+CIFSR:STAMAC,", "02:80:00:01:00:00"},
    {"AT+CIFSR", "+CIFSR:APMAC,", "02:80:00:01:00:01"},
    {"AT+CIPSTA?", "+CIPSTA:gateway:", "127.87.0.254"},
    {"AT+CWHOSTNAME?", "+CWHOSTNAME:", "wm_dev-00010000"},
    {"AT+CWSAP?", "+CWSAP:", "W800-010001"},
};

static void look_at_link(struct conform *conform)
{
    char answer[2048], value[CONFORM_WORD];

    conform->joined =
        conform_command(&conform->line, "AT+CWSTATE?", answer, sizeof answer, COMMAND_MS) == 0 &&
        strstr(answer, "+CWSTATE:2") != NULL;
    if (conform_command(&conform->line, "AT+CIFSR", answer, sizeof answer, COMMAND_MS) == 0 &&
        value_of(answer, "+CIFSR:STAIP,", value))
        snprintf(conform->net.module, sizeof conform->net.module, "%.63s", value);
}

void conform_look(struct conform *conform)
{
    char answer[2048];

    if (conform->is_virtual && conform_fresh(conform) && ok(conform, "AT+CWMODE=3"))
        conform_join(conform);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (conform_command(&conform->line, facts[i].query, answer, sizeof answer, COMMAND_MS) == 0)
            fact_of(conform, answer, facts[i].name, facts[i].from);
    }
    look_at_link(conform);
}
