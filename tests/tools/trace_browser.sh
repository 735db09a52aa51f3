#!/bin/sh
# The page of wmat trace html in a browser: all entries are drawn, names stay text, and nothing is wrong with the script.
# Skipped without chromium, and unless WMAT_FULL is set.
# usage: trace_browser.sh WMAT TRACE
. "$(dirname "$0")/expect.sh"
[ -n "${WMAT_FULL-}" ] || exit 77
browser=$(command -v chromium) || exit 77

# page TRACE: what the browser makes of the page.
page() {
    "$wmat" trace html "$1" -o "$folder/page.html" &&
        HOME=$folder "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --enable-logging=stderr \
            --user-data-dir="$folder/profile" --dump-dom "file://$folder/page.html" 2>"$folder/log"
    grep -E 'CONSOLE' "$folder/log" && return 1
    return 0
}

wmat=$1
expect 0 'data-drawn="15"' page "$2"
expect 0 '<h1>golden.trace</h1>' page "$2"
expect 0 'AT+CIPSTART=2,"TCP","&lt;/script&gt;&lt;b&gt;",80' page "$2"
expect 0 'AT+CWJAP="\x1b[2J","x"' page "$2"
expect 0 '<td class="n">505</td><td class="n">1.3 kB/s</td><td class="n">1,000</td><td class="n">10.0 kB/s</td>' page "$2"

# 10,000 commands.
python3 - >"$folder/long" <<'EOF'
for i in range(10000):
    print('{"t":%d,"dir":"tx","text":"AT+CIPRECVLEN?\\r\\n"}' % (i * 50))
    print('{"t":%d,"dir":"rx","text":"+CIPRECVLEN:0,0,0,0,0\\r\\n\\r\\nOK\\r\\n"}' % (i * 50 + 3))
EOF
expect 0 'data-drawn="10000"' page "$folder/long"
expect 0 "The first 400 of 10,000" page "$folder/long"
[ "$(wc -c <"$folder/page.html")" -lt 1000000 ] || { echo "FAILED: the page is too large"; bad=1; }
[ $bad = 0 ]
