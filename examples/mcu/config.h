/* Whom the program talks to. Each can be given to build.sh: -DHTTP_PORT=8080, -DSSID='"office"'. */
#ifndef CONFIG_H
#define CONFIG_H

#ifndef SSID
#define SSID "wmat"
#endif
#ifndef PASSWORD
#define PASSWORD "wmat-demo-1"
#endif

#ifndef HTTP_HOST
#define HTTP_HOST "127.0.0.1"
#endif
#ifndef HTTP_PORT
#define HTTP_PORT 8000
#endif
#ifndef HTTP_PATH
#define HTTP_PATH "/"
#endif

#ifndef UDP_HOST /* of a server that sends back what it gets */
#define UDP_HOST "127.0.0.1"
#endif
#ifndef UDP_PORT
#define UDP_PORT 7
#endif

#endif
