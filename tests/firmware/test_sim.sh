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

refuses 2 "not available yet" --dialect w800
refuses 2 "unknown dialect" --dialect x
refuses 2 "1 to 250" --count 0
refuses 2 "1 to 250" --count 251
refuses 2 "number" --count two
refuses 2 "number" --seed -1
refuses 2 "--help" --nonsense
refuses 2 "unexpected" argument
refuses 2 "exclude" --stdio --link "$dir/link"
refuses 2 "exclude" --listen 127.0.0.1:0 --stdio
refuses 2 "room for one" --stdio --count 2
refuses 2 "ADDR:PORT" --stdio --resolver nowhere
refuses 2 "IPv4" --stdio --address host
refuses 2 "8 to 63" --stdio --ap net,short
refuses 2 "no such access point" --stdio --join nobody
refuses 2 "HOST:PORT" --listen 127.0.0.1
refuses 1 "can't be written" --stdio --trace "$dir/none/trace"
refuses 1 "can't be created" --link "$dir/none/link"

"$sim" --help | grep -q -- "--link PATH" || fail "--help"
"$sim" --version | grep -q "^w800-sim [0-9]" || fail "--version"

printf 'AT\r\nAT+CWMODE?\r\n' | "$sim" --stdio 2>"$dir/err" >"$dir/out"
printf 'ready\r\nOK\r\n+CWMODE:1\r\nOK\r\n' | cmp -s - "$dir/out" || fail "--stdio"
grep -q "^ready stdio$" "$dir/err" || fail "--stdio says ready on standard error"

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
