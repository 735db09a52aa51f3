#!/bin/sh
# Builds the Debian packages: sh tools/packaging/build-deb.sh [FOLDER]
# libwmat1, libwmat-dev, wmat, w800-sim and libwmfw-dev go into FOLDER, build/deb by default. Needs what
# `sh tools/packages.sh deb` installs.
set -eu
cd "$(dirname "$0")/../.."
sh tools/packages.sh deb

mkdir -p "${1:-build/deb}"
folder=$(cd "${1:-build/deb}" && pwd)
version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The sources as they are here, with the recipe where dpkg-buildpackage looks for it.
source=$work/wmat-$version
mkdir "$source"
tar -cf - --exclude=./build --exclude=./.git . | tar -xf - -C "$source"
cp -r tools/packaging/debian "$source/debian"
cp tools/packaging/60-wmat.rules "$source/debian/wmat.udev"

packaged=$(sed -n '1s/^wmat (\(.*\)) .*/\1/p' "$source/debian/changelog")
[ "$packaged" = "$version" ] || {
    echo "build-deb.sh: meson.build says version $version, tools/packaging/debian/changelog $packaged" >&2
    exit 1
}

(cd "$source" && dpkg-buildpackage -b --no-sign) >"$folder/build.log" 2>&1 || {
    cat "$folder/build.log" >&2
    exit 1
}
for package in "$work"/*.deb; do
    mv "$package" "$folder/"
    echo "$folder/$(basename "$package")"
done
