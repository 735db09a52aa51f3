#!/bin/sh
# wmat bench: figures are printed, and more than nothing; how fast the machine is, is not judged.
# usage: wmat_bench.sh WMAT W800_SIM PYTHON
. "$(dirname "$0")/expect.sh"
wmat=$1

# figures: reads those of --json, prints them, and sees to it that they are there.
cat >"$folder/figures.py" <<'END'
import json
import sys

result = json.loads(sys.stdin.readline())
print(result)
for way in result["up"], result["down"]:
    assert way["bytes"] > 0 and way["bytes_per_s"] > 0 and way["wire_bytes"] > way["bytes"], way
    assert way["seconds"] >= 1 and abs(way["bytes"] / way["seconds"] / way["bytes_per_s"] - 1) < 0.01, way
    assert ("baud" in result) == ("line_share" in way), way
trip = result["round_trip_ms"]
assert 0 < trip["min"] <= trip["median"] <= trip["max"] and 0 < trip["count"] <= 100, trip
assert "baud" not in result or abs(result["up"]["line_share"] - result["up"]["bytes_per_s"] * 10 / result["baud"]) < 0.001
END
"$wmat" -p sim: --json bench --seconds 1 >"$folder/result" || bad=1
expect 0 "" "$3" "$folder/figures.py" <"$folder/result"
cat "$folder/out"

# Over a pty, with the peer named, for people.
start sim "$2" --link "$folder/w800" --join wmat
export WMAT_PORT="$folder/w800"
expect 0 "round trip" "$wmat" bench --seconds 1 --peer 127.0.0.1
cat "$folder/out"
grep -q "^peer *127.0.0.1 port [1-9]" "$folder/out" || bad=1
"$wmat" --json bench --seconds 1 --receive active >"$folder/result" || bad=1
expect 0 "" "$3" "$folder/figures.py" <"$folder/result"

# What a shipping module throws away is told; what was measured before that stands.
start shipping "$2" --link "$folder/shipping" --join wmat --dialect w800
expect 1 "--receive active" "$wmat" -p "$folder/shipping" bench --seconds 1
grep -q "^to the peer *[0-9.]* kB/s" "$folder/out" || bad=1
expect 0 "from the peer" "$wmat" -p "$folder/shipping" bench --seconds 1 --receive active

# Ended by a signal, it leaves a module in command mode and without links.
"$wmat" --trace "$folder/trace" bench --seconds 15 >/dev/null &
bench=$!
while ! grep -q "SEND OK" "$folder/trace" 2>/dev/null && kill -0 $bench 2>/dev/null; do :; done
kill -s INT $bench
wait $bench
expect 0 "" test $? = 130
expect 0 "OK" "$wmat" at AT
expect 0 '"links":[]' "$wmat" --json status

# Where there is no descriptor, it says so and ends. How many it begins with is not known here.
for count in 6 7 8 9 10; do
    (ulimit -n $count && exec "$wmat" -p sim: bench --seconds 1) >/dev/null 2>"$folder/said.$count"
    expect 0 "" test $? = 1
done
expect 0 "can't begin" cat "$folder"/said.*
[ $bad = 0 ]
