#!/bin/sh
# The main job without hardware: builds, starts a virtual module, joins its access point, and moves a file
# through wmat, the serial line and the module to a TCP echo server and back.
set -eu
cd "$(dirname "$0")/.."

bytes=1048576
sim=""
echo_server=""
folder=$(mktemp -d)

cleanup() {
    for pid in $sim $echo_server; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail() {
    echo "quickstart: $*" >&2
    exit 1
}

step() {
    printf '\n== %s\n' "$*"
}

# One build at a time: this script may run beside itself.
build() {
    mkdir -p build
    (
        flock 9
        [ -f build/build.ninja ] || meson setup build >build/setup.log 2>&1 || {
            cat build/setup.log >&2
            exit 1
        }
        ninja -C build tools/wmat tools/w800-sim tests/support/tcp_echo >build/quickstart.log || {
            cat build/quickstart.log >&2
            exit 1
        }
    ) 9>build/.lock
}

sh tools/packages.sh build || fail "the packages are not there"

step "Building"
build || fail "the build failed, see above"
PATH=$PWD/build/tools:$PATH

step "Starting a virtual W800 on a pseudo terminal, and a TCP echo server"
mkfifo "$folder/sim.ready" "$folder/echo.ready"
w800-sim --link "$folder/w800" >"$folder/sim.ready" &
sim=$!
build/tests/support/tcp_echo >"$folder/echo.ready" &
echo_server=$!
read -r word path <"$folder/sim.ready" || fail "the virtual module did not start"
[ "$word" = ready ] || fail "the virtual module said '$word $path'"
read -r word port <"$folder/echo.ready" || fail "the echo server did not start"
echo "module at $path, echo server at 127.0.0.1 port $port"
WMAT_PORT=$path
export WMAT_PORT

step "wmat join: its access point"
echo wmat-demo-1 | wmat join wmat - || fail "the module did not join"

step "wmat nc: 1 MiB of random bytes to the echo server and back"
head -c $bytes /dev/urandom >"$folder/sent"
start=$(date +%s%N)
timeout 50 build/tools/wmat --trace "$folder/trace" nc 127.0.0.1 "$port" <"$folder/sent" |
    head -c $bytes >"$folder/received"
end=$(date +%s%N)
echo "took $(((end - start) / 1000000)) ms"

step "What was said on the serial line (> host, < module, seconds in front)"
wmat trace show "$folder/trace" | head -n 32

step "SHA-256"
sent=$(sha256sum <"$folder/sent")
received=$(sha256sum <"$folder/received")
echo "sent      ${sent%% *}"
echo "received  ${received%% *}"
[ "$sent" = "$received" ] || fail "what came back differs from what was sent"

printf '\n%s\n' "Shown: 1 MiB went from a program through the driver, a serial line and a virtual W800 \
to a real TCP server and back, unchanged."
