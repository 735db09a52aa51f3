#!/bin/sh
# examples/tcp_echo_server: several clients at once.
# usage: example_tcp_echo_server.sh TCP_ECHO_SERVER W800_SIM
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/peer.sh"
need socat

# Another address for each run: several may run at a time.
address=127.87.$(($$ / 250 % 250)).$(($$ % 250 + 1))
start sim "$2" --link "$folder/w800" --join wmat --address "$address"
start_until server serve "$1" "$folder/w800" 7000
server=$pid
expect 0 "5 threads serve TCP port 7000" echo "$line"

clients=$(dirname "$0")/echo_clients.py
expect 0 "5 of 5" python3 "$clients" "$address" 7000 5 20000
expect 0 "5 of 5" python3 "$clients" "$address" 7000 5 1 # their links are free again

# The port is free again when it has ended.
kill -s INT $server
expect 0 "" wait $server
expect 1 "refused" socat - "TCP4:$address:7000" </dev/null
expect 1 "no such port" "$1" "$folder/none" 7000
expect 2 "usage" "$1"
[ $bad = 0 ]
