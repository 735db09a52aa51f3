#!/bin/sh
# The driver as a subproject of a program: built by dependency('wmat'), without its tests and tools.
# usage: subproject.sh SOURCE_ROOT MESON...
set -u
root=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mkdir -p "$folder/source/subprojects/wmat"
cp "$root/tests/package/consumer/meson.build" "$root/tests/package/program.c" "$folder/source"
for part in meson.build meson_options.txt include lib; do
    ln -s "$root/$part" "$folder/source/subprojects/wmat/$part"
done

# An installed one must not be taken instead.
export PKG_CONFIG_PATH=
"$@" setup --force-fallback-for=wmat "$folder/build" "$folder/source" >"$folder/log" 2>&1 &&
    ninja -C "$folder/build" >>"$folder/log" 2>&1 &&
    "$@" test -C "$folder/build" >>"$folder/log" 2>&1 || {
    cat "$folder/log"
    exit 1
}
if [ -e "$folder/build/subprojects/wmat/tools" ] || [ -e "$folder/build/subprojects/wmat/tests" ]; then
    echo "FAILED: tools or tests were built"
    exit 1
fi
