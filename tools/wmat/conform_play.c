#include "conform.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MS                                                                                  \
    12000 /* longest silence in front of what a case expects: a TCP connect takes 10 s */
#define QUIET_MS   30   /* in which nothing more must come, at the end */
#define MARGIN_MS  5    /* what a wait is longer than the case says */
#define LONGEST_MS 2500 /* wait that is tried in real time */

struct play {
    struct conform *conform;
    const struct transcript *transcript;
    struct conform_result *result;
    struct conform_words words;
    const struct transcript_item *item;
    const char
        *host; /* the last line that the host has sent; NULL: no link is being opened by it */
};

static bool end(struct play *play, enum conform_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The verdict is there. Returns false. */
static bool end(struct play *play, enum conform_verdict verdict, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(play->result->why, sizeof play->result->why, format, args);
    va_end(args);
    play->result->verdict = verdict;
    play->result->line = play->item != NULL ? play->item->line : 0;
    return false;
}

/* --- what can't be tried here --- */

/* Commands that a module which is not a virtual one is never sent: they end its association,
 * restart it, or store what nobody could put back. */
static const char *const never_real[] = {
    "AT+RST",       "AT+RESTORE",     "AT+ASSERT",     "AT+CWINIT=",    "AT+CWMODE=",
    "AT+CWJAP",     "AT+CWQAP",       "AT+CWSAP=",     "AT+CWQIF",      "AT+CWDHCP=",
    "AT+CWDHCPS=",  "AT+CWAUTOCONN=", "AT+CIPSTA=",    "AT+CIPAP=",     "AT+CIPSTAMAC=",
    "AT+CIPAPMAC=", "AT+CWSTAPROTO=", "AT+CWAPPROTO=", "AT+CWCOUNTRY=", "AT+CIPV6=0",
    "AT+SYSSTORE",  "AT+CIUPDATE"};

static bool is_query_of_form(const char *line)
{
    const char *mark = strchr(line, '=');

    return mark != NULL && strcmp(mark, "=?\r\n") == 0;
}

/* What a shipping module has no way to clear. */
static bool is_for_good(const struct transcript *transcript, const char *line)
{
    return transcript->reading.habits == TRANSCRIPT_W800 &&
           (strncmp(line, "AT+CIPSSLCCN=", 13) == 0 || strncmp(line, "AT+CIPSSLCSNI=", 14) == 0 ||
            strncmp(line, "AT+CIPSSLCPSK=", 14) == 0);
}

static const char *too_much_for_real(const struct transcript *transcript)
{
    if (transcript->never_real)
        return "is never sent to a real module";
    for (size_t i = 0; i < transcript->count; i++) {
        const struct transcript_item *item = &transcript->items[i];

        if (item->kind == TRANSCRIPT_HOST && !is_query_of_form(item->bytes) &&
            is_for_good(transcript, item->bytes))
            return "sets what this module can't clear";
        for (size_t n = 0; n < sizeof never_real / sizeof *never_real; n++) {
            if (item->kind == TRANSCRIPT_HOST && !is_query_of_form(item->bytes) &&
                strncmp(item->bytes, never_real[n], strlen(never_real[n])) == 0 &&
                strncmp(item->bytes, "AT+CWJAP?", 9) != 0)
                return "sends a command that a real module is never sent";
        }
    }
    return NULL;
}

static const char *final_text(const struct transcript *transcript, size_t at)
{
    for (at++; at < transcript->count && transcript->items[at].kind != TRANSCRIPT_HOST; at++) {
        if (transcript->items[at].kind == TRANSCRIPT_MODULE &&
            strchr(transcript->items[at].bytes, '\n') != NULL)
            return transcript->items[at].bytes;
    }
    return "";
}

static const char *const asks_hosts[] = {
    "AT+CIPSTART=", "AT+CIPSTARTEX=", "AT+CIPSEND=", "AT+CIPSENDEX=", "AT+PING=", "AT+CIPDOMAIN="};

/* A line that asks for a host, or TLS, that only the tests have. */
static bool asks_elsewhere(const struct play *play, size_t at, bool joined)
{
    const char *final = final_text(play->transcript, at);
    const char *line = play->transcript->items[at].bytes;
    bool starts = strncmp(line, "AT+CIPSTART", 11) == 0;
    const char *host = strchr(line, '"');
    bool asks = false;

    for (size_t i = 0; i < sizeof asks_hosts / sizeof *asks_hosts; i++)
        asks = asks || strncmp(line, asks_hosts[i], strlen(asks_hosts[i])) == 0;
    if (!asks || host == NULL || strstr(final, "CMD PARSE ERR") != NULL ||
        (!joined && strstr(final, "ERROR") != NULL))
        return false;
    if (starts && strncmp(host, "\"SSL", 4) == 0 && strstr(final, "CONNECT") != NULL)
        return true;
    for (int quotes = 0; starts && host != NULL && quotes < 2; quotes++)
        host = strchr(host + 1, '"');
    if (host == NULL)
        return false;
    if (strstr(host, ".invalid\"") != NULL) /* RFC 2606: nobody has it */
        return false;
    return strncmp(host + 1, "10.0.0.", 7) != 0 || strncmp(line, "AT+CIPDOMAIN", 12) == 0;
}

/* Lines whose answer is another one where the module has joined. */
static bool is_lonely(const char *line)
{
    static const char *const lonely[] = {"AT+CIPSTART", "AT+CIPSERVER=", "AT+CIPSEND",
                                         "AT+PING=",    "AT+CIPDOMAIN=", "AT+CIFSR",
                                         "AT+CIPSTA",   "AT+CWSTATE?",   "AT+CWJAP?",
                                         "AT+CIPSNTP",  "AT+CIPSTATE",   "AT+CIPRECVDATA"};

    for (size_t i = 0; i < sizeof lonely / sizeof *lonely; i++) {
        if (strncmp(line, lonely[i], strlen(lonely[i])) == 0)
            return !is_query_of_form(line);
    }
    return false;
}

/* Whether a case, or its begin, is about a module that has not joined. */
static bool wants_solitude(const struct transcript *transcript)
{
    for (size_t i = 0; i < transcript->count; i++) {
        const struct transcript_item *item = &transcript->items[i];

        if (item->kind == TRANSCRIPT_NETWORK && strcmp(item->bytes, "joined") == 0)
            return false;
        if (item->kind == TRANSCRIPT_HOST && is_lonely(item->bytes))
            return true;
    }
    return false;
}

static bool uses_network(const struct transcript *transcript)
{
    for (size_t i = 0; i < transcript->count; i++) {
        if (transcript->items[i].kind == TRANSCRIPT_NETWORK &&
            strcmp(transcript->items[i].bytes, "joined") == 0)
            return true;
    }
    return false;
}

static bool play_knows(const char *text)
{
    return strcmp(text, "joined") == 0 || strcmp(text, "boot") == 0 ||
           strcmp(text, "module is silent") == 0 || strcmp(text, "module has answered") == 0;
}

static bool can_try_item(struct play *play, size_t at, bool joined)
{
    const struct transcript_item *item = &play->transcript->items[at];

    play->item = item;
    if (item->kind == TRANSCRIPT_TIME && item->ms > LONGEST_MS)
        return end(play, CONFORM_UNTRIED, "takes %u ms: only virtual time has them", item->ms);
    if (item->kind == TRANSCRIPT_NETWORK && !play_knows(item->bytes) &&
        !conform_net_knows(item->bytes))
        return end(play, CONFORM_UNTRIED, "needs the tests' own network: \"%s\"", item->bytes);
    if (item->kind == TRANSCRIPT_NETWORK && strcmp(item->bytes, "boot") == 0 &&
        !play->conform->is_virtual)
        return end(play, CONFORM_UNTRIED, "restarts the module");
    if (item->kind == TRANSCRIPT_HOST && asks_elsewhere(play, at, joined))
        return end(play, CONFORM_UNTRIED, "asks for a peer that only the tests have");
    return true;
}

static bool can_try(struct play *play)
{
    bool joined = uses_network(play->transcript);
    const char *too_much = too_much_for_real(play->transcript);

    if (!play->conform->is_virtual && too_much != NULL)
        return end(play, CONFORM_UNTRIED, "%s", too_much);
    if (!play->conform->is_virtual && joined && !play->conform->joined)
        return end(play, CONFORM_UNTRIED, "needs a module that has joined an access point");
    if (play->conform->joined && !play->conform->is_virtual && wants_solitude(play->transcript))
        return end(play, CONFORM_UNTRIED, "needs a module that has not joined an access point");
    if (play->transcript->virtual_time)
        return end(play, CONFORM_UNTRIED, "needs virtual time: it looks to the millisecond");
    for (size_t i = 0; i < play->transcript->count; i++) {
        if (!can_try_item(play, i, joined))
            return false;
    }
    play->item = NULL;
    return conform_net_begin(&play->conform->net, play->transcript, &play->words, play->result->why,
                             sizeof play->result->why) ||
           (play->result->verdict = CONFORM_UNTRIED, false);
}

/* --- items --- */

static bool deviates(struct play *play, const struct conform_text *expected, const char *why)
{
    struct conform_line *line = &play->conform->line;

    conform_receive(line, 4 * QUIET_MS); /* the rest of what it says instead */
    while (conform_receive(line, QUIET_MS)) {
    }
    play->result->expected = conform_readable(expected->bytes, expected->len);
    play->result->got = conform_readable(line->bytes, line->len);
    return end(play, CONFORM_DEVIATES, "%s", line->gone ? "the port is gone" : why);
}

static bool expect(struct play *play)
{
    struct conform_line *line = &play->conform->line;
    struct conform_text expected =
        conform_text(&play->words, play->item->bytes, play->item->len, true);
    enum conform_match match;
    size_t used;
    bool holds;

    while ((match = conform_compare(&expected, line->bytes, line->len, &used)) == CONFORM_MORE &&
           conform_receive(line, ANSWER_MS)) {
    }
    holds = match == CONFORM_SAME;
    if (holds)
        conform_take(line, used);
    else
        deviates(play, &expected,
                 match == CONFORM_MORE ? "the module says no more"
                                       : "the module says another thing");
    if (holds && play->host != NULL && strstr(play->item->bytes, "CONNECT\r\n") != NULL) {
        conform_net_opened(&play->conform->net, play->host);
        play->host = NULL;
    }
    conform_text_free(&expected);
    return holds;
}

static bool nothing_more(struct play *play, unsigned ms, const char *why)
{
    const struct conform_text nothing = {.len = 0};

    if (play->conform->line.len == 0 && !conform_receive(&play->conform->line, ms))
        return true;
    return deviates(play, &nothing, why);
}

static bool host(struct play *play)
{
    struct conform_text text;

    if (!nothing_more(play, 0, "the module had said more before this"))
        return false;
    text = conform_text(&play->words, play->item->bytes, play->item->len, false);
    conform_send(&play->conform->line, text.bytes, text.len);
    conform_text_free(&text);
    play->host = play->item->bytes;
    if (play->conform->line.gone)
        return end(play, CONFORM_DEVIATES, "the port is gone");
    return true;
}

static bool answered(struct play *play)
{
    if (play->conform->line.len > 0 || conform_receive(&play->conform->line, 1000))
        return true;
    return end(play, CONFORM_DEVIATES, "the module has not answered yet");
}

static bool network(struct play *play)
{
    const char *text = play->item->bytes;
    enum conform_verdict verdict;

    if (strcmp(text, "joined") == 0)
        return play->conform->is_virtual && !conform_join(play->conform)
                   ? end(play, CONFORM_UNTRIED, "the module does not join")
                   : true;
    if (strcmp(text, "boot") == 0)
        return conform_restart(play->conform)
                   ? true
                   : end(play, CONFORM_DEVIATES, "the module does not restart");
    if (strcmp(text, "module is silent") == 0)
        return nothing_more(play, QUIET_MS, "the module was to be silent");
    if (strcmp(text, "module has answered") == 0)
        return answered(play);
    verdict =
        conform_net_act(&play->conform->net, text, play->result->why, sizeof play->result->why);
    play->result->verdict = verdict;
    play->result->line = play->item->line;
    return verdict == CONFORM_HOLDS;
}

static bool play_item(struct play *play)
{
    switch (play->item->kind) {
    case TRANSCRIPT_HOST:
        return host(play);
    case TRANSCRIPT_MODULE:
        return expect(play);
    case TRANSCRIPT_NETWORK:
        return network(play);
    case TRANSCRIPT_TIME:
        conform_wait(play->item->ms + MARGIN_MS);
        break;
    case TRANSCRIPT_CALL:
        break;
    }
    return true;
}

static void play_items(struct play *play)
{
    bool goes_on = true;

    for (size_t i = 0; i < play->transcript->count && goes_on; i++) {
        play->item = &play->transcript->items[i];
        goes_on = play_item(play);
    }
    if (goes_on && nothing_more(play, QUIET_MS, "the module says more than that"))
        play->result->verdict = CONFORM_HOLDS;
}

void conform_play(struct conform *conform, const struct transcript *transcript,
                  struct conform_result *result)
{
    struct play play = {
        .conform = conform, .transcript = transcript, .result = result, .words = {.count = 0}};
    uint64_t start_ms = conform_now_ms();

    *result = (struct conform_result){.verdict = CONFORM_HOLDS};
    if (can_try(&play)) {
        for (size_t i = 0; i < conform->facts.count; i++)
            conform_word(&play.words, conform->facts.list[i].from, conform->facts.list[i].to);
        if (conform_fresh(conform))
            play_items(&play);
        else
            end(&play, CONFORM_UNTRIED, "the module is not to be brought into its first state");
    }
    conform_net_end(&conform->net);
    result->ms = (unsigned)(conform_now_ms() - start_ms);
}

void conform_result_free(struct conform_result *result)
{
    free(result->expected);
    free(result->got);
}
