#include "random_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "table.h"

static uint64_t roll(struct dice *dice)
{
    uint64_t x = dice->state += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

size_t dice_below(struct dice *dice, size_t count)
{
    return (size_t)(roll(dice) % count);
}

bool dice_chance(struct dice *dice, unsigned percent)
{
    return dice_below(dice, 100) < percent;
}

#define PICK(dice, array) ((array)[dice_below(dice, sizeof(array) / sizeof *(array))])

struct writer {
    struct dice *dice;
    char *text;
    size_t len;
    unsigned wrong_percent; /* of the parameters */
    bool *multiple;         /* the connection mode, as this host believes */
};

static void put(struct writer *writer, const char *text)
{
    size_t len = strlen(text);

    if (writer->len + len < RANDOM_LINE_MAX - 2) {
        memcpy(writer->text + writer->len, text, len);
        writer->len += len;
    }
}

static void put_byte(struct writer *writer, char byte)
{
    if (writer->len < RANDOM_LINE_MAX - 2) {
        writer->text[writer->len++] = byte;
    }
}

static bool goes_wrong(struct writer *writer)
{
    return dice_chance(writer->dice, writer->wrong_percent);
}

static void put_number(struct writer *writer, const struct fw_arg *arg)
{
    char text[24];
    int64_t edges[] = {arg->min, arg->max, (int64_t)arg->min + 1, arg->fallback};
    int64_t wrong[] = {(int64_t)arg->min - 1, (int64_t)arg->max + 1, INT64_C(0x7fffffff) + 1, -1};
    int64_t span = (int64_t)arg->max - arg->min + 1;
    int64_t number = arg->min + (int64_t)(roll(writer->dice) % (uint64_t)span);

    if (goes_wrong(writer)) {
        number = PICK(writer->dice, wrong);
    } else if (dice_chance(writer->dice, 60)) {
        number = PICK(writer->dice, edges);
    }
    snprintf(text, sizeof text, "%" PRId64, number);
    put(writer, text);
}

/* Known to the fake port, or special. */
static const char *const texts[] = {"host",        "192.0.2.1",       "wmat", "wmat-demo-1",
                                    "239.1.2.3",   "255.255.255.255", "::1",  "ff02::1",
                                    "127.0.0.1",   "peer.test",       "h2",   "12345678",
                                    "nobody.test", "192.0.2.7"};

static void put_random_text(struct writer *writer, size_t min, size_t max)
{
    size_t edges[] = {min, max, min + 1, max / 2};
    size_t len = PICK(writer->dice, edges);

    len = goes_wrong(writer) ? max + 1 : len;
    for (size_t i = 0; i < len; i++) {
        char byte = (char)(' ' + dice_below(writer->dice, 95));

        if (byte == '"' || byte == '\\' || byte == ',') {
            put_byte(writer, '\\');
        }
        put_byte(writer, byte);
    }
}

static void put_text(struct writer *writer, size_t min, size_t max)
{
    const char *known = PICK(writer->dice, texts);

    put(writer, "\"");
    if (strlen(known) >= min && strlen(known) <= max && dice_chance(writer->dice, 70)) {
        put(writer, known);
    } else {
        put_random_text(writer, min, max);
    }
    if (!goes_wrong(writer)) {
        put(writer, "\"");
    }
}

static void put_hex(struct writer *writer, const struct fw_arg *arg)
{
    size_t digits = 2 * (size_t)(dice_chance(writer->dice, 50) ? arg->max : 5) + goes_wrong(writer);

    put(writer, "\"");
    for (size_t i = 0; i < digits; i++) {
        put_byte(writer, "0123456789abcdefABCDEF"[dice_below(writer->dice, 22)]);
    }
    put(writer, "\"");
}

static void put_one_of(struct writer *writer, const char *const *good, size_t good_count)
{
    static const char *const wrong[] = {
        "\"\"", "\"1.2.3\"", "\"1.2.3.256\"", "\"::1::\"", "\"x:y:z\"", "\"0:0:0:0\"", "1", ""};

    put(writer, goes_wrong(writer) ? PICK(writer->dice, wrong)
                                   : good[dice_below(writer->dice, good_count)]);
}

/* Writes the parameter and, where it decides on those behind it, returns their rules. */
static const struct fw_schema *put_value(struct writer *writer, const struct fw_arg *arg)
{
    static const char *const ips[] = {"\"127.0.0.1\"", "\"192.0.2.1\"", "\"::1\"", "\"fe80::1\""};
    static const char *const ipv4s[] = {"\"192.168.4.1\"", "\"192.168.4.100\"", "\"255.255.255.0\"",
                                        "\"10.0.0.1\""};
    static const char *const macs[] = {"\"02:00:00:00:00:01\"", "\"ff:ff:ff:ff:ff:ff\"",
                                       "\"02:AB:cd:ef:00:99\""};
    static const char *const zones[] = {"0", "8", "-12", "14", "+0545", "-930", "1500"};
    const struct fw_word *word =
        arg->word_count > 0 ? &arg->words[dice_below(writer->dice, arg->word_count)] : NULL;
    char number[16];

    switch (arg->kind) {
    case FW_ARG_NUMBER:
        if (word == NULL) {
            put_number(writer, arg);
            break;
        }
        snprintf(number, sizeof number, "%d", word->value);
        put(writer, number);
        return word->rest;
    case FW_ARG_WORD:
        put(writer, "\"");
        put(writer, goes_wrong(writer) ? "tcp" : word->text);
        put(writer, "\"");
        return word->rest;
    case FW_ARG_LINK:
        put_byte(writer, (char)('0' + dice_below(writer->dice, (size_t)arg->max + 2)));
        break;
    case FW_ARG_TEXT:
        put_text(writer, (size_t)arg->min, (size_t)arg->max);
        break;
    case FW_ARG_PASSWORD:
    case FW_ARG_KEY:
        put_text(writer, 8, 63);
        break;
    case FW_ARG_HEX:
        put_hex(writer, arg);
        break;
    case FW_ARG_IP:
        put_one_of(writer, ips, sizeof ips / sizeof *ips);
        break;
    case FW_ARG_IPV4:
        put_one_of(writer, ipv4s, sizeof ipv4s / sizeof *ipv4s);
        break;
    case FW_ARG_MAC:
        put_one_of(writer, macs, sizeof macs / sizeof *macs);
        break;
    case FW_ARG_ZONE:
        put_one_of(writer, zones, sizeof zones / sizeof *zones);
        break;
    case FW_ARG_NOTHING:
        break;
    }
    return NULL;
}

/* A link id is there in multiple connection mode only. */
static bool is_left_out(const struct fw_arg *arg, bool with_link)
{
    return arg->kind == FW_ARG_NOTHING || (arg->kind == FW_ARG_LINK && !with_link);
}

static void put_values(struct writer *writer, const struct fw_schema *schema)
{
    bool with_link = dice_chance(writer->dice, 95) == *writer->multiple, first = true;
    size_t at = 0;

    while (schema != NULL && at < schema->count && at < AT_PARAMS_MAX) {
        const struct fw_arg *arg = &schema->args[at++];
        const struct fw_schema *rest = NULL;

        if (is_left_out(arg, with_link)) {
            continue;
        }
        if (arg->optional && dice_chance(writer->dice, 30)) {
            break;
        }
        put(writer, first ? "" : ",");
        first = false;
        if (!arg->optional || dice_chance(writer->dice, 70)) {
            rest = put_value(writer, arg);
        }
        if (rest != NULL) {
            schema = rest;
            at = 0;
        }
    }
    if (goes_wrong(writer)) {
        put(writer, ",1");
    }
}

/* They end what could become interesting: seldom enough. */
static bool ends_everything(const struct fw_command *row)
{
    static const enum at_command enders[] = {AT_CMD_RST,    AT_CMD_RESTORE, AT_CMD_CWQAP,
                                             AT_CMD_CWINIT, AT_CMD_CWMODE,  AT_CMD_CIPSTA,
                                             AT_CMD_CWDHCP, AT_CMD_CWJAP};

    for (size_t i = 0; i < sizeof enders / sizeof *enders; i++) {
        if (enders[i] == row->id) {
            return true;
        }
    }
    return false;
}

static const struct fw_command *random_row(struct dice *dice)
{
    static const enum at_command favourites[] = {
        AT_CMD_CIPSTART,    AT_CMD_CIPSTARTEX, AT_CMD_CIPSEND, AT_CMD_CIPSENDEX,   AT_CMD_CIPSENDL,
        AT_CMD_CIPCLOSE,    AT_CMD_CIPSERVER,  AT_CMD_CIPMODE, AT_CMD_CIPRECVMODE, AT_CMD_CWSAP,
        AT_CMD_CIPRECVDATA, AT_CMD_CIPSNTPCFG, AT_CMD_PING,    AT_CMD_CIPDOMAIN};
    enum at_command favourite = PICK(dice, favourites);
    bool any = dice_chance(dice, 50);
    size_t count = 0;

    while (fw_command_row(count) != NULL) {
        if (!any && fw_command_row(count)->id == favourite) {
            return fw_command_row(count);
        }
        count++;
    }
    return fw_command_row(dice_below(dice, count));
}

static void write_command(struct writer *writer)
{
    static const char *const forms[] = {"", "?", "=?", "=", "=?x", "?x", " "};
    const struct fw_command *row = random_row(writer->dice);
    const char *name;

    while (ends_everything(row) && !dice_chance(writer->dice, 10)) {
        row = random_row(writer->dice);
    }
    name = at_command_name(row->id);

    put(writer, name[0] != '\0' ? "AT+" : "AT");
    put(writer, name);
    if (row->set != NULL && dice_chance(writer->dice, 75)) {
        put(writer, "=");
        put_values(writer, row->args);
    } else {
        put(writer, PICK(writer->dice, forms));
    }
}

/* What makes the rest interesting: a network, and connections to it. # stands for the link id. */
static const char *const useful[] = {
    "AT+CWMODE=3\r\nAT+CWDHCP=1,3",
    "AT+CWJAP=\"wmat\",\"wmat-demo-1\"",
    "AT+CWSAP=\"ap\",\"12345678\",1,3",
    "AT+CIPSERVER=1,80",
    "AT+CIPSERVER=0,1",
    "AT+CIPSTART=#\"TCP\",\"host\",80",
    "AT+CIPSTART=#\"TCP\",\"192.0.2.1\",80",
    "AT+CIPSTART=#\"TCP\",\"192.0.2.1\",81",
    "AT+CIPSTART=#\"UDP\",\"192.0.2.1\",9",
    "AT+CIPSTART=#\"UDP\",\"192.0.2.1\",9,1000,2",
    "AT+CIPSTART=#\"UDP\",\"192.0.2.1\",9,1000,1",
    "AT+CIPSTART=#\"SSL\",\"host\",80",
    "AT+CIPSTARTEX=\"TCP\",\"192.0.2.1\",80",
    "AT+CIPSTARTEX=\"UDP\",\"192.0.2.1\",9",
    "AT+CIPSEND=#10",
    "AT+CIPSEND=#3\r\nabc",
    "AT+CIPSEND=#300,\"host\",7",
    "AT+CIPSENDEX=#100",
    "AT+CIPSENDL=#2000",
    "AT+CIPSENDL=#5760",
    "AT+CIPMODE=1\r\nAT+CIPSEND",
    "AT+CIPMODE=0",
    "AT+CIPRECVMODE=1",
    "AT+CIPRECVMODE=0",
    "AT+CIPRECVDATA=#5000",
    "AT+CIPSNTPCFG=1,8,\"192.0.2.1\"",
    "AT+CIPCLOSE=5",
    "AT+CIPCLOSE",
    "AT+CIPSTO=1",
    "AT+CIPTCPOPT=#10,1,500,7",
};

static void write_useful(struct writer *writer)
{
    const char *line = PICK(writer->dice, useful);
    char id[4];

    snprintf(id, sizeof id, "%zu,", dice_below(writer->dice, AT_LINKS));
    for (; *line != '\0'; line++) {
        if (*line != '#') {
            put_byte(writer, *line);
        } else if (*writer->multiple) {
            put(writer, id);
        }
    }
}

static void write_mode(struct writer *writer)
{
    *writer->multiple = dice_chance(writer->dice, 50);
    put(writer, *writer->multiple ? "AT+CIPCLOSE\r\nAT+CIPMODE=0\r\nAT+CIPMUX=1"
                                  : "AT+CIPSERVER=0,1\r\nAT+CIPCLOSE=5\r\nAT+CIPMUX=0");
}

/* One byte of what was written is dropped, doubled, changed, or the last. */
static void damage(struct writer *writer)
{
    size_t at = writer->len > 0 ? dice_below(writer->dice, writer->len) : 0;

    if (writer->len == 0) {
        return;
    }
    switch (dice_below(writer->dice, 4)) {
    case 0:
        memmove(writer->text + at, writer->text + at + 1, writer->len - at - 1);
        writer->len--;
        break;
    case 1:
        memmove(writer->text + at + 1, writer->text + at, writer->len - at);
        writer->len++;
        break;
    case 2:
        writer->text[at] = (char)dice_below(writer->dice, 256);
        break;
    default:
        writer->len = at;
    }
}

static void write_garbage(struct writer *writer, size_t len)
{
    bool printable = dice_chance(writer->dice, 30);

    for (size_t i = 0; i < len; i++) {
        put_byte(writer, (char)(printable ? ' ' + dice_below(writer->dice, 95)
                                          : dice_below(writer->dice, 256)));
    }
}

size_t random_line(struct dice *dice, bool *multiple, char *text)
{
    struct writer writer = {.dice = dice, .text = text, .multiple = multiple};
    size_t kind = dice_below(dice, 100);

    writer.wrong_percent = kind < 65 ? 0 : 15;
    if (kind < 4) {
        write_mode(&writer);
    } else if (kind < 40) {
        write_useful(&writer);
    } else if (kind < 92) {
        write_command(&writer);
    } else {
        write_garbage(&writer, kind < 98 ? dice_below(dice, 300) : dice_below(dice, 7000));
    }
    if (kind >= 80 && kind < 92) {
        damage(&writer);
    }
    if (dice_chance(dice, 97)) {
        memcpy(text + writer.len, "\r\n", 2);
        writer.len += 2;
    }
    return writer.len;
}
