/* Limits of the W800 AT command set. Each names the place it comes from:
 * "spec" is the TCP/IP AT command set, "framework" the page on what surrounds it. */
#ifndef AT_LIMITS_H
#define AT_LIMITS_H

#define AT_LINE_MAX          256        /* bytes of a command line, CR LF included (framework) */
#define AT_PARAMS_MAX        20         /* parameters of one command (framework) */
#define AT_LINKS             5          /* simultaneous links, ids 0..4 (spec: CIPSTART) */
#define AT_LINK_ALL          5          /* "all links" in CIPCLOSE (spec: CIPCLOSE) */
#define AT_SEND_MAX          5760       /* payload bytes of one CIPSEND (spec: CIPSEND) */
#define AT_RECV_WINDOW       5760       /* socket receive window in bytes (spec: CIPRECVMODE) */
#define AT_IPD_MAX           2920       /* payload bytes of one active +IPD (spec: CIPRECVMODE) */
#define AT_RECVDATA_MAX      0x7fffffff /* largest <len> of CIPRECVDATA (spec: CIPRECVDATA) */
#define AT_HOST_MAX          64         /* bytes of a remote host (spec: CIPSTART) */
#define AT_KEEP_ALIVE_MAX    7200       /* seconds (spec: CIPSTART) */
#define AT_LINGER_MAX        65535      /* seconds; the specification has no limit */
#define AT_PORT_MAX          65535
#define AT_SENDL_MAX         0x7fffffff /* payload bytes of one CIPSENDL (spec: CIPSENDL) */
#define AT_SENDL_REPORT      1024       /* bytes from one CIPSENDL report to the next by default */
#define AT_SENDL_PIECE_MAX   2920  /* bytes that CIPSENDL hands over at once, by default, too */
#define AT_RECONNINTV_MAX    36000 /* times 100 ms (spec: CIPRECONNINTV) */
#define AT_IDLE_MAX          7200  /* seconds (spec: CIPSTO) */
#define AT_SERVER_PORT       333   /* default (spec: CIPSERVER) */
#define AT_TLS_NAME_MAX      64    /* bytes of a common name or SNI (spec: CIPSSLCCN, -SNI) */
#define AT_ALPN_MAX          5     /* protocols (spec: CIPSSLCALPN) */
#define AT_PSK_MAX           32    /* bytes of a key, and of an identity (framework) */
#define AT_DNS_SERVERS       2     /* (spec: CIPDNS) */
#define AT_SNTP_SERVERS      3     /* (spec: CIPSNTPCFG) */
#define AT_SNTP_INTERVAL     3600  /* seconds, by default; the specification names none */
#define AT_SNTP_INTERVAL_MIN 15    /* seconds (spec: CIPSNTPINTV) */
#define AT_SNTP_INTERVAL_MAX 4294967
#define AT_CERT_NUMBER_MAX   255 /* largest pki and CA number; the specification has no limit */
#define AT_SSID_MAX          32  /* bytes (IEEE 802.11) */
#define AT_PASSWORD_MIN      8   /* characters (framework: CWJAP) */
#define AT_PASSWORD_MAX      63  /* characters; 64 are a raw key in hex digits (framework: CWJAP) */
#define AT_PASSWORD_HEX      64
#define AT_UART_BUFFER       1024   /* receive buffer of the module in bytes (framework) */
#define AT_ESCAPE_GUARD_MS   30     /* silence around +++ (spec: +++) */
#define AT_ESCAPE_WAIT_MS    1000   /* wait after +++ before the next command (spec: +++) */
#define AT_HAND_OVER_MS      30     /* silence that ends a hand-over (device_dialect, section 4) */
#define AT_HAND_OVER_BYTES   1024   /* and so many bytes do */
#define AT_BAUD_DEFAULT      115200 /* 8N1, no flow control (framework) */
#define AT_RECONNECT_MAX     7200 /* seconds between two attempts to join (framework: CWRECONNCFG) */
#define AT_REPEATS_MAX       1000 /* such attempts (framework: CWRECONNCFG) */
#define AT_LISTEN_MAX        100  /* beacons between two looks (framework: CWJAP) */
#define AT_JOIN_MIN          3    /* seconds that a join may take (framework: CWJAP) */
#define AT_JOIN_MAX          600
#define AT_SCAN_MAX          1500   /* ms on a channel (the vendor's Wi-Fi chapter: CWLAP) */
#define AT_RSSI_MIN          (-100) /* dBm (framework: CWLAPOPT) */
#define AT_RSSI_MAX          40
#define AT_HOSTNAME_MAX      32  /* bytes (the vendor's Wi-Fi chapter: CWHOSTNAME) */
#define AT_SOFTAP_STATIONS   8   /* at most (the vendor's Wi-Fi chapter: CWSAP) */
#define AT_SENDL_REPORT_MIN  100 /* bytes (DESIGN.md: CIPSENDLCFG) */
#define AT_SENDL_REPORT_MAX  1048576
#define AT_CHANNEL_MAX       14   /* (IEEE 802.11, 2.4 GHz) */
#define AT_ECN_WEP           1    /* no access point of ours has it (framework: CWLAP) */
#define AT_SOFTAP_ECN_MAX    4    /* OPEN .. WPA/WPA2 (framework: CWLAP) */
#define AT_LEASE_MAX         2880 /* minutes (the vendor's Wi-Fi chapter: CWDHCPS) */
#define AT_LEASE_DEFAULT     120  /* minutes */

#endif
