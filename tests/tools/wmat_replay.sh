#!/bin/sh
# wmat trace replay: what was recorded a moment ago is the same, what was changed since is found.
# usage: wmat_replay.sh WMAT W800_SIM TCP_ECHO
. "$(dirname "$0")/expect.sh"
wmat=$1

same() {
    expect 0 "written bytes" "$wmat" trace replay "$1"
}
# changed WORDS SED FILE: the recording with a change differs, as WORDS have it.
changed() {
    sed "$2" "$3" >"$folder/changed"
    cmp -s "$3" "$folder/changed" && { echo "FAILED: nothing to change: $2"; bad=1; }
    expect 1 "$1" "$wmat" trace replay "$folder/changed"
}

# Commands that only attach.
for words in info scan status "at AT AT+CIPMUX?" "join wmat wmat-demo-1"; do
    # shellcheck disable=SC2086 # a command line
    expect 0 "" "$wmat" -p sim: --trace "$folder/trace" $words
    same "$folder/trace"
done
expect 1 "" "$wmat" -p sim: --trace "$folder/trace" join wmat wrong-password
same "$folder/trace"

# Links, in each way of receiving and both dialects.
start echo "$3"
port=${line#port }
head -c 3000 /dev/urandom | base64 >"$folder/data" # more may be lost by a shipping module in passive mode
for dialect in manual w800; do
    start $dialect "$2" --link "$folder/w800-$dialect" --join wmat --dialect $dialect
    for mode in passive active; do
        expect 0 "" "$wmat" -p "$folder/w800-$dialect" --trace "$folder/$dialect-$mode" nc --receive $mode -q 1 \
            127.0.0.1 "$port" <"$folder/data"
        same "$folder/$dialect-$mode"
    done
done
size=$(wc -c <"$folder/data")
expect 0 "\"delivered_bytes\":$size" "$wmat" --json trace replay "$folder/manual-passive"
expect 0 "\"delivered_bytes\":$size" "$wmat" --json trace replay "$folder/w800-active"

# A driver that wrote something else then; a module that said something else then.
changed 'then "0\x0d\x0a", now "1\x0d\x0a"' 's/AT+CIPRECVMODE=1/AT+CIPRECVMODE=0/' "$folder/manual-passive"
changed "what the driver writes differs" 's/+CIPMUX:[01]/+CIPMUX:7/' "$folder/manual-passive"
changed "what the driver writes differs" 's/0,CONNECT/0,CLOSED/' "$folder/manual-passive"
changed "what the driver writes differs" '/"wmat"/s/"receive":0/"receive":1/' "$folder/manual-passive"

# Calls that are not made.
printf '{"t":0,"dir":"tx","text":"AT+CIPSTART=0,\\"UDP\\",\\"127.0.0.1\\",9\\r\\n"}\n' >"$folder/udp"
expect 2 'line 1: can'"'"'t replay AT+CIPSTART=0,"UDP"' "$wmat" trace replay "$folder/udp"
: >"$folder/empty"
same "$folder/empty"
echo hello >"$folder/bad"
expect 2 "line 1 of $folder/bad is not part of a trace" "$wmat" trace replay "$folder/bad"
expect 2 "can't read" "$wmat" trace replay "$folder/none"
[ $bad = 0 ]
