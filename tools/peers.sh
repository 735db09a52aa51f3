#!/bin/sh
# Unpacks the servers that tests talk to: sh tools/peers.sh
# They go to build/peers and run from there as the tests start them: installed, their packages would
# start a service, or replace one of the machine's. Nothing is done where they are there already.
set -eu
cd "$(dirname "$0")/.."

folder=build/peers
programs="dnsmasq chronyd mosquitto"
packages="dnsmasq-base chrony mosquitto"

has_all() {
    for program in $programs; do
        [ -x "$folder/usr/sbin/$program" ] || return 1
    done
}

# The packages and what they need that is not installed: an installation that only says what it would do.
list() {
    # shellcheck disable=SC2086 # a list of words
    apt-get -s -q install --no-install-recommends --reinstall $packages |
        awk '$1 == "Inst" { print $2 }' | sort -u
}

unpack() {
    downloads=$(mktemp -d build/peers.XXXXXX)
    trap 'rm -rf "$downloads"' EXIT
    wanted=$(list)
    [ -n "$wanted" ]
    # shellcheck disable=SC2086
    (cd "$downloads" && apt-get download -q $wanted)
    for package in "$downloads"/*.deb; do
        dpkg -x "$package" "$folder"
    done
}

! has_all || exit 0
command -v apt-get >/dev/null || {
    echo "This is no Debian system: put $programs into $folder/usr/sbin, or install them." >&2
    exit 1
}
mkdir -p "$folder"
unpack >build/peers.log 2>&1 || {
    cat build/peers.log >&2
    exit 1
}
has_all
