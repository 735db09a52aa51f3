#!/bin/sh
# wmat nc through w800-sim to a TCP server and back, and how it ends.
# usage: wmat_nc.sh WMAT W800_SIM TCP_ECHO
. "$(dirname "$0")/expect.sh"
wmat=$1

start sim "$2" --link "$folder/w800" --join wmat
start echo "$3"
port=${line#port }
export WMAT_PORT="$folder/w800"

# there_and_back OPTION...: half a mebibyte to the echo server and back, unchanged.
there_and_back() {
    head -c 524288 /dev/urandom >"$folder/sent"
    "$wmat" nc "$@" 127.0.0.1 "$port" <"$folder/sent" | head -c 524288 >"$folder/received"
    expect 0 "" cmp "$folder/sent" "$folder/received"
}

# interrupted SIGNAL: the status of a transfer that a signal ends.
interrupted() {
    mkfifo "$folder/endless.$1"
    "$wmat" nc 127.0.0.1 "$port" </dev/zero >"$folder/endless.$1" &
    nc=$!
    exec 7<"$folder/endless.$1"
    head -c 10000 <&7 >/dev/null
    kill -s "$1" $nc
    wait $nc
}

there_and_back
there_and_back --receive active
echo hello >"$folder/hello"
expect 0 "hello" "$wmat" nc -q 1 127.0.0.1 "$port" <"$folder/hello"
expect 0 '"sent_bytes":6' "$wmat" --json nc -q 0 127.0.0.1 "$port" <"$folder/hello"

# An input that ends at once, on one processor: its thread has ended before the others look.
all_end() {
    for i in $(seq 30); do
        timeout 20 taskset -c "$cpu" "$wmat" nc -q 0 127.0.0.1 "$port" </dev/null || return
    done
}
cpu=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')
expect 0 "" all_end
expect 1 "does something listen there" "$wmat" nc 127.0.0.1 1 </dev/null

# Ended by a signal, it leaves a module in command mode and without links.
expect 143 "" interrupted TERM
expect 0 "OK" "$wmat" at AT
expect 0 '"links":[]' "$wmat" --json status

# One program at a time.
mkfifo "$folder/input" "$folder/output"
"$wmat" nc 127.0.0.1 "$port" <"$folder/input" >"$folder/output" &
pids="$pids $!"
exec 5>"$folder/input" 6<"$folder/output"
echo there >&5
read -r line <&6
expect 0 "" test "$line" = there
expect 3 "another program" "$wmat" info
[ $bad = 0 ]
