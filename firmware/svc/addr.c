#include "addr.h"

#include <string.h>

#include "hex.h"

/* A number of 1..max_digits digits; how many digits there were, 0 for none. */
static size_t take_number(const char *text, size_t len, unsigned base, size_t max_digits,
                          unsigned *out)
{
    size_t n = 0;

    *out = 0;
    while (n < len && n < max_digits) {
        int digit = fw_hex_digit(text[n]);

        if (digit < 0 || (unsigned)digit >= base) {
            break;
        }
        *out = *out * base + (unsigned)digit;
        n++;
    }
    return n;
}

static bool parse_ipv4(const char *text, size_t len, uint8_t bytes[4])
{
    size_t at = 0;

    for (int i = 0; i < 4; i++) {
        unsigned number;
        size_t digits = take_number(text + at, len - at, 10, 3, &number);

        if (digits == 0 || number > 255 || (digits > 1 && text[at] == '0')) {
            return false;
        }
        bytes[i] = (uint8_t)number;
        at += digits;
        if (i < 3 && (at == len || text[at++] != '.')) {
            return false;
        }
    }
    return at == len;
}

/* The groups before or after a "::"; how many bytes they make, -1 when they are malformed. */
static int parse_groups(const char *text, size_t len, uint8_t bytes[16])
{
    size_t at = 0;
    int used = 0;

    if (len == 0) {
        return 0;
    }
    for (;;) {
        unsigned group;
        size_t digits = take_number(text + at, len - at, 16, 4, &group);

        if (used <= 12 && digits > 0 && at + digits < len && text[at + digits] == '.') {
            return parse_ipv4(text + at, len - at, bytes + used) ? used + 4 : -1;
        }
        if (digits == 0 || used == 16) {
            return -1;
        }
        bytes[used++] = (uint8_t)(group >> 8);
        bytes[used++] = (uint8_t)group;
        at += digits;
        if (at == len) {
            return used;
        }
        if (text[at++] != ':') {
            return -1;
        }
    }
}

static const char *find_gap(const char *text, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++) {
        if (text[i] == ':' && text[i + 1] == ':') {
            return text + i;
        }
    }
    return NULL;
}

static bool parse_ipv6(const char *text, size_t len, uint8_t bytes[16])
{
    uint8_t left[16], right[16];
    const char *gap = find_gap(text, len);
    size_t left_len = gap != NULL ? (size_t)(gap - text) : len;
    int head = parse_groups(text, left_len, left);
    int tail = 0;

    if (gap != NULL) {
        tail = parse_groups(gap + 2, len - left_len - 2, right);
    }
    if (head < 0 || tail < 0 || (gap == NULL ? head != 16 : head + tail > 14)) {
        return false;
    }
    memset(bytes, 0, 16);
    memcpy(bytes, left, (size_t)head);
    memcpy(bytes + 16 - tail, right, (size_t)tail);
    return true;
}

bool fw_addr_parse(const char *text, size_t len, struct fw_addr *out)
{
    struct fw_addr addr = {0};

    if (parse_ipv4(text, len, addr.bytes)) {
        addr.family = FW_IPV4;
    } else if (parse_ipv6(text, len, addr.bytes)) {
        addr.family = FW_IPV6;
    } else {
        return false;
    }
    *out = addr;
    return true;
}

static char *put_number(char *text, unsigned number, unsigned base)
{
    char digits[8];
    size_t n = 0;

    do {
        digits[n++] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number > 0);
    while (n > 0) {
        *text++ = digits[--n];
    }
    return text;
}

static void format_ipv4(const uint8_t bytes[4], char *text)
{
    for (int i = 0; i < 4; i++) {
        text = put_number(text, bytes[i], 10);
        *text++ = i < 3 ? '.' : '\0';
    }
}

static unsigned group_at(const uint8_t *bytes, int group)
{
    return (unsigned)bytes[2 * group] << 8 | bytes[2 * group + 1];
}

/* The first longest run of at least two zero groups, [*from, *to). */
static void find_zeros(const uint8_t bytes[16], int *from, int *to)
{
    *from = *to = -1;
    for (int start = 0; start < 8; start++) {
        int end = start;

        while (end < 8 && group_at(bytes, end) == 0) {
            end++;
        }
        if (end - start >= 2 && end - start > *to - *from) {
            *from = start;
            *to = end;
        }
        start = end > start ? end : start;
    }
}

static void format_ipv6(const uint8_t bytes[16], char *text)
{
    int from, to;

    find_zeros(bytes, &from, &to);
    for (int i = 0; i < 8; i++) {
        if (i == from) {
            *text++ = ':';
            *text++ = ':';
            i = to - 1;
            continue;
        }
        if (i > 0 && i != to) {
            *text++ = ':';
        }
        text = put_number(text, group_at(bytes, i), 16);
    }
    *text = '\0';
}

void fw_addr_format(const struct fw_addr *addr, char text[FW_ADDR_TEXT])
{
    text[0] = '\0';
    if (addr->family == FW_IPV4) {
        format_ipv4(addr->bytes, text);
    } else if (addr->family == FW_IPV6) {
        format_ipv6(addr->bytes, text);
    }
}

bool fw_mac_parse(const char *text, size_t len, uint8_t mac[6])
{
    uint8_t bytes[6];

    if (len != FW_MAC_TEXT - 1) {
        return false;
    }
    for (int i = 0; i < 6; i++) {
        int high = fw_hex_digit(text[3 * i]);
        int low = fw_hex_digit(text[3 * i + 1]);

        if (high < 0 || low < 0 || (i < 5 && text[3 * i + 2] != ':')) {
            return false;
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    memcpy(mac, bytes, sizeof bytes);
    return true;
}

void fw_mac_format(const uint8_t mac[6], char text[FW_MAC_TEXT])
{
    for (int i = 0; i < 6; i++) {
        char *end = fw_hex_put(text + 3 * i, mac + i, 1);

        *end = i < 5 ? ':' : '\0';
    }
}

uint32_t fw_ipv4_to_number(const struct fw_addr *addr)
{
    return (uint32_t)addr->bytes[0] << 24 | (uint32_t)addr->bytes[1] << 16 |
           (uint32_t)addr->bytes[2] << 8 | addr->bytes[3];
}

struct fw_addr fw_ipv4_from_number(uint32_t number)
{
    return (struct fw_addr){.family = FW_IPV4,
                            .bytes = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                                      (uint8_t)(number >> 8), (uint8_t)number}};
}

bool fw_ipv4_is_host(const struct fw_addr *addr)
{
    return addr->family == FW_IPV4 && addr->bytes[0] != 0 && addr->bytes[0] < 224;
}

bool fw_ipv4_is_netmask(const struct fw_addr *addr)
{
    uint32_t zeros = ~fw_ipv4_to_number(addr);

    return addr->family == FW_IPV4 && zeros != 0 && zeros != UINT32_MAX &&
           (zeros & (zeros + 1)) == 0;
}

void fw_ipv4_complete(struct fw_ipv4_config *ipv4)
{
    if (ipv4->netmask.family == 0) {
        ipv4->netmask = (struct fw_addr){.family = FW_IPV4, .bytes = {255, 255, 255, 0}};
    }
    if (ipv4->gateway.family == 0) {
        uint32_t mask = fw_ipv4_to_number(&ipv4->netmask);

        ipv4->gateway = fw_ipv4_from_number((fw_ipv4_to_number(&ipv4->ip) & mask) + 1);
    }
}

bool fw_mac_is_host(const uint8_t mac[6])
{
    static const uint8_t none[6];

    return (mac[0] & 1) == 0 && memcmp(mac, none, sizeof none) != 0;
}
