#!/bin/sh
# Builds the Debian packages, installs them in a fresh root, and uses them there: sh tools/packaging/try-deb.sh
# Needs root and debootstrap; packages come from where this machine's apt gets them.
set -eu
cd "$(dirname "$0")/../.."
sh tools/packages.sh deb-try

root=$(mktemp -d)
cleanup() {
    for mount in proc dev/pts; do
        umount "$root/$mount" 2>/dev/null || true
    done
    rm -rf --one-file-system "$root"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

inside() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"
}

rm -rf build/deb
sh tools/packaging/build-deb.sh build/deb

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
debootstrap --variant=minbase "$suite" "$root" "$mirror" >build/deb/debootstrap.log 2>&1 || {
    cat build/deb/debootstrap.log >&2
    exit 1
}
mount -t proc proc "$root/proc"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
rm -f "$root/dev/ptmx"
ln -s pts/ptmx "$root/dev/ptmx"

mkdir "$root/packages"
cp build/deb/*.deb "$root/packages/"
cp tests/package/program.c tests/package/embed.c "$root/packages/"
inside sh -c 'apt-get install -y -q --no-install-recommends /packages/*.deb gcc libc6-dev pkg-config' \
    >build/deb/install.log 2>&1 || {
    cat build/deb/install.log >&2
    exit 1
}

echo "== wmat -p sim: info"
inside wmat -p sim: info
inside dpkg -L wmat | grep udev/rules.d/
echo "== programs against libwmat-dev and libwmfw-dev"
version=$(inside pkg-config --modversion wmat)
inside sh -ec "cd /tmp
    gcc -DWMAT_VERSION='\"$version\"' -o program /packages/program.c \$(pkg-config --cflags --libs wmat)
    ./program
    gcc -D_GNU_SOURCE -o embed /packages/embed.c \$(pkg-config --cflags --libs wmfw)
    ./embed"
echo "== removed again"
inside sh -c 'apt-get purge -y -q wmat w800-sim libwmat1 libwmat-dev libwmfw-dev' >>build/deb/install.log 2>&1
left=$(inside sh -c 'ls /usr/bin/wmat /usr/bin/w800-sim /usr/include/wmat 2>/dev/null' || true)
[ -z "$left" ] || {
    echo "try-deb.sh: left behind: $left" >&2
    exit 1
}
echo "the packages hold"
