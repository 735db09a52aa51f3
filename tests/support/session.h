/* One session of chance on a rig: calls as several threads would make them, a network that does
 * what it likes, a wire that has accidents, and an oracle that knows what both ends said.
 * Everything follows from one number. */
#ifndef SESSION_H
#define SESSION_H

#include "calls.h"

/* What listens at 10.0.0.1: each flow has a port of its own, its kind's and the flow's number. */
enum {
    SESSION_ECHO = 2000,
    SESSION_TALK = 3000,
    SESSION_SILENT = 4000,
    SESSION_REFUSE = 5000,
    SESSION_DATAGRAMS = 6000,
    SESSION_AGAIN = 7000, /* for what comes behind the session */
    SESSION_SECURE = 8000,
    SESSION_STREAM = 9000,  /* talks; */
    SESSION_STREAM2 = 10000 /* sends back what it gets */
};

struct session {
    uint64_t seed;
    bool told;    /* what happens is printed */
    bool serves;  /* its application starts a server every now and then */
    bool streams; /* it opens streams */
    bool calm;    /* of a shipping module: TCP links on a sound wire, and no zero bytes */
    struct dice dice;
    struct rig rig;
    struct oracle oracle;
    struct calls calls;
    struct wm_core_config config;
    unsigned char settings[2048];
    unsigned char text[CALL_DATA]; /* what peers say */
};

static inline unsigned one_of(struct session *s, unsigned count)
{
    return dice_below(&s->dice, count);
}

static inline unsigned between(struct session *s, unsigned least, unsigned most)
{
    return dice_between(&s->dice, least, most);
}

/* Small ones are as likely as large ones. */
unsigned session_size(struct session *s, unsigned most);

/* Nothing wrong was found yet. */
bool session_going(const struct session *s);

/* session.c: a module, a driver that has begun to search, the first accidents; more of those. */
void session_begin(struct session *s, uint64_t seed, wm_trace_fn trace);
void session_plan_faults(struct session *s);
void session_stop(struct session *s);

/* A call, to its end. Returns it; NULL: something is wrong already. */
struct call *session_run(struct session *s, enum call_kind kind, struct flow *flow, size_t size);

/* session_app.c: the application makes a call; session_net.c: something happens outside. */
void session_call(struct session *s);
void session_event(struct session *s);

/* session_stream.c: a call of an application that uses streams. */
void session_stream_call(struct session *s, struct call *call);

/* A client calls the server and says its name. NULL: nobody listens. */
struct fake_peer *session_client(struct session *s);

/* Every client that has not said its name says it. */
void session_clients_speak(struct session *s);

/* session_end.c: no more accidents, all calls end, all that there is to read is read; all handles
 * are given back; and then the driver has to work. */
void session_come_to_rest(struct session *s);
void session_give_back(struct session *s);
void session_work_again(struct session *s);

#endif
