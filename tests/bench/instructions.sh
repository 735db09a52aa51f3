#!/bin/sh
# Counts what the driver's work costs: sh tests/bench/instructions.sh WORK_CORE WORK_DEVICE
# Prints a JSON object a line: name, value, unit, and for comparison limit (what this project wants to stay
# below), peer (lwesp, -O2, measured the same way) and floor (read and memcpy alone); null: there is none.
# Instructions are counted by callgrind, libc's included: those of 2 N pieces of work less those of N, so that
# beginning and end cancel out. System calls are counted by strace. The receive rows are fed from memory, and
# an application reads the link after every 4096 bytes (lent: it looks at them where they lie, wm_core_peek);
# send and round trip are blocking calls over a socket pair, all threads of the process counted, the module at
# the other end not.
set -eu

work_core=$1
work_device=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# json NAME VALUE UNIT LIMIT PEER FLOOR
json() {
    printf '{"name": "%s", "value": %s, "unit": "%s", "limit": %s, "peer": %s, "floor": %s}\n' "$@"
}

# instructions PROGRAM ROW COUNT [OPTION...]: of all that the program does.
instructions() {
    program=$1 row=$2 count=$3
    shift 3
    valgrind --tool=callgrind --callgrind-out-file="$folder/%p" "$@" "$program" "$row" "$count" \
        >/dev/null 2>"$folder/log" &
    pid=$!
    if ! wait $pid; then
        cat "$folder/log" >&2
        return 1
    fi
    awk '/^totals:/ { print $2 }' "$folder/$pid"
}

# instruction_row NAME UNIT LIMIT PEER FLOOR BYTES PROGRAM ROW COUNT [OPTION...]: BYTES a piece of work, or 1.
instruction_row() {
    name=$1 unit=$2 limit=$3 peer=$4 floor=$5 bytes=$6
    shift 6
    once=$(instructions "$@")
    program=$1 row=$2 count=$3
    shift 3
    twice=$(instructions "$program" "$row" $((2 * count)) "$@")
    value=$(awk -v n="$once" -v m="$twice" -v d=$((count * bytes)) 'BEGIN { printf "%.2f", (m - n) / d }')
    json "$name" "$value" "$unit" "$limit" "$peer" "$floor"
}

receive_row() {
    instruction_row "$@" --toggle-collect=wm_core_feed --toggle-collect=wm_core_read \
        --toggle-collect=wm_core_peek --toggle-collect=wm_core_consume
}

# calls COUNT PATTERN: system calls of the round trip, those of the module left out.
calls() {
    rm -f "$folder"/trace.*
    module=$(strace -ff -o "$folder/trace" "$work_device" probe "$1" | cut -d' ' -f1)
    rm -f "$folder/trace.$module"
    cat "$folder"/trace.* | grep -c "$2" || true
}

call_row() {
    once=$(calls 500 "$2")
    twice=$(calls 1000 "$2")
    json "$1" "$(awk -v n="$once" -v m="$twice" 'BEGIN { printf "%.2f", (m - n) / 500 }')" calls "$3" "$4" null
}

device_rows() {
    instruction_row "send of 5760 bytes" instructions 1500 4200 348 1 "$work_device" send 1000
    instruction_row "round trip" instructions 1500 4770 298 1 "$work_device" probe 2000
    json "round trip, time" "$("$work_device" probe 5000 | cut -d' ' -f2)" us null 10200 5.5
}

if command -v valgrind >/dev/null; then
    receive_row "frame of 1460 bytes, in 4096s" instructions 600 2796 160 1 "$work_core" frames-1460-4096 2000
    receive_row "frame of 1460 bytes, in 4096s, lent" instructions 600 2796 160 1 "$work_core" \
        lent-frames-1460-4096 2000
    receive_row "frame of 1460 bytes, in 64s" instructions/byte 1.5 5.38 0.63 1460 "$work_core" frames-1460-64 500
    receive_row "frame of 1460 bytes, in bytes" instructions/byte 60 194 44 1460 "$work_core" frames-1460-1 100
    receive_row "frame of 64 bytes, in 4096s" instructions 450 2290 7 1 "$work_core" frames-64-4096 5000
    instruction_row "report 0,CLOSED" instructions 300 767 null 1 "$work_core" closed 500 --toggle-collect=measured
    device_rows
else
    echo "instructions: not measured, valgrind is not installed"
fi
if strace -o /dev/null true 2>/dev/null; then
    call_row "round trip, system calls" "" 6 null
    call_row "round trip, futex calls" "^futex" null 11
else
    echo "system calls: not measured, strace is not installed or not allowed"
fi
