#!/bin/sh
# Every public header compiles alone, as C and, where there is a compiler for it, as C++.
# usage: headers.sh SOURCE_ROOT
set -u
cd "$1/include" || exit 1
bad=0

# try LANGUAGE STANDARD COMPILER
try() {
    for header in */*.h; do
        if ! echo "#include <$header>" |
            "$3" -x "$1" -std="$2" -Wall -Wextra -Wpedantic -Werror -I. -fsyntax-only -; then
            echo "FAILED: $header as $1"
            bad=$((bad + 1))
        fi
    done
}

try c c11 cc
for compiler in c++ clang; do
    if command -v $compiler >/dev/null; then
        try c++ c++11 $compiler
        break
    fi
done
[ $bad = 0 ]
