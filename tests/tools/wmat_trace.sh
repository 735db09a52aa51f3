#!/bin/sh
# wmat trace: statistics and the page of a recording, and what is none.
# usage: wmat_trace.sh WMAT TRACE
. "$(dirname "$0")/expect.sh"
wmat=$1
trace=$2

stats() {
    expect 0 "$1" "$wmat" trace stats "$trace"
}
json() {
    expect 0 "$1" "$wmat" --json trace stats "$trace"
}

expect 0 '    0.362 > [1000 bytes: AT\x0d\x0assssssssssssssssssss...]' "$wmat" trace show "$trace"
expect 0 '    0.900 < +IPD,2,3,fe80::1,80:[3 bytes: abc]' "$wmat" trace show "$trace"
expect 0 '> AT+CWJAP="\x1b[2J","x"' "$wmat" trace show "$trace"

stats "AT                        2         1       3.0         5"
stats "AT+CIPSEND=               1       100     100.0       100"
stats "AT+CWJAP=                 1         2       2.0         2  1 failed"
stats "AT+CIPSTATE?              0  1 without a result"
# 505 bytes from the read's command at 0.500 to 0.900; 1000 from that of the send at 0.360 to 0.460.
stats "link 2  0.350 to 0.950 s  received 505 bytes (1.3 kB/s)  sent 1000 bytes (10.0 kB/s)"
stats "busy at 115200 baud  receiving 5.6 %  sending 9.8 %"
expect 0 "busy at 9600 baud" "$wmat" -b 9600 trace stats "$trace"
json '{"command":"AT","count":2,"min_ms":1,"median_ms":3,"max_ms":5,"failed":0,"without_result":0}'
json '{"link":2,"start_ms":350,"end_ms":950,"rx_bytes":505,"tx_bytes":1000,"rx_bytes_per_s":1262.5,"tx_bytes_per_s":10000}'
json '"duration_ms":1000'

# A link that comes up between a payload and its SEND OK; lines that look like frames.
json_line() {
    printf '{"t":%d,"dir":"%s","text":"%s"}\n' "$@"
}
{
    json_line 0 rx '0,CONNECT\r\n'
    json_line 10 tx 'AT+CIPSEND=0,5\r\n'
    json_line 20 rx 'OK\r\n>\r\n'
    json_line 30 tx 'hello'
    json_line 40 rx '1,CONNECT\r\n2,CONNECT\r\n3,CONNECT\r\n'
    json_line 50 rx 'SEND OK\r\n'
    json_line 60 rx '+IPD,x,y\r\n+IPD,,\r\n'
} >"$folder/crowd"
expect 0 "link 0  0.000 to 0.060 s  received 0 bytes  sent 5 bytes (0.1 kB/s)" "$wmat" trace stats "$folder/crowd"
expect 0 '[2,60,60,-1,0,0,0,"+IPD,x,y",null]' "$wmat" trace html "$folder/crowd"

# One without a first line, without links, without anything.
printf '{"t":0,"dir":"tx","text":"AT\\r\\n"}\n' >"$folder/bare"
expect 0 "line  0.000 s  received 0 bytes  sent 4 bytes" "$wmat" trace stats "$folder/bare"
: >"$folder/empty"
expect 0 "line  0.000 s  received 0 bytes  sent 0 bytes" "$wmat" trace stats "$folder/empty"
expect 0 "" "$wmat" trace show "$folder/empty"
expect 0 '"entries":[]' "$wmat" trace html "$folder/empty"

expect 0 "" "$wmat" trace html "$trace" -o "$folder/page.html"
expect 0 "7 commands" python3 "$(dirname "$0")/trace_page.py" "$folder/page.html"
expect 0 "1 commands" sh -c '"$1" trace html "$2" >"$3" && python3 "$4" "$3"' - \
    "$wmat" "$folder/bare" "$folder/bare.html" "$(dirname "$0")/trace_page.py"

expect 2 "write: wmat trace show FILE" "$wmat" trace
expect 2 "write: wmat trace show FILE" "$wmat" trace stats
expect 2 "write: wmat trace show FILE" "$wmat" trace stats -o x "$trace"
expect 2 "write: wmat trace show FILE" "$wmat" trace paint "$trace"
expect 2 "write: wmat trace show FILE" "$wmat" trace html "$trace" more
expect 2 "can't read $folder/none" "$wmat" trace stats "$folder/none"
expect 2 "can't write $folder/none/page" "$wmat" trace html "$trace" -o "$folder/none/page"
expect 2 "can't read $folder" "$wmat" trace show "$folder"
for verb in show stats html; do
    printf '{"t":0,"dir":"rx","text":"OK\\r\\n"}\nhello\n' >"$folder/bad"
    expect 2 "line 2 of $folder/bad is not part of a trace" "$wmat" trace $verb "$folder/bad"
done
if [ -w /dev/full ]; then
    expect 1 "can't write" "$wmat" trace html "$trace" -o /dev/full
fi
[ $bad = 0 ]
