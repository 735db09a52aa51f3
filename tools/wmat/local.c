#include "local.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool look_up(const char *address, const char *port, struct local *local)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    unsigned long number;

    if (!cli_number(port, 0, 65535, &number) || getaddrinfo(address, port, &hints, &found) != 0)
        return false;
    memcpy(&local->address, found->ai_addr, found->ai_addrlen);
    local->len = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

/* [ADDRESS] with or without :PORT, text being cut where its parts end. */
static bool parse_brackets(char *text, const char *port, struct local *local)
{
    char *end = strchr(text, ']');

    if (end == NULL || (end[1] != '\0' && end[1] != ':') || (end[1] == '\0' && port == NULL))
        return false;
    *end = '\0';
    return look_up(text + 1, end[1] == ':' ? end + 2 : port, local);
}

bool local_parse(const char *text, const char *port, struct local *local)
{
    char copy[LOCAL_TEXT_MAX];
    char *colon;

    if (snprintf(copy, sizeof copy, "%s", text) >= (int)sizeof copy)
        return false;
    if (copy[0] == '[')
        return parse_brackets(copy, port, local);
    if (strspn(copy, "0123456789") == strlen(copy))
        return look_up("127.0.0.1", copy, local);
    colon = strchr(copy, ':');
    if (colon == NULL || strchr(colon + 1, ':') != NULL)
        return port != NULL && look_up(copy, port, local);
    *colon = '\0';
    return look_up(copy, colon + 1, local);
}

bool local_is_loopback(const struct local *local)
{
    if (local->address.ss_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)&local->address)->sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)&local->address)->sin6_addr);
}

static bool listen_at(int fd, struct local *local)
{
    const int on = 1;

    return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           bind(fd, (const struct sockaddr *)&local->address, local->len) == 0 &&
           listen(fd, SOMAXCONN) == 0 &&
           getsockname(fd, (struct sockaddr *)&local->address, &local->len) == 0;
}

int local_listen(const struct cli *cli, struct local *local)
{
    char text[LOCAL_TEXT_MAX];
    int fd = socket(local->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd >= 0 && listen_at(fd, local))
        return fd;
    cli_note(cli, "can't listen at %s: %s", local_print(local, text), strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

const char *local_print(const struct local *local, char text[LOCAL_TEXT_MAX])
{
    char address[INET6_ADDRSTRLEN] = "", port[8] = "";
    bool ipv6 = local->address.ss_family == AF_INET6;

    getnameinfo((const struct sockaddr *)&local->address, local->len, address, sizeof address, port,
                sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(text, LOCAL_TEXT_MAX, ipv6 ? "[%s]:%s" : "%s:%s", address, port);
    return text;
}

uint64_t local_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
