#!/bin/sh
# The shared library shows what the public headers declare, and nothing else.
# usage: exports.sh SOURCE_ROOT LIBRARY
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cd "$1/include" || exit 1
for header in wmat/*.h; do
    echo "#include <$header>"
done | cc -E -P -I. - >"$folder/text"
# Functions, and objects: extern const struct x wm_name;
{
    grep -o 'wm_[a-z0-9_]*(' "$folder/text" | tr -d '('
    sed -n 's/^extern .*[ *]\(wm_[a-z0-9_]*\);$/\1/p' "$folder/text"
} | sort -u >"$folder/declared"
nm -D --defined-only "$2" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u >"$folder/exported"
[ -s "$folder/declared" ] || exit 1
diff "$folder/declared" "$folder/exported" || {
    echo "FAILED: < is declared and not exported, > is exported and not declared"
    exit 1
}
