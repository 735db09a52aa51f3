#!/bin/sh
# wmat nc -l: socat and openssl come to the module's server.
# usage: wmat_nc_server.sh WMAT W800_SIM IDENTITIES
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/peer.sh"
need socat openssl
wmat=$1
address=127.88.$(($$ / 250 % 250)).$(($$ % 250 + 1))
mkdir "$folder/certs"
sh "$3" "$folder/certs" || exit 1
cp "$folder"/certs/server/* "$folder/certs"
start sim "$2" --link "$folder/w800" --join wmat --address "$address" --certs "$folder/certs"
export WMAT_PORT="$folder/w800"

# listen INPUT WORD...: starts wmat nc with INPUT as its input and waits until it listens; $nc is its number, its
# output goes to $folder/got.
listen() {
    input=$1
    shift
    rm -f "$folder/said"
    mkfifo "$folder/said"
    "$wmat" nc "$@" <"$input" >"$folder/got" 2>"$folder/said" &
    nc=$!
    pids="$pids $nc"
    exec 7<"$folder/said"
    read -r line <&7
    exec 7<&-
    [ "$line" = "wmat: nc: listening on port 7000" ] || echo "it says: $line"
}

# Whole, both ways; the client goes first.
head -c 300000 /dev/urandom >"$folder/there"
head -c 200000 /dev/urandom >"$folder/back"
listen "$folder/back" -l -q 1 7000
socat -u "TCP4:$address:7000" - >"$folder/came"
expect 0 "" cmp "$folder/back" "$folder/came"
expect 0 "" wait $nc
listen /dev/null -l 7000
expect 0 "" socat -u "$folder/there" "TCP4:$address:7000"
expect 0 "" wait $nc
expect 0 "" cmp "$folder/there" "$folder/got"
expect 0 '"links":[]' "$wmat" --json status
expect 1 "refused" socat -u /dev/null "TCP4:$address:7000"

# One client after another.
listen /dev/null -l -k 7000
for i in 1 2 3; do
    echo "client $i" | socat -u - "TCP4:$address:7000"
done
expect 0 "" sh -c 'while ! grep -q "client 3" "$1"; do :; done' sh "$folder/got"
kill -s TERM $nc
expect 143 "" wait $nc
expect 0 "" sh -c 'printf "client 1\nclient 2\nclient 3\n" | cmp - "$1"' sh "$folder/got"
expect 1 "refused" socat -u /dev/null "TCP4:$address:7000"
expect 0 "+CIPSERVER:0" "$wmat" at 'AT+CIPSERVER?'

# A signal, before anybody came.
listen /dev/null -l 7000
kill -s INT $nc
expect 130 "" wait $nc
expect 0 "OK" "$wmat" at AT
expect 1 "refused" socat -u /dev/null "TCP4:$address:7000"

# TLS.
openssl_client() {
    openssl s_client -quiet -connect "$address:7000" -CAfile "$folder/certs/ca0.pem" -verify_return_error \
        -verify_hostname module.test "$@" 2>"$folder/openssl"
}
echo from the module >"$folder/words"
listen "$folder/words" -l --tls -q 0 7000
expect 0 "from the module" openssl_client
expect 0 "" wait $nc

expect 2 "nc -l [OPTIONS] PORT" "$wmat" nc -l
expect 2 "nc -l [OPTIONS] PORT" "$wmat" nc -l 127.0.0.1 7000
expect 2 "'0' is no port" "$wmat" nc -l 0
expect 1 "can't listen on port 7000" "$wmat" --timeout 1000 nc -l 7000
[ $bad = 0 ]
