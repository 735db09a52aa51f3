#!/bin/sh
# examples/tls_client: openssl is the server, chronyd has the time.
# usage: example_tls_client.sh TLS_CLIENT W800_SIM IDENTITIES
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/peer.sh"
need openssl chronyd

mkdir "$folder/certs"
sh "$3" "$folder/certs" || exit 1
start_chronyd
start sim "$2" --dialect "${WMAT_DIALECT-manual}" --link "$folder/w800" --join wmat --certs "$folder/certs" --ntp-port "$ntp_port"

# serve NAME: openssl with that certificate, at $port.
serve() {
    start_until "$1" ACCEPT openssl s_server -accept 127.0.0.1:0 -www \
        -cert "$folder/certs/$1.pem" -key "$folder/certs/$1.key"
    port=${line##*:}
}

# get NAME: with that name in the certificate.
get() {
    "$client" "$folder/w800" 127.0.0.1 127.0.0.1 "$port" "$1"
}
client=$1

serve second
expect 0 "HTTP/1.0 200 ok" get second.test
expect 1 "connect: the module could not do it" get another.test
serve peer # valid in 2020 and 2021 only
expect 1 "connect: the module could not do it" get peer.test
expect 2 "usage" "$1"
[ $bad = 0 ]
