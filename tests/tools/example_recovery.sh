#!/bin/sh
# examples/recovery: its module restarts, and vanishes with its port and is back.
# usage: example_recovery.sh RECOVERY W800_SIM TCP_ECHO
. "$(dirname "$0")/expect.sh"

start echo "$3"
port=${line#port }
for s in 2 12 22 32; do # once is enough; later ones are for a slow machine
    echo "${s}000 reset"
done >"$folder/script"
start sim "$2" --dialect "${WMAT_DIALECT-manual}" --link "$folder/w800" --script "$folder/script"
sim=$(echo "$pids" | sed 's/.* //')

# await WORDS: reads what the program says until that comes.
await() {
    while read -r line <&7; do
        case $line in
        *"$1"*) return 0 ;;
        esac
    done
    echo "FAILED: the program never says: $1"
    bad=$((bad + 1))
}

mkfifo "$folder/said"
timeout 90 "$1" "$folder/w800" wmat wmat-demo-1 127.0.0.1 "$port" >"$folder/said" 2>&1 &
program=$!
exec 7<"$folder/said"
await "the network is up"
await "tick 1"
await "the module has restarted"
await "the module is ready"
await "the network is up"
await "tick"
await "tick" # the first may be the one that has failed

kill "$sim"
await "the port is gone"
start again "$2" --dialect "${WMAT_DIALECT-manual}" --link "$folder/w800"
await "the module is ready"
await "the network is up"
await "tick"
await "tick"
kill -s INT $program # timeout passes it on
cat <&7 >"$folder/rest"
wait $program
expect 0 "" test $? = 0
expect 1 "join: the module could not do it" "$1" "$folder/w800" wmat wrong-password 127.0.0.1 "$port"
expect 2 "usage" "$1"
[ $bad = 0 ]
