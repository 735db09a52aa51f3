#!/bin/sh
# examples/passthrough against a virtual module and a real echo server.
# usage: example_passthrough.sh PASSTHROUGH W800_SIM TCP_ECHO
. "$(dirname "$0")/expect.sh"

start sim "$2" --link "$folder/w800" --join wmat
start echo "$3"
port=${line#port }
head -c 200000 /dev/urandom >"$folder/sent"
printf '+++' >"$folder/escape" # would end passthrough, if the driver let it
"$1" "$folder/w800" 127.0.0.1 "$port" <"$folder/sent" >"$folder/back"
expect 0 "" cmp "$folder/sent" "$folder/back"
expect 0 "+++" "$1" "$folder/w800" 127.0.0.1 "$port" <"$folder/escape"
expect 1 "open: the module could not do it" "$1" "$folder/w800" 127.0.0.1 1 </dev/null
expect 2 "usage" "$1"
[ $bad = 0 ]
