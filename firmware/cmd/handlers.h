/* The handlers of the table, one file a chapter. */
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
fw_poll_fn fw_cwjap_poll;

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

/* tcpip.c */
fw_handler_fn fw_cifsr_execute, fw_cipmux_query, fw_cipmux_set, fw_cipdinfo_query, fw_cipdinfo_set;
fw_handler_fn fw_cipstate_query, fw_cipstart_set, fw_cipstartex_set;
fw_handler_fn fw_cipclose_set, fw_cipclose_execute;
fw_poll_fn fw_cipstart_poll;

/* transfer.c */
fw_handler_fn fw_cipsend_set, fw_cipsend_execute, fw_ciprecvmode_query, fw_ciprecvmode_set;
fw_handler_fn fw_ciprecvdata_set, fw_ciprecvlen_query;
fw_poll_fn fw_cipsend_poll, fw_ciprecvdata_poll;

#endif
