#!/bin/sh
# wmat nc --stream: passthrough, in both dialects; whatever ends it, the module is in command mode then.
# usage: wmat_nc_stream.sh WMAT W800_SIM TCP_ECHO
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/peer.sh"
need python3
wmat=$1
export WMAT_PORT="$folder/w800"

start echo "$3"
port=${line#port }
start udp python3 "$(dirname "$0")/udp_echo.py"
udp_port=${line#port }
head -c 150000 /dev/urandom | base64 | head -c 200000 >"$folder/sent"

there_and_back() {
    "$wmat" nc --stream "$@" 127.0.0.1 "$port" <"$folder/sent" | head -c 200000 | cmp - "$folder/sent"
}

# escape: +++ is payload like any other.
escape() {
    printf +++ | "$wmat" nc --stream -q 2 127.0.0.1 "$port"
}

interrupted() {
    rm -f "$folder/endless"
    mkfifo "$folder/endless"
    "$wmat" nc --stream 127.0.0.1 "$port" </dev/zero >"$folder/endless" &
    nc=$!
    exec 7<"$folder/endless"
    head -c 1000 <&7 >/dev/null
    kill -s "$1" $nc
    cat <&7 >/dev/null &
    exec 7<&-
    wait $nc
}

for dialect in manual w800; do
    start "$dialect" "$2" --link "$folder/w800" --join wmat --dialect "$dialect"
    sim=${pids##* }
    expect 0 "" there_and_back
    expect 0 "+++" escape
    expect 0 "hello" sh -c 'echo hello | "$0" nc --stream -u -q 2 127.0.0.1 "$1"' "$wmat" "$udp_port"
    expect 1 "does something listen there" "$wmat" nc --stream 127.0.0.1 1 </dev/null
    [ "$dialect" = w800 ] || expect 130 "" interrupted INT # where zeros are swallowed it fails by itself
    expect 0 "OK" "$wmat" at AT
    expect 0 "+CIPMODE:0" "$wmat" at 'AT+CIPMODE?'
    expect 0 '"links":[]' "$wmat" --json status
    kill "$sim"
    wait "$sim"
done
[ $bad = 0 ]
