#!/bin/sh
# Every habit of quirk.def is asked for at one place, says where it is described, and nothing in the firmware
# asks which dialect is on.
# usage: quirks.sh SOURCE_ROOT
set -u
cd "$1/firmware" || exit 1
bad=0

fail() {
    echo "FAILED: $*"
    bad=$((bad + 1))
}

uses() {
    grep -rhow "FW_QUIRK_$1" --include='*.c' --include='*.h' . | wc -l
}

names=$(sed -n 's/^FW_QUIRK(\([A-Z0-9_]*\), *"\(row\|section\) [0-9].*/\1/p' line/quirk.def)
[ "$(echo "$names" | wc -l)" -eq "$(grep -c '^FW_QUIRK(' line/quirk.def)" ] || fail "a row of quirk.def names no source"
for name in $names; do
    [ "$(uses "$name")" -eq 1 ] || fail "$name is asked for at $(uses "$name") places"
done
# dialect.c has the table, fw.c chooses from it.
others=$(grep -rl 'FW_DIALECT_[MW]' --include='*.c' line svc cmd tls | grep -v '^line/dialect.c$')
[ -z "$others" ] || fail "the dialect is asked for in $others"
[ "$bad" -eq 0 ]
