/* MQTT 3.1.1 over a TCP link: subscribes to a topic, publishes a message on it, and prints the
 * messages that come until that one has come back. The module must have joined an access point
 * (wmat join).
 *
 *     mqtt PORT HOST TCP_PORT TOPIC TEXT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/wmat.h>

#define PACKET_MAX 1024
#define ANSWER_MS  10000

enum { CONNECT = 0x10, CONNACK = 0x20, PUBLISH = 0x30, PUBACK = 0x40 };
enum { SUBSCRIBE = 0x82, SUBACK = 0x90, DISCONNECT = 0xE0 };
enum { CLEAN_SESSION = 2, QOS_1 = 2, KEEP_ALIVE_S = 60, SUBSCRIBE_ID = 1, PUBLISH_ID = 2 };

struct packet {
    unsigned char type;
    size_t len;
    unsigned char bytes[PACKET_MAX];
};

static void put(struct packet *packet, const void *bytes, size_t len)
{
    if (len <= PACKET_MAX - packet->len)
        memcpy(packet->bytes + packet->len, bytes, len);
    packet->len += len; /* more than PACKET_MAX: too long, see send_packet */
}

static void put_number(struct packet *packet, size_t number)
{
    put(packet, (unsigned char[]){(unsigned char)(number >> 8), (unsigned char)number}, 2);
}

static void put_text(struct packet *packet, const char *text)
{
    put_number(packet, strlen(text));
    put(packet, text, strlen(text));
}

static int send_packet(struct wm_device *dev, int link, const struct packet *packet)
{
    unsigned char all[3 + PACKET_MAX] = {packet->type};
    size_t at = 1, left = packet->len;
    if (packet->len > PACKET_MAX)
        return WM_ERR_NOMEM;
    do /* seven bits at a time, the low ones first */
        all[at++] = (unsigned char)((left & 127) | (left > 127 ? 128 : 0));
    while ((left >>= 7) > 0);
    memcpy(all + at, packet->bytes, packet->len);
    return wm_send(dev, link, all, at + packet->len, 0);
}

/* Receives exactly len bytes. */
static int receive(struct wm_device *dev, int link, unsigned char *bytes, size_t len)
{
    while (len > 0) {
        int n = wm_recv(dev, link, bytes, len, ANSWER_MS);
        if (n <= 0)
            return n < 0 ? n : WM_ERR_CLOSED;
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

static int receive_packet(struct wm_device *dev, int link, struct packet *packet)
{
    unsigned char byte;
    int err = receive(dev, link, &packet->type, 1);
    packet->len = 0;
    for (unsigned shift = 0; err == 0; shift += 7) {
        err = receive(dev, link, &byte, 1);
        if (err < 0)
            return err;
        packet->len |= (size_t)(byte & 127) << shift;
        if (packet->len > PACKET_MAX || shift > 21)
            return WM_ERR_NOMEM;
        if (byte < 128)
            break;
    }
    return err < 0 ? err : receive(dev, link, packet->bytes, packet->len);
}

/* Where the text of a message begins; 0: the packet is no message. */
static size_t text_of(const struct packet *packet)
{
    size_t topic_len = packet->len < 2 ? 0 : packet->bytes[0] * 256u + packet->bytes[1];
    bool is_message = (packet->type & 0xF0) == PUBLISH && packet->len >= 2 + topic_len;
    return is_message ? 2 + topic_len : 0;
}

/* Prints a packet that is a message. */
static void show(const struct packet *packet)
{
    const char *bytes = (const char *)packet->bytes;
    size_t at = text_of(packet);
    if (at > 0)
        printf("%.*s: %.*s\n", (int)at - 2, bytes + 2, (int)(packet->len - at), bytes + at);
}

static bool is_message(const struct packet *packet, const char *text)
{
    size_t at = text_of(packet);
    return at > 0 && packet->len - at == strlen(text) &&
           memcmp(packet->bytes + at, text, strlen(text)) == 0;
}

/* Sends a packet and awaits its answer, which ends in 0 when it is no refusal. */
static int ask(struct wm_device *dev, int link, const struct packet *question, unsigned char type)
{
    struct packet answer = {.type = PUBLISH};
    int err = send_packet(dev, link, question);
    while (err >= 0 && (answer.type & 0xF0) == PUBLISH) { /* kept messages may come before it */
        err = receive_packet(dev, link, &answer);
        if (err == 0)
            show(&answer);
    }
    if (err < 0)
        return err;
    if (answer.type != type || answer.len == 0 || answer.bytes[answer.len - 1] != 0) {
        fprintf(stderr, "the broker refuses\n");
        return WM_ERR_CLOSED;
    }
    return 0;
}

static int log_in(struct wm_device *dev, int link)
{
    struct packet packet = {.type = CONNECT};
    put_text(&packet, "MQTT");
    put(&packet, (unsigned char[]){4 /* the version, 3.1.1 */, CLEAN_SESSION}, 2);
    put_number(&packet, KEEP_ALIVE_S);
    put_text(&packet, ""); /* a client without a name: the broker gives it one */
    return ask(dev, link, &packet, CONNACK);
}

static int subscribe(struct wm_device *dev, int link, const char *topic)
{
    struct packet packet = {.type = SUBSCRIBE};
    put_number(&packet, SUBSCRIBE_ID);
    put_text(&packet, topic);
    put(&packet, "", 1); /* quality of service 0: messages come at most once, unconfirmed */
    return ask(dev, link, &packet, SUBACK);
}

/* Quality of service 1: the broker confirms that it has it. */
static int publish(struct wm_device *dev, int link, const char *topic, const char *text)
{
    struct packet packet = {.type = PUBLISH | QOS_1};
    put_text(&packet, topic);
    put_number(&packet, PUBLISH_ID);
    put(&packet, text, strlen(text));
    return send_packet(dev, link, &packet);
}

static int run(struct wm_device *dev, int link, const char *topic, const char *text)
{
    bool confirmed = false, came_back = false;
    struct packet packet;
    int err = log_in(dev, link);
    if (err >= 0)
        err = subscribe(dev, link, topic);
    if (err >= 0)
        err = publish(dev, link, topic, text);
    while (err >= 0 && !(confirmed && came_back)) {
        err = receive_packet(dev, link, &packet);
        if (err < 0)
            return err;
        confirmed |= packet.type == PUBACK;
        came_back |= is_message(&packet, text);
        show(&packet);
    }
    return err < 0 ? err : send_packet(dev, link, &(struct packet){.type = DISCONNECT});
}

int main(int argc, char **argv)
{
    char words[WM_DETAIL_MAX];
    struct wm_device *dev;

    if (argc != 6) {
        fprintf(stderr, "usage: mqtt PORT HOST TCP_PORT TOPIC TEXT\n");
        return 2;
    }
    struct wm_config config = {
        .port = argv[1],
        .receive = WM_RECEIVE_ZERO_SAFE, /* packets are full of zeros, which modules may swallow */
        .detail = words,
        .detail_size = sizeof words,
    };
    struct wm_tcp_options broker = {.host = argv[2], .port = (unsigned)strtoul(argv[3], NULL, 10)};

    if (wm_open(&dev, &config) < 0) {
        fprintf(stderr, "%s: %s\n", argv[1], words);
        return EXIT_FAILURE;
    }
    int link = wm_tcp_connect(dev, &broker, 0);
    int err = link < 0 ? link : run(dev, link, argv[4], argv[5]);
    if (err < 0)
        fprintf(stderr, "%s: %s\n", link < 0 ? "connect" : "mqtt", wm_err_text(err));
    if (link >= 0)
        wm_link_close(dev, link, 0);
    wm_close(dev);
    return err < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
