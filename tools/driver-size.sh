#!/bin/sh
# How much code and memory the driver needs on a host microcontroller: sh tools/driver-size.sh
# A TCP client (driver-size-client.c: find the module, connect, send, receive, close) on a Cortex-M4, compiled
# with -Os -DNDEBUG and linked with --gc-sections; what is printed is the library's part of it, without libc.
# Fails when proto, core or api do not compile without warnings, call more than memory and string functions, have
# writable static data, or need more than the limits below.
set -eu
cd "$(dirname "$0")/.."

text_max=16680
state_max=1024

compiler=arm-none-eabi-gcc
if ! command -v $compiler >/dev/null; then
    echo "$compiler is not installed: nothing measured"
    exit 77 # skipped
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

machine="-mcpu=cortex-m4 -mthumb"
flags="$machine -std=c11 -Os -DNDEBUG -ffunction-sections -fdata-sections -Wall -Wextra -Werror -Iinclude"

# What the library may call: C11 memory and string functions, and the compiler's own helpers.
allowed='^(mem(cpy|set|move|cmp|chr)|str(len|cmp|chr|spn|cspn|cpy|ncmp|ncat|cat|rchr|str)|__aeabi_.*)$'

compile() {
    # shellcheck disable=SC2086 # flags are words
    $compiler $flags -Ilib/proto -Ilib/core -Ilib/api -c "$1" -o "$folder/$2"
}

for source in lib/proto/*.c lib/core/*.c lib/api/*.c; do
    compile "$source" "$(echo "$source" | tr / _).o"
done
# shellcheck disable=SC2086
$compiler $flags -c tools/driver-size-client.c -o "$folder/client.obj"
# shellcheck disable=SC2086
$compiler $machine -nostdlib -Wl,--gc-sections,-e,client,--unresolved-symbols=ignore-all \
    "$folder/client.obj" "$folder"/*.o -o "$folder/client.elf"

# The size of an object of the client's.
object() {
    printf '%d' "0x$(arm-none-eabi-nm -S "$folder/client.obj" | awk -v name="$1" '$4 == name { print $2 }')"
}

# Code and constants of a file.
text() {
    arm-none-eabi-size "$1" | awk 'END { print $1 }'
}

library=$(($(text "$folder/client.elf") - $(text "$folder/client.obj")))
core=$(object client_core)
link=$(object client_link)
static=$(arm-none-eabi-size -t "$folder"/*.o | awk 'END { print $2 + $3 }')
calls=$(arm-none-eabi-nm "$folder"/*.o | awk 'NF == 2 && $1 == "U" { print $2 }' | sort -u |
    grep -Ev '^(wm_|at_)' | grep -Ev "$allowed" || true)

# Those that another object of the library defines are no calls to the outside.
arm-none-eabi-nm "$folder"/*.o | awk 'NF == 3 && $2 != "U" { print $3 }' | sort -u >"$folder/defined"
calls=$(for name in $calls; do grep -qx "$name" "$folder/defined" || echo "$name"; done)

echo "$compiler $machine -Os, a TCP client:"
echo "  $library bytes of code and constants; $((core + link)) bytes of state ($core, and $link a link) besides the rings"
echo "  static data: $static; calls to libc:" $(arm-none-eabi-nm "$folder/client.elf" |
    awk '$1 == "U" && $2 !~ /^(uart_read|uart_write|clock_ms)$/ { print $2 }')

bad=0
fail() {
    echo "FAILED: $*"
    bad=1
}
[ -z "$calls" ] || fail "the library calls what a platform without an operating system lacks:" $calls
[ "$static" = 0 ] || fail "$static bytes of writable static data"
[ "$library" -le $text_max ] || fail "more than $text_max bytes of code and constants"
[ $((core + link)) -le $state_max ] || fail "more than $state_max bytes of state"
[ $bad = 0 ]
