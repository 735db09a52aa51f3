/* What the module can do and what it does otherwise than its manual says: the driver finds out
 * during the set-up, once for every restart of the module, and acts accordingly without being told.
 * For threads see wmat.h.
 *
 * A module that follows its manual (tcpip_at) has nothing but zeros here, but for the limits. The
 * one with the vendor's firmware shows all of it (device_dialect names the sections). How it is
 * told: an echo in front of the answer to AT, and two colons in the answer to AT+SYSSTORE?
 * (device_dialect, section 13, row 35); what shows itself at work is added. */
#ifndef WMAT_PROFILE_H
#define WMAT_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_core;
struct wm_device;

struct wm_profile {
    /* Commands come back in front of their answers (section 1). In active mode the driver then
     * starts no command while a frame is arriving, because the echo would land in it. */
    bool echo : 1;
    bool one_a_burst : 1; /* what comes behind a command in one burst is thrown away (section 0, 3)
                           */
    bool
        busy_queues : 1; /* what was answered with `busy ...` runs later all the same (section 3) */
    /* Zero bytes are counted in a frame and not sent (section 7): a frame, or a read, that has one
     * comes up short, and its link fails with WM_ERR_MANGLED. WM_RECEIVE_ZERO_SAFE gets them right.
     */
    bool zeros_lost : 1;
    /* In passive mode the module throws away what comes beyond its buffer of 5760 bytes (section
     * 7): a link whose buffer was full fails with WM_ERR_OVERFLOW behind what it had. */
    bool passive_discards : 1;
    bool datagrams_merged : 1; /* a passive read may give several datagrams as one (section 7) */
    bool stream_framed : 1;    /* passthrough: received data come in frames (section 6) */
    bool frame_trailer : 1; /* CR LF stands behind each frame (section 7), or did once: one that has
                               something else there lacks bytes, or has too many */
    bool send_leftover : 1; /* what a cancelled send leaves stands in front of the next one on its
                               link (section 4), so the driver gives up that link */
    bool sendto_redirects : 1; /* wm_sendto with a host changes where the link sends from then on
                                  (section 4); only addresses, no names */
    bool no_escapes : 1;       /* AT+CIPSENDEX knows no backslash but that of \0 (section 5) */
    bool zone_as_entered : 1;  /* wm_sntp_get's zone is the number that was set, not whole hours */
    bool sntp_off_hides : 1; /* wm_sntp_interval_get and _set are WM_ERR_DEVICE while SNTP is off */
    bool station_ip4_only : 1;  /* wm_station_ip_get shows no IPv6 address; wm_addresses does */
    bool idle_needs_server : 1; /* AT+CIPSTO is refused before there is a server */
    bool tls_keeps_names : 1;   /* a common name, an SNI or a key that was set can't be cleared */
    uint8_t hand_over_gap_ms;   /* payload is handed over after so much silence; 0: as it comes */
    bool options_single : 1;    /* wm_link_options with WM_LINK_ALL is WM_ERR_REFUSED */
    bool usage_partial : 1;     /* wm_usage: some commands have no text, or WM_ERR_DEVICE */
    uint8_t tls_links : 4;      /* so many at once */
    uint16_t hand_over_bytes;   /* and once so many bytes wait (section 4); 0: as it comes */
    uint16_t datagram_max;      /* the longest that goes out as one (section 4) */
    uint16_t frame_max;         /* the longest +IPD */
};

/* What is known of the module. Asks it nothing. May be called in callbacks. Returns 0, or
 * WM_ERR_STATE (and the profile of one that follows its manual): it was not set up yet. */
int wm_profile(struct wm_device *dev, struct wm_profile *profile);

/* The same on a core. */
int wm_core_profile(const struct wm_core *core, struct wm_profile *profile);

/* For wm_core_config.profile and wm_config.profile, where the module's is to be assumed and not
 * found out: one that follows its manual, and one with the vendor's firmware 2.2-beta.2. */
extern const struct wm_profile wm_profile_manual;
extern const struct wm_profile wm_profile_shipping;

#ifdef __cplusplus
}
#endif

#endif
