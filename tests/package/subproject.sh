#!/bin/sh
# The driver as a subproject of a program (examples/subproject): built by dependency('wmat'), without its tests and
# tools, and at work on a virtual module.
# usage: subproject.sh SOURCE_ROOT W800_SIM MESON...
set -u
root=$1
sim=$2
shift 2
folder=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill $pid; rm -rf "$folder"' EXIT

mkdir "$folder/source"
cp "$root"/examples/subproject/* "$folder/source"
mkdir -p "$folder/source/subprojects/wmat"
for part in meson.build meson_options.txt include lib; do
    ln -s "$root/$part" "$folder/source/subprojects/wmat/$part"
done

# An installed one must not be taken instead.
export PKG_CONFIG_PATH=
"$@" setup --force-fallback-for=wmat -Dwerror=true "$folder/build" "$folder/source" >"$folder/log" 2>&1 &&
    ninja -C "$folder/build" >>"$folder/log" 2>&1 || {
    cat "$folder/log"
    exit 1
}
if [ -e "$folder/build/subprojects/wmat/tools" ] || [ -e "$folder/build/subprojects/wmat/tests" ]; then
    echo "FAILED: tools or tests were built"
    exit 1
fi

mkfifo "$folder/ready"
"$sim" --link "$folder/w800" >"$folder/ready" &
pid=$!
read -r word path <"$folder/ready"
[ "$word" = ready ] || exit 1
said=$("$folder/build/hello-w800" "$path") || exit 1
case $said in
"hello, "??:??:??:??:??:??", from driver "*) ;;
*)
    echo "FAILED: it said '$said'"
    exit 1
    ;;
esac
