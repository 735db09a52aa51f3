#!/bin/bash
# What --help says stands in the manual pages, and what wmat --help says can be completed.
# usage: manual.sh SOURCE_ROOT WMAT W800_SIM
root=$1 wmat=$2 sim=$3
bad=0

fail() {
    echo "FAILED: $*"
    bad=1
}

# words PATTERN: those of standard input, each once.
words() {
    grep -oE -- "$1" | sort -u
}

# The names of the commands: two stand on a line.
commands=$("$wmat" --help | sed -n 's/^  \([a-z].\{36\}\)  \([a-z]*\) .*/  \1\n  \2 /; /^  [a-z]/p' |
    sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | sort -u)
[ "$(echo "$commands" | wc -l)" -ge 15 ] || fail "wmat --help lacks commands: $commands"

# all_help: what --help says, and that of each command.
all_help() {
    "$wmat" --help
    for command in $commands; do
        "$wmat" "$command" --help
    done
}

# Each fits a screen.
for command in "" $commands; do
    # shellcheck disable=SC2086 # none or one word
    help=$("$wmat" $command --help) || fail "wmat $command --help: status $?"
    [ "$(echo "$help" | wc -l)" -le 24 ] || fail "wmat $command --help has more than 24 lines"
    [ "$(echo "$help" | wc -L)" -le 80 ] || fail "wmat $command --help has more than 80 columns"
    case $help in
    "usage: wmat [OPTIONS] $command"*) ;;
    *) fail "wmat $command --help: $help" ;;
    esac
done

options='(^|[ |,(\[])--?[A-Za-z][a-z0-9-]*'
for program in wmat w800-sim; do
    page=$root/tools/man/$program.1.scd
    case $program in
    wmat) help=$(all_help) ;;
    w800-sim) help=$("$sim" --help) ;;
    esac
    for option in $(echo "$help" | words "$options" | sed 's/^[ |,(\[]*//' | sort -u); do
        grep -qE -- "(^|[ *])$option([ *]|$)" "$page" || fail "$program.1 lacks $option"
    done
    if command -v scdoc >/dev/null; then
        scdoc <"$page" >/dev/null || fail "$program.1 is no page"
    fi
done

for command in $commands; do
    grep -qE "(^|\n)(## $command\$|\*$command[ *])" "$root/tools/man/wmat.1.scd" || fail "wmat.1 lacks $command"
done

# complete WORD...: what bash would offer for the last word.
. "$root/tools/completion/wmat"
complete_words() {
    COMP_WORDS=(wmat "$@")
    COMP_CWORD=$#
    _wmat
    printf '%s\n' "${COMPREPLY[@]}"
}
for command in $commands; do
    complete_words "${command:0:1}" | grep -qx "$command" || fail "$command is not completed"
done
for option in $(all_help | words "$options" | sed 's/^[ |,(\[]*//' | sort -u); do
    grep -qE -- "[ \"]$option[ \"]" "$root/tools/completion/wmat" || fail "the completion lacks $option"
done
complete_words -p /dev/nu | grep -qx /dev/null || fail "no files behind -p"
complete_words -p sim: n | grep -qx nc || fail "no command behind an option's value"
complete_words nc --rec | grep -qx -- --receive || fail "no option of nc"
exit $bad
