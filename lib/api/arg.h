/* Argument checks that several chapters share. */
#ifndef ARG_H
#define ARG_H

#include <stdbool.h>
#include <stddef.h>

#include <wmat/core.h>

/* A text of min..max bytes, not NULL, without control characters: it can't end a command. */
bool arg_text(const char *text, size_t min, size_t max);

/* A Wi-Fi password: 8..63 characters, or 64 hex digits, or none. */
bool arg_password(const char *text);

/* Numbers and dots; that, or what an IPv6 address is made of; six pairs of hex digits. */
bool arg_ip4(const char *text);
bool arg_ip(const char *text);
bool arg_mac(const char *text);

/* What a _prepare function returns for its arguments: 0, or WM_ERR_ARG and op can't be started. */
int op_checked(struct wm_op *op, bool sound);

#endif
