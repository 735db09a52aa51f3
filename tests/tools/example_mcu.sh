#!/bin/sh
# examples/mcu on an emulated Cortex-M3, its second UART connected to a virtual module, with real peers.
# usage: example_mcu.sh SOURCE_ROOT W800_SIM
for program in arm-none-eabi-gcc qemu-system-arm; do
    if ! command -v $program >/dev/null; then
        echo "$program is not installed"
        [ -n "${WMAT_PEERS_NEEDED-}" ] && exit 1
        exit 77 # skipped
    fi
done
. "$(dirname "$0")/expect.sh"
root=$1

# boot: switches the board on. What it prints comes at 8.
boot() {
    mkfifo "$folder/console"
    timeout 60 qemu-system-arm -M mps2-an385 -display none -monitor none -serial stdio -serial "$module" \
        -kernel "$folder/mcu/mcu.elf" </dev/null >"$folder/console" 2>"$folder/qemu" &
    board=$!
    pids="$pids $board"
    exec 8<"$folder/console"
    rm "$folder/console"
    : >"$folder/said"
}

# await WORDS: until a line that begins with these; what is printed until then is $folder/said, too.
await() {
    while read -r line <&8; do
        echo "$line" | tee -a "$folder/said"
        case $line in
        "$1"*) return ;;
        esac
    done
    echo "FAILED: the board never says: $1"
    cat "$folder/qemu"
    bad=$((bad + 1))
}

halt() {
    kill "$board"
    wait "$board"
    exec 8<&-
}

start sim "$2" --listen 127.0.0.1:0 --baud 115200
module=${line#ready }
module=tcp:${module#tcp://}
mkdir "$folder/pages"
head -c 20000 /dev/urandom >"$folder/pages/page"
start http python3 -u -m http.server --bind 127.0.0.1 --directory "$folder/pages" 0 2>"$folder/http.log"
http=$!
http_port=$(echo "$line" | sed 's/.* port \([0-9]*\) .*/\1/')
start udp python3 "$(dirname "$0")/udp_echo.py"
udp_port=${line#port }

crc=$(python3 -c 'import sys, zlib; print("%08x" % zlib.crc32(open(sys.argv[1], "rb").read()))' \
    "$folder/pages/page")

sh "$root/examples/mcu/build.sh" "$folder/mcu" -DHTTP_PORT="$http_port" -DHTTP_PATH='"/page"' \
    -DUDP_PORT="$udp_port" || exit 1

boot
await "done"
halt
expect 0 "http: status 200, 20000 bytes, CRC-32 $crc" cat "$folder/said"
expect 0 "udp: 21 bytes came back from 127.0.0.1:$udp_port" cat "$folder/said"
expect 0 "memory: flash" cat "$folder/said"
expect 1 "" grep "lost\|failed" "$folder/said"

# What fails starts over.
mv "$folder/pages/page" "$folder/page"
boot
await "http: answer failed: not what was expected"
mv "$folder/page" "$folder/pages/page"
await "done"
halt
expect 0 "http: status 404" cat "$folder/said"

kill "$http" # nobody listens there
wait "$http"
boot
await "http: connect failed: the module could not do it"
halt
[ $bad = 0 ]
