#!/bin/sh
# Installs the Debian packages that are missing: sh tools/packages.sh build|check|full|deb|deb-try
#   build  what quickstart.sh needs to build and run the programs
#   check  what check.sh needs on top
#   full   what check.sh --full needs on top of that
#   deb    what packaging/build-deb.sh needs; deb-try: what packaging/try-deb.sh needs on top
set -eu

build_packages="gcc libc6-dev python3 meson ninja-build pkg-config libserialport-dev libcjson-dev
    libmbedtls-dev libc-ares-dev libedit-dev check"
check_packages="$build_packages clang libclang-rt-14-dev clang-format valgrind socat openssl iproute2 curl
    doxygen scdoc gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm"
full_packages="$check_packages chromium"
deb_packages="$build_packages debhelper dpkg-dev fakeroot scdoc"
deb_try_packages="$deb_packages debootstrap"

# Prints those of the packages that are not installed.
missing() {
    for package in "$@"; do
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=none
        [ "$status" = installed ] || echo "$package"
    done
}

# Runs a command as root.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

case ${1-} in
build) wanted=$build_packages ;;
check) wanted=$check_packages ;;
full) wanted=$full_packages ;;
deb) wanted=$deb_packages ;;
deb-try) wanted=$deb_try_packages ;;
*)
    echo "usage: sh tools/packages.sh build|check|full|deb|deb-try" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null; then
    # shellcheck disable=SC2086
    echo "This is no Debian system; make sure that these are installed:" $wanted >&2
    exit 0
fi

# shellcheck disable=SC2086 # a list of words
absent=$(missing $wanted)
[ -n "$absent" ] || exit 0

# shellcheck disable=SC2086
echo "Installing the packages that are missing:" $absent
if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "That needs root, and there is no sudo; run this as root first:" >&2
    # shellcheck disable=SC2086
    echo "    apt-get update && apt-get install --no-install-recommends" $absent >&2
    exit 1
fi
# shellcheck disable=SC2086
install $absent || { as_root apt-get update -q && install $absent; } || {
    echo "The packages can't be installed; see what apt-get says above." >&2
    exit 1
}
