/* The handlers of the table, one file a topic. */
#ifndef FW_HANDLERS_H
#define FW_HANDLERS_H

#include "module.h"

/* sys.c */
fw_handler_fn fw_at_execute, fw_rst_execute, fw_restore_execute, fw_sysstore_query, fw_sysstore_set;
fw_handler_fn fw_sysram_query;

/* wifi.c */
fw_handler_fn fw_cwinit_query, fw_cwinit_set, fw_cwmode_query, fw_cwmode_set, fw_cwstate_query;
fw_handler_fn fw_cwjap_query, fw_cwjap_set, fw_cwjap_execute, fw_cwqap_execute;
fw_handler_fn fw_cwreconncfg_query, fw_cwreconncfg_set, fw_cwautoconn_set;
fw_handler_fn fw_cwstaproto_query, fw_cwstaproto_set, fw_cwcountry_query, fw_cwcountry_set;
fw_poll_fn fw_cwjap_poll, fw_cwqap_poll;

/* scan.c */
fw_handler_fn fw_cwlap_set, fw_cwlap_execute, fw_cwlapopt_set;
fw_poll_fn fw_cwlap_poll;

/* address.c */
fw_handler_fn fw_cipsta_query, fw_cipsta_set, fw_cipstamac_query, fw_cipstamac_set;
fw_handler_fn fw_cwdhcp_query, fw_cwdhcp_set, fw_cwhostname_query, fw_cwhostname_set;
fw_handler_fn fw_cipv6_query, fw_cipv6_set;

/* softap.c */
fw_handler_fn fw_cwsap_query, fw_cwsap_set, fw_cwlif_execute, fw_cwqif_set, fw_cwqif_execute;
fw_handler_fn fw_cwdhcps_query, fw_cwdhcps_set, fw_cwapproto_query, fw_cwapproto_set;
fw_handler_fn fw_cipap_query, fw_cipap_set, fw_cipapmac_query, fw_cipapmac_set;

/* cifsr.c */
fw_handler_fn fw_cifsr_execute;

/* connect.c */
fw_handler_fn fw_cipstate_query, fw_cipstart_set, fw_cipstartex_set;
fw_handler_fn fw_cipclose_set, fw_cipclose_execute;
fw_poll_fn fw_cipstart_poll;

/* modes.c */
fw_handler_fn fw_cipmux_query, fw_cipmux_set, fw_cipmode_query, fw_cipmode_set;
fw_handler_fn fw_cipdinfo_query, fw_cipdinfo_set, fw_cipreconnintv_query, fw_cipreconnintv_set;
fw_handler_fn fw_ciptcpopt_query, fw_ciptcpopt_set;
void fw_modes_load(struct fw_module *module);

/* names.c */
fw_handler_fn fw_cipdomain_set, fw_ping_set, fw_cipdns_query, fw_cipdns_set;
fw_poll_fn fw_cipdomain_poll, fw_ping_poll;
void fw_names_load(struct fw_module *module);

/* time.c */
fw_handler_fn fw_cipsntpcfg_query, fw_cipsntpcfg_set, fw_cipsntptime_query;
fw_handler_fn fw_cipsntpintv_query, fw_cipsntpintv_set;
void fw_time_load(struct fw_module *module);

/* serve.c */
fw_handler_fn fw_cipserver_query, fw_cipserver_set, fw_cipservermaxconn_query;
fw_handler_fn fw_cipservermaxconn_set, fw_cipsto_query, fw_cipsto_set;

/* ssl.c */
fw_handler_fn fw_cipsslcconf_query, fw_cipsslcconf_set, fw_cipsslccn_query, fw_cipsslccn_set;
fw_handler_fn fw_cipsslcsni_query, fw_cipsslcsni_set, fw_cipsslcalpn_query, fw_cipsslcalpn_set;
fw_handler_fn fw_cipsslcpsk_query, fw_cipsslcpsk_set;
void fw_ssl_load(struct fw_module *module);

/* send.c; fw_send_begin and fw_send_poll_remote serve sendl.c, too: a command of that shape begins,
 * and waits for the address of its remote host. */
fw_handler_fn fw_cipsend_set, fw_cipsendex_set;
fw_poll_fn fw_cipsend_poll, fw_send_poll_remote;
enum fw_outcome fw_send_begin(struct fw_module *module, const struct fw_args *args,
                              const struct fw_sink *sink);

/* sendl.c */
fw_handler_fn fw_cipsendl_set, fw_cipsendlcfg_query, fw_cipsendlcfg_set;
fw_poll_fn fw_cipsendl_poll;

/* stream.c */
fw_handler_fn fw_cipsend_execute;

/* receive.c */
fw_handler_fn fw_ciprecvmode_query, fw_ciprecvmode_set, fw_ciprecvdata_set, fw_ciprecvlen_query;
fw_poll_fn fw_ciprecvdata_poll;
void fw_use_receive_mode(struct fw_module *module);

#endif
