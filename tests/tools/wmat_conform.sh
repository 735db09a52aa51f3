#!/bin/sh
# wmat conform: on a right module, a wrong one, and one that must not be touched.
# usage: wmat_conform.sh WMAT W800_SIM FLAWED_MODULE PYTHON
. "$(dirname "$0")/expect.sh"
wmat=$1
sim=$2
flawed=$3
python=$4

# module NAME OPTION...: a virtual module; $port is its serial port.
module() {
    name=$1
    shift
    start "$name" "$sim" "$@"
    port=${line#ready }
}

# settings FILE: what the module's queries answer.
settings() {
    "$wmat" -p "$port" at 'AT+CIPDNS?' 'AT+CIPRECONNINTV?' 'AT+CWRECONNCFG?' 'AT+SYSSTORE?' 'AT+CWSTATE?' \
        'AT+CIPSTA?' 'AT+CIPSSLCCONF?' 'AT+CWMODE?' 'AT+CWHOSTNAME?' 'AT+CIPSERVERMAXCONN?' >"$1" 2>&1
}

# A module is as it was before, whatever the cases did to it.
for dialect in manual w800; do
    module "kept-$dialect" --dialect "$dialect" --join wmat --address 127.87.40.1
    "$wmat" -p "$port" at 'AT+CIPDNS=1,"9.9.9.9","8.8.4.4"' 'AT+CIPRECONNINTV=7' >"$folder/set"
    settings "$folder/before"
    expect 0 "9.9.9.9" cat "$folder/before"
    expect 0 " 0 deviate" "$wmat" -p "$port" conform --virtual --only 'cip[dm][nu]*'
    settings "$folder/after"
    expect 0 "" cmp "$folder/before" "$folder/after"
done

# Also when Ctrl-C comes in the middle.
module cut --join wmat --address 127.87.40.2
"$wmat" -p "$port" at 'AT+CIPDNS=1,"9.9.9.9","8.8.4.4"' AT+CIPMUX=1 AT+CIPRECVMODE=1 >"$folder/set"
settings "$folder/before"
mkfifo "$folder/cases"
"$wmat" -p "$port" conform --only 'cip*' >"$folder/cases" &
conform=$!
exec 7<"$folder/cases"
read -r first <&7
kill -INT $conform
cat <&7 >"$folder/rest"
wait $conform
status=$?
expect 0 "130" echo $status
expect 0 "cip" echo "$first"
settings "$folder/after"
expect 0 "" cmp "$folder/before" "$folder/after"
expect 0 "+CIPMUX:1" "$wmat" -p "$port" at AT+CIPMUX?

# Without --virtual nothing goes out that would end its association, restart it or be stored.
module real --join wmat --address 127.87.41.1 --trace "$folder/trace"
"$wmat" -p "$port" at AT >/dev/null
expect 0 "a command that a real module is never sent" "$wmat" -p "$port" conform --only 'c*m[ou][dx]*'
expect 1 "" grep -E '"dir":"in","bytes":"AT\+(RST|RESTORE|CWQAP|CWJAP=|CWMODE=[0-9])' "$folder/trace"
expect 0 "wmat" "$wmat" -p "$port" status

# One dialect asked of a module that speaks the other.
module other --dialect w800 --address 127.87.42.1
expect 1 'got       AT\r\n\r\nOK\r\n' "$wmat" -p "$port" conform --virtual --dialect manual --only 'at*'
expect 0 "" "$wmat" -p "$port" conform --virtual --only nothing-else --list
expect 2 "no case" "$wmat" -p "$port" conform --virtual --only 'no such case'

# One flaw: the cases that meet it deviate, the others hold, and each report says so.
start flawed "$python" "$flawed" "$sim" '+CIPMUX:0' '+CIPMUX=0'
expect 1 "DEVIATES  cipmux" "$wmat" -p "tcp://127.0.0.1:${line#port }" conform --virtual --only 'cipmux*' \
    --junit "$folder/junit.xml" --report "$folder/report.md"
expect 0 'expected +CIPMUX:0\r\nOK\r\n' "$python" - "$folder/junit.xml" <<'PYTHON'
import sys
import xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot()
assert int(suite.get("tests")) == len(suite.findall("testcase")) > 0
assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) == 1
print(" ".join(suite.find("testcase/failure").text.split()))
PYTHON
expect 0 "37" grep -c '^| [0-9]' "$folder/report.md"
expect 1 "" grep "no case shows it" "$folder/report.md"
expect 0 "1" grep -c "deviates from both |" "$folder/report.md" # row 3 asks for AT+CIPMUX?
expect 0 "| as documented |" grep "SYSSTORE" "$folder/report.md"
expect 0 'got `+CIPMUX=0\r\nOK\r\n`' cat "$folder/report.md"

"$wmat" -p sim: conform --json --only 'cipmux*' >"$folder/json"
expect 0 "holds cipmux" "$python" - "$folder/json" <<'PYTHON'
import json
import sys
for text in open(sys.argv[1]):
    case = json.loads(text)
    assert case["section"] and case["dialect"] == "manual" and case["ms"] >= 0
    print(case["verdict"], case["case"])
PYTHON

# At least 300 cases are there in each dialect.
for dialect in manual w800; do
    count=$("$wmat" conform --list --dialect "$dialect" | wc -l)
    expect 0 "" [ "$count" -ge 300 ]
done

expect 0 "TCP-IP_AT: CIPMUX" "$wmat" conform --list
expect 2 "dialect" "$wmat" conform --dialect klingon
expect 3 "which port" "$wmat" conform
exit $bad
