#!/bin/sh
# examples/tcp_client against a virtual module and a real echo server.
# usage: example_tcp_client.sh TCP_CLIENT W800_SIM TCP_ECHO
. "$(dirname "$0")/expect.sh"

start sim "$2" --dialect "${WMAT_DIALECT-manual}" --link "$folder/w800"
start echo "$3"
port=${line#port }
expect 0 "hello, W800" "$1" "$folder/w800" wmat wmat-demo-1 127.0.0.1 "$port" "hello, W800"
expect 1 "the module said: AT+CWJAP: ERROR" \
    "$1" "$folder/w800" wmat wrong-password 127.0.0.1 "$port" x
[ $bad = 0 ]
