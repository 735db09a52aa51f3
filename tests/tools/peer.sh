# Sourced behind expect.sh by tests that need programs which may be missing or unpacked (tools/peers.sh).
# shellcheck shell=sh

# need PROGRAM...: skips the test, or fails it where WMAT_PEERS_NEEDED is set, when one is missing.
need() {
    if [ -n "${WMAT_PEERS-}" ]; then
        PATH=$PATH:$WMAT_PEERS/usr/sbin:$WMAT_PEERS/usr/bin
    fi
    PATH=$PATH:/usr/sbin:/sbin
    for program in "$@"; do
        command -v "$program" >/dev/null && continue
        echo "$program is not there: sh tools/packages.sh check, sh tools/peers.sh"
        [ -z "${WMAT_PEERS_NEEDED-}" ] || exit 1
        exit 77 # skipped
    done
}

# peer PROGRAM...: runs one that may be unpacked, with the libraries beside it.
peer() {
    libraries=
    for place in "${WMAT_PEERS-/nowhere}"/usr/lib/*-linux-* "${WMAT_PEERS-/nowhere}"/lib/*-linux-*; do
        libraries=$libraries:$place
    done
    LD_LIBRARY_PATH=${libraries#:} exec "$@"
}

# free_port: a port that nothing has on 127.0.0.1, neither of TCP nor of UDP.
free_port() {
    python3 - <<'PYTHON'
import socket

tcp = socket.socket()
tcp.bind(("127.0.0.1", 0))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(tcp.getsockname())
print(tcp.getsockname()[1])
PYTHON
}

# start_until NAME WORDS COMMAND...: runs a program in the background and waits until it says WORDS. $line is the
# whole line; $pid is the program's.
start_until() {
    mkfifo "$folder/$1.pipe"
    name=$1
    words=$2
    shift 2
    (peer "$@") >"$folder/$name.pipe" 2>&1 &
    pid=$!
    pids="$pids $pid"
    exec 8<"$folder/$name.pipe"
    while read -r line <&8; do
        case $line in
        *"$words"*) break ;;
        esac
    done
    cat <&8 >"$folder/$name.log" &
    exec 8<&-
}

# start_chronyd: serves this machine's time at $ntp_port.
start_chronyd() {
    ntp_port=$(free_port)
    cat >"$folder/chrony.conf" <<CONF
port $ntp_port
bindaddress 127.0.0.1
cmdport 0
local stratum 8
allow 127.0.0.0/8
pidfile $folder/chrony.pid
bindcmdaddress /
CONF
    # -x: it never touches the clock
    start_until chronyd starting chronyd -d -x -U -u "$(id -un)" -f "$folder/chrony.conf"
    python3 - "$ntp_port" <<'PYTHON'
import socket, sys

asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.settimeout(0.1)
for _ in range(200):  # until it answers
    try:
        asker.sendto(b"\x23" + bytes(47), ("127.0.0.1", int(sys.argv[1])))
        asker.recv(48)
        break
    except OSError:
        pass
PYTHON
}
