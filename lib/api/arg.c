#include "arg.h"

#include <string.h>

#include "at_limits.h"

#define HEX_DIGITS "0123456789abcdefABCDEF"

bool arg_text(const char *text, size_t min, size_t max)
{
    size_t len = 0;
    if (!text)
        return false;
    for (; text[len]; len++) {
        if (len == max || (unsigned char)text[len] < ' ' || text[len] == 0x7f)
            return false;
    }
    return len >= min;
}

static bool hex_key(const char *password)
{
    return strspn(password, HEX_DIGITS) == AT_PASSWORD_HEX && password[AT_PASSWORD_HEX] == '\0';
}

bool arg_password(const char *text)
{
    return text[0] == '\0' || hex_key(text) || arg_text(text, AT_PASSWORD_MIN, AT_PASSWORD_MAX);
}

/* Takes a number of 0..255. */
static bool skip_octet(const char **at)
{
    size_t digits = strspn(*at, "0123456789");
    unsigned value = 0;
    if (digits < 1 || digits > 3)
        return false;
    for (; digits > 0; digits--)
        value = value * 10 + (unsigned)(*(*at)++ - '0');
    return value <= 255;
}

bool arg_ip4(const char *text)
{
    for (int i = 0; i < 4; i++) {
        if (!skip_octet(&text) || *text != (i < 3 ? '.' : '\0'))
            return false;
        text += i < 3;
    }
    return true;
}

/* The module is the judge of IPv6; this much keeps other texts away. */
bool arg_ip(const char *text)
{
    size_t len = strspn(text, HEX_DIGITS ":.");
    const char *colon = strchr(text, ':');
    if (!colon)
        return arg_ip4(text);
    return text[len] == '\0' && len < WM_IP_SIZE && strchr(colon + 1, ':');
}

bool arg_mac(const char *text)
{
    for (int i = 0; i < 6; i++) {
        if (strspn(text, HEX_DIGITS) < 2 || text[2] != (i < 5 ? ':' : '\0'))
            return false;
        text += 3;
    }
    return true;
}

int op_checked(struct wm_op *op, bool sound)
{
    if (!sound)
        op->def = NULL;
    return sound ? 0 : WM_ERR_ARG;
}
