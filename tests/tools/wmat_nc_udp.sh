#!/bin/sh
# wmat nc -u, with both dialects of the module: each piece of input is a datagram.
# usage: wmat_nc_udp.sh WMAT W800_SIM
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/peer.sh"
need socat python3
wmat=$1
export WMAT_PORT="$folder/w800"

start echo python3 "$(dirname "$0")/udp_echo.py"
port=${line#port }

# asked SIZE: a datagram of that size there and back.
asked() {
    head -c "$1" /dev/zero | tr '\0' u >"$folder/sent"
    "$wmat" nc -u -q 2 127.0.0.1 "$port" <"$folder/sent" >"$folder/received"
    cmp "$folder/sent" "$folder/received"
}

# answers: somebody sends a datagram to a listening nc, and gets its input as the answer.
answers() {
    own=$(free_port)
    rm -f "$folder/said"
    mkfifo "$folder/said"
    echo "what is it" >"$folder/answer"
    "$wmat" nc -l -u -q 1 "$own" <"$folder/answer" >"$folder/got" 2>"$folder/said" &
    nc=$!
    exec 7<"$folder/said"
    read -r line <&7
    exec 7<&-
    echo "is anybody there" | socat -t 1 - "UDP4:127.0.0.1:$own" >"$folder/came"
    wait $nc || return
    cat "$folder/came" "$folder/got"
    cmp "$folder/answer" "$folder/came"
}

for dialect in manual w800; do
    start "$dialect" "$2" --link "$folder/w800" --join wmat --dialect "$dialect"
    sim=${pids##* }
    expect 0 "" asked 1
    expect 0 "" asked 1000
    expect 0 "" asked 3000 # several
    expect 0 "is anybody there" answers
    expect 1 "can't connect" "$wmat" nc -u no-such-name.invalid 7
    expect 0 "OK" "$wmat" at AT
    expect 0 '"links":[]' "$wmat" --json status
    kill "$sim"
    wait "$sim"
done
[ $bad = 0 ]
