#!/bin/sh
# examples/http_get against a virtual module and a real server.
# usage: example_http_get.sh HTTP_GET W800_SIM
. "$(dirname "$0")/expect.sh"

start sim "$2" --link "$folder/w800" --join wmat
mkdir "$folder/pages"
head -c 300000 /dev/urandom >"$folder/pages/page"
: >"$folder/pages/empty"
start http python3 -u -m http.server --bind 127.0.0.1 --directory "$folder/pages" 0 2>"$folder/http.log"
port=$(echo "$line" | sed 's/.* port \([0-9]*\) .*/\1/')

expect 0 "200 OK" "$1" "$folder/w800" 127.0.0.1 "$port" /empty
"$1" "$folder/w800" 127.0.0.1 "$port" /page >"$folder/got"
expect 0 "" cmp "$folder/pages/page" "$folder/got"
expect 1 "404" "$1" "$folder/w800" 127.0.0.1 "$port" /none
expect 1 "connect: the module could not do it" "$1" "$folder/w800" 127.0.0.1 1 /

# A server that ends too early.
start short python3 -u -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1])
peer, _ = server.accept()
peer.recv(1024)
peer.sendall(b"HTTP/1.0 200 OK\r\ncontent-length: 10\r\n\r\n123")'
expect 1 "the page is not whole" "$1" "$folder/w800" 127.0.0.1 "$line" /
expect 2 "usage" "$1"
[ $bad = 0 ]
