/* The oracle's part for links that were not dialled: who is behind a link is known by what it says,
 * never by its number. */
#include "oracle.h"

#include <string.h>

#include "link.h"
#include "txn.h"

/* The link of a flow, as long as the driver has it; NULL: it has not. */
static const struct wm_link *link_of_flow(const struct oracle *oracle, const struct flow *flow)
{
    const struct wm_core *core = &oracle->rig->core;
    int handle = flow->opening ? flow->opening->link : flow->handle ? flow->handle : flow->waiting;
    for (int i = 0; handle > 0 && i < core->link_count; i++) {
        if (core->links[i].state != WM_LINK_FREE && core->links[i].handle == handle)
            return &core->links[i];
    }
    return NULL;
}

static bool has_id(const struct oracle *oracle, const struct flow *flow, int id)
{
    const struct wm_link *link = link_of_flow(oracle, flow);
    return link && link->id == id;
}

/* A number that two have had: which of them is meant, the oracle does not know. Nor where it is a
 * client that has just come up, of whom the driver does not know yet. */
struct flow *oracle_at(struct oracle *oracle, int id)
{
    struct flow *found = NULL;
    unsigned count = 0;
    for (unsigned i = 0; id >= 0 && i < oracle->count; i++) {
        if (has_id(oracle, &oracle->flows[i], id)) {
            found = &oracle->flows[i];
            count++;
        }
    }
    bool fresh = id >= 0 && id < WM_LINKS && (oracle->rig->seen.came & 1u << id) &&
                 !(found && found->opening);
    if (count <= 1 && !fresh && (found || oracle->client_count == 0))
        return found;
    oracle_free_all(oracle, id);
    return NULL;
}

void oracle_free_all(struct oracle *oracle, int id)
{
    for (unsigned i = 0; id >= 0 && i < oracle->count; i++) {
        struct flow *flow = &oracle->flows[i];
        if (has_id(oracle, flow, id))
            flow->rx_free = flow->tx_free = flow->end_free = flow->from_free = true;
    }
    if (id >= 0 && id < WM_LINKS)
        oracle->early |= 1u << id;
}

void oracle_client(struct oracle *oracle, struct fake_peer *peer)
{
    if (oracle->client_count < ORACLE_CLIENTS)
        oracle->clients[oracle->client_count++] = peer;
}

unsigned oracle_number(const struct oracle *oracle, const struct fake_peer *peer)
{
    for (unsigned i = 0; i < oracle->client_count; i++) {
        if (oracle->clients[i] == peer)
            return i + 1;
    }
    return 0;
}

/* A call that has ended leaves its command on the way: a client that comes before the module reads
 * it is ended by it, too. */
static bool stop_under_way(const struct oracle *oracle)
{
    static const char stops[] = "AT+CIPSERVER=0";
    const struct rig *rig = oracle->rig;
    const void *lent;
    bool sent = txn_state(&rig->core.txn) != TXN_IDLE &&
                strncmp(rig->core.txn.line, stops, sizeof stops - 1) == 0;
    bool held = rig->fifo_len > 0 || rig->to_host_len > 0 || fw_peek(&rig->fw, &lent) > 0;
    return sent || (oracle->stopping && held);
}

void oracle_stop(struct oracle *oracle)
{
    for (unsigned i = 0; i < oracle->count; i++)
        oracle->flows[i].end_free |= oracle->flows[i].client;
}

static struct flow *find(struct oracle *oracle, int handle)
{
    for (unsigned i = 0; handle > 0 && i < oracle->count; i++) {
        if (oracle->flows[i].handle == handle || oracle->flows[i].waiting == handle)
            return &oracle->flows[i];
    }
    return NULL;
}

struct flow *oracle_flow(struct oracle *oracle, int handle)
{
    return find(oracle, handle);
}

static void add_client(struct oracle *oracle, const struct wm_link *link)
{
    unsigned bit = 1u << link->id;
    if (oracle->count == ORACLE_FLOWS) {
        oracle_blame(oracle, NULL, "more links than clients");
        return;
    }
    struct flow *flow = &oracle->flows[oracle->count++];
    *flow = (struct flow){.client = true, .waiting = link->handle};
    flow->end_free = oracle->stopping;
    if (oracle->early & bit)
        flow->rx_free = flow->tx_free = flow->end_free = true;
    oracle->early &= ~bit;
}

void oracle_look_clients(struct oracle *oracle)
{
    struct rig *rig = oracle->rig;
    for (int i = 0; i < rig->core.link_count; i++) {
        const struct wm_link *link = &rig->core.links[i];
        if (link->inbound && link->state != WM_LINK_FREE && link->state != WM_LINK_CLOSING &&
            !find(oracle, link->handle))
            add_client(oracle, link);
    }
    oracle->stopping = stop_under_way(oracle);
    if (rig->to_host_len == 0)
        rig->seen.came = 0; /* the driver has heard of them */
}

void oracle_accepted(struct oracle *oracle, int handle)
{
    if (handle <= 0)
        return;
    oracle_look_clients(oracle);
    struct flow *flow = find(oracle, handle);
    if (!flow || flow->handle) {
        oracle_blame(oracle, flow, "a link was accepted that %s", flow ? "was before" : "is none");
        return;
    }
    flow->waiting = 0;
    flow->handle = handle;
    flow->was_open = true;
}

/* A few bits of it may have been flipped. */
static unsigned number_of(const struct flow *flow)
{
    for (size_t i = 0; i < ORACLE_NAME; i++) {
        unsigned count = 0;
        for (size_t k = 0; k < ORACLE_NAME; k++)
            count += flow->name[k] == flow->name[i];
        if (count > ORACLE_NAME / 2 - 1)
            return flow->name[i];
    }
    return 0;
}

static void recognise(struct oracle *oracle, struct flow *flow)
{
    unsigned number = number_of(flow);
    if (number == 0 || number > oracle->client_count) {
        oracle_blame(oracle, flow, "a client without a name");
        return;
    }
    flow->peer = oracle->clients[number - 1];
    flow->port = (uint16_t)number;
    for (unsigned i = 0; i < oracle->count; i++) {
        if (&oracle->flows[i] != flow && oracle->flows[i].peer == flow->peer)
            oracle_blame(oracle, flow, "one client on two links");
    }
    oracle_check_bytes(oracle, flow, flow->name, ORACLE_NAME);
}

size_t oracle_name(struct oracle *oracle, struct flow *flow, const unsigned char *bytes, size_t len)
{
    size_t left = ORACLE_NAME - flow->named;
    len = len < left ? len : left;
    if (len > 0)
        memcpy(flow->name + flow->named, bytes, len);
    flow->named += len;
    if (len > 0 && flow->named == ORACLE_NAME)
        recognise(oracle, flow);
    return len;
}

static bool is_there(const struct oracle *oracle, const struct fake_peer *peer)
{
    const struct fake_port *fake = &oracle->rig->fake;
    for (size_t i = 0; i < FAKE_SOCKETS; i++) {
        if (fake->sockets[i] == peer)
            return !peer->ended && !peer->reset;
    }
    return false;
}

static bool is_known(const struct oracle *oracle, const struct fake_peer *peer)
{
    for (unsigned i = 0; i < oracle->count; i++) {
        if (oracle->flows[i].peer == peer)
            return true;
    }
    return false;
}

/* Each has said its name: it is known by it, or behind a link about which nothing is sure. */
void oracle_judge_clients(struct oracle *oracle)
{
    unsigned unknown = 0, unsure = 0;
    for (unsigned i = 0; i < oracle->client_count; i++)
        unknown += is_there(oracle, oracle->clients[i]) && !is_known(oracle, oracle->clients[i]);
    for (unsigned i = 0; i < oracle->count; i++)
        unsure += oracle->flows[i].client && oracle->flows[i].handle && !oracle->flows[i].peer;
    if (unknown > unsure)
        oracle_blame(oracle, NULL, "%u clients are there, and nobody was told", unknown - unsure);
}
