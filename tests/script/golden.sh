# What people read, held against golden files. FIREDRILL_RENEW=1 renews them; look at the difference before committing.
. tests/script/common.sh
compare() {
    local name=$1; shift
    "$@" >"$work/$name" 2>&1 </dev/null || true
    if [ "${FIREDRILL_RENEW:-}" = 1 ]; then cp "$work/$name" "tests/golden/$name"; return; fi
    same "tests/golden/$name" "$work/$name" "$name is not as it was (FIREDRILL_RENEW=1 renews it)"
}
compare run.txt "$FIREDRILL" run scenarios --explain --color never
compare show-random.txt "$FIREDRILL" show scenarios/basics/01-random-ports-only-135-open.toml --seed 7
compare show-works.txt "$FIREDRILL" show scenarios/basics/02-static-ports-opened.toml --seed 7 --all
compare show-two-firewalls.txt "$FIREDRILL" show scenarios/filter/two-firewalls.toml
compare show-server.txt "$FIREDRILL" show scenarios/registry/taken-port.toml --server
compare show-server-silences.txt "$FIREDRILL" show tests/golden/server/silences.toml --server
compare show-server-2003.txt "$FIREDRILL" show tests/golden/server/two-servers-2003.toml --server
compare show-server-pending.txt "$FIREDRILL" show tests/golden/server/pending.toml --server
compare show-server.jsonl "$FIREDRILL" show scenarios/registry/taken-port.toml --server --format jsonl
compare show.mermaid "$FIREDRILL" show scenarios/basics/01-random-ports-only-135-open.toml --seed 7 --format mermaid
compare explain.txt "$FIREDRILL" explain scenarios/filter/stateless-return-path.toml
compare explain-port.txt "$FIREDRILL" explain scenarios/basics/02-static-ports-opened.toml --to-port 5100
compare one.jsonl "$FIREDRILL" run scenarios/registry/hex-typed-as-decimal.toml --format jsonl
compare check-bad.txt "$FIREDRILL" check tests/bad tests/bad/cut.reg
finish
