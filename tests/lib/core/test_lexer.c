#include "lexer.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "suite.h"

/* Renders what the lexer makes of text: lines as [line], frames as {source link len}, data as it
 * is, the end of a frame as <found>, <missing> or <none>, prompts as (>). */
static char shown[4096];
static struct wm_lexer lexer;

static void show(const char *text, size_t len)
{
    size_t at = strlen(shown);
    for (size_t i = 0; i < len && text[i]; i++)
        shown[at++] = text[i];
    shown[at] = '\0';
}

static void show_token(const struct token *token)
{
    static const char *const trailers[] = {"<found>", "<missing>", "<none>"};
    char header[64];
    switch (token->kind) {
    case TOKEN_NONE:
        break;
    case TOKEN_LINE:
        show(token->cut ? "[cut " : "[", 5);
        show(token->text.text, token->text.len);
        show("]", 1);
        break;
    case TOKEN_PROMPT:
        show("(>)", 3);
        break;
    case TOKEN_FRAME:
        snprintf(header, sizeof header, "{%s %d %u %.*s %u}",
                 token->frame.source == FRAME_IPD ? "ipd" : "data", token->frame.link_id,
                 (unsigned)token->frame.len, (int)token->frame.ip.len, token->frame.ip.text,
                 (unsigned)token->frame.port);
        show(header, sizeof header);
        break;
    case TOKEN_FRAME_END:
        show(trailers[token->frame.trailer], 16);
        break;
    }
}

/* The next token, or a piece of payload, which is shown. */
static size_t lex_next(const uint8_t *at, size_t len)
{
    struct token token;
    size_t payload = lexer_payload(&lexer);
    if (payload > len)
        payload = len;
    if (payload > 0) {
        lexer_took(&lexer, at, payload);
        show((const char *)at, payload);
        return payload;
    }
    size_t used = lexer_in_frame(&lexer) ? lexer_trailer(&lexer, at, len, &token)
                                         : lexer_next(&lexer, at, len, &token);
    show_token(&token);
    return used;
}

/* Feeds text in pieces of the given size from memory that ends at an unreadable page. */
static void lex(const char *text, size_t len, size_t piece)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t pages = (len + page - 1) / page * page;
    uint8_t *map =
        mmap(NULL, pages + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(map, MAP_FAILED);
    ck_assert_int_eq(mprotect(map + pages, page, PROT_NONE), 0);
    uint8_t *at = map + pages - len;
    memcpy(at, text, len);
    while (len > 0) {
        size_t n = piece < len ? piece : len;
        uint8_t *end = at + n;
        while (at < end)
            at += lex_next(at, (size_t)(end - at));
        len -= n;
    }
    munmap(map, pages + page);
}

/* The same whatever the pieces are. */
static void check_bytes(const char *text, size_t len, const char *expected, bool prompt, bool peer)
{
    for (size_t piece = 1; piece <= len; piece++) {
        lexer_init(&lexer);
        lexer.prompt_expected = prompt;
        lexer.with_peer = peer;
        lexer.take_peer = lexer_take_peer;
        shown[0] = '\0';
        lex(text, len, piece);
        ck_assert_msg(strcmp(shown, expected) == 0, "in pieces of %zu: %s instead of %s", piece,
                      shown, expected);
    }
}

static void check_text(const char *text, const char *expected)
{
    check_bytes(text, strlen(text), expected, false, false);
}

START_TEST(lines_end_in_cr_lf)
{
    check_text("OK\r\n", "[OK]");
    check_text("+CIPV6:1\r\n\r\nOK\r\n", "[+CIPV6:1][OK]");
    check_text("+STA_CONNECTED:\"11:22\"\nOK\r\n", "[+STA_CONNECTED:\"11:22\"][OK]");
    check_text("a\rb\r\n", "[a\rb]");
}
END_TEST

/* framework, "+IPD by mode" */
START_TEST(active_frames_in_every_mode)
{
    check_text("+IPD,5:hello\r\n", "{ipd -1 5  0}hello<found>");
    check_text("+IPD,0,5:hello\r\n", "{ipd 0 5  0}hello<found>");
    check_text("+IPD,5,\"192.168.1.9\",8080:hello\r\n", "{ipd -1 5 192.168.1.9 8080}hello<found>");
    check_text("+IPD,0,5,\"192.168.1.9\",8080:hello\r\n", "{ipd 0 5 192.168.1.9 8080}hello<found>");
    check_text("+IPD,5,192.168.1.9,8080:hello\r\n", "{ipd -1 5 192.168.1.9 8080}hello<found>");
    check_text("+IPD,0,5,192.168.1.9,8080:hello\r\n", "{ipd 0 5 192.168.1.9 8080}hello<found>");
    check_text("+IPD,4,2,\"fe80::860d:8eff:fe9d:cd90\",1000:ab\r\n",
               "{ipd 4 2 fe80::860d:8eff:fe9d:cd90 1000}ab<found>");
}
END_TEST

START_TEST(passive_reports_are_lines)
{
    check_text("+IPD,5\r\n+IPD,0,5\r\n", "[+IPD,5][+IPD,0,5]");
}
END_TEST

/* framework, "byte for byte": passive reads */
START_TEST(reads_with_and_without_a_peer)
{
    check_text("+CIPRECVDATA:5,hello\r\nOK\r\n", "{data -1 5  0}hello<found>[OK]");
    const char with_peer[] = "+CIPRECVDATA:5,192.168.1.9,8080,hello\r\nOK\r\n";
    const char quoted[] = "+CIPRECVDATA:5,\"192.168.1.9\",8080,hello\r\nOK\r\n";
    const char *expected = "{data -1 5 192.168.1.9 8080}hello<found>[OK]";
    check_bytes(with_peer, strlen(with_peer), expected, false, true);
    check_bytes(quoted, strlen(quoted), expected, false, true);
}
END_TEST

START_TEST(payload_is_counted_never_searched)
{
    check_text("+IPD,0,12:OK\r\n+IPD,0,9\r\nOK\r\n", "{ipd 0 12  0}OK\r\n+IPD,0,9<found>[OK]");
    check_text("+IPD,1,10:\r\nERROR\r\n>\r\n>\r\n", "{ipd 1 10  0}\r\nERROR\r\n><found>[>]");
    check_text("+IPD,1,8:0,CLOSED\r\n0,CLOSED\r\n", "{ipd 1 8  0}0,CLOSED<found>[0,CLOSED]");
    check_text("+CIPRECVDATA:9,+IPD,0,9:\r\nOK\r\n", "{data -1 9  0}+IPD,0,9:<found>[OK]");
    check_text("+CIPRECVDATA:2,\r\n\r\nOK\r\n", "{data -1 2  0}\r\n<found>[OK]");
    check_text("+CIPRECVDATA:0,\r\nOK\r\n", "{data -1 0  0}<found>[OK]");
}
END_TEST

START_TEST(a_frame_without_its_trailer_is_noticed)
{
    check_text("+IPD,0,2:abOK\r\n", "{ipd 0 2  0}ab<none>[OK]");
    check_text("+IPD,0,2:ab\r\n+IPD,0,2:cd+IPD", "{ipd 0 2  0}ab<found>{ipd 0 2  0}cd<missing>");
    check_text("+IPD,0,2:ab\r\n+IPD,0,2:cd\rx\r\n",
               "{ipd 0 2  0}ab<found>{ipd 0 2  0}cd<missing>[x]");
}
END_TEST

START_TEST(prompts_count_only_where_awaited)
{
    const char with_line[] = "OK\r\n>\r\nSEND OK\r\n";
    const char with_space[] = "OK\r\n> SEND OK\r\n";
    const char bare[] = "OK\r\n>SEND OK\r\n";
    check_text(with_line, "[OK][>][SEND OK]");
    check_bytes(with_line, strlen(with_line), "[OK](>)[SEND OK]", true, false);
    check_bytes(with_space, strlen(with_space), "[OK](>)[SEND OK]", true, false);
    check_bytes(bare, strlen(bare), "[OK](>)[SEND OK]", true, false);
}
END_TEST

START_TEST(what_only_looks_like_a_header_is_a_line)
{
    check_text("+IPD,foo:bar\r\n", "[+IPD,foo:bar]");
    check_text("+IPD,5,6:hello\r\n", "[+IPD,5,6:hello]");
    check_text("+IPD,0,5761:x\r\n", "[+IPD,0,5761:x]");
    check_text("+IPD,0,4294967301:x\r\n", "[+IPD,0,4294967301:x]");
    check_text("+IPD,0,-1:x\r\n", "[+IPD,0,-1:x]");
    check_text("+IPD,0,1,\"1.2.3.4\",65536:x\r\n", "[+IPD,0,1,\"1.2.3.4\",65536:x]");
    check_text("+IPD,5,,1.2.3.4,80:x\r\n", "[+IPD,5,,1.2.3.4,80:x]");
    check_text("+IPD,5,:1,80:x\r\n", "[+IPD,5,:1,80:x]");
    check_text("+IPD,:x\r\n", "[+IPD,:x]");
    check_text("+IPD,1.2.3.4,80:x\r\n", "[+IPD,1.2.3.4,80:x]");
    check_text("+IPD,3,5,\"\nOK\r\n", "[+IPD,3,5,\"][OK]");
    check_text("+IPD,0,1,\"1.2\t,80:x\r\n", "[+IPD,0,1,\"1.2\t,80:x]");
    check_text("+IPD,0,1,\"1.2\"3,80:x\r\n", "[+IPD,0,1,\"1.2\"3,80:x]");
    check_text("+CIPRECVDATA:x,hello\r\n", "[+CIPRECVDATA:x,hello]");
    check_text("+CIPRECVLEN:1,,,,\r\n", "[+CIPRECVLEN:1,,,,]");
    check_text("x+IPD,0,5:hello\r\n", "[x+IPD,0,5:hello]");
}
END_TEST

START_TEST(every_byte_value_is_payload)
{
    char text[300] = "+IPD,0,256:";
    size_t len = strlen(text), seen = 0;
    for (int c = 0; c < 256; c++)
        text[len++] = (char)c;
    memcpy(text + len, "\r\n", 2);
    lexer_init(&lexer);
    const uint8_t *at = (const uint8_t *)text, *end = at + len + 2;
    while (at < end) {
        if (lexer_payload(&lexer) > 0) {
            ck_assert_uint_eq(*at, seen++);
            lexer_took(&lexer, at++, 1);
            continue;
        }
        at += lex_next(at, (size_t)(end - at));
    }
    ck_assert_uint_eq(seen, 256);
    ck_assert(!lexer_in_frame(&lexer));
}
END_TEST

START_TEST(long_lines_are_cut_and_said_to_be)
{
    char text[1024];
    for (size_t piece = 1; piece < 1000; piece *= 9) {
        memset(text, 'x', 700);
        memcpy(text + 700, "\r\nOK\r\n", 6);
        lexer_init(&lexer);
        shown[0] = '\0';
        lex(text, 706, piece);
        ck_assert_int_eq(strncmp(shown, "[cut xxx", 8), 0);
        ck_assert_str_eq(shown + 5 + WM_LINE_SIZE, "][OK]");
    }
}
END_TEST

/* framework, "Line and command grammar": a header is no longer than a line, however it arrives. */
START_TEST(a_header_that_never_ends_is_a_line)
{
    char text[1024] = "+IPD,0,1,\"";
    for (size_t piece = 1; piece < 1000; piece *= 9) {
        memset(text + 10, '1', 690);
        memcpy(text + 700, "\",80:x\r\nOK\r\n", 13);
        lexer_init(&lexer);
        shown[0] = '\0';
        lex(text, 712, piece);
        ck_assert_int_eq(strncmp(shown, "[cut +IPD,0,1,\"111", 18), 0);
        ck_assert_str_eq(shown + 5 + WM_LINE_SIZE, "][OK]");
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lexer");
    TCase *tc = tcase_create("lexer");
    tcase_add_test(tc, lines_end_in_cr_lf);
    tcase_add_test(tc, active_frames_in_every_mode);
    tcase_add_test(tc, passive_reports_are_lines);
    tcase_add_test(tc, reads_with_and_without_a_peer);
    tcase_add_test(tc, payload_is_counted_never_searched);
    tcase_add_test(tc, a_frame_without_its_trailer_is_noticed);
    tcase_add_test(tc, prompts_count_only_where_awaited);
    tcase_add_test(tc, what_only_looks_like_a_header_is_a_line);
    tcase_add_test(tc, every_byte_value_is_payload);
    tcase_add_test(tc, long_lines_are_cut_and_said_to_be);
    tcase_add_test(tc, a_header_that_never_ends_is_a_line);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
