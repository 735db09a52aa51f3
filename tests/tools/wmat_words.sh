#!/bin/sh
# Wrong words on the command line: status 2 or 3 and a message that says what to do.
# usage: wmat_words.sh WMAT
. "$(dirname "$0")/expect.sh"
wmat=$1
unset WMAT_PORT

expect 0 "usage: wmat" "$wmat" --help
expect 0 "wmat 0." "$wmat" --version
expect 0 "" "$wmat" ports
if [ -w /dev/full ]; then
    expect 1 "can't write the results" sh -c '"$1" --help >/dev/full' - "$wmat"
fi
expect 2 "which command" "$wmat"
expect 2 "no command 'fly'" "$wmat" fly
expect 2 "--bogus" "$wmat" --bogus scan
expect 2 "is missing: -p" "$wmat" -p
expect 2 "'fast' is no speed" "$wmat" -b fast scan
expect 2 "'0' is no speed" "$wmat" -b 0 scan
expect 2 "--flow rtscts" "$wmat" --flow xon scan
expect 2 "milliseconds" "$wmat" --timeout 1s scan
expect 2 "wmat [OPTIONS] scan" "$wmat" scan --json
expect 2 "wmat [OPTIONS] at CMD..." "$wmat" at
expect 2 "wmat [OPTIONS] join SSID" "$wmat" join
expect 2 "wmat [OPTIONS] leave" "$wmat" leave now
expect 2 "wmat [OPTIONS] info" "$wmat" info all
expect 2 "wmat [OPTIONS] status" "$wmat" status all
expect 2 "wmat [OPTIONS] ports" "$wmat" ports all
expect 2 "wmat [OPTIONS] join SSID" "$wmat" join ssid password more
expect 2 "wmat [OPTIONS] resolve NAME" "$wmat" resolve
expect 2 "wmat [OPTIONS] resolve NAME" "$wmat" resolve a b
expect 2 "wmat [OPTIONS] ping [-c N] HOST" "$wmat" ping
expect 2 "wmat [OPTIONS] ping [-c N] HOST" "$wmat" ping a b
expect 2 "'0' is no count" "$wmat" ping -c 0 localhost
expect 2 "'many' is no count" "$wmat" ping -c many localhost
expect 2 "is missing: -c" "$wmat" ping -c
expect 2 "wmat [OPTIONS] time" "$wmat" time now
expect 2 "is missing: --server" "$wmat" time --server
expect 2 "stand before the command" "$wmat" time --json
expect 0 "usage: wmat [OPTIONS] nc" "$wmat" nc --help
expect 2 "HOST PORT" "$wmat" nc 127.0.0.1
expect 2 "'0' is no port" "$wmat" nc 127.0.0.1 0
expect 2 "'65536' is no port" "$wmat" nc 127.0.0.1 65536
expect 2 "'-1' is no time" "$wmat" nc -q -1 127.0.0.1 80
expect 2 "passive, active or zero-safe" "$wmat" nc --receive lazily 127.0.0.1 80
expect 2 "no DTLS" "$wmat" nc -u --tls 127.0.0.1 80
expect 2 "passthrough has no server" "$wmat" nc -l --stream 80
expect 2 "-k goes with -l" "$wmat" nc -k 127.0.0.1 80
expect 2 "go with --tls" "$wmat" nc --ca 1 127.0.0.1 443
expect 2 "go with --tls" "$wmat" nc -l --tls --sni a 443
expect 2 "do not go together" "$wmat" nc --tls --ca 1 --insecure 127.0.0.1 443
expect 2 "--verify-clients goes with" "$wmat" nc --tls --verify-clients 127.0.0.1 443
expect 2 "'256' is no certificate" "$wmat" nc --tls --ca 256 127.0.0.1 443
expect 2 "'x' is no certificate" "$wmat" nc --tls --cert x 127.0.0.1 443
expect 2 "1 to 5 names" "$wmat" nc --tls --alpn a,b,c,d,e,f 127.0.0.1 443
expect 2 "1 to 5 names" "$wmat" nc --tls --alpn a,,b 127.0.0.1 443
expect 2 "--psk IDENTITY:KEY" "$wmat" nc --tls --psk secret 127.0.0.1 443
expect 2 "--psk IDENTITY:KEY" "$wmat" nc --tls --psk me:0 127.0.0.1 443
expect 2 "--psk IDENTITY:KEY" "$wmat" nc --tls --psk me:0g 127.0.0.1 443
expect 2 "--psk IDENTITY:KEY" "$wmat" nc --tls --psk :00 127.0.0.1 443
expect 2 "stand before the command" "$wmat" nc --json 127.0.0.1 80
expect 2 "LOCAL HOST PORT" "$wmat" forward 8080 example.org
expect 2 "'nowhere' is no place" "$wmat" forward nowhere example.org 80
expect 2 "'127.0.0.1' is no place" "$wmat" forward 127.0.0.1 example.org 80
expect 2 "'127.0.0.1:' is no place" "$wmat" forward 127.0.0.1: example.org 80
expect 2 "'65536' is no place" "$wmat" forward 65536 example.org 80
expect 2 "'[::1' is no place" "$wmat" forward '[::1' example.org 80
expect 2 "'[::1]80' is no place" "$wmat" forward '[::1]80' example.org 80
expect 2 "'0' is no port" "$wmat" forward 8080 example.org 0
expect 2 "1 to 64 characters" "$wmat" forward 8080 '' 80
expect 2 "no such option, or its value is missing: --user" "$wmat" forward --user me 8080 example.org 80
expect 2 "'soon' is no time" "$wmat" proxy -q soon
expect 2 "'localhost:1' is no place" "$wmat" proxy localhost:1
expect 2 "wmat proxy" "$wmat" proxy 1 2
expect 2 "go together" "$wmat" proxy --user me
expect 2 "go together" "$wmat" proxy --password-file /dev/null
expect 2 "can't read the password file" "$wmat" proxy --user me --password-file /nowhere
expect 2 "1 to 255 bytes" "$wmat" proxy --user me --password-file /dev/null
expect 3 "there is no password" "$wmat" -p /dev/null proxy 0.0.0.0:0
expect 3 "no serial port" "$wmat" -p /dev/null forward '[::1]:0' example.org 80
expect 1 "Cannot assign requested address" "$wmat" -p sim: forward 192.0.2.1:0 example.org 80
expect 2 "'soon' is no time" "$wmat" bench --seconds soon
expect 2 "wmat forward --help" "$wmat" forward --fast 8080 example.org 80
expect 2 "wmat bench --help" "$wmat" bench --fast
expect 2 "'nowhere' is no peer" "$wmat" bench --peer nowhere
expect 2 "wmat bench" "$wmat" bench 127.0.0.1
expect 2 "passive, active or zero-safe" "$wmat" bench --receive lazily
expect 1 "Cannot assign requested address" "$wmat" -p sim: bench --peer 192.0.2.1
expect 2 "trace show FILE" "$wmat" trace
expect 2 "/nowhere" "$wmat" trace show /nowhere
expect 2 "can't write the trace" "$wmat" --trace /nowhere/trace -p sim: info

expect 3 "-p sim:" "$wmat" scan
expect 3 "a directory" "$wmat" -p /dev scan
expect 3 "no such port: /dev/ttyNOPE" "$wmat" -p /dev/ttyNOPE scan
expect 3 "tcp://HOST:PORT" "$wmat" -p tcp://nowhere scan
expect 3 "no serial port" "$wmat" -p /dev/null scan
expect 3 "is a file" "$wmat" -p "$0" scan
expect 3 "which port" "$wmat" leave
expect 3 "which port" "$wmat" resolve localhost
expect 3 "which port" "$wmat" ping localhost
expect 3 "which port" "$wmat" time
expect 3 "no such port" "$wmat" -p /dev/ttyNOPE nc -l 7000

# A port of another group's: who may, makes one.
if [ "$(id -u)" = 0 ] && group=$(awk -F: '$3 > 0 {print $1; exit}' /etc/group) &&
    chmod 755 "$folder" && cp "$wmat" "$folder/wmat" && mknod -m 660 "$folder/port" c 4 64 2>/dev/null; then
    chgrp "$group" "$folder/port"
    expect 3 "usermod -aG $group" setpriv --reuid 65534 --regid 65534 --clear-groups "$folder/wmat" \
        -p "$folder/port" info
fi
[ $bad = 0 ]
