#include "tls_identity.h"

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <mbedtls/certs.h>
#include <mbedtls/ecp.h>
#include <mbedtls/pem.h>

/* xorshift64; each process of a test begins anew. */
int tls_random(void *ctx, unsigned char *out, size_t len)
{
    static uint64_t state = 88172645463325252u;

    (void)ctx;
    for (size_t i = 0; i < len; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        out[i] = (unsigned char)(state >> 24);
    }
    return 0;
}

static void make_key(struct tls_identity *out, bool rsa)
{
    mbedtls_pk_init(&out->key);
    if (rsa) {
        ck_assert_int_eq(mbedtls_pk_parse_key(&out->key, mbedtls_test_srv_key_rsa_der,
                                              mbedtls_test_srv_key_rsa_der_len, NULL, 0),
                         0);
    } else {
        ck_assert_int_eq(mbedtls_pk_setup(&out->key, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)),
                         0);
        ck_assert_int_eq(mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(out->key),
                                             tls_random, NULL),
                         0);
    }
}

static void describe(mbedtls_x509write_cert *cert, struct tls_identity *out,
                     const struct tls_issue *issue)
{
    struct tls_identity *issuer = issue->issuer != NULL ? issue->issuer : out;
    mbedtls_mpi serial;

    mbedtls_x509write_crt_set_version(cert, MBEDTLS_X509_CRT_VERSION_3);
    mbedtls_x509write_crt_set_md_alg(cert, MBEDTLS_MD_SHA256);
    mbedtls_x509write_crt_set_subject_key(cert, &out->key);
    mbedtls_x509write_crt_set_issuer_key(cert, &issuer->key);
    ck_assert_int_eq(mbedtls_x509write_crt_set_subject_name(cert, issue->subject), 0);
    ck_assert_int_eq(mbedtls_x509write_crt_set_issuer_name(cert, issuer->subject), 0);
    ck_assert_int_eq(mbedtls_x509write_crt_set_validity(
                         cert, issue->from != NULL ? issue->from : "19900101000000",
                         issue->to != NULL ? issue->to : "20991231235959"),
                     0);
    ck_assert_int_eq(mbedtls_x509write_crt_set_basic_constraints(cert, issue->authority, -1), 0);
    mbedtls_mpi_init(&serial);
    ck_assert_int_eq(mbedtls_mpi_lset(&serial, 1), 0);
    ck_assert_int_eq(mbedtls_x509write_crt_set_serial(cert, &serial), 0);
    mbedtls_mpi_free(&serial);
}

static void sign(struct tls_identity *out, const struct tls_issue *issue)
{
    unsigned char der[TLS_IDENTITY_TEXT];
    mbedtls_x509write_cert cert;
    int len;

    mbedtls_x509write_crt_init(&cert);
    describe(&cert, out, issue);
    len = mbedtls_x509write_crt_der(&cert, der, sizeof der, tls_random, NULL);
    ck_assert_int_gt(len, 0);
    mbedtls_x509write_crt_free(&cert);
    mbedtls_x509_crt_init(&out->crt);
    ck_assert_int_eq(mbedtls_x509_crt_parse_der(&out->crt, der + sizeof der - len, (size_t)len), 0);
}

static bool is_root(const mbedtls_x509_crt *crt)
{
    return crt->subject_raw.len == crt->issuer_raw.len &&
           memcmp(crt->subject_raw.p, crt->issuer_raw.p, crt->subject_raw.len) == 0;
}

static void append_issuers(struct tls_identity *out, const struct tls_identity *issuer)
{
    for (const mbedtls_x509_crt *crt = &issuer->crt; crt != NULL && !is_root(crt);
         crt = crt->next) {
        ck_assert_int_eq(mbedtls_x509_crt_parse_der(&out->crt, crt->raw.p, crt->raw.len), 0);
    }
}

static void write_texts(struct tls_identity *out)
{
    size_t used = 0, len;
    int key_len;

    for (const mbedtls_x509_crt *crt = &out->crt; crt != NULL; crt = crt->next) {
        ck_assert_int_eq(mbedtls_pem_write_buffer("-----BEGIN CERTIFICATE-----\n",
                                                  "-----END CERTIFICATE-----\n", crt->raw.p,
                                                  crt->raw.len, out->chain_pem + used,
                                                  sizeof out->chain_pem - used, &len),
                         0);
        used += len - 1;
    }
    out->chain_pem_len = used + 1;
    ck_assert_int_eq(mbedtls_pk_write_key_pem(&out->key, out->key_pem, sizeof out->key_pem), 0);
    out->key_pem_len = strlen((const char *)out->key_pem) + 1;
    key_len = mbedtls_pk_write_key_der(&out->key, out->key_der, sizeof out->key_der);
    ck_assert_int_gt(key_len, 0);
    out->key_der_len = (size_t)key_len;
    memmove(out->key_der, out->key_der + sizeof out->key_der - out->key_der_len, out->key_der_len);
}

void tls_identity_make(struct tls_identity *out, const struct tls_issue *issue)
{
    snprintf(out->subject, sizeof out->subject, "%s", issue->subject);
    make_key(out, issue->rsa);
    sign(out, issue);
    if (issue->issuer != NULL) {
        append_issuers(out, issue->issuer);
    }
    write_texts(out);
}

void tls_identity_free(struct tls_identity *identity)
{
    mbedtls_pk_free(&identity->key);
    mbedtls_x509_crt_free(&identity->crt);
}
