/* The fixed texts of the protocol: final results and reports, without their CR LF. */
#ifndef AT_TEXT_H
#define AT_TEXT_H

/* Final results: the last line of every response (framework, "Final results"). */
#define AT_TEXT_OK             "OK"
#define AT_TEXT_ERROR          "ERROR"
#define AT_TEXT_FORMAT_ERR     "CMD FORMAT ERR"
#define AT_TEXT_PARSE_ERR      "CMD PARSE ERR"
#define AT_TEXT_SEND_OK        "SEND OK"
#define AT_TEXT_SEND_FAIL      "SEND FAIL"
#define AT_TEXT_SEND_CANCELLED "SEND CANCELLED" /* CIPSENDL (spec: CIPSENDL) */

/* Reports (framework, "Reports"). */
#define AT_TEXT_READY            "ready"
#define AT_TEXT_BUSY             "busy ..."
#define AT_TEXT_CONNECT          "CONNECT"
#define AT_TEXT_CLOSED           "CLOSED"
#define AT_TEXT_WIFI_CONNECTED   "WIFI CONNECTED"
#define AT_TEXT_WIFI_GOT_IP      "WIFI GOT IP"
#define AT_TEXT_WIFI_DISCONNECT  "WIFI DISCONNECT"
#define AT_TEXT_WIFI_GOT_IP6_LL  "WIFI GOT IPv6 LL"
#define AT_TEXT_WIFI_GOT_IP6_GL  "WIFI GOT IPv6 GL"
#define AT_TEXT_STA_CONNECTED    "+STA_CONNECTED: "
#define AT_TEXT_STA_DISCONNECTED "+STA_DISCONNECTED: "
#define AT_TEXT_DIST_STA_IP      "+DIST_STA_IP: "
#define AT_TEXT_IPD              "+IPD,"

#define AT_TEXT_PROMPT ">"
#define AT_TEXT_ESCAPE "+++"
#define AT_TEXT_EOL    "\r\n"

#endif
