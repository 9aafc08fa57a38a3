# The pages that firedrill writes, in a real browser: Debian's chromium, driven by playwright-core (tests/browser). Pictures
# of them are left beside the program, in browser/.
. tests/script/common.sh
skip() { echo "SKIPPED: browser: $*"; exit 0; }
# The page is the same whatever the program was built with.
[ -z "${FIREDRILL_SANITIZERS:-}" ] || { echo "not with sanitizers: the build without them has opened these pages"; exit 0; }
command -v chromium >/dev/null || skip "there is no chromium"
command -v node >/dev/null || skip "there is no node"
bash tests/browser/install.sh >"$work/npm" 2>&1 || { tail -3 "$work/npm"; skip "playwright-core could not be installed"; }
shots=$(dirname "$FIREDRILL")/browser
mkdir -p "$shots"

exits 0 "$FIREDRILL" run scenarios/basics scenarios/change scenarios/filter scenarios/client --html "$work/report.html"
for name in basics/01-random-ports-only-135-open filter/two-firewalls filter/rpc-inspection filter/reject-silenced; do
    mkdir -p "$work/show/${name%/*}"
    "$FIREDRILL" show "scenarios/$name.toml" --format jsonl >"$work/show/$name.jsonl"
done
printf 'title = "%s"\nabout = """%s"""\n[firewall]\nallow = [135]\n[[case]]\ntitle = "]]> %s"\n' \
    '</script><script>alert(1)</script><!--<script> &quot; \"quoted\"' 'x --> </SCRIPT > <img src=x onerror=alert(2)>' \
    "' onmouseover='alert(3) #1 # 2" >"$work/hostile.toml"
exits 0 "$FIREDRILL" run "$work/hostile.toml" --html "$work/hostile.html"
cat >"$work/sites.toml" <<'TOML'
title = "Two sites, two cases"
[server]
registry = "static.reg"
[firewall]
allow = [135, 5001, 5002]
[expect]
logon = "works"
[[site]]
name = "North"
[[site]]
name = "South"
[[case]]
title = "the store's port forgotten in the south"
[case.firewall]
allow = [135, 5001]
TOML
cp scenarios/reg/static-5001-5002.reg "$work/static.reg"
"$FIREDRILL" run "$work/sites.toml" --html "$work/sites.html" >/dev/null || true
mkdir "$work/many"
cp scenarios/reg/static-5001-5002.reg "$work/many/static.reg"
for file in $(seq 50); do
    { printf 'title = "Synthetic %d"\n[server]\nregistry = "static.reg"\n[firewall]\nallow = [135]\n[expect]\nlogon = "fails"\n' "$file"
      for number in $(seq 99); do printf '[[case]]\ntitle = "case %d"\nfirewall.allow = [135, %d]\n' "$number" $((6000 + number)); done
    } >"$work/many/$file.toml"
done
exits 0 "$FIREDRILL" run "$work/many" --html "$work/many.html"

node tests/browser/report.mjs "$work" "$shots" || fail "the report in the browser"
if [ "${FIREDRILL_RENEW:-}" = 1 ]; then
    cp "$shots/readme.png" scenarios/report/page/report.png
    cp "$shots/readme.txt" tests/golden/readme-picture.txt
fi
finish
