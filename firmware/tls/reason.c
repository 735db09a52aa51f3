#include "reason.h"

#include <stddef.h>

#include <mbedtls/bignum.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/x509.h>

#define BROKE_PROTOCOL "the peer broke the protocol"

static const struct {
    int error;
    const char *text;
} errors[] = {
    {MBEDTLS_ERR_SSL_ALLOC_FAILED, FW_TLS_NO_MEMORY},
    {MBEDTLS_ERR_X509_ALLOC_FAILED, FW_TLS_NO_MEMORY},
    {MBEDTLS_ERR_PK_ALLOC_FAILED, FW_TLS_NO_MEMORY},
    {MBEDTLS_ERR_ECP_ALLOC_FAILED, FW_TLS_NO_MEMORY},
    {MBEDTLS_ERR_MD_ALLOC_FAILED, FW_TLS_NO_MEMORY},
    {MBEDTLS_ERR_CIPHER_ALLOC_FAILED, FW_TLS_NO_MEMORY},
    {MBEDTLS_ERR_MPI_ALLOC_FAILED, FW_TLS_NO_MEMORY},
    {MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED, "the platform has no random bytes"},
    {MBEDTLS_ERR_NET_SEND_FAILED, "the connection broke"},
    {MBEDTLS_ERR_NET_RECV_FAILED, "the connection broke"},
    {MBEDTLS_ERR_SSL_CONN_EOF, "the peer ended during the handshake"},
    {MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY, "the peer ended during the handshake"},
    {MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE, "the peer has presented no certificate"},
    {MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN, "no cipher suite in common"},
    {MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION, "no TLS version in common"},
    {MBEDTLS_ERR_SSL_INVALID_RECORD, "what the peer says is no TLS"},
    {MBEDTLS_ERR_SSL_BAD_HS_CLIENT_HELLO, "what the peer says is no TLS"},
    {MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE, BROKE_PROTOCOL},
    {MBEDTLS_ERR_SSL_BAD_HS_SERVER_HELLO, BROKE_PROTOCOL},
    {MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE, BROKE_PROTOCOL},
    {MBEDTLS_ERR_SSL_BAD_HS_SERVER_KEY_EXCHANGE, BROKE_PROTOCOL},
    {MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE_VERIFY, BROKE_PROTOCOL},
    {MBEDTLS_ERR_SSL_BAD_HS_FINISHED, BROKE_PROTOCOL},
    {MBEDTLS_ERR_SSL_INVALID_MAC, "the keys of the two sides differ"},
};

/* In the order in which they are told: a certificate of nobody that we know has to be taken as
 * nothing else. */
static const struct {
    uint32_t flags;
    const char *text;
} verdicts[] = {
    {MBEDTLS_X509_BADCERT_NOT_TRUSTED, "the peer's certificate is of an unknown CA"},
    {MBEDTLS_X509_BADCERT_BAD_MD | MBEDTLS_X509_BADCERT_BAD_PK | MBEDTLS_X509_BADCERT_BAD_KEY,
     "the peer's certificate has a weak key or signature"},
    {MBEDTLS_X509_BADCERT_EXPIRED, "the peer's certificate has expired"},
    {MBEDTLS_X509_BADCERT_FUTURE, "the peer's certificate is not valid yet"},
    {MBEDTLS_X509_BADCERT_CN_MISMATCH, "the peer's certificate is for another name"},
    {MBEDTLS_X509_BADCERT_KEY_USAGE | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE |
         MBEDTLS_X509_BADCERT_NS_CERT_TYPE,
     "the peer's certificate is for another use"},
};

#define REFUSES_CERTIFICATE "the peer refuses our certificate (alert)"

static const struct {
    unsigned char alert;
    const char *text;
} alerts[] = {
    {MBEDTLS_SSL_ALERT_MSG_BAD_RECORD_MAC, "the peer finds other keys than we (alert)"},
    {MBEDTLS_SSL_ALERT_MSG_DECRYPT_ERROR, "the peer finds other keys than we (alert)"},
    {MBEDTLS_SSL_ALERT_MSG_UNKNOWN_PSK_IDENTITY, "the peer doesn't know the PSK identity (alert)"},
    {MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE, "the peer accepts nothing that is offered (alert)"},
    {MBEDTLS_SSL_ALERT_MSG_PROTOCOL_VERSION, "no TLS version in common (alert)"},
    {MBEDTLS_SSL_ALERT_MSG_NO_APPLICATION_PROTOCOL, "no ALPN protocol in common (alert)"},
    {MBEDTLS_SSL_ALERT_MSG_UNRECOGNIZED_NAME, "the peer doesn't know the SNI (alert)"},
    {MBEDTLS_SSL_ALERT_MSG_NO_CERT, REFUSES_CERTIFICATE},
    {MBEDTLS_SSL_ALERT_MSG_BAD_CERT, REFUSES_CERTIFICATE},
    {MBEDTLS_SSL_ALERT_MSG_UNSUPPORTED_CERT, REFUSES_CERTIFICATE},
    {MBEDTLS_SSL_ALERT_MSG_CERT_REVOKED, REFUSES_CERTIFICATE},
    {MBEDTLS_SSL_ALERT_MSG_CERT_EXPIRED, REFUSES_CERTIFICATE},
    {MBEDTLS_SSL_ALERT_MSG_CERT_UNKNOWN, REFUSES_CERTIFICATE},
    {MBEDTLS_SSL_ALERT_MSG_UNKNOWN_CA, REFUSES_CERTIFICATE},
    {MBEDTLS_SSL_ALERT_MSG_ACCESS_DENIED, REFUSES_CERTIFICATE},
};

const char *fw_tls_reason(int error)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (errors[i].error == error) {
            return errors[i].text;
        }
    }
    return "TLS failed";
}

static const char *verdict_text(uint32_t flags)
{
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        if ((verdicts[i].flags & flags) != 0) {
            return verdicts[i].text;
        }
    }
    return "the peer's certificate can't be accepted";
}

static const char *alert_text(unsigned char alert)
{
    for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++) {
        if (alerts[i].alert == alert) {
            return alerts[i].text;
        }
    }
    return "the peer refuses the connection (alert)";
}

const char *fw_tls_handshake_reason(const mbedtls_ssl_context *ssl, int error)
{
    switch (error) {
    case MBEDTLS_ERR_X509_CERT_VERIFY_FAILED:
        return verdict_text(mbedtls_ssl_get_verify_result(ssl));
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
        return alert_text(ssl->in_msg[1]); /* level, description */
    default:
        return fw_tls_reason(error);
    }
}
