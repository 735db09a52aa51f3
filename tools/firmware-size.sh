#!/bin/sh
# How much code and memory the portable firmware needs: sh tools/firmware-size.sh [COMPILER [FLAG...]]
# Without a compiler: cc on this machine, then arm-none-eabi-gcc for a Cortex-M4 where it is installed.
# Everything outside of firmware/port/linux is compiled with -Os; TLS stands apart, because its memory
# is what mbedTLS allocates. Fails when a part needs more of libc than memory and string functions (TLS
# may also allocate, through mbedTLS), has writable static data, or takes more than 96 KiB of RAM.
set -eu
cd "$(dirname "$0")/.."

ram_max=$((96 * 1024))
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# What the portable part may call: C11 memory and string functions, assert, the compiler's own helpers.
allowed='^(mem(cpy|set|move|cmp|chr)|str(len|cmp|chr|spn|cspn|cpy|ncmp|rchr)|__assert_(fail|func)|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__aeabi_.*)$'

# layer NAME EXTRA_FLAGS: compiles firmware/NAME (or lib/proto) and prints its sizes.
layer() {
    name=$1
    mkdir -p "$folder/$name"
    for source in "$name"/*.c; do
        # shellcheck disable=SC2086 # flags are words
        $compiler $flags -std=c11 -Os -fno-pie -DNDEBUG -ffunction-sections -fdata-sections -Iinclude -Ilib/proto \
            -Ifirmware/line -Ifirmware/tls -Ifirmware/svc -Ifirmware/cmd ${2-} -c "$source" \
            -o "$folder/$name/$(basename "$source").o"
    done
    "$size_tool" -t "$folder/$name"/*.o | awk -v name="$name" \
        'END { printf "  %-14s %7d bytes of code and constants, %d of static data\n", name, $1, $2 + $3 }'
}

# The calls of a layer that go outside of the firmware.
outside() {
    "$nm_tool" "$folder/$1"/*.o | awk 'NF == 2 && $1 == "U" { print $2 }' | sort -u |
        grep -Ev '^(fw_|at_)' | grep -Ev "$allowed" |
        if [ "$1" = firmware/tls ]; then grep -Ev '^(mbedtls_.*|calloc|free)$'; else cat; fi || true
}

# The memory of one module, and of its parts.
memory() {
    cat >"$folder/probe.c" <<PROBE
#include "module.h"
unsigned char fw_module_size[sizeof(struct fw_module)];
PROBE
    # shellcheck disable=SC2086
    $compiler $flags -std=c11 -Iinclude -Ilib/proto -Ifirmware/line -Ifirmware/tls -Ifirmware/svc -Ifirmware/cmd \
        -fno-common -c "$folder/probe.c" -o "$folder/probe.o"
    "$nm_tool" -S "$folder/probe.o" | awk '$4 == "fw_module_size" { print $2 }'
}

measure() {
    compiler=$1
    shift
    flags=$*
    prefix=${compiler%gcc}
    [ "$prefix" != "$compiler" ] || prefix=
    size_tool=${prefix}size
    nm_tool=${prefix}nm
    echo "$compiler $flags -Os:"
    for part in lib/proto firmware/line firmware/svc firmware/cmd; do
        layer "$part"
    done
    layer firmware/tls "$tls_flags"
    static=$("$size_tool" -t "$folder"/lib/proto/*.o "$folder"/firmware/line/*.o "$folder"/firmware/svc/*.o \
        "$folder"/firmware/cmd/*.o | awk 'END { print $2 + $3 }')
    ram=$(printf '%d' "0x$(memory)")
    echo "  RAM: $ram bytes for a module with five links, without what mbedTLS allocates; static data: $static"
    for part in lib/proto firmware/line firmware/svc firmware/cmd firmware/tls; do
        calls=$(outside "$part")
        if [ -n "$calls" ]; then
            echo "FAILED: $part calls what a platform without an operating system lacks: $calls"
            bad=1
        fi
    done
    if [ $((ram + static)) -gt $ram_max ]; then
        echo "FAILED: more than $ram_max bytes of RAM"
        bad=1
    fi
}

bad=0
tls_flags=
if [ $# -gt 0 ]; then
    measure "$@"
else
    measure cc
    if command -v arm-none-eabi-gcc >/dev/null; then
        # The headers of mbedTLS are the host's, behind those of the target, without POSIX threads.
        mkdir -p "$folder/config"
        printf '%s\n' '#include <mbedtls/config.h>' '#undef MBEDTLS_THREADING_C' \
            '#undef MBEDTLS_THREADING_PTHREAD' >"$folder/config/bare.h"
        tls_flags="-idirafter /usr/include -I$folder/config -DMBEDTLS_CONFIG_FILE=<bare.h>"
        measure arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb
    else
        echo "arm-none-eabi-gcc is not installed: nothing measured for a Cortex-M4"
    fi
fi
[ $bad = 0 ]
