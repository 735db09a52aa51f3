#!/bin/sh
# wmat nc --tls: openssl is the server.
# usage: wmat_nc_tls.sh WMAT W800_SIM IDENTITIES
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/peer.sh"
need openssl chronyd
wmat=$1
mkdir "$folder/certs"
sh "$3" "$folder/certs" || exit 1
start_chronyd
start sim "$2" --link "$folder/w800" --join wmat --certs "$folder/certs" --ntp-port "$ntp_port"
export WMAT_PORT="$folder/w800"

# serve NAME OPTION...: openssl, at $port.
serve() {
    name=$1
    shift
    start_until "$name" ACCEPT openssl s_server -accept 127.0.0.1:0 -rev "$@"
    port=${line##*:}
}

# ask OPTION...: what the server makes of a line.
ask() {
    echo "sdrawkcab" | "$wmat" nc --tls -q 2 "$@" 127.0.0.1 "$port"
}

serve second -cert "$folder/certs/second.pem" -key "$folder/certs/second.key" -alpn http/1.1,h2
expect 1 "wmat time" ask
expect 0 "backwards" ask --insecure
expect 0 "" "$wmat" time --server 127.0.0.1
expect 0 "backwards" ask # by CA 0; an address is no name to look at
expect 0 "backwards" ask --ca 0 --sni second.test
expect 0 "backwards" ask --ca 0 --alpn h2,http/1.1
expect 1 "what --ca and --sni say" ask --ca 1
expect 1 "what --ca and --sni say" ask --sni another.test
expect 1 "what --ca and --sni say" "$wmat" nc --tls 127.0.0.1 1 </dev/null

# The module proves who it is.
serve wary -cert "$folder/certs/second.pem" -key "$folder/certs/second.key" -Verify 1 -verify_return_error \
    -CAfile "$folder/certs/ca0.pem" -tls1_2
expect 1 "" ask
expect 0 "backwards" ask --cert 0

# A key that both know.
serve psk -nocert -psk_identity module -psk 00112233445566778899aabbccddeeff -tls1_2
expect 0 "backwards" ask --psk module:00112233445566778899AABBCCDDEEFF
expect 1 "what --ca and --sni say" ask --psk module:00112233445566778899aabbccddee00

# As passthrough.
serve stream -cert "$folder/certs/second.pem" -key "$folder/certs/second.key"
expect 0 "backwards" ask --stream --sni second.test
expect 1 "what --ca and --sni say" ask --stream --ca 1
expect 0 "OK" "$wmat" at AT
expect 0 '"links":[]' "$wmat" --json status
[ $bad = 0 ]
