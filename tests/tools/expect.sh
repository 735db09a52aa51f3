# Sourced by the tests of wmat: runs a command line and looks at its status and words.
# shellcheck shell=sh
set -u
bad=0

folder=$(mktemp -d)
pids=""

cleanup() {
    for pid in $pids; do
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    rm -rf "$folder"
}
trap cleanup EXIT

# expect STATUS WORDS COMMAND...: runs the command, standard input included; its status must be STATUS
# and WORDS (unless empty) must be in what it prints.
expect() {
    status=$1
    words=$2
    shift 2
    "$@" >"$folder/out" 2>&1
    got=$?
    if [ $got != "$status" ] || { [ -n "$words" ] && ! grep -qF -- "$words" "$folder/out"; }; then
        echo "FAILED: $*"
        echo "  status $got, expected $status; expected the words: $words; got:"
        sed 's/^/  | /' "$folder/out"
        bad=$((bad + 1))
    fi
}

# start NAME COMMAND...: runs a program in the background; $line is the first line that it prints.
start() {
    mkfifo "$folder/$1.pipe"
    name=$1
    shift
    "$@" >"$folder/$name.pipe" &
    pids="$pids $!"
    read -r line <"$folder/$name.pipe"
}
