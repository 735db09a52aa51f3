#!/bin/sh
# examples/mqtt: mosquitto is the broker.
# usage: example_mqtt.sh MQTT W800_SIM
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/peer.sh"
need mosquitto

port=$(free_port)
start_until broker running mosquitto -p "$port"
start sim "$2" --dialect "${WMAT_DIALECT-manual}" --count 2 --link "$folder/w800-" --join wmat

expect 0 "home/door: open" "$1" "$folder/w800-0" 127.0.0.1 "$port" home/door open
long=$(printf '%0500d' 7)
expect 0 "home/long: $long" "$1" "$folder/w800-1" 127.0.0.1 "$port" home/long "$long"

# Two at once: each goes on until its own message has come.
"$1" "$folder/w800-0" 127.0.0.1 "$port" home/both first >"$folder/first" &
first=$!
expect 0 "home/both: second" "$1" "$folder/w800-1" 127.0.0.1 "$port" home/both second
wait $first
expect 0 "home/both: first" cat "$folder/first"

# The broker closes the link of whoever subscribes to nothing.
expect 1 "mqtt: the link is closed" "$1" "$folder/w800-0" 127.0.0.1 "$port" "" text
expect 1 "mqtt: no memory" "$1" "$folder/w800-0" 127.0.0.1 "$port" topic "$(printf '%02000d' 7)"
expect 1 "connect: the module could not do it" "$1" "$folder/w800-0" 127.0.0.1 1 topic text
expect 2 "usage" "$1"
[ $bad = 0 ]
