#include "nc_tls.h"

#include <stdio.h>
#include <string.h>

static int set_number(const struct cli *cli, const char *text, unsigned *number, bool *has)
{
    unsigned long value;

    if (!cli_number(text, 0, 255, &value))
        return cli_usage(cli, "'%s' is no certificate; they have numbers from 0 to 255", text);
    *number = (unsigned)value;
    *has = true;
    return CLI_DONE;
}

int nc_tls_ca(const struct cli *cli, struct nc_tls *tls, const char *text)
{
    return set_number(cli, text, &tls->ca, &tls->has_ca);
}

int nc_tls_cert(const struct cli *cli, struct nc_tls *tls, const char *text)
{
    return set_number(cli, text, &tls->cert, &tls->has_cert);
}

int nc_tls_alpn(const struct cli *cli, struct nc_tls *tls, char *text)
{
    char *rest = text;
    char *name;

    tls->alpn_count = 0;
    while ((name = strsep(&rest, ",")) != NULL) {
        if (tls->alpn_count == WM_TLS_ALPN_MAX || *name == '\0')
            return cli_usage(cli, "--alpn has 1 to 5 names with commas between them");
        tls->alpn[tls->alpn_count++] = name;
    }
    return CLI_DONE;
}

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c);

    return at == NULL ? -1 : (int)(at - digits);
}

/* False when text is not 1 to 32 bytes in hex digits. */
static bool read_key(struct nc_tls *tls, const char *text)
{
    size_t len = strlen(text);

    if (len == 0 || len % 2 != 0 || len / 2 > WM_PSK_MAX)
        return false;
    for (size_t i = 0; i < len; i += 2) {
        if (digit(text[i]) < 0 || digit(text[i + 1]) < 0)
            return false;
        tls->psk[i / 2] = (unsigned char)(digit(text[i]) * 16 + digit(text[i + 1]));
    }
    tls->psk_len = len / 2;
    return true;
}

int nc_tls_psk(const struct cli *cli, struct nc_tls *tls, const char *text)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon == NULL ? 0 : (size_t)(colon - text);

    if (len < 1 || len > WM_PSK_MAX || !read_key(tls, colon + 1))
        return cli_usage(cli, "write --psk IDENTITY:KEY, 1 to 32 characters and as many bytes in "
                              "hex digits");
    memcpy(tls->psk_identity, text, len);
    tls->psk_identity[len] = '\0';
    return CLI_DONE;
}

static enum wm_tls_auth auth_of(const struct nc_tls *tls)
{
    bool verify = !tls->insecure && (tls->has_ca || tls->psk_len == 0); /* a key proves enough */

    if (verify)
        return tls->has_cert ? WM_TLS_BOTH : WM_TLS_SERVER;
    return tls->has_cert ? WM_TLS_CLIENT : WM_TLS_NONE;
}

void nc_tls_config(const struct nc_tls *tls, struct wm_tls_config *config)
{
    *config = (struct wm_tls_config){.auth = auth_of(tls),
                                     .pki = tls->cert,
                                     .ca = tls->ca,
                                     .sni = tls->sni,
                                     .common_name = tls->sni};
    if (tls->alpn_count > 0) {
        config->alpn = tls->alpn;
        config->alpn_count = tls->alpn_count;
    }
    if (tls->psk_len > 0) {
        config->psk = tls->psk;
        config->psk_len = tls->psk_len;
        config->psk_identity = tls->psk_identity;
    }
}
