/* What the network does in a transcript, and what the module must have done to it: the "!" lines.
 * TEXT has the escapes \r \n \0 \\ and no CR LF; "peer" and "datagram" mean the latest connection,
 * opened by the module or by a client. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "firmware_player.h"
#include "script.h"

#define NTP_EPOCH 2208988800u /* seconds from 1900 to 1970 */

static struct fake_peer *peer_of(struct player *player)
{
    return fake_last_peer(&player->fake);
}

static size_t unescape(const char *text, char *bytes)
{
    size_t len = 0;

    for (; *text != '\0'; text++) {
        char c = *text;

        if (c == '\\' && text[1] != '\0') {
            c = *++text;
            c = c == 'r' ? '\r' : c == 'n' ? '\n' : c == '0' ? '\0' : c;
        }
        bytes[len++] = c;
    }
    return len;
}

/* --- the world --- */

static void boot(struct player *player, const char *rest)
{
    (void)rest;
    fw_stop(&player->fw, player->now_ms);
    player_boot(player);
}

/* The settings of a module that has joined "wmat" before, which it does again. */
static void joined(struct player *player, const char *rest)
{
    const struct fw_port *port = &player->fake.port;

    port->nvs->put(port->nvs_ctx, "join.ssid", "wmat");
    port->nvs->put(port->nvs_ctx, "join.password", "wmat-demo-1");
    boot(player, rest);
}

static void extensions(struct player *player, const char *rest)
{
    player->fake.port.extensions = strcmp(rest, "on") == 0;
}

/* NAME PASSWORD|open [DBM] */
static void access_point(struct player *player, const char *rest)
{
    struct fw_radio *radio = &player->fake.radio;
    char ssid[64], password[80];
    int rssi = 0;

    if (sscanf(rest, "%63s %79s %d", ssid, password, &rssi) < 2 ||
        !fw_radio_add(radio, ssid, strcmp(password, "open") == 0 ? "" : password)) {
        player_fail(player, "no such access point");
    }
    if (rssi != 0) {
        radio->aps[radio->ap_count - 1].ap.rssi = (int8_t)rssi;
    }
}

/* It has forgotten what it was about to say: a join goes on for ever, an association is lost. */
static void radio_is_silent(struct player *player, const char *rest)
{
    (void)rest;
    fw_radio_ops.leave(&player->fake.radio, player->now_ms);
}

/* A CA for AT+CIPSERVER with CA enable; nobody has a certificate of it. */
static void certificate_authority(struct player *player, const char *rest)
{
    static const char pem[] = "-----BEGIN CERTIFICATE-----\n"
                              "MIIBejCCASGgAwIBAgIUBu3qhQeqz/XT1uhnZqj1XE1P82cwCgYIKoZIzj0EAwIw\n"
                              "EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjQxMzU0MzJaGA8yMTI2MTAzMTEz\n"
                              "NTQzMlowEjEQMA4GA1UEAwwHVGVzdCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEH\n"
                              "A0IABEjdBpFhF2kKeLNeCG5kQpo6Glb0YQypgkibeydGYOZYDcQ0Xer1qc4cO6AB\n"
                              "qSI0aZgmBOIeU6AxBFMC9nWxR4SjUzBRMB0GA1UdDgQWBBQ2qe5pfb9cgUYHX/kY\n"
                              "hxNodgPgnzAfBgNVHSMEGDAWgBQ2qe5pfb9cgUYHX/kYhxNodgPgnzAPBgNVHRMB\n"
                              "Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIGVY+wchVnoS8alwU5rjx/GlclZr\n"
                              "wPzbg+xihpEGxohRAiBNWb5OZ1+dMkitdIh3jf8Esk4tWrfkmNSZrFzSgZcD1w==\n"
                              "-----END CERTIFICATE-----\n";

    (void)rest;
    player->fake.ca_pem = pem;
    player->fake.ca_pem_len = sizeof pem;
}

static enum fake_answer answer_named(const char *name)
{
    return strcmp(name, "refuses") == 0  ? FAKE_REFUSES
           : strcmp(name, "silent") == 0 ? FAKE_KEEPS_SILENT
                                         : FAKE_ACCEPTS;
}

static void serve(struct player *player, const char *rest)
{
    char answer[16] = "", echo[16] = "";
    unsigned port = 0;

    sscanf(rest, "%u %15s %15s", &port, answer, echo);
    fake_serve(&player->fake, (uint16_t)port, answer_named(answer), strcmp(echo, "echo") == 0);
}

static void name(struct player *player, const char *rest)
{
    char host[260], address[64];

    if (sscanf(rest, "%259s %63s", host, address) == 2) {
        fake_name(&player->fake, host, address);
    }
}

static void names(struct player *player, const char *rest)
{
    player->fake.dns_silent = strcmp(rest, "silent") == 0;
}

static void ping(struct player *player, const char *rest)
{
    player->fake.ping_forbidden = strcmp(rest, "forbidden") == 0 ? "not allowed here" : NULL;
    player->fake.ping_result = strcmp(rest, "silent") == 0 ? FW_IO_AGAIN : atoi(rest);
}

static void client_calls(struct player *player, const char *rest)
{
    if (fake_call(&player->fake, (uint16_t)atoi(rest)) == NULL) {
        player_fail(player, "there is no server");
    }
}

static void client_finds_nobody(struct player *player, const char *rest)
{
    if (fake_call(&player->fake, (uint16_t)atoi(rest)) != NULL) {
        player_fail(player, "there is a server");
    }
}

static void peer_sends(struct player *player, const char *rest)
{
    char bytes[1024];

    fake_peer_send(peer_of(player), bytes, unescape(rest, bytes));
}

static void peer_ends(struct player *player, const char *rest)
{
    (void)rest;
    fake_peer_end(peer_of(player));
}

static void peer_resets(struct player *player, const char *rest)
{
    (void)rest;
    fake_peer_reset(peer_of(player));
}

/* So many bytes more, and then its stack is full; "all": any number. */
static void peer_takes(struct player *player, const char *rest)
{
    peer_of(player)->accepts = strcmp(rest, "all") == 0 ? SIZE_MAX : (size_t)atoi(rest);
}

static void datagram(struct player *player, const char *rest)
{
    char from[64], bytes[1024];
    unsigned port;
    int at = 0;

    if (sscanf(rest, "%63s %u%n", from, &port, &at) == 2) {
        fake_datagram(peer_of(player), from, (uint16_t)port, bytes,
                      unescape(rest[at] == ' ' ? rest + at + 1 : rest + at, bytes));
    }
}

/* "bytes N ADDRESS PORT": N bytes of x in one datagram. */
static void long_datagram(struct player *player, const char *rest)
{
    static char bytes[65536];
    char from[64];
    unsigned len, port;

    memset(bytes, 'x', sizeof bytes);
    if (sscanf(rest, "%u %63s %u", &len, from, &port) == 3) {
        fake_datagram(peer_of(player), from, (uint16_t)port, bytes, len);
    }
}

static void write_32(char *bytes, uint32_t number)
{
    for (int i = 0; i < 4; i++) {
        bytes[i] = (char)(number >> (24 - 8 * i));
    }
}

/* RFC 4330: the answer of a server to the request that it got last. */
static void time_is(struct player *player, const char *rest)
{
    const struct fake_peer *peer = peer_of(player);
    char packet[48] = {4 << 3 | 4, 1};
    char from[FW_ADDR_TEXT];

    if (peer->received.len < sizeof packet || peer->sent[peer->sent_count - 1].peer.port != 123) {
        player_fail(player, "no time server was asked");
    }
    memcpy(packet + 24, peer->received.data + peer->received.len - 8, 8);
    write_32(packet + 40, (uint32_t)strtoul(rest, NULL, 10) + NTP_EPOCH);
    fw_addr_format(&peer->sent[peer->sent_count - 1].peer.addr, from);
    fake_datagram(peer_of(player), from, 123, packet, sizeof packet);
}

/* What a script lets happen to the radio (script.h), and a reset, which is heard. False: nothing of
 * that name. */
static bool play_event(struct player *player)
{
    struct fw_script_event event;
    char reason[160];

    if (!fw_script_read_event(player->item->bytes, &event, reason, sizeof reason)) {
        return false;
    }
    if (event.kind == FW_SCRIPT_RESET) {
        struct fw_config config = player_config(player);

        fw_stop(&player->fw, player->now_ms);
        fw_init(&player->fw, &config, player->now_ms);
    }
    fw_script_play(&event, &player->fake.radio, player->now_ms);
    return true;
}

/* --- what the module must have done --- */

static void expect_text(struct player *player, const char *what, const char *got,
                        const char *expected)
{
    if (strcmp(got, expected) != 0) {
        player_fail(player, "%s \"%s\" instead of \"%s\"", what, got, expected);
    }
}

/* All that the connection got since the last such line. */
static void peer_received(struct player *player, const char *rest)
{
    struct fake_bytes *received = &peer_of(player)->received;
    char bytes[1024];
    size_t len = unescape(rest, bytes);

    if (received->len != len || (len > 0 && memcmp(received->data, bytes, len) != 0)) {
        player_fail(player, "the peer received %zu bytes, \"%.*s\" instead of \"%s\"",
                    received->len, (int)received->len,
                    received->data != NULL ? (const char *)received->data : "", rest);
    }
    received->len = 0;
}

/* That text is somewhere in what it got, which is forgotten. */
static void peer_heard(struct player *player, const char *rest)
{
    struct fake_bytes *received = &peer_of(player)->received;
    size_t len = strlen(rest), at = 0;

    while (at + len <= received->len && memcmp(received->data + at, rest, len) != 0) {
        at++;
    }
    if (at + len > received->len) {
        player_fail(player, "the peer did not hear \"%s\" in %zu bytes", rest, received->len);
    }
    received->len = 0;
}

/* "count N": only their number. */
static void peer_received_count(struct player *player, const char *rest)
{
    struct fake_bytes *received = &peer_of(player)->received;

    if (received->len != (size_t)atoi(rest)) {
        player_fail(player, "the peer received %zu bytes instead of %s", received->len, rest);
    }
    received->len = 0;
}

static void peer_sees(struct player *player, const char *rest)
{
    const struct fake_peer *peer = peer_of(player);

    expect_text(player, "the connection is",
                peer->was_reset ? "a reset"
                : peer->closed  ? "a close"
                : peer->shut    ? "an end"
                                : "nothing",
                rest);
}

/* keep-alive SECONDS, no-delay 0|1: options of the module's socket. */
static void peer_option(struct player *player, const char *rest)
{
    const struct fake_peer *peer = peer_of(player);
    char text[64];

    snprintf(text, sizeof text, "keep-alive %u no-delay %d", peer->keep_alive_s, peer->no_delay);
    expect_text(player, "the options are", text, rest);
}

static void peer_bound(struct player *player, const char *rest)
{
    const struct fake_peer *peer = peer_of(player);
    char text[FW_ADDR_TEXT] = "nothing";

    if (peer->local.family != 0) {
        fw_addr_format(&peer->local, text);
    }
    expect_text(player, "the socket is bound to", text, rest);
}

/* ADDRESS PORT TEXT of the last datagram; what was sent before it is forgotten. */
static void sent(struct player *player, const char *rest)
{
    struct fake_peer *peer = peer_of(player);
    char to[FW_ADDR_TEXT], expected[1024], got[1200];
    size_t len = unescape(rest, expected), last;

    if (peer->sent_count == 0) {
        player_fail(player, "no datagram was sent");
    }
    last = peer->sent[peer->sent_count - 1].len;
    fw_addr_format(&peer->sent[peer->sent_count - 1].peer.addr, to);
    snprintf(got, sizeof got, "%s %u %.*s", to, peer->sent[peer->sent_count - 1].peer.port,
             (int)last, (const char *)peer->received.data + peer->received.len - last);
    if (strlen(got) != len || memcmp(got, expected, len) != 0) {
        player_fail(player, "the datagram was \"%s\" instead of \"%s\"", got, rest);
    }
    peer->received.len = peer->sent_count = 0;
}

/* Up to now: a command that runs on is not over. */
static void module_is_silent(struct player *player, const char *rest)
{
    (void)rest;
    if (player->out_len > 0) {
        player_fail(player, "the module sent \"%.*s\"", (int)player->out_len, player->out);
    }
}

/* Now, not some time later: "<" lines wait. */
static void module_has_answered(struct player *player, const char *rest)
{
    (void)rest;
    if (player->out_len == 0) {
        player_fail(player, "the module has not answered yet");
    }
}

static void asked(struct player *player, const char *rest)
{
    expect_text(player, "the name asked for is", player->fake.asked, rest);
    player->fake.asked[0] = '\0';
}

static void pinged(struct player *player, const char *rest)
{
    char text[FW_ADDR_TEXT] = "nobody";

    if (player->fake.pinged.family != 0) {
        fw_addr_format(&player->fake.pinged, text);
    }
    expect_text(player, "pinged was", text, rest);
}

/* ADDRESS ADDRESS, or "automatic". */
static void name_servers(struct player *player, const char *rest)
{
    const struct fake_port *fake = &player->fake;
    char first[FW_ADDR_TEXT], second[FW_ADDR_TEXT], text[2 * FW_ADDR_TEXT + 1] = "automatic";

    if (fake->dns_server_count == 2) {
        fw_addr_format(&fake->dns_servers[0], first);
        fw_addr_format(&fake->dns_servers[1], second);
        snprintf(text, sizeof text, "%s %s", first, second);
    }
    expect_text(player, "the name servers are", text, rest);
}

/* A verb that ends in a blank has something behind it. */
static const struct {
    const char *verb;
    void (*act)(struct player *player, const char *rest);
} verbs[] = {
    {"boot", boot},
    {"joined", joined},
    {"extensions ", extensions},
    {"access point ", access_point},
    {"radio is silent", radio_is_silent},
    {"serve ", serve},
    {"name servers are ", name_servers},
    {"name asked was ", asked},
    {"name ", name},
    {"names ", names},
    {"ping ", ping},
    {"pinged was ", pinged},
    {"client calls ", client_calls},
    {"client finds nobody ", client_finds_nobody},
    {"peer sends ", peer_sends},
    {"peer ends", peer_ends},
    {"peer resets", peer_resets},
    {"peer takes ", peer_takes},
    {"peer received bytes ", peer_received_count},
    {"peer received ", peer_received},
    {"peer heard ", peer_heard},
    {"peer sees ", peer_sees},
    {"peer has ", peer_option},
    {"peer is bound to ", peer_bound},
    {"datagram of ", long_datagram},
    {"datagram from ", datagram},
    {"datagram went to ", sent},
    {"time is ", time_is},
    {"module is silent", module_is_silent},
    {"module has answered", module_has_answered},
    {"certificate authority", certificate_authority},
};

void player_network(struct player *player)
{
    const char *text = player->item->bytes;

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        size_t len = strlen(verbs[i].verb);

        if (strncmp(text, verbs[i].verb, len) == 0 &&
            (verbs[i].verb[len - 1] == ' ' || text[len] == '\0')) {
            verbs[i].act(player, text + len);
            return;
        }
    }
    if (!play_event(player)) {
        player_fail(player, "the network knows no \"%s\"", text);
    }
}
