/* Driver and module on a rig: both in one process, on virtual time that jumps from deadline to
 * deadline, joined by a wire that hands over pieces of chance sizes at a chance pace, takes fewer
 * bytes than it is lent, and has accidents when it is told to. It knows what each byte was before
 * an accident changed it, and tells the test, which can so be exact about what may be wrong. */
#ifndef RIG_H
#define RIG_H

#include <wmat/core.h>
#include <wmfw/wmfw.h>

#include "dice.h"
#include "fake_port.h"

#define RIG_ENTERS "AT+CIPSEND\r\n" /* begins passthrough */
#define RIG_FAULTS 4
#define RIG_FIFO   4096 /* bytes on their way to the module that the host thinks it has sent */

enum rig_side { RIG_TO_MODULE, RIG_TO_HOST };

enum rig_kind {
    RIG_DROP,    /* a byte is lost, */
    RIG_FLIP,    /* one bit of it is another, */
    RIG_DOUBLE,  /* or it comes twice */
    RIG_STALL,   /* nothing passes for a while, then everything does */
    RIG_HOLD,    /* the module's words come late */
    RIG_DELAY,   /* the host's do, and it does not know */
    RIG_SWALLOW, /* a line of the module's is lost, not one with payload */
    RIG_PROMPT,  /* a prompt is */
    RIG_RESET,   /* the module restarts */
    RIG_UNPLUG,  /* the port is gone for a while */
    RIG_CUT,     /* or for good */
    RIG_KINDS
};

struct rig_fault {
    enum rig_kind kind;
    enum rig_side side;
    unsigned at;  /* how many bytes of that side, lines or prompts pass before */
    unsigned arg; /* which bit; how many milliseconds */
    bool done;
};

/* What a byte is. */
enum rig_part {
    RIG_COMMAND, /* of a command line, or of the search */
    RIG_LINE,    /* of a line without payload; of the CR LF behind payload */
    RIG_HEADER,  /* of what announces payload */
    RIG_PAYLOAD,
};

/* What is written down of passthrough. */
enum rig_logged {
    RIG_SAID,  /* by the core, in passthrough */
    RIG_WIRED, /* what became of all that it said, whatever happens to it behind the wire */
    RIG_HEARD, /* by the core, in passthrough */
    RIG_LOGS
};

/* A byte that had an accident. */
struct rig_hit {
    enum rig_kind kind;
    enum rig_side side;
    enum rig_part part;
    int link;     /* the module's number of the link that it was about; -1: of none */
    int now_link; /* that it is about now */
    bool sense;   /* a command or line that is still one, but another */
};

struct rig {
    struct wm_core core;
    struct fw fw;
    struct fake_port fake;
    uint64_t now_ms;
    struct dice dice;
    unsigned piece;        /* largest hand-over */
    unsigned bytes_per_ms; /* pace of the line; 0: none */
    unsigned budget[2];
    bool jitter; /* time passes between hand-overs */
    bool queued; /* the host's bytes go to its adapter at once, and the pace is that of the fifo */
    struct rig_fault faults[RIG_FAULTS];
    unsigned passed[2], lines, prompts;
    uint64_t held_until_ms[3]; /* to the module, to the host, out of the fifo */
    bool swallowing;
    bool unplugged;      /* for good; */
    uint64_t back_at_ms; /* for a while, 0: it is there */
    unsigned resets;
    unsigned struck[2]; /* accidents that concern what goes that way, not what only comes late */
    unsigned refusals;  /* the module took fewer bytes than there were */
    bool held_back;     /* and the fifo has not been empty since */
    bool logs;          /* there was passthrough */
    struct rig_log {
        unsigned char *data;
        size_t len, cap;
    } log[RIG_LOGS]; /* of passthrough, since the last AT+CIPSEND without a parameter */
    unsigned char fifo[RIG_FIFO + 2];
    size_t fifo_len;
    unsigned char to_host[512]; /* what the core has not taken yet */
    size_t to_host_len;
    struct {
        char line[64]; /* the beginning of the module's line */
        size_t len;
        unsigned payload_len, payload_left;
        unsigned frames;
        int link;
        bool peers;    /* the module shows who sent what (AT+CIPDINFO=1) */
        int read_link; /* of its last AT+CIPRECVDATA */
        unsigned came; /* links whose CONNECT has passed: a bit each; the test takes them away */
        char last[18]; /* the last bytes of commands that reached it */
        bool raw;      /* the core is in passthrough, and its prompt has passed: no lines */
    } seen;
    void (*on_hit)(void *user, const struct rig_hit *hit);
    void (*on_step)(void *user); /* after whatever happened */
    void *user;
    struct wm_link links[WM_LINK_SLOTS];
    unsigned char rings[WM_LINK_SLOTS][8192];
};

/* A module that boots, and no driver yet. The rig is all zero but for what the test sets. */
void rig_start(struct rig *rig);
void rig_stop(struct rig *rig);

/* A driver that begins to search. */
void rig_attach(struct rig *rig, const struct wm_core_config *config);

/* Lets so much time pass, and everything happen that it brings. */
void rig_pass(struct rig *rig, unsigned ms);

/* Writes down bytes of passthrough. */
void rig_note(struct rig *rig, enum rig_logged what, const void *bytes, size_t len);

/* No more accidents; what was held is let go. */
void rig_mend(struct rig *rig);

#endif
