#!/bin/sh
# w800-sim from outside: options, messages, exit status, a clean end. Usage: test_sim.sh PATH-OF-W800-SIM
sim=$1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0

fail() {
    echo "FAIL: $1"
    failed=1
}

# refuses STATUS WORD OPTION...: exits with that status and a message that has the word.
refuses() {
    status=$1 word=$2
    shift 2
    "$sim" "$@" >"$dir/out" 2>"$dir/err" </dev/null
    got=$?
    [ "$got" -eq "$status" ] || fail "w800-sim $*: exit status $got, not $status"
    grep -q -- "$word" "$dir/err" || fail "w800-sim $*: no '$word' in: $(cat "$dir/err")"
    [ ! -s "$dir/out" ] || fail "w800-sim $*: says something on standard output"
}

refuses 2 "unknown dialect" --dialect x
refuses 2 "needs --dialect w800 and --baud" --interleave --baud 115200
refuses 2 "needs --dialect w800 and --baud" --interleave --dialect w800
refuses 2 "1 to 250" --count 0
refuses 2 "1 to 250" --count 251
refuses 2 "number" --count two
refuses 2 "number" --seed -1
refuses 2 "--help" --nonsense
refuses 2 "unexpected" argument
refuses 2 "exclude" --stdio --link "$dir/link"
refuses 2 "exclude" --listen 127.0.0.1:0 --stdio
refuses 2 "room for one" --stdio --count 2
for resolver in nowhere '' 1.2.3 127.0.0.1: 127.0.0.1:0 127.0.0.1:99999 127.0.0.1:53x '[::1]' '[::1]:' ::1:x; do
    refuses 2 "ADDR:PORT" --stdio --resolver "$resolver"
done
for resolver in 127.0.0.1 127.0.0.1:53 ::1 '[::1]:53'; do
    "$sim" --stdio --resolver "$resolver" </dev/null >"$dir/out" 2>&1 || fail "--resolver $resolver: $(cat "$dir/out")"
done
refuses 2 "IPv4" --stdio --address host
refuses 2 "8 to 63" --stdio --ap net,short
refuses 2 "no such access point" --stdio --join nobody
refuses 2 "HOST:PORT" --listen 127.0.0.1
refuses 1 "can't be written" --stdio --trace "$dir/none/trace"
refuses 1 "can't be created" --link "$dir/none/link"

# A script: FILE:LINE and what is wrong with it, before anything starts.
printf '# a plan\n0 station-joins 02:00:00:00:00:01\n5 explode\n' >"$dir/script"
refuses 2 "script:3: there is no event 'explode'" --script "$dir/script"
printf '5 ap-gone nobody\n' >"$dir/script"
refuses 2 "script:1: there is no access point 'nobody'" --script "$dir/script"
printf '5 module 1 reset\n' >"$dir/script"
refuses 2 "script:1: the modules are 0 to 0" --script "$dir/script"
printf '5 reset\0\n' >"$dir/script"
refuses 2 "script:1: there is no event" --script "$dir/script"
refuses 1 "can't be read" --script "$dir/none"
refuses 1 "can't be read" --script "$dir"

"$sim" --help | grep -q -- "--link PATH" || fail "--help"
"$sim" --version | grep -q "^w800-sim [0-9]" || fail "--version"

# explains WORDS LINE OPTION...: LINE is ERROR, and the trace says why.
explains() {
    words=$1 line=$2
    shift 2
    printf 'AT+CIPMUX=1\r\n%s\r\n' "$line" |
        "$sim" --stdio --trace "$dir/trace" "$@" >"$dir/out" 2>"$dir/err"
    grep -q '^ERROR' "$dir/out" || fail "$line: no ERROR in: $(cat "$dir/out")"
    grep -q -- "\"text\":\"[^\"]*$words" "$dir/trace" || fail "$line: the trace has no '$words'"
}

explains "no network" 'AT+CIPSTART=0,"TCP","127.0.0.1",7'
explains "no network" 'AT+CIPSERVER=1,80'
explains "no network" 'AT+CIPDOMAIN="localhost"'
explains "no such access point" 'AT+CWJAP="nobody","password"'
explains "refuses the password" 'AT+CWJAP="wmat","wrong-password"'
explains "no such name" 'AT+CIPDOMAIN="no such name"' --join wmat

printf 'AT\r\nAT+CWMODE?\r\n' | "$sim" --stdio 2>"$dir/err" >"$dir/out"
printf 'ready\r\nOK\r\n+CWMODE:1\r\nOK\r\n' | cmp -s - "$dir/out" || fail "--stdio"
grep -q "^ready stdio$" "$dir/err" || fail "--stdio says ready on standard error"
printf 'AT+CWMODE?\r\n' | "$sim" --stdio --dialect w800 2>"$dir/err" >"$dir/out"
printf 'ready\r\nAT+CWMODE?\r\n\r\n+CWMODE:1\r\nOK\r\n' | cmp -s - "$dir/out" || fail "--dialect w800"

# What a script lets happen is reported, in order: stations of the SoftAP (its mode is stored), an access point
# that goes and comes back, a reset, a late address. The host only listens, and ends when it has heard enough.
cat >"$dir/script" <<SCRIPT
# times in ms
10 station-joins 02:00:00:00:00:01
20 ap-gone wmat
30 station-leaves 02:00:00:00:00:01
40 ap-back wmat
40 address-delay 50
50 reset
SCRIPT
cat >"$dir/expected" <<EXPECTED
ready
WIFI CONNECTED
WIFI GOT IP
WIFI GOT IPv6 LL
WIFI GOT IPv6 GL
+STA_CONNECTED: 02:00:00:00:00:01
+DIST_STA_IP: 02:00:00:00:00:01,192.168.10.2
WIFI DISCONNECT
+STA_DISCONNECTED: 02:00:00:00:00:01
ready
WIFI CONNECTED
WIFI GOT IPv6 LL
WIFI GOT IPv6 GL
WIFI GOT IP
EXPECTED
echo '{"wifi.mode": "3"}' >"$dir/state"
mkfifo "$dir/in" "$dir/said"
exec 3<>"$dir/in"
"$sim" --stdio --join wmat --script "$dir/script" --state "$dir/state" --trace "$dir/trace" \
    <"$dir/in" >"$dir/said" 2>"$dir/err" 3>&- &
head -n 14 <"$dir/said" | tr -d '\r' >"$dir/heard"
exec 3>&-
wait
cmp "$dir/heard" "$dir/expected" || fail "--script: heard $(cat "$dir/heard" "$dir/err")"
grep -q '"event":"script","text":"ap-gone"' "$dir/trace" || fail "--script is traced"
rm "$dir/in" "$dir/said"

# Prints ready PATH, ends on SIGTERM and on SIGINT with its link removed.
for signal in TERM INT; do
    mkfifo "$dir/fifo"
    "$sim" --link "$dir/link" >"$dir/fifo" &
    pid=$!
    read -r line <"$dir/fifo"
    [ "$line" = "ready $dir/link" ] || fail "says '$line'"
    [ -L "$dir/link" ] || fail "no link"
    kill -s $signal $pid
    wait $pid || fail "SIG$signal: exit status $?"
    [ ! -L "$dir/link" ] || fail "SIG$signal: the link is still there"
    rm "$dir/fifo"
done

exit $failed
