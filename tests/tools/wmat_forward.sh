#!/bin/sh
# wmat forward: socat, openssl and curl reach their peers through w800-sim.
# usage: wmat_forward.sh WMAT W800_SIM TCP_ECHO PYTHON HTTP_SERVER
. "$(dirname "$0")/expect.sh"
wmat=$1
export WMAT_PORT="$folder/w800"

start sim "$2" --link "$folder/w800" --join wmat
sim=${pids##* }
start echo "$3"
echo_port=${line#port }
mkdir "$folder/files"
head -c 1048576 /dev/urandom >"$folder/files/big"
truncate -s 64M "$folder/files/endless" # more than all buffers hold
start web "$4" "$5" "$folder/files"
web_port=${line#port }

# forward OPTION... HOST PORT: starts one on a free port of 127.0.0.1.
forward() {
    rm -f "$folder/forward.pipe"
    start forward "$wmat" forward "$@" 2>"$folder/said"
    forward_pid=${pids##* }
    local=${line#ready }
}

# ended SIGNAL: the status of the forwarder that a signal ends.
ended() {
    kill -s "$1" "$forward_pid"
    wait "$forward_pid"
}

# Both ways at once: half a mebibyte to the echo server and back. The server never closes, so the end
# comes when nothing has for -q.
head -c 524288 /dev/urandom >"$folder/sent"
forward -q 2 0 127.0.0.1 "$echo_port"
socat -t 60 - "TCP:$local" <"$folder/sent" >"$folder/got"
expect 0 "" cmp "$folder/sent" "$folder/got"

# A conversation, in turns, with others beside it and one that nobody reads.
mkfifo "$folder/input" "$folder/output"
socat - "TCP:$local" <"$folder/input" >"$folder/output" &
pids="$pids $!"
exec 5>"$folder/input" 6<"$folder/output"
socat -u "FILE:/dev/zero,readbytes=20000000" "TCP:$local" 2>/dev/null &
pids="$pids $!"
for word in one two three; do
    echo $word >&5
    read -r line <&6
    expect 0 "" test "$line" = $word
done
exec 5>&- 6<&-
expect 130 "" ended INT
expect 0 '"links":[]' "$wmat" --json status

# TLS from end to end: the peer's certificate arrives here.
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=forward.example -days 2 -keyout "$folder/key" \
    -out "$folder/certificate" 2>/dev/null
mkfifo "$folder/tls"
openssl s_server -accept 127.0.0.1:0 -key "$folder/key" -cert "$folder/certificate" -rev >"$folder/tls" \
    2>"$folder/tls.said" &
pids="$pids $!"
exec 7<"$folder/tls"
line=""
while [ "${line#ACCEPT}" = "$line" ] && read -r line <&7; do :; done
forward '[::1]:0' localhost "${line##*:}"
expect 0 "" test "${local%:*}" = '[::1]'
printf 'backwards\nCLOSE\n' >"$folder/hello"
expect 0 "sdrawkcab" openssl s_client -connect "$local" -CAfile "$folder/certificate" -verify_return_error \
    -verify_hostname forward.example -quiet <"$folder/hello"
expect 143 "" ended TERM

# reset: is the connection reset? curl may see that while it connects still.
reset() {
    curl -sS --noproxy "*" "http://$local/"
    case $? in 7 | 56) ;; *) false ;; esac
}

# What the module refuses is a reset, not the end of an empty answer.
forward 0 127.0.0.1 1
expect 0 "" reset
expect 0 "does something listen there" cat "$folder/said"
expect 130 "" ended INT
expect 1 "Address already in use" "$wmat" forward "127.0.0.1:$web_port" 127.0.0.1 1

# A module that goes and comes back: the connection is reset, the next one is whole.
mkfifo "$folder/news"
"$wmat" forward 0 127.0.0.1 "$web_port" 2>"$folder/news" >"$folder/forward.pipe" &
forward_pid=$!
pids="$pids $!"
exec 3<"$folder/news"
read -r line <"$folder/forward.pipe"
local=${line#ready }
mkfifo "$folder/slow"
curl -sS --noproxy "*" --limit-rate 100k "http://$local/endless" >"$folder/slow" 2>"$folder/said" &
curl=$!
exec 5<"$folder/slow"
head -c 10000 <&5 >/dev/null
kill "$sim"
wait "$sim"
cat <&5 >/dev/null
wait $curl
expect 0 "" test $? = 56
start sim2 "$2" --link "$folder/w800" --join wmat
news=""
while [ "${news%is back}" = "$news" ] && read -r news <&3; do :; done
expect 0 "" curl -sS --noproxy "*" -o "$folder/got" "http://$local/big"
expect 0 "" cmp "$folder/files/big" "$folder/got"
expect 130 "" ended INT
[ $bad = 0 ]
