#!/bin/sh
# The commands of wmat with its built-in virtual module.
# usage: wmat_sim.sh WMAT
. "$(dirname "$0")/expect.sh"
wmat="$1 -p sim:"

# shellcheck disable=SC2086 # a command line
run() {
    status=$1
    words=$2
    shift 2
    expect "$status" "$words" $wmat "$@"
}

run 0 "station ip            127.87.0.1" info
run 0 "discards unread data  no" info
run 0 '"station_ip":"127.87.0.1"' --json info
run 0 "WPA2" scan
run 0 '"ssid":"wmat","rssi_dbm":' --json scan
run 0 "wifi            up" status
run 0 '"links":[]' --json status
run 0 "+CIPMUX:0" at AT AT+CIPMUX?
run 0 '{"command":"AT","lines":[],"result":"OK"}' --json at AT
run 1 "CMD FORMAT ERR" at AT+NOPE AT+CIPMUX?
run 2 "wmat nc" at AT+CIPSEND=5
run 2 "it must start with AT" at hello
run 2 "254 bytes" at "AT$(printf '\r\nAT+RST')"
run 0 "ip              127.87.0.1" join wmat wmat-demo-1
run 1 "check the password" join wmat wrong-password
run 2 "8 to 63 characters" join wmat seven-7
run 2 "1 to 32 bytes" join 123456789012345678901234567890123
run 1 "does something listen there" nc 127.0.0.1 1
run 2 "1 to 64 characters" nc "$(printf 'host\r\nAT+RST')" 80

echo wmat-demo-1 >"$folder/password"
run 0 "wmat" join wmat - <"$folder/password"
run 2 "no password" join wmat - </dev/null
run 0 "station ip" --trace "$folder/trace" info
expect 0 "> AT+CIFSR" "$1" trace show "$folder/trace"
[ $bad = 0 ]
