/* The tables of states: every state with every event, against the transitions written down here. */
#include <string.h>

#include "link.h"
#include "module.h"
#include "ring.h"
#include "suite.h"

static struct wm_core core;
static struct wm_link memory[WM_LINKS];
static unsigned char rings[WM_LINKS][256];

static void start(void)
{
    struct wm_core_config config = {
        .links = memory, .link_count = WM_LINKS, .rings = rings, .ring_bytes = sizeof rings[0]};
    ck_assert_int_eq(wm_core_init(&core, &config, 0), 0);
}

/* What a link becomes; the same letter where an event means nothing. F free, O opening, P open
 * (up), E ended, X failed, C closing. A row a state, a column an event of enum link_event. */
static const char link_table[] = /* DIAL UP REFUSED PEER_GONE BROKEN HANG_UP GONE ARRIVED */
    "OFFFFFFP"
    "OPFOXCOO"
    "PPPEXCPP"
    "EEEEXCEE"
    "XXXXXCXX"
    "CCCCCCFC";

static char letter(const struct wm_link *link)
{
    return "FOPEXC"[link->state];
}

START_TEST(links)
{
    int state = _i / 8, event = _i % 8;
    struct wm_link *link = &memory[2];
    start();
    link->in_module = true; /* so that closing waits for LINK_GONE */
    link->state = (uint8_t)state;
    link_event(&core, link, (enum link_event)event);
    ck_assert_int_eq(letter(link), link_table[_i]);
}
END_TEST

/* A link that the module does not have any more needs no closing. */
START_TEST(closing_what_is_gone)
{
    start();
    struct wm_link *link = link_take(&core, -1);
    link_event(&core, link, LINK_UP);
    link_closed(&core, link);
    ck_assert_int_eq(letter(link), 'E');
    link_event(&core, link, LINK_HANG_UP);
    ck_assert_int_eq(letter(link), 'F');
    ck_assert(!link->owned);
}
END_TEST

START_TEST(handles)
{
    start();
    struct wm_link *first = link_take(&core, -1);
    struct wm_link *third = link_take(&core, 3);
    int handle = first->handle;
    ck_assert_ptr_eq(first, &core.links[0]);
    ck_assert_ptr_eq(third, &core.links[3]);
    ck_assert_ptr_null(link_take(&core, 3));
    ck_assert_ptr_eq(link_of(&core, handle), first);
    ck_assert_ptr_null(link_of(&core, handle + 8));
    ck_assert_ptr_null(link_of(&core, -1));
    ck_assert_ptr_null(link_of(&core, 0));
    ck_assert_ptr_null(link_of(&core, 5));
    ck_assert_ptr_null(link_of(&core, 2147483647));
    link_event(&core, first, LINK_REFUSED);
    ck_assert_ptr_null(link_of(&core, handle));
    ck_assert_int_ne(link_take(&core, -1)->handle, handle);
    first->state = WM_LINK_FREE;
    first->epoch = (1u << 27) - 1; /* the count starts again, and handles stay positive */
    ck_assert_int_gt(link_take(&core, 0)->handle, 0);
}
END_TEST

/* S seek, U set up, R ready, B reboot, L lost. Events: FOUND SETTLED TROUBLE DOUBT REBOOTING BOOTED
 * GONE */
static const char module_table[] = "USSSSSLSSS"
                                   "URSUUSLTUU"
                                   "RRSUBSLTRR"
                                   "BBSBBSLBBB"
                                   "LLLLLLLLLS"
                                   "TTSTTTLTST";

START_TEST(modules)
{
    int state = _i / 10, event = _i % 10;
    start();
    core.state = (uint8_t)state;
    module_event(&core, (enum module_event)event);
    ck_assert_int_eq("SURBLT"[core.state], module_table[_i]);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("states");
    TCase *tc = tcase_create("states");
    tcase_add_loop_test(tc, links, 0, 6 * 8);
    tcase_add_test(tc, closing_what_is_gone);
    tcase_add_test(tc, handles);
    tcase_add_loop_test(tc, modules, 0, 6 * 10);
    suite_add_tcase(suite, tc);
    return suite;
}

SUITE_MAIN(suite)
