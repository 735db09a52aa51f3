#!/bin/sh
# wmat leave, resolve, ping and time with w800-sim.
# usage: wmat_net.sh WMAT W800_SIM FLAWED_MODULE
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/peer.sh"
need chronyd python3
wmat=$1
sim=$2
flawed=$3

start_chronyd
start sim "$2" --link "$folder/w800" --join wmat --ntp-port "$ntp_port"
export WMAT_PORT="$folder/w800"

# lines COUNT PATTERN COMMAND...: that many lines of the results match.
lines() {
    count=$1
    pattern=$2
    shift 2
    "$@" >"$folder/results"
    status=$?
    [ "$(grep -cE -- "$pattern" "$folder/results")" = "$count" ] || {
        cat "$folder/results"
        return 99
    }
    return $status
}

expect 0 "127.0.0.1" "$wmat" resolve localhost
expect 0 '{"name":"localhost","ip":"127.0.0.1"}' "$wmat" --json resolve localhost
expect 0 "" lines 1 '^192\.0\.2\.7$' "$wmat" resolve 192.0.2.7
expect 1 "is there such a name" "$wmat" resolve no-such-name.invalid
expect 2 "no line end" "$wmat" resolve "$(printf 'host\r\nAT+RST')"

expect 0 "2 sent, 2 received, 0% lost, min/avg/max" "$wmat" ping -c 2 localhost
expect 0 "" lines 2 '^answer from 127\.0\.0\.1: seq=[12] time=[0-9]+ ms$' "$wmat" ping -c 2 127.0.0.1
expect 0 "" lines 1 '^\{"ip":"127.0.0.1","seq":1,"answered":true,"time_ms":[0-9]+\}$' \
    "$wmat" --json ping -c 1 127.0.0.1
expect 0 '{"host":"127.0.0.1","sent":1,"received":1,"min_ms":' "$wmat" --json ping -c 1 127.0.0.1
# pings_nobody OPTION...: with a module whose pings nobody answers.
pings_nobody() {
    start "silence$#" python3 "$flawed" "$sim" ERROR "$(printf '+PING:TIMEOUT\r\n\r\nERROR')"
    "$wmat" -p "tcp://127.0.0.1:${line#port }" "$@" ping -c 2 192.0.2.1
}
expect 1 "2 sent, 0 received, 100% lost" pings_nobody
expect 1 '"seq":2,"answered":false}' pings_nobody --json
expect 1 "can't find 'no-such-name.invalid'" "$wmat" ping no-such-name.invalid

# A signal ends pinging, and a summary is there all the same.
mkfifo "$folder/pings"
"$wmat" ping localhost >"$folder/pings" &
ping=$!
exec 7<"$folder/pings"
read -r first <&7
kill -s INT $ping
cat <&7 >"$folder/summary"
expect 0 "seq=1 time=" echo "$first"
expect 0 "" wait $ping
expect 0 "--- localhost: " cat "$folder/summary"
expect 0 "OK" "$wmat" at AT

# is_now: what the module's clock shows is the time, 3 s late at most.
is_now() {
    shown=$("$wmat" "$@") || return
    late=$(($(date -u -d "$zone hours" +%s) - $(date -u -d "$shown" +%s)))
    echo "$shown is $late s late"
    [ $late -ge -1 ] && [ $late -le 3 ]
}
zone=0
expect 1 "--server NAME asks another" "$wmat" --timeout 1500 time --server 127.0.0.9
expect 0 "" is_now time --server 127.0.0.1
expect 0 "" is_now time
expect 0 "" lines 1 '^\{"time":"20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-9:]{8}"\}$' "$wmat" --json time
zone=8
expect 0 "OK" "$wmat" at 'AT+CIPSNTPCFG=1,8,"127.0.0.1"'
expect 0 "" is_now time
expect 2 "1 to 64 characters" "$wmat" time --server ""

expect 0 "left            wmat" "$wmat" leave
expect 0 "wifi            down" "$wmat" status
expect 0 "it had not joined any" "$wmat" leave
expect 1 "wmat status" "$wmat" ping -c 1 127.0.0.1
expect 1 "wmat status" "$wmat" resolve localhost
expect 0 "" "$wmat" join wmat wmat-demo-1
expect 0 '{"left":"wmat"}' "$wmat" --json leave
[ $bad = 0 ]
