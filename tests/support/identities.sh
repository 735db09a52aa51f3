#!/bin/sh
# Makes what TLS tests identify themselves with: identities.sh FOLDER
#   ca0.pem, ca1.pem        two CAs that do not know each other
#   peer.pem, peer.key      a server, "peer.test", valid in 2020 and 2021 only
#   second.pem, second.key  another one, "second.test"
#   cert0.pem, key0.pem     a client of CA 0; cert1.pem, key1.pem: of CA 1
#   server/                 a folder for the module as a server: server_cert.pem, server_key.pem
#                           ("module.test"), server_ca.pem (CA 0)
# All else is valid from 2015 to 2045: nothing here depends on today's date.
set -eu
folder=$1
mkdir -p "$folder/server" "$folder/ca"
cat >"$folder/ca/config" <<END
[ca]
default_ca = ours
[ours]
database = $folder/ca/index
new_certs_dir = $folder/ca
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
END
: >"$folder/ca/index"

# request NAME KEY: a new key, and what has to be signed.
request() {
    openssl req -new -config "$folder/ca/config" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
        -nodes -keyout "$2" -out "$folder/ca/request" -subj "/CN=$1" 2>/dev/null
}

# sign OUT FROM TO OPTION...
sign() {
    out=$1 from=$2 to=$3
    shift 3
    openssl ca -batch -notext -config "$folder/ca/config" -in "$folder/ca/request" -out "$out" \
        -startdate "$from" -enddate "$to" "$@" 2>/dev/null
}

# identity CA NAME CERT KEY FROM TO
identity() {
    request "$2" "$4"
    echo "subjectAltName = DNS:$2" >"$folder/ca/names"
    sign "$3" "$5" "$6" -cert "$folder/ca$1.pem" -keyfile "$folder/ca/$1.key" \
        -extfile "$folder/ca/names"
}

always="20150101000000Z 20450101000000Z"
for ca in 0 1; do
    request "CA $ca" "$folder/ca/$ca.key"
    # shellcheck disable=SC2086 # two words
    sign "$folder/ca$ca.pem" $always -selfsign -keyfile "$folder/ca/$ca.key" -extensions authority
done
identity 0 peer.test "$folder/peer.pem" "$folder/peer.key" 20200101000000Z 20220101000000Z
# shellcheck disable=SC2086
{
    identity 0 second.test "$folder/second.pem" "$folder/second.key" $always
    identity 0 client.test "$folder/cert0.pem" "$folder/key0.pem" $always
    identity 1 client.test "$folder/cert1.pem" "$folder/key1.pem" $always
    identity 0 module.test "$folder/server/server_cert.pem" "$folder/server/server_key.pem" $always
}
cp "$folder/ca0.pem" "$folder/server/server_ca.pem"
