#include "sntp_stub.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* RFC 4330, section 4. */
enum { PACKET = 48, SERVER = 4 << 3 | 4, ORIGINATE = 24, RECEIVE = 32, TRANSMIT = 40, STAMP = 8 };
#define EPOCH 2208988800 /* seconds from 1900 to 1970 */

static void put_seconds(unsigned char *at, int64_t unix_s)
{
    uint32_t seconds = htonl((uint32_t)(unix_s + EPOCH));
    memcpy(at, &seconds, sizeof seconds);
}

/* A datagram shorter than a request ends it. */
static void *run(void *arg)
{
    struct sntp_stub *stub = arg;
    unsigned char packet[PACKET], answer[PACKET] = {SERVER, 2};
    struct sockaddr_in from;
    socklen_t len = sizeof from;
    while (recvfrom(stub->fd, packet, sizeof packet, 0, (struct sockaddr *)&from, &len) == PACKET) {
        memcpy(answer + ORIGINATE, packet + TRANSMIT, STAMP);
        put_seconds(answer + RECEIVE, stub->unix_s);
        put_seconds(answer + TRANSMIT, stub->unix_s);
        sendto(stub->fd, answer, sizeof answer, 0, (struct sockaddr *)&from, len);
        len = sizeof from;
    }
    return NULL;
}

static struct sockaddr_in loopback(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void sntp_stub_start(struct sntp_stub *stub, int64_t unix_s)
{
    struct sockaddr_in address = loopback(0);
    socklen_t len = sizeof address;
    stub->unix_s = unix_s;
    stub->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(stub->fd, 0);
    ck_assert_int_eq(bind(stub->fd, (struct sockaddr *)&address, len), 0);
    ck_assert_int_eq(getsockname(stub->fd, (struct sockaddr *)&address, &len), 0);
    stub->port = ntohs(address.sin_port);
    ck_assert_int_eq(pthread_create(&stub->thread, NULL, run, stub), 0);
}

void sntp_stub_stop(struct sntp_stub *stub)
{
    struct sockaddr_in address = loopback(stub->port);
    ck_assert_int_eq(sendto(stub->fd, "", 1, 0, (struct sockaddr *)&address, sizeof address), 1);
    pthread_join(stub->thread, NULL);
    close(stub->fd);
}
