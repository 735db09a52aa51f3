/* Thousands of sessions of chance on virtual time: driver and firmware in one process, calls as
 * several threads would make them, a network that does what it likes, and a wire that has
 * accidents. Whatever happens: every byte is delivered in order, or its link fails and its call
 * ends with an error of its kind; no call goes on behind its deadline; nothing wrong is delivered
 * in silence (what the wire can't show: tests/support/oracle.h); losses are counted; and afterwards
 * the driver works again. One session of four opens streams. With a shipping module the wire is
 * sound and there are TCP links alone, on which nothing contains a zero byte: what is delivered is
 * right all the same, and a link may end with WM_ERR_OVERFLOW or WM_ERR_MANGLED.
 *
 * Each session follows from one number. One that fails prints it:
 *     test_e2e_sessions NUMBER      plays that session alone
 *     test_e2e_sessions FIRST LAST  plays some */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session.h"

static struct session session;
static char replay[80];

/* The wire of a session that is played alone, a line at a time. */
static void on_trace(void *user, enum wm_trace_kind kind, const void *bytes, size_t len,
                     uint64_t now_ms)
{
    static enum wm_trace_kind last;
    static size_t column;
    const unsigned char *at = bytes;
    (void)user;
    for (size_t i = 0; i < len; i++) {
        if (column > 0 && (kind != last || column > 100)) {
            printf("\n");
            column = 0;
        }
        if (column++ == 0)
            printf("%8u %s ", (unsigned)now_ms, kind == WM_TRACE_TX ? ">" : "<");
        printf(at[i] >= ' ' && at[i] < 127 ? "%c" : "\\%02x", at[i]);
        column = at[i] == '\n' ? 1000 : column;
        last = kind;
    }
}

/* Calls and events, as they come. */
static void live(struct session *s)
{
    unsigned steps = between(s, 10, 200);
    while (steps-- > 0 && session_going(s) && !s->rig.unplugged) {
        if (one_of(s, 3))
            session_call(s);
        else
            session_event(s);
        if (one_of(s, 2))
            rig_pass(&s->rig, session_size(s, one_of(s, 10) ? 50 : 4000));
    }
}

/* What all sessions together have seen. */
static struct {
    unsigned long long calls, failed_calls, links, failed_links, delivered, sent, resyncs, resets,
        losses, virtual_s, streams, exact;
} seen;

static void count(void)
{
    const struct wm_stats *stats = wm_core_stats(&session.rig.core);
    seen.calls += session.calls.ended;
    seen.failed_calls += session.calls.failed;
    seen.resyncs += stats->resyncs;
    seen.resets += stats->resets;
    seen.losses += stats->losses;
    seen.virtual_s += session.rig.now_ms / 1000;
    seen.exact += session.oracle.exact;
    for (unsigned i = 0; i < session.oracle.count; i++) {
        const struct flow *flow = &session.oracle.flows[i];
        seen.links += flow->was_open;
        seen.streams += flow->was_open && flow->stream;
        seen.failed_links += flow->error < 0;
        seen.delivered += flow->delivered;
        seen.sent += flow->given.len;
    }
}

static void print_seen(void)
{
    printf("%llu calls, %llu failed; %llu links, %llu failed; %llu bytes delivered, %llu sent; "
           "%llu losses, %llu resyncs, %llu resets; %llu s of virtual time; %llu streams, "
           "%llu of them with nothing missing\n",
           seen.calls, seen.failed_calls, seen.links, seen.failed_links, seen.delivered, seen.sent,
           seen.losses, seen.resyncs, seen.resets, seen.virtual_s, seen.streams, seen.exact);
}

static bool play(uint64_t seed, bool told)
{
    struct session *s = &session;
    session_begin(s, seed, told ? on_trace : NULL);
    live(s);
    session_come_to_rest(s);
    if (session_going(s) && !s->rig.unplugged)
        oracle_judge(&s->oracle);
    if (!s->rig.unplugged)
        session_give_back(s);
    count();
    session_work_again(s);
    if (!session_going(s))
        printf("session %llu: %s; replay: %s %llu\n", (unsigned long long)seed, s->oracle.verdict,
               replay, (unsigned long long)seed);
    session_stop(s);
    return session_going(s);
}

/* An assertion fails, or memory is misused: say where. */
static void on_crash(int number)
{
    char text[64];
    int n = snprintf(text, sizeof text, "session %llu: signal %d\n",
                     (unsigned long long)session.seed, number);
    (void)!write(STDERR_FILENO, text, (size_t)n);
    signal(number, SIG_DFL);
    raise(number);
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    uint64_t last = argc > 2 ? strtoull(argv[2], NULL, 0) : first;
    unsigned failed = 0;
    if (getenv("WMAT_FEW_WAYS") && last > first + 100)
        last = first + 100;
    snprintf(replay, sizeof replay, "%s", argv[0]);
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGABRT, on_crash);
    signal(SIGSEGV, on_crash);
    for (uint64_t seed = first; seed <= last && failed < 20; seed++)
        failed += !play(seed, first == last);
    print_seen();
    printf("%llu sessions, %u failed\n", (unsigned long long)(last - first + 1), failed);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
