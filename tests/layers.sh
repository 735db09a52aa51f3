#!/bin/sh
# An include against the order of the layers does not compile: tries one with the very flags that a layer
# is built with. And no source reaches out of its folder by a path.
# usage: layers.sh SOURCE_ROOT BUILD_ROOT
set -u
root=$1
build=$2
bad=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "FAILED: $*"
    bad=$((bad + 1))
}

# flags OBJECT: the compiler and the flags that make it.
flags() {
    ninja -C "$build" -t commands "$1" | tail -n 1 | sed 's/ -MD .*//'
}

# sees OBJECT HEADER: does a source of that layer see the header?
sees() {
    echo "#include \"$2\"" >"$folder/probe.c"
    (cd "$build" && sh -c "$(flags "$1") -E $folder/probe.c" >/dev/null 2>&1)
}

# An object of each layer, a header that it sees, and headers that it must not see. (tls.h is for svc; line must not
# see it.)
while read -r object seen refused; do
    sees "$object" "$seen" || fail "$object should see $seen"
    for header in $refused; do
        if sees "$object" "$header"; then
            fail "$object must not see $header"
        fi
    done
done <<TABLE
lib/proto/libproto.a.p/at_command.c.o           at_text.h txn.h call.h fd.h reply.h station.h
lib/core/libcore.a.p/ring.c.o                   txn.h     call.h fd.h reply.h station.h payload.h
lib/api/libapi.a.p/sys.c.o                      call.h    fd.h reply.h station.h payload.h
lib/io/libio.a.p/fd.c.o                         fd.h      reply.h station.h payload.h journal.h
firmware/line/libfw_line.a.p/line.c.o           reply.h   txn.h station.h tls.h payload.h journal.h
firmware/tls/libfw_tls.a.p/tls.c.o              tls.h     txn.h reply.h station.h payload.h journal.h
firmware/svc/libfw_svc.a.p/ring.c.o             station.h txn.h reply.h payload.h journal.h
firmware/cmd/libfw_cmd.a.p/args.c.o             payload.h txn.h call.h fd.h journal.h
firmware/port/linux/libfw_linux.a.p/uart.c.o    journal.h txn.h reply.h station.h payload.h
TABLE

if grep -rn '#include "\.\./' "$root/lib" "$root/firmware" "$root/tools"; then
    fail "these includes leave their folders"
fi
if grep -rn '#include <wmfw/' "$root/lib" || grep -rn '#include <wmat/' "$root/firmware"; then
    fail "driver and firmware share lib/proto and nothing else"
fi
[ $bad = 0 ]
