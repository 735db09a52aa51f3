#!/bin/sh
# Builds and runs every test: sh tools/check.sh [--full]
# The last line says how many checks passed and failed; the exit status is 0 when none failed.
#   --full  fuzzes longer, lets the tests take their time (WMAT_FULL=1), looks at a trace in a
#           browser, and tries the Debian packages in a fresh root
set -u
cd "$(dirname "$0")/.." || exit 1

passed=0
failed=0
jobs=$(($(nproc) * 2)) # most tests that take long wait
fuzz_s=20
full=false
case ${1-} in
"") ;;
--full)
    fuzz_s=600
    export WMAT_FULL=1
    full=true
    ;;
*)
    echo "usage: sh tools/check.sh [--full]" >&2
    exit 2
    ;;
esac

step() {
    printf '\n== %s\n' "$*"
}

# Counts one check: its name, then the command that it is.
check() {
    name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok: $name"
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
    fi
}

# Sets up a build folder, or brings it to these settings, and builds. "$@": folder, settings.
build() {
    folder=$1
    shift
    log=build/$(basename "$folder").log
    (
        flock 9
        if [ -f "$folder/build.ninja" ]; then
            meson configure "$folder" "$@"
        else
            meson setup "$folder" "$@"
        fi && ninja -C "$folder"
    ) 9>build/.lock >"$log" 2>&1 && return
    cat "$log"
    return 1
}

# Adds the counts of a run of meson test; its log, then whether it went well.
count() {
    ok=$(awk -F: '/^(Ok|Expected Fail):/ { n += $2 } END { print n + 0 }' "$1")
    bad=$(awk -F: '/^(Fail|Unexpected Pass|Timeout):/ { n += $2 } END { print n + 0 }' "$1")
    [ "$2" = 0 ] || [ "$bad" -gt 0 ] || bad=1
    passed=$((passed + ok))
    failed=$((failed + bad))
    echo "$ok passed, $bad failed here"
}

# Runs the tests of a build folder. "$@": folder, arguments of meson test.
run_tests() {
    folder=$1
    shift
    log=build/$(basename "$folder").test.log
    meson test -C "$folder" --no-rebuild --num-processes $jobs --print-errorlogs "$@" >"$log" 2>&1
    status=$?
    [ $status = 0 ] || cat "$log"
    count "$log" $status
}

# Builds and runs the tests named in $tests, all of them by default; or counts the build that fails.
build_and_test() {
    if build "$@"; then
        # shellcheck disable=SC2086 # no names, no words
        run_tests "$1" ${tests-}
    else
        failed=$((failed + 1))
        echo "FAILED: build of $1"
    fi
}

# Names the files that clang-format would change.
check_format() {
    ! find include lib firmware tools tests examples -name '*.[ch]' -print0 |
        xargs -0 clang-format --dry-run --Werror 2>&1 | sed -n 's/:[0-9:]* error:.*//p' | sort -u |
        grep .
}

# The fuzzers of a build folder are its programs fuzz-NAME; fuzz-NAME-replay is an ordinary test.
list_fuzzers() {
    find build/fuzz/tests -type f -perm -u+x -name 'fuzz-*' ! -name '*-replay' | sort
}

# Runs the fuzzer NAME from the seeds in tests/fuzz/corpus/NAME; what it finds is kept under build/.
fuzz() {
    name=$(basename "$1")
    seeds=tests/fuzz/corpus/${name#fuzz-}
    log=build/$name.log
    mkdir -p "build/corpus/$name" build/crashes
    [ -d "$seeds" ] || seeds=
    # shellcheck disable=SC2086 # no seeds, no word
    "$1" -max_total_time=$fuzz_s -timeout=10 -artifact_prefix=build/crashes/ -verbosity=0 \
        "build/corpus/$name" $seeds >"$log" 2>&1 && return
    cat "$log"
    return 1
}

packages=check
$full && packages=full
sh tools/packages.sh $packages || exit 1
sh tools/peers.sh || exit 1
export WMAT_PEERS_NEEDED=1
mkdir -p build

step "Tests, gcc, warnings are errors"
build_and_test build -Dwerror=true

step "The same but for the mutation run under AddressSanitizer and UndefinedBehaviorSanitizer"
tests="--no-suite mutation" # thousands of processes, which play what the transcripts play here anyway
build_and_test build/asan -Dwerror=true -Db_sanitize=address,undefined \
    -Dc_args=-fno-sanitize-recover=all

unset tests

step "Threads under ThreadSanitizer"
export WM_TRANSFER_MIB=1
tests="examples/async examples/recovery examples/tcp_echo_server e2e/server e2e/stream io/device io/device_events io/device_loop io/device_port e2e/accidents e2e/cut e2e/found e2e/links e2e/one-process e2e/recovery e2e/transfer"
build_and_test build/tsan -Dwerror=true -Db_sanitize=thread
unset WM_TRANSFER_MIB tests

step "The same under valgrind, transcripts neither split nor cut"
export WMAT_FEW_WAYS=1
run_tests build --no-suite e2e --no-suite scripts --no-suite mutation --timeout-multiplier 10 --wrap \
    "valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite \
    --suppressions='$PWD/tests/valgrind.supp'"
unset WMAT_FEW_WAYS

step "Fuzzers, clang, $fuzz_s s each"
export CC=clang
check "build of the fuzzers" build build/fuzz -Dfuzzers=true
unset CC
fuzzers=$(list_fuzzers)
check "there are fuzzers" test -n "$fuzzers"
for fuzzer in $fuzzers; do
    check "$(basename "$fuzzer")" fuzz "$fuzzer"
done

step "Format"
if command -v clang-format >/dev/null; then
    check "clang-format" check_format
fi

if $full; then
    step "Debian packages"
    check "Debian packages" sh tools/packaging/try-deb.sh
fi

echo
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
