/* HTTP GET over TCP: prints the status, and length and CRC-32 of what came. */
#include <stdlib.h>
#include <string.h>

#include <wmat/link.h>
#include <wmat/tcp.h>

#include "config.h"
#include "console.h"
#include "steps.h"

static const char request[] = "GET " HTTP_PATH " HTTP/1.0\r\nHost: " HTTP_HOST "\r\n\r\n";

static int link;
static uint8_t received[128];
static char line[64]; /* of the header; what is longer is cut */
static struct {
    size_t line_len;
    bool in_body;
    int status;
    uint32_t announced, body_bytes, crc;
} answer;

static int prepare_connect(struct wm_op *op)
{
    static const struct wm_tcp_options server = {.host = HTTP_HOST, .port = HTTP_PORT};
    return wm_tcp_connect_prepare(op, &server);
}

static enum verdict take_link(int result)
{
    link = result;
    memset(&answer, 0, sizeof answer);
    answer.crc = ~0u;
    return STEP_NEXT;
}

static int prepare_request(struct wm_op *op)
{
    return wm_send_prepare(op, link, request, sizeof request - 1);
}

static int prepare_receive(struct wm_op *op)
{
    return wm_recv_prepare(op, link, received, sizeof received);
}

static void take_header_line(void)
{
    static const char length[] = "Content-Length:";
    line[answer.line_len] = '\0';
    if (answer.status == 0 && strncmp(line, "HTTP/1.", 7) == 0 && answer.line_len > 9)
        answer.status = atoi(line + 9);
    else if (strncmp(line, length, sizeof length - 1) == 0)
        answer.announced = strtoul(line + sizeof length - 1, NULL, 10);
    answer.in_body = answer.line_len == 0;
    answer.line_len = 0;
}

static void take_byte(uint8_t byte)
{
    if (answer.in_body) {
        answer.body_bytes++;
        answer.crc ^= byte;
        for (int bit = 0; bit < 8; bit++)
            answer.crc = answer.crc >> 1 ^ (answer.crc & 1 ? 0xEDB88320u : 0);
    } else if (byte == '\n') {
        take_header_line();
    } else if (byte != '\r' && answer.line_len < sizeof line - 1) {
        line[answer.line_len++] = (char)byte;
    }
}

static enum verdict take_received(int result)
{
    for (int i = 0; i < result; i++)
        take_byte(received[i]);
    if (result > 0)
        return STEP_AGAIN;
    console_text("http: status ");
    console_number((uint32_t)answer.status);
    console_text(", ");
    console_number(answer.body_bytes);
    console_text(" bytes, CRC-32 ");
    console_hex(~answer.crc);
    console_text("\n");
    bool right = answer.status == 200 && answer.body_bytes == answer.announced;
    return right ? STEP_NEXT : STEP_FAILED;
}

static int prepare_close(struct wm_op *op)
{
    return wm_link_close_prepare(op, link);
}

const struct step http_steps[HTTP_STEPS] = {
    {"http: connect", 0, prepare_connect, take_link},
    {"http: request", 0, prepare_request, NULL},
    {"http: answer", 10000, prepare_receive, take_received},
    {"http: close", 0, prepare_close, NULL},
};
