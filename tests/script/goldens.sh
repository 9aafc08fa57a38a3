# Everything that the recorded kernel did, as firedrill filter plays it: all fields of all steps agree.
. tests/script/common.sh
goldens=tests/firewall/goldens
steps=0
for file in "$goldens"/*.jsonl; do
    name=$(basename "$file" .jsonl)
    [ "$name" = nat-more ] && continue  # recorded on the wire, in a form of its own (tests/firewall)
    exits 0 "$FIREDRILL" filter --box "$goldens/box.json" --cases "$file" --compare
    [ -s "$work/err" ] && fail "$name: $(head -1 "$work/err")"
    if awk '/ of [0-9]+ agree$/ { rows++; if ($2 != $4) bad++ } END { exit !(rows > 2 && !bad) }' "$work/out"; then
        n=$(sed -nE 's/^verdict +([0-9]+) .*/\1/p' "$work/out"); steps=$((steps + ${n:-0}))
    else
        fail "$name disagrees"; head -20 "$work/out"
    fi
done
[ "$steps" -gt 2000 ] || fail "only $steps steps were compared"

# Line by line: one object a step, in order, with the words of the recordings.
"$FIREDRILL" filter --box "$goldens/box.json" --cases - <"$goldens/stateless-basic.jsonl" >"$work/lines" || fail "stdin"
[ "$(wc -l <"$work/lines")" -eq 333 ] || fail "$(wc -l <"$work/lines") lines for 333 steps"
head -1 "$work/lines" >"$work/out"; says '{"case":"ex-stateless-basic-5000","step":0,"hook":'
grep -q '"reply":"sent","reply_packet":{"src":' "$work/lines" || fail "no answer is told"

# One wrong word in a recording is found, and named.
sed 's/"ct":"NEW"/"ct":"RELATED"/' "$goldens/window.jsonl" >"$work/wrong.jsonl"
exits 1 "$FIREDRILL" filter --box "$goldens/box.json" --cases "$work/wrong.jsonl" --compare
says ' step 0: ct'; says 'expected  "RELATED"'; says 'got       "NEW"'

# Lines that are none, and cases that cannot be understood, do not stop the others.
{
    echo '{"id":"a","family":"ipv4","format":"iptables-save","ruleset":"*filter\nCOMMIT\n","steps":[]'
    echo '[1]'
    echo '{"id":"b","family":"ipv4","format":"iptables-save","ruleset":"*filter\n-A FORWARD -m limit -j DROP\nCOMMIT\n","steps":[]}'
    echo '{"id":"c","family":"ipv4","sysctl":{"nf_conntrack_frob":1},"format":"iptables-save","ruleset":"*filter\nCOMMIT\n","steps":[]}'
    echo '{"id":"d","family":"ipv4","format":"iptables-save","ruleset":"*filter\nCOMMIT\n","steps":[{"origin":"eth9","packet":{"src":"10.1.0.9","dst":"10.1.0.1","proto":"tcp"}}]}'
    echo '{"id":"e","family":"ipv4","format":"iptables-save","ruleset":"*filter\nCOMMIT\n","steps":[{"origin":"eth0","packet":{"src":"198.51.100.7","dst":"10.1.0.10","proto":"udp","sport":1,"dport":70000}}]}'
    echo '{"id":"f","family":"ipv4","format":"iptables-save","ruleset":"*filter\nCOMMIT\n","steps":[{"origin":"eth0","packet":{"src":"198.51.100.7","dst":"10.1.0.10","proto":"udp","sport":1,"dport":7}}]}'
} >"$work/mixed.jsonl"
code=0; "$FIREDRILL" filter --box "$goldens/box.json" --cases "$work/mixed.jsonl" >"$work/out" 2>"$work/err" || code=$?
[ $code -eq 1 ] || fail "exit $code for lines that are none"
[ "$(wc -l <"$work/out")" -eq 7 ] || fail "not one line for each: $(cat "$work/out")"
says '{"line":1,"error":"it is no JSON'; says '{"line":2,"error":"an object is wanted'
says '{"case":"b","error":"case: ruleset: b:2:15: match module \"limit\" is not supported [unsupported-match]"}'
says 'nf_conntrack_frob: this setting is not simulated'; says 'eth9\" is no interface'; says 'dport: 70000 is not within 0 to 65535'
says '{"case":"f","step":0,"hook":"FORWARD","verdict":"accept","by":"FORWARD:policy","trace":["FORWARD:policy"],"out":"eth1"}'
finish
