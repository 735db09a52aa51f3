#include "self_signed.h"

#include <mbedtls/ecp.h>

#include "reason.h"

enum { DER_MAX = 512 }; /* it takes some 300 bytes */

static int make_key(struct fw_tls_setup *setup)
{
    int result = mbedtls_pk_setup(&setup->key, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));

    return result != 0 ? result
                       : mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(setup->key),
                                             fw_tls_random, setup);
}

static int random_serial(struct fw_tls_setup *setup, mbedtls_x509write_cert *cert)
{
    mbedtls_mpi serial;
    int result;

    mbedtls_mpi_init(&serial);
    result = mbedtls_mpi_fill_random(&serial, 15, fw_tls_random, setup);
    if (result == 0) {
        result = mbedtls_x509write_crt_set_serial(cert, &serial);
    }
    mbedtls_mpi_free(&serial);
    return result;
}

/* Valid for longer than any clock here is wrong by. */
static int describe(struct fw_tls_setup *setup, mbedtls_x509write_cert *cert)
{
    int result;

    mbedtls_x509write_crt_set_version(cert, MBEDTLS_X509_CRT_VERSION_3);
    mbedtls_x509write_crt_set_md_alg(cert, MBEDTLS_MD_SHA256);
    mbedtls_x509write_crt_set_subject_key(cert, &setup->key);
    mbedtls_x509write_crt_set_issuer_key(cert, &setup->key);
    result = mbedtls_x509write_crt_set_subject_name(cert, "CN=w800");
    if (result == 0) {
        result = mbedtls_x509write_crt_set_issuer_name(cert, "CN=w800");
    }
    if (result == 0) {
        result = mbedtls_x509write_crt_set_validity(cert, "20000101000000", "20491231235959");
    }
    return result == 0 ? random_serial(setup, cert) : result;
}

/* mbedTLS writes from the end of the buffer towards its beginning. */
static int sign(struct fw_tls_setup *setup, mbedtls_x509write_cert *cert)
{
    unsigned char der[DER_MAX];
    int len = mbedtls_x509write_crt_der(cert, der, sizeof der, fw_tls_random, setup);

    return len < 0 ? len
                   : mbedtls_x509_crt_parse_der(&setup->chain, der + sizeof der - len, (size_t)len);
}

bool fw_tls_self_sign(struct fw_tls_setup *setup, const char **reason)
{
    mbedtls_x509write_cert cert;
    int result;

    mbedtls_x509write_crt_init(&cert);
    result = make_key(setup);
    if (result == 0) {
        result = describe(setup, &cert);
    }
    if (result == 0) {
        result = sign(setup, &cert);
    }
    mbedtls_x509write_crt_free(&cert);
    if (result != 0) {
        *reason = fw_tls_reason(result);
    }
    return result == 0;
}
