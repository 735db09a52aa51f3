#!/bin/sh
# examples/async: names that are there, one that is not, and a name server that says nothing.
# usage: example_async.sh ASYNC W800_SIM
. "$(dirname "$0")/expect.sh"
. "$(dirname "$0")/peer.sh"
need dnsmasq

dns_port=$(free_port)
start_until dns started dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --user="$(id -un)" \
    --listen-address=127.0.0.1 --bind-interfaces --port="$dns_port" --pid-file= \
    --address=/one.test/192.0.2.1 --address=/two.test/192.0.2.2 --local=/test/
start sim "$2" --dialect "${WMAT_DIALECT-manual}" --link "$folder/w800" --join wmat --resolver "127.0.0.1:$dns_port"

# prints WORDS...: in what was printed last.
prints() {
    for words in "$@"; do
        grep -qFx -- "$words" "$folder/out" || {
            echo "FAILED: no '$words' in:"
            cat "$folder/out"
            bad=$((bad + 1))
        }
    done
}

expect 0 "" "$1" "$folder/w800" 60 one.test two.test
prints "one.test: 192.0.2.1" "two.test: 192.0.2.2"
expect 1 "three.test: the module could not do it" "$1" "$folder/w800" 60 one.test three.test two.test
prints "one.test: 192.0.2.1" "two.test: 192.0.2.2"

start silent python3 -u -c '
import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
print(server.getsockname()[1])
while True:
    server.recv(1000)'
start sim2 "$2" --dialect "${WMAT_DIALECT-manual}" --link "$folder/w801" --join wmat --resolver "127.0.0.1:$line"
expect 1 "" "$1" "$folder/w801" 1 one.test two.test
prints "one.test: cancelled by the caller" "two.test: cancelled by the caller"
expect 2 "usage" "$1"
[ $bad = 0 ]
