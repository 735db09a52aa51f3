#!/bin/sh
# Every case that can be tried on a port holds on the virtual module of a dialect.
# usage: wmat_conform_all.sh WMAT W800_SIM DIALECT ADDRESS LEAST
. "$(dirname "$0")/expect.sh"

start sim "$2" --dialect "$3" --address "$4"
expect 0 " 0 deviate" "$1" -p "${line#ready }" conform --virtual
held=$(grep -c '^holds' "$folder/out")
[ "$held" -ge "$5" ] || {
    echo "FAILED: $held cases held, at least $5 were to"
    bad=1
}
exit $bad
