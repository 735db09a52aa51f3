/* Framework: forms, results, usage and lines, for every row of the table. */
#include <stdio.h>
#include <string.h>

#include "fw_bench.h"
#include "suite.h"
#include "table.h"

static struct fw_bench bench;

static void setup(void)
{
    memset(&bench, 0, sizeof bench);
}

static void teardown(void)
{
    bench_stop(&bench);
}

static size_t row_count(void)
{
    size_t count = 0;

    while (fw_command_row(count) != NULL) {
        count++;
    }
    return count;
}

/* "AT+X" or "AT". */
static void write_name(char text[64], enum at_command id)
{
    const char *name = at_command_name(id);

    snprintf(text, 64, "AT%s%s", name[0] != '\0' ? "+" : "", name);
}

START_TEST(every_row_has_the_handlers_of_its_forms)
{
    const struct fw_command *row = fw_command_row((size_t)_i);
    unsigned forms = at_command_forms(row->id);

    bench_start(&bench, BENCH_WHOLE);
    ck_assert_int_eq(row->query != NULL, (forms & AT_Q) != 0);
    ck_assert_int_eq(row->set != NULL, (forms & AT_S) != 0);
    ck_assert_int_eq(row->execute != NULL, (forms & AT_E) != 0);
    ck_assert_int_eq(row->args != NULL, (forms & AT_S) != 0);
}
END_TEST

/* Every supported command has a usage text: one line a form, each beginning with the command. */
START_TEST(test_form_prints_the_usage)
{
    const struct fw_command *row = fw_command_row((size_t)_i);
    char name[64], say[96], expect[512];

    for (int feed = 0; feed < BENCH_FEEDS; feed++) {
        bench_start(&bench, (enum bench_feed)feed);
        bench.fake.port.extensions = true;
        write_name(name, row->id);
        ck_assert_int_eq(strncmp(row->usage, name, strlen(name)), 0);
        snprintf(say, sizeof say, "%s=?\r\n", name);
        snprintf(expect, sizeof expect, "%s\r\nOK\r\n", row->usage);
        bench_talk(&bench, say, expect);
        if (feed + 1 < BENCH_FEEDS) {
            bench_stop(&bench);
        }
    }
}
END_TEST

/* A form that a command lacks is refused with ERROR. */
START_TEST(missing_forms_are_errors)
{
    static const struct {
        unsigned form;
        const char *suffix;
    } forms[] = {{AT_Q, "?"}, {AT_S, "=1"}, {AT_E, ""}};
    const struct fw_command *row = fw_command_row((size_t)_i);
    char name[64], say[96];

    bench_start(&bench, BENCH_WHOLE);
    write_name(name, row->id);
    for (size_t i = 0; i < 3; i++) {
        if ((at_command_forms(row->id) & forms[i].form) == 0) {
            snprintf(say, sizeof say, "%s%s\r\n", name, forms[i].suffix);
            bench_talk(&bench, say, "ERROR\r\n");
        }
    }
}
END_TEST

/* One parameter more than the rules have, and none where one is needed. */
START_TEST(wrong_numbers_of_parameters)
{
    const struct fw_command *row = fw_command_row((size_t)_i);
    char name[64], say[96];

    bench_start(&bench, BENCH_WHOLE);
    bench.fake.port.extensions = true;
    if (row->set == NULL) {
        return;
    }
    write_name(name, row->id);
    snprintf(say, sizeof say, "%s=,,,,,,,,,,,,,,,,,,,,1\r\n", name);
    bench_talk(&bench, say, "CMD PARSE ERR\r\n");
    snprintf(say, sizeof say, "%s=,,,,,,,,,,,,,,1\r\n", name);
    bench_talk(&bench, say, "CMD PARSE ERR\r\n");
    if (row->id != AT_CMD_CWLAP && row->id != AT_CMD_CIPTCPOPT) { /* all theirs may be omitted */
        snprintf(say, sizeof say, "%s=\r\n", name);
        bench_talk(&bench, say, "CMD PARSE ERR\r\n");
    }
}
END_TEST

START_TEST(unknown_commands)
{
    static const char *const lines[] = {
        "AT+NOPE\r\n",    "AT+\r\n",          "AT+=?\r\n",
        "ATE0\r\n",       "AT+GMR\r\n",       "at\r\n",
        "At\r\n",         " AT\r\n",          "AT \r\n",
        "AT+cipmux?\r\n", "AT+CIPMUX ?\r\n",  "AT+CIPMUXX?\r\n",
        "AT+CIPMU?\r\n",  "+++AT\r\n",        "A\r\n",
        "x\r\n",          "AT\nAT\r\n",       "AT+PINGS=\"127.0.0.1\"\r\n",
        "\x01\x02\r\n",   "AT+CIP\rMUX?\r\n",
    };

    bench_start(&bench, (enum bench_feed)_i);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        bench_talk(&bench, lines[i], "CMD FORMAT ERR\r\n");
    }
    bench_say_bytes(&bench, "AT\0\r\n", 5);
    bench_expect(&bench, "CMD FORMAT ERR\r\n");
    bench_talk(&bench, "AT\r\n", "OK\r\n");
}
END_TEST

/* TCP-IP_AT: what it calls not supported; framework: what the vendor calls so. */
START_TEST(commands_that_are_not_supported)
{
    static const char *const names[] = {"CIPSENDL", "CIPSENDLCFG",  "CIPFWVER", /* no extensions */
                                        "CIUPDATE", "CWSTARTSMART", "CWSTOPSMART",
                                        "WPS",      "MDNS",         "CWJEAP"};
    static const char *const suffixes[] = {"", "?", "=?", "=1", "=\"x\",2"};

    bench_start(&bench, (enum bench_feed)_i);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes; k++) {
            char say[64];

            snprintf(say, sizeof say, "AT+%s%s\r\n", names[i], suffixes[k]);
            bench_talk(&bench, say, "ERROR\r\n");
        }
    }
}
END_TEST

START_TEST(text_behind_a_form)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPMUX? \r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPMUX?1\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPMUX=?1\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPMUX?\r\n", "+CIPMUX:0\r\nOK\r\n");
}
END_TEST

START_TEST(empty_lines_say_nothing)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "\r\n\r\n\r\nAT\r\n", "OK\r\n");
}
END_TEST

/* At most 256 bytes a command, CR LF included; nothing of a longer one is executed. */
START_TEST(long_lines)
{
    char line[300];

    bench_start(&bench, (enum bench_feed)_i);
    memset(line, '0', sizeof line);
    memcpy(line, "AT+CIPMUX=", 10);
    strcpy(line + 253, "1\r\n");
    bench_talk(&bench, line, "OK\r\n"); /* 0...01 in 256 bytes */
    bench_talk(&bench, "AT+CIPMUX?\r\n", "+CIPMUX:1\r\nOK\r\n");
    memset(line + 253, '0', 10);
    strcpy(line + 254, "0\r\n");
    bench_talk(&bench, line, "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPMUX?\r\n", "+CIPMUX:1\r\nOK\r\n");
    memset(line, 'x', sizeof line);
    memcpy(line, "AT\r\nAT", 6);
    strcpy(line + 290, "\r\n");
    bench_talk(&bench, line, "OK\r\nCMD PARSE ERR\r\n");
    bench_talk(&bench, "AT\r\n", "OK\r\n");
}
END_TEST

START_TEST(several_commands_in_one_burst)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT\r\nAT+CIPMUX?\r\nAT+NOPE\r\nAT\r\n",
               "OK\r\n+CIPMUX:0\r\nOK\r\nCMD FORMAT ERR\r\nOK\r\n");
}
END_TEST

/* busy ...: a command arrived while another is processed; it was not executed. */
START_TEST(busy_drops_the_line)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWLAP\r\nAT+CIPMUX=1\r\n\r\nnonsense\r\n", "busy ...\r\nbusy ...\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "+CWLAP:3,\"wmat\",-40,\"02:80:aa:00:00:01\",1,4,4,7,0\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPMUX?\r\n", "+CIPMUX:0\r\nOK\r\n");
}
END_TEST

/* A host that does not read stops being served; nothing is lost, nothing grows. */
START_TEST(a_deaf_host_is_not_served)
{
    size_t taken = 0;

    bench_start(&bench, BENCH_WHOLE);
    bench.deaf = true;
    for (int i = 0; i < 10000; i++) {
        taken += fw_feed(&bench.fw, "AT\r\n", 4, bench.now_ms);
    }
    ck_assert_uint_lt(taken, 4 * 8192 / 4);
    bench.deaf = false;
    bench_wait(&bench, 0);
    ck_assert_uint_eq(bench.out_len, taken / 4 * 4); /* each AT\r\n an OK\r\n */
    bench.out_len = 0;
}
END_TEST

/* All memory of a module is fixed. */
START_TEST(memory)
{
    bench_start(&bench, BENCH_WHOLE);
    printf("a module takes %zu bytes: links %zu, payload to send %zu, output %zu, the rest %zu\n",
           fw_memory(), sizeof(struct fw_links), sizeof(struct fw_send), sizeof(struct fw_reply),
           fw_memory() - sizeof(struct fw_links) - sizeof(struct fw_send) -
               sizeof(struct fw_reply));
    ck_assert_uint_le(fw_memory(), FW_BYTES);
    ck_assert_uint_le(FW_BYTES, 96 * 1024);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("commands");
    TCase *rows = tcase_create("rows");
    TCase *lines = tcase_create("lines");
    int count = (int)row_count();

    tcase_add_checked_fixture(rows, setup, teardown);
    tcase_add_loop_test(rows, every_row_has_the_handlers_of_its_forms, 0, count);
    tcase_add_loop_test(rows, test_form_prints_the_usage, 0, count);
    tcase_add_loop_test(rows, missing_forms_are_errors, 0, count);
    tcase_add_loop_test(rows, wrong_numbers_of_parameters, 0, count);
    suite_add_tcase(suite, rows);
    tcase_add_checked_fixture(lines, setup, teardown);
    tcase_add_loop_test(lines, unknown_commands, 0, BENCH_FEEDS);
    tcase_add_loop_test(lines, commands_that_are_not_supported, 0, BENCH_FEEDS);
    tcase_add_loop_test(lines, text_behind_a_form, 0, BENCH_FEEDS);
    tcase_add_loop_test(lines, empty_lines_say_nothing, 0, BENCH_FEEDS);
    tcase_add_loop_test(lines, long_lines, 0, BENCH_FEEDS);
    tcase_add_loop_test(lines, several_commands_in_one_burst, 0, BENCH_FEEDS);
    tcase_add_loop_test(lines, busy_drops_the_line, 0, BENCH_FEEDS);
    tcase_add_test(lines, a_deaf_host_is_not_served);
    tcase_add_test(lines, memory);
    suite_add_tcase(suite, lines);
    return suite;
}

SUITE_MAIN(make_suite)
