#!/bin/sh
# What is installed can be used: pkg-config finds it, a program builds and runs against the shared and
# the static library, one embeds a virtual module, every header compiles alone as C and as C++.
# usage: install.sh SOURCE_ROOT BUILD_ROOT VERSION MESON...
set -u
root=$1
build=$2
version=$3
shift 3
folder=$build/tests/package/installed
bad=0

fail() {
    echo "FAILED: $*"
    bad=$((bad + 1))
}

rm -rf "$folder"
DESTDIR=$folder "$@" install -C "$build" --no-rebuild --quiet >"$build/tests/package/install.log" 2>&1 || {
    cat "$build/tests/package/install.log"
    exit 1
}

pc=$(find "$folder" -name wmat.pc)
lib=$(dirname "$(dirname "$pc")")
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
prefix=$(pkg-config --variable=prefix wmat)
[ "$(pkg-config --modversion wmat)" = "$version" ] || fail "wmat.pc names another version"

# run NAME SOURCE FLAGS...: builds the program with the flags that pkg-config gives, and runs it.
run() {
    name=$1
    source=$2
    shift 2
    # shellcheck disable=SC2046,SC2086 # words
    cc -std=c11 -Wall -Wextra -Werror -pedantic "-DWMAT_VERSION=\"$version\"" -o "$folder/$name" \
        "$root/tests/package/$source" $(pkg-config --cflags wmat wmfw) "$@" || {
        fail "$name does not build"
        return
    }
    LD_LIBRARY_PATH=$lib "$folder/$name" || fail "$name does not run"
}

# The library stands below DESTDIR, as if that were a system's root.
export PKG_CONFIG_SYSROOT_DIR="$folder"
# shellcheck disable=SC2046
run shared program.c $(pkg-config --libs wmat)
# shellcheck disable=SC2046
run static program.c -Wl,-Bstatic $(pkg-config --libs-only-L wmat) -lwmat -Wl,-Bdynamic \
    $(PKG_CONFIG_SYSROOT_DIR='' pkg-config --static --libs wmat | tr ' ' '\n' | grep -v -e '-lwmat' -e "^-L$prefix")
# shellcheck disable=SC2046
run embed embed.c -D_GNU_SOURCE $(pkg-config --libs wmfw)
ldd "$folder/shared" | grep -q "libwmat\.so\." || fail "the shared one does not use the shared library"
ldd "$folder/static" | grep -q "libwmat" && fail "the static one uses the shared library"
readelf -d "$lib"/libwmat.so | grep -q 'SONAME.*libwmat\.so\.1\]' || fail "another soname"

include=$folder$prefix/include
for header in "$include"/wmat/*.h "$include"/wmfw/*.h; do
    name=${header#"$include/"}
    echo "#include <$name>" | cc -x c -std=c11 -Wall -Wextra -Werror -pedantic -I"$include" -fsyntax-only - ||
        fail "$name as C11"
    for compiler in c++ clang++; do
        command -v $compiler >/dev/null || continue
        echo "#include <$name>" | $compiler -x c++ -std=c++17 -Wall -Wextra -Werror -pedantic -I"$include" \
            -fsyntax-only - || fail "$name as C++17"
        break
    done
done
[ -f "$include/wmat/wmat.h" ] || fail "there are no headers"
[ $bad = 0 ]
