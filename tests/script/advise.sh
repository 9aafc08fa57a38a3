# advise from outside: what it writes runs, it overwrites nothing, and it says so when there is nothing to do.
. tests/script/common.sh
exits 0 "$FIREDRILL" advise scenarios/filter/rule-order.toml --write "$work/mended"
exits 0 "$FIREDRILL" run "$work/mended/mended.toml"
exits 0 "$FIREDRILL" advise "$work/mended/mended.toml"
grep -q "Nothing to mend" "$work/out" || fail "the mended scenario is advised again"
cp -r "$work/mended" "$work/before"
exits 3 "$FIREDRILL" advise scenarios/filter/rule-order.toml --write "$work/mended"
diff -r "$work/before" "$work/mended" >/dev/null || fail "a second --write changed the folder"
exits 0 "$FIREDRILL" advise scenarios/basics/02-static-ports-opened.toml --write "$work/none"
[ ! -e "$work/none" ] || fail "a folder was made although there was nothing to write"
exits 3 "$FIREDRILL" advise scenarios/filter/rule-order.toml --write /dev/null/x
exits 2 "$FIREDRILL" advise no-such.toml
exits 4 "$FIREDRILL" advise scenarios/filter/rule-order.toml --case nowhere
# Each syntax keeps its own.
exits 0 "$FIREDRILL" advise scenarios/filter/rule-order.toml --case 2 --format jsonl
grep -q '"schema":"firedrill.advice/1"' "$work/out" || fail "no schema in the JSON"
grep -q 'deny-above.rules.v4' "$work/out" || fail "the iptables file is not named"
finish
