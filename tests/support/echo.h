/* A TCP echo server in a thread of the test, for up to 16 connections at once. */
#ifndef ECHO_H
#define ECHO_H

#include <stdint.h>

/* Starts it on a free port of 127.0.0.1; returns the port. */
uint16_t echo_start(void);

/* Ends it and what is still connected. */
void echo_stop(void);

#endif
