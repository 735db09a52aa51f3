#!/bin/sh
# examples/udp against a virtual module and a real echo server.
# usage: example_udp.sh UDP W800_SIM
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/peer.sh"

start sim "$2" --dialect "${WMAT_DIALECT-manual}" --link "$folder/w800" --join wmat
start echo python3 "$(dirname "$0")/udp_echo.py"
port=${line#port }
expect 0 "127.0.0.1:$port: hello, W800" "$1" "$folder/w800" 127.0.0.1 "$port" "hello, W800"
expect 1 "no answer to 3 datagrams" "$1" "$folder/w800" 127.0.0.1 "$(free_port)" "is anybody there"
expect 1 "open: an argument is out of its range" "$1" "$folder/w800" 127.0.0.1 0 x
expect 2 "usage" "$1"
[ $bad = 0 ]
