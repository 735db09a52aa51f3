#!/bin/sh
# examples/sntp_clock: chronyd has the time.
# usage: example_sntp_clock.sh SNTP_CLOCK W800_SIM
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/peer.sh"
need chronyd

start_chronyd
start sim "$2" --dialect "${WMAT_DIALECT-manual}" --link "$folder/w800" --join wmat --ntp-port "$ntp_port"

# shows OFFSET ZONE: the time there, 3 s late at most.
shows() {
    before=$(date -u -d "$1" +%s)
    shown=$("$clock" "$folder/w800" 127.0.0.1 "$2") || return
    late=$(($(date -u -d "$shown" +%s) - before))
    echo "$shown is $late s late"
    [ $late -ge 0 ] && [ $late -le $(($(date -u -d "$1" +%s) - before + 1)) ]
}
clock=$1

expect 0 "" shows "0 hours" 0
expect 0 "" shows "8 hours" 8
expect 0 "" shows "330 minutes" 530
expect 1 "server: an argument is out of its range" "$1" "$folder/w800" 127.0.0.1 99
expect 2 "usage" "$1"
[ $bad = 0 ]
