/* firmware/svc: the receive window and stored settings by themselves. */
#include <string.h>

#include "fake_port.h"
#include "ring.h"
#include "store.h"
#include "suite.h"

static size_t put(struct fw_ring *ring, const unsigned char *bytes, size_t len)
{
    size_t done = 0;
    unsigned char *space;
    size_t room;

    while (done < len && (room = fw_ring_space(ring, &space)) > 0) {
        room = room < len - done ? room : len - done;
        memcpy(space, bytes + done, room);
        fw_ring_produced(ring, room);
        done += room;
    }
    return done;
}

static size_t take(struct fw_ring *ring, unsigned char *out, size_t len)
{
    size_t done = 0;
    const unsigned char *piece;
    size_t n;

    while (done < len && (n = fw_ring_peek(ring, &piece)) > 0) {
        n = n < len - done ? n : len - done;
        memcpy(out + done, piece, n);
        fw_ring_consumed(ring, n);
        done += n;
    }
    return done;
}

/* It holds a whole receive window from every offset, and gives it back in order. */
START_TEST(ring_holds_a_window)
{
    static struct fw_ring ring;
    static unsigned char in[AT_RECV_WINDOW + 1], out[AT_RECV_WINDOW + 1];

    memset(&ring, 0, sizeof ring);
    for (size_t i = 0; i < sizeof in; i++) {
        in[i] = (unsigned char)(i * 7 + i / 256);
    }
    for (size_t offset = 1; offset < AT_RECV_WINDOW; offset += 113) {
        ck_assert_uint_eq(put(&ring, in, offset), offset);
        ck_assert_uint_eq(take(&ring, out, offset - 1), offset - 1);
        ck_assert_uint_eq(put(&ring, in, sizeof in), AT_RECV_WINDOW - 1);
        ck_assert_uint_eq(take(&ring, out, 1), 1);
        ck_assert_uint_eq(take(&ring, out, sizeof out), AT_RECV_WINDOW - 1);
        ck_assert_mem_eq(out, in, AT_RECV_WINDOW - 1);
    }
}
END_TEST

static struct fake_port fake;
static struct fw_store store;

START_TEST(store_numbers_have_a_range)
{
    static const char *const bad[] = {"", "-", "4", "-3", "1x", " 1", "+1", "1234567890", "0x1"};

    fake_port_init(&fake);
    fw_store_init(&store, &fake.port);
    ck_assert_int_eq(fw_store_get_number(&store, "n", -2, 3, 1), 1);
    for (int number = -2; number <= 3; number++) {
        fw_store_put_number(&store, "n", number);
        ck_assert_int_eq(fw_store_get_number(&store, "n", -2, 3, 99), number);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fw_store_put_text(&store, "n", bad[i]);
        ck_assert_msg(fw_store_get_number(&store, "n", -2, 3, 99) == 99, "%s", bad[i]);
    }
}
END_TEST

START_TEST(store_commits_changes_only)
{
    char text[FW_STORE_TEXT];

    fake_port_init(&fake);
    fw_store_init(&store, &fake.port);
    fw_store_commit(&store);
    ck_assert_uint_eq(fake.commits, 0);
    fw_store_put_text(&store, "a", "x");
    fw_store_put_text(&store, "b", "y");
    fw_store_commit(&store);
    ck_assert_uint_eq(fake.commits, 1);
    fw_store_put_text(&store, "a", "x");
    fw_store_commit(&store);
    ck_assert_uint_eq(fake.commits, 1);
    store.enabled = false;
    fw_store_put_text(&store, "a", "z");
    fw_store_commit(&store);
    fw_store_get_text(&store, "a", text, sizeof text, "");
    ck_assert_str_eq(text, "x");
    fw_store_erase(&store);
    ck_assert_uint_eq(fake.commits, 2);
    fw_store_get_text(&store, "a", text, sizeof text, "none");
    ck_assert_str_eq(text, "none");
    fw_store_get_text(&store, "a", text, 2, "");
    ck_assert_str_eq(text, "");
}
END_TEST

/* A control byte can come from an edited file only; it would end a line. */
START_TEST(store_refuses_control_bytes)
{
    static const char *const bad[] = {"a\nb", "\r", "a\tb", "\x7f", "\x01"};
    char text[FW_STORE_TEXT];

    fake_port_init(&fake);
    fw_store_init(&store, &fake.port);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fake.port.nvs->put(&fake, "t", bad[i]);
        fw_store_get_text(&store, "t", text, sizeof text, "none");
        ck_assert_str_eq(text, "none");
    }
    fake.port.nvs->put(&fake, "t", "\xc3\xa9 \"\\,");
    fw_store_get_text(&store, "t", text, sizeof text, "none");
    ck_assert_str_eq(text, "\xc3\xa9 \"\\,");
}
END_TEST

START_TEST(store_addresses)
{
    static const uint8_t mac[6] = {0x18, 0x6d, 0xcd, 0x55, 0xe5, 0x7b}, none[6];
    const struct fw_addr ip = {.family = FW_IPV4, .bytes = {10, 0, 0, 1}};
    struct fw_addr got;
    uint8_t got_mac[6];

    fake_port_init(&fake);
    fw_store_init(&store, &fake.port);
    fw_store_put_addr(&store, "a", &ip);
    ck_assert_str_eq(fake_setting(&fake, "a"), "10.0.0.1");
    fw_store_get_addr(&store, "a", FW_IPV4, &got);
    ck_assert_mem_eq(&got, &ip, sizeof got);
    fw_store_get_addr(&store, "a", FW_IPV6, &got);
    ck_assert_int_eq(got.family, 0);
    fw_store_put_addr(&store, "a", &got);
    ck_assert_str_eq(fake_setting(&fake, "a"), "");
    fw_store_put_mac(&store, "m", mac);
    ck_assert_str_eq(fake_setting(&fake, "m"), "18:6d:cd:55:e5:7b");
    fw_store_get_mac(&store, "m", got_mac);
    ck_assert_mem_eq(got_mac, mac, 6);
    fw_store_put_text(&store, "m", "01:00:00:00:00:00");
    fw_store_get_mac(&store, "m", got_mac);
    ck_assert_mem_eq(got_mac, none, 6);
}
END_TEST

/* What is stored whatever AT+SYSSTORE says takes nothing else along. */
START_TEST(store_keeps)
{
    fake_port_init(&fake);
    fw_store_init(&store, &fake.port);
    store.enabled = false;
    fw_store_put_number(&store, "a", 1);
    fw_store_keep_number(&store, "k", 2);
    ck_assert(!store.enabled);
    ck_assert_uint_eq(fake.commits, 1);
    ck_assert_ptr_null(fake_setting(&fake, "a"));
    ck_assert_str_eq(fake_setting(&fake, "k"), "2");
    fw_store_keep_number(&store, "k", 2);
    ck_assert_uint_eq(fake.commits, 1);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("svc");
    TCase *tcase = tcase_create("svc");

    tcase_add_test(tcase, ring_holds_a_window);
    tcase_add_test(tcase, store_numbers_have_a_range);
    tcase_add_test(tcase, store_commits_changes_only);
    tcase_add_test(tcase, store_refuses_control_bytes);
    tcase_add_test(tcase, store_addresses);
    tcase_add_test(tcase, store_keeps);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
