# The live kernel's own packet filter against ours: random rule sets and packets in a throw-away network namespace,
# recorded as cases, played by firedrill filter, compared field by field (tests/kernel). The rules are also given to the
# real tool as a person types them, and what iptables-save prints must be what firedrill import --canonical prints.
#
#   FIREDRILL_KERNEL_CASES=400 FIREDRILL_KERNEL_SEED=7 FIREDRILL_KERNEL_KEEP=cases.jsonl ... kernel.sh
. tests/script/common.sh
box=tests/firewall/goldens/box.json
cases=${FIREDRILL_KERNEL_CASES:-32}
seed=${FIREDRILL_KERNEL_SEED:-1}

# ---- outside: make the namespace, or say why not ----
skip() { echo "SKIPPED: the live kernel: $1"; exit 0; }
if [ "${FIREDRILL_NAMESPACE:-}" != inside ]; then
    for tool in unshare ip python3 iptables-legacy-restore ip6tables-legacy-restore; do command -v $tool >/dev/null || skip "no $tool"; done
    [ -c /dev/net/tun ] || skip "no /dev/net/tun"
    export FIREDRILL_NAMESPACE=inside
    for way in -n -rn; do unshare $way true 2>/dev/null && exec unshare $way bash "$0"; done
    skip "network namespaces are refused here"
fi
if ! python3 tests/kernel/probe.py "$box" >"$work/probe" 2>&1; then skip "$(tail -1 "$work/probe")"; fi

# ---- record and compare ----
# Address translation and nft where this program can import them.
imports() { echo "{\"id\":\"p\",\"format\":\"$1\",\"ruleset\":\"$2\",\"steps\":[]}" | "$FIREDRILL" filter --box "$box" --cases - >/dev/null; }
kinds=stateless,stateful,stateful,window,reject,frag
if imports iptables-save '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n*filter\nCOMMIT\n'; then kinds=$kinds,nat; fi
if imports nft-json '{\"nftables\":[{\"table\":{\"family\":\"inet\",\"name\":\"filter\",\"handle\":1}}]}'; then
    if command -v nft >/dev/null; then kinds=$kinds,nft; else echo "SKIPPED: the live kernel with nft rules: no nft"; fi
fi
python3 tests/kernel/run.py --box "$box" --seed "$seed" --count "$cases" --kinds "$kinds" --out "$work/cases" --rules "$work/rules" >"$work/out" 2>&1 ||
    fail "the recorder: $(tail -3 "$work/out")"
cat "$work/out"
[ "$(wc -l <"$work/cases")" -gt 0 ] || fail "nothing was recorded"
if ! "$FIREDRILL" filter --box "$box" --cases "$work/cases" --compare >"$work/compared"; then
    fail "this filter and the kernel disagree"
    cat "$work/compared"
    kept=${FIREDRILL_KERNEL_KEEP:-$(mktemp --suffix=.jsonl)}
    cp "$work/cases" "$kept"
    echo "the cases are kept in $kept; tests/kernel/shrink.py makes one of them small"
fi
grep -E '^verdict ' "$work/compared" | sed 's/^/the live kernel: /'

# ---- the importer's canonical form ----
python3 tests/kernel/canonical.py "$FIREDRILL" "$work/rules" >"$work/canonical" || { fail "the canonical form differs"; head -20 "$work/canonical"; }
finish
