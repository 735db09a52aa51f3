#!/bin/sh
# examples/poll_loop: one thread, 32 virtual modules and a real echo server.
# usage: example_poll_loop.sh POLL_LOOP W800_SIM TCP_ECHO
. "$(dirname "$0")/expect.sh"

start sim "$2" --count 32 --link "$folder/w800-" --join wmat
start echo "$3"
port=${line#port }
ports=
for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31; do
    ports="$ports $folder/w800-$i"
done
# shellcheck disable=SC2086 # 32 words
expect 0 "32 of 32 modules moved 16 KiB each way" "$1" 127.0.0.1 "$port" 16 $ports
# shellcheck disable=SC2086
expect 1 "0 of 32 modules moved" "$1" 127.0.0.1 1 16 $ports
expect 1 "no such port" "$1" 127.0.0.1 "$port" 1 "$folder/none"
[ $bad = 0 ]
