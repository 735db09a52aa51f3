/* An SNTP server in a thread of the test that says what time the test wants it to be. */
#ifndef SNTP_STUB_H
#define SNTP_STUB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

struct sntp_stub {
    int fd;
    uint16_t port; /* on 127.0.0.1 */
    pthread_t thread;
    _Atomic int64_t unix_s; /* what it answers */
};

void sntp_stub_start(struct sntp_stub *stub, int64_t unix_s);
void sntp_stub_stop(struct sntp_stub *stub);

#endif
