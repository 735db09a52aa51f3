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

# run NAME: lets it run until it is done or something has failed; what it printed is $folder/NAME.said.
run() {
    mkfifo "$folder/$1.pipe"
    timeout 60 qemu-system-arm -M mps2-an385 -display none -monitor none -serial stdio \
        -serial "$module" -kernel "$folder/mcu/mcu.elf" </dev/null >"$folder/$1.pipe" 2>"$folder/$1.qemu" &
    qemu=$!
    while read -r line; do
        echo "$line"
        case $line in
        done | *failed* | stopped*) break ;;
        esac
    done <"$folder/$1.pipe" >"$folder/$1.said"
    kill $qemu 2>/dev/null
    wait $qemu
    cat "$folder/$1.qemu" "$folder/$1.said"
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

run good
expect 0 "http: status 200, 20000 bytes, CRC-32 $crc" cat "$folder/good.said"
expect 0 "udp: 21 bytes came back from 127.0.0.1:$udp_port" cat "$folder/good.said"
expect 0 "done" tail -n 1 "$folder/good.said"
expect 1 "" grep "lost" "$folder/good.said"

rm "$folder/pages/page"
run missing
expect 0 "http: status 404" cat "$folder/missing.said"
expect 0 "http: answer failed: not what was expected" tail -n 1 "$folder/missing.said"

kill "$http" # nobody listens there
wait "$http"
run refused
expect 0 "http: connect failed: the module could not do it" tail -n 1 "$folder/refused.said"
[ $bad = 0 ]
