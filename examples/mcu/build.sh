#!/bin/sh
# Builds the example and says what it needs: sh examples/mcu/build.sh FOLDER [-DNAME=VALUE]...
# FOLDER gets mcu.elf and mcu.map. The names are those of config.h.
set -eu
source=$(dirname "$0")
root=$source/../..
folder=$1
shift

compiler=${CROSS_COMPILE-arm-none-eabi-}gcc
machine="-mcpu=cortex-m3 -mthumb --specs=nano.specs"
flags="$machine -std=c11 -Os -DNDEBUG -ffunction-sections -fdata-sections -Wall -Wextra -Werror
    -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -I$root/include -I$root/lib/proto -I$root/lib/core -I$root/lib/api"

mkdir -p "$folder"
objects=
for file in "$source"/*.c "$root"/lib/proto/*.c "$root"/lib/core/*.c "$root"/lib/api/*.c; do
    object=$folder/$(basename "$(dirname "$file")")-$(basename "$file" .c).o
    # shellcheck disable=SC2086 # words
    $compiler $flags "$@" -c "$file" -o "$object"
    objects="$objects $object"
done
# shellcheck disable=SC2086
$compiler $machine -nostartfiles -Wl,--gc-sections "-Wl,-Map=$folder/mcu.map" -T "$source/link.ld" \
    $objects -o "$folder/mcu.elf"
"${CROSS_COMPILE-arm-none-eabi-}size" "$folder/mcu.elf" | awk 'NR == 2 {
    print "flash " $1 + $2 " bytes, RAM " $2 + $3 " bytes with the stack" }'
