#!/bin/sh
# wmat proxy: curl reaches a web server through w800-sim.
# usage: wmat_proxy.sh WMAT W800_SIM PYTHON HTTP_SERVER HALF_CLOSED MANY_CLIENTS
. "$(dirname "$0")/expect.sh"
wmat=$1
export WMAT_PORT="$folder/w800"

mkdir "$folder/files"
head -c 4194304 /dev/urandom >"$folder/files/big"
base64 "$folder/files/big" | head -c 1000000 >"$folder/files/text"
yes "lines without end" | head -c 64M >"$folder/files/lines"
truncate -s 64M "$folder/files/endless" # more than all buffers hold
start sim "$2" --link "$folder/w800" --join wmat
sim=${pids##* }
start web "$3" "$4" "$folder/files"
port=${line#port }

# proxy OPTION...: starts one on a free port. Its results can be read from 8, standard error goes to
# $folder/said.
proxy() {
    rm -f "$folder/results"
    mkfifo "$folder/results"
    "$wmat" "$@" 127.0.0.1:0 >"$folder/results" 2>"$folder/said" &
    proxy_pid=$!
    pids="$pids $!"
    exec 8<"$folder/results"
    read -r line <&8
    proxy=$(echo "$line" | grep -o '127.0.0.1:[0-9]*')
}

# interrupted SIGNAL: the status of the proxy that a signal ends.
interrupted() {
    kill -s "$1" "$proxy_pid"
    wait "$proxy_pid"
}

get() {
    curl -sS --noproxy "" --max-time 100 --socks5-hostname "$@"
}

# get_many COUNT: so many transfers at once, all of them whole.
get_many() {
    gets=""
    for i in $(seq "$1"); do
        get "$proxy" -o "$folder/got.$i" "http://localhost:$port/big" &
        gets="$gets $!"
    done
    for pid in $gets; do
        expect 0 "" wait "$pid"
    done
    for i in $(seq "$1"); do
        expect 0 "" cmp "$folder/files/big" "$folder/got.$i"
        rm -f "$folder/got.$i"
    done
}

proxy proxy
get_many 1
get_many 4
get_many 8 # the module has five links
sum=$(sha256sum <"$folder/files/big")
expect 0 "${sum%% *}" get "$proxy" -T "$folder/files/big" "http://127.0.0.1:$port/upload"
expect 0 "404" get "$proxy" -w '%{http_code}' "http://127.0.0.1:$port/nowhere"
expect 0 "" curl -sS --noproxy "" --socks5 "$proxy" -o "$folder/got" "http://127.0.0.1:$port/text"
expect 0 "" cmp "$folder/files/text" "$folder/got"
expect 97 "(5)" get "$proxy" http://127.0.0.1:1/
expect 97 "(5)" get "$proxy" 'http://[::1]:1/'
expect 97 "(4)" get "$proxy" http://no-such-name.invalid/
label=aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee
expect 97 "(4)" get "$proxy" "http://$label.$label.invalid/" # more than AT+CIPSTART takes
expect 97 "closed" curl -sS --noproxy "" --socks4 "$proxy" "http://127.0.0.1:$port/text"
expect 0 "does something listen there" cat "$folder/said"
expect 0 "is there such a name" cat "$folder/said"

expect 0 "" "$3" "$5" "${proxy##*:}"

# Ended by a signal in the middle of transfers and of a line, it leaves a module in command mode.
mkfifo "$folder/slow"
for i in 1 2 3 4 5 6 7; do
    get "$proxy" --limit-rate 100k "http://localhost:$port/endless" >"$folder/slow" 2>/dev/null &
done
exec 7<"$folder/slow"
head -c 10000 <&7 >/dev/null
expect 130 "" interrupted INT
exec 7<&-
expect 0 "OK" "$wmat" at AT
expect 0 '"links":[]' "$wmat" --json status

# Who may use it.
printf 'secret\nof nobody\n' >"$folder/password"
proxy --json proxy --user me --password-file "$folder/password"
expect 0 "{\"ready\":\"$proxy\"}" echo "$line"
expect 0 "" get "me:secret@$proxy" -o "$folder/got" "http://127.0.0.1:$port/text"
expect 0 "" cmp "$folder/files/text" "$folder/got"
read -r line <&8
expect 0 "{\"host\":\"127.0.0.1\",\"port\":$port,\"sent_bytes\":" echo "$line"
expect 0 '"result":"WM_OK"}' echo "$line"
expect 97 "rejected" get "me:Secret@$proxy" "http://127.0.0.1:$port/text"
expect 97 "rejected" get "you:secret@$proxy" "http://127.0.0.1:$port/text"
expect 97 "No authentication method" get "$proxy" "http://127.0.0.1:$port/text"
expect 97 "(5)" get "me:secret@$proxy" http://127.0.0.1:1/
read -r line <&8
expect 0 '"result":"WM_ERR_DEVICE"}' echo "$line"
expect 143 "" interrupted TERM

# A shipping module swallows zeros: what came up short is no end of file.
kill "$sim"
wait "$sim"
start shipping "$2" --link "$folder/w800" --join wmat --dialect w800
proxy proxy --receive active
expect 0 "" get "$proxy" -o "$folder/got" "http://localhost:$port/text"
expect 0 "" cmp "$folder/files/text" "$folder/got"

# In active mode a client that reads slowly and then goes holds up nobody.
mkfifo "$folder/gone"
get "$proxy" --limit-rate 100k "http://localhost:$port/lines" >"$folder/gone" 2>/dev/null &
slow=$!
exec 7<"$folder/gone"
head -c 100000 <&7 >/dev/null
kill -s KILL $slow
exec 7<&-
expect 0 "" get "$proxy" --max-time 4 -o "$folder/got" "http://localhost:$port/text"

expect 56 "" get "$proxy" -o "$folder/got" "http://localhost:$port/big"
expect 0 "--receive zero-safe" cat "$folder/said"
expect 130 "" interrupted INT

# Without descriptors it waits, and does not spin.
(
    ulimit -n 20
    exec "$wmat" -p sim: proxy 127.0.0.1:0 >"$folder/results" 2>"$folder/said"
) &
proxy_pid=$!
pids="$pids $!"
exec 8<"$folder/results"
read -r line <&8
expect 0 "" "$3" "$6" "${line##*:}" "$proxy_pid"
expect 0 "1" grep -c "a connection waits: Too many open files" "$folder/said"
expect 143 "" interrupted TERM

# A place that is taken.
expect 1 "Address already in use" "$wmat" proxy "127.0.0.1:$port"
[ $bad = 0 ]
