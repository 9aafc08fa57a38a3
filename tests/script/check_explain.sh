# What a finding means can be looked up, and finding out that one can costs nothing.
. tests/script/common.sh
exits 0 "$FIREDRILL" check --explain port-hex-typed;   says "Regedt32"; says "Q148732"; says "example.reg:4:1: warning:"
exits 0 "$FIREDRILL" check --explain named-pipes;      says "Q244523"; says "works over named pipes"
exits 2 "$FIREDRILL" check --explain port-hex-tiped;   says "did you mean 'port-hex-typed'?"
exits 2 "$FIREDRILL" check --explain zebra;            says "check --list"
exits 2 "$FIREDRILL" check;                            says "PATH is missing"
exits 2 "$FIREDRILL" check --explain port-low scenarios
exits 0 "$FIREDRILL" check --list
[ "$(wc -l <"$work/out")" -gt 150 ] || fail "the list of findings is short"
cp "$work/out" "$work/list"
exits 0 "$FIREDRILL" check --explain all;              same "$work/list" "$work/out" "--explain all is not the list"
while read -r id _; do
    "$FIREDRILL" check --explain "$id" >"$work/page" 2>"$work/err" || fail "no page for $id"
    # Lines of examples keep their length.
    grep -vE '^    ' "$work/page" | awk 'length($0) > 100 {exit 1}' || fail "a line of the page of $id is too long"
    LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$work/page" && fail "the page of $id holds a control character"
done <"$work/list"
# Once, on stderr, and only in the form for people.
exits 2 "$FIREDRILL" check tests/bad
[ "$(grep -c -- --explain "$work/err")" -eq 1 ] || fail "the way to the explanations is not told once"
grep -q -- --explain "$work/out" && fail "the way to the explanations stands among the data"
exits 2 "$FIREDRILL" check tests/bad --format sarif
[ -s "$work/err" ] && fail "sarif says something on stderr"
exits 0 "$FIREDRILL" check scenarios/basics/02-static-ports-opened.toml
finish
