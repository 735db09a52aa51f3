/* The options of nc that say whom TLS trusts and how. */
#ifndef NC_TLS_H
#define NC_TLS_H

#include "nc.h"

/* What the words on the command line say. All zero before. */
struct nc_tls {
    bool given;    /* one of the options below was there */
    bool insecure; /* the server is not verified */
    bool has_ca, has_cert;
    unsigned ca, cert;
    const char *sni;
    const char *alpn[WM_TLS_ALPN_MAX];
    size_t alpn_count;
    unsigned char psk[WM_PSK_MAX];
    size_t psk_len;
    char psk_identity[WM_PSK_MAX + 1];
};

/* Each takes the value of an option. Return CLI_DONE or CLI_USAGE. */
int nc_tls_ca(const struct cli *cli, struct nc_tls *tls, const char *text);
int nc_tls_cert(const struct cli *cli, struct nc_tls *tls, const char *text);
int nc_tls_alpn(const struct cli *cli, struct nc_tls *tls, char *text); /* cuts text to pieces */
int nc_tls_psk(const struct cli *cli, struct nc_tls *tls, const char *text);

/* What they amount to. config points into tls. */
void nc_tls_config(const struct nc_tls *tls, struct wm_tls_config *config);

#endif
