#!/bin/sh
# The API reference: without warnings, and it has what the headers say. usage: reference.sh SOURCE_ROOT
set -u
if ! command -v doxygen >/dev/null; then
    echo "doxygen is missing"
    [ -n "${WMAT_PEERS_NEEDED-}" ] && exit 1
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sh "$1/tools/reference/build.sh" "$folder" || exit 1
bad=0

# has PAGE WORDS: what a page says, without its tags.
has() {
    sed 's/<[^>]*>//g' "$folder/html/$1" | tr '\n' ' ' | grep -q -- "$2" || {
        echo "FAILED: no '$2' in $1"
        bad=1
    }
}
has index.html "links *wmat/tcp.h"
has link_8h.html "half of what 9600 baud carry"               # the comment in front of a function
has structwm__tcp__options.html "1..65535"                    # behind a member
has tcp_8h.html 'CIPSTART=&lt;link ID&gt;'                 # what looks like a tag
has udp_8h.html 'the two characters \\0'                      # or like a command
exit $bad
