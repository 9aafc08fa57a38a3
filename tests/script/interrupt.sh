# Ctrl-C ends a long sweep at a clean point: what was played is reported, nothing is half-written.
. tests/script/common.sh
sed 's/1-200/1-9000000/' scenarios/basics/01-random-ports-only-135-open.toml | sed "s|\.\./reg|$PWD/scenarios/reg|" >"$work/long.toml"
"$FIREDRILL" run "$work/long.toml" --jobs 2 --pcap "$work/pcap" >"$work/out" 2>"$work/err" &
program=$!
for _ in $(seq 100); do sleep 0.1; grep -q SigCgt /proc/$program/status 2>/dev/null && break; done
sleep 1
kill -INT $program
code=0
wait $program || code=$?
[ "$code" -eq 1 ] || fail "exit $code after Ctrl-C"
says "stopped"
for file in "$work"/pcap/*; do case "$file" in *.pcapng) ;; *) fail "left behind: $file" ;; esac; done
finish
