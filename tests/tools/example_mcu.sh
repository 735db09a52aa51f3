#!/bin/sh
# examples/mcu on an emulated Cortex-M3, its second UART connected to a virtual module, with real peers.
# usage: example_mcu.sh SOURCE_ROOT W800_SIM PYTHON
for program in arm-none-eabi-gcc qemu-system-arm; do
    if ! command -v $program >/dev/null; then
        echo "$program is not installed"
        [ -n "${WMAT_PEERS_NEEDED-}" ] && exit 1
        exit 77 # skipped
    fi
done
. "$(dirname "$0")/expect.sh"
root=$1
python=$3

# run NAME -DNAME=VALUE...: builds it and lets it run until it is done or something has failed; what it
# printed is $folder/NAME.said.
run() {
    name=$1
    shift
    sh "$root/examples/mcu/build.sh" "$folder/$name" "$@" || exit 1
    mkfifo "$folder/$name.pipe"
    timeout 60 qemu-system-arm -M mps2-an385 -display none -monitor none -serial stdio \
        -serial "$module" -kernel "$folder/$name/mcu.elf" </dev/null >"$folder/$name.pipe" &
    qemu=$!
    while read -r line; do
        echo "$line"
        case $line in
        done | *failed* | stopped*) break ;;
        esac
    done <"$folder/$name.pipe" >"$folder/$name.said"
    kill $qemu 2>/dev/null
    wait $qemu
    cat "$folder/$name.said"
}

start sim "$2" --listen 127.0.0.1:0 --baud 115200
module=${line#ready }
module=tcp:${module#tcp://}
mkdir "$folder/pages"
head -c 20000 /dev/urandom >"$folder/pages/page"
start http "$python" -u -m http.server --bind 127.0.0.1 --directory "$folder/pages" 0 2>"$folder/http.log"
http_port=$(echo "$line" | sed 's/.* port \([0-9]*\) .*/\1/')
start udp "$python" "$(dirname "$0")/udp_echo.py"
udp_port=${line#port }

crc=$("$python" -c 'import sys, zlib; print("%08x" % zlib.crc32(open(sys.argv[1], "rb").read()))' \
    "$folder/pages/page")

run good -DHTTP_PORT="$http_port" -DHTTP_PATH='"/page"' -DUDP_PORT="$udp_port"
expect 0 "http: status 200, 20000 bytes, CRC-32 $crc" cat "$folder/good.said"
expect 0 "udp: 21 bytes came back from 127.0.0.1:$udp_port" cat "$folder/good.said"
expect 0 "done" tail -n 1 "$folder/good.said"
expect 1 "" grep "lost" "$folder/good.said"

run missing -DHTTP_PORT="$http_port" -DHTTP_PATH='"/none"'
expect 0 "http: status 404" cat "$folder/missing.said"
expect 0 "http: answer failed: not what was expected" tail -n 1 "$folder/missing.said"

run refused -DHTTP_PORT=1
expect 0 "http: connect failed: the module could not do it" tail -n 1 "$folder/refused.said"
[ $bad = 0 ]
