# run --html: one page, whole or not at all, the same bytes with any number of jobs, small, and with nothing in it that a
# text of a scenario could break out of.
. tests/script/common.sh
page=scenarios/report/page/report.html
# What stands in the element that holds the data.
data() { awk '/<script type="application\/json" id="data">/ { on = 1; sub(/.*id="data">/, "") } on { if (sub(/<\/script>.*/, "")) { if (length) print; exit } print }' "$1" | sed '/^$/d'; }

# ---- the sample in the template is a real report ----
sample=(scenarios/basics/01-random-ports-only-135-open.toml scenarios/basics/02-static-ports-opened.toml)
exits 0 "$FIREDRILL" run "${sample[@]}" --html "$work/sample.html"
data "$work/sample.html" >"$work/fresh"
if [ "${FIREDRILL_RENEW:-}" = 1 ]; then
    awk -v fresh="$work/fresh" '/id="data">/ { print "<script type=\"application/json\" id=\"data\">"; while ((getline line < fresh) > 0) print line; off = 1 }
        !off { print } off && /<\/script>/ { print "</script>"; off = 0 }' "$page" >"$work/page"
    cp "$work/page" "$page"
fi
data "$page" >"$work/kept"
same "$work/kept" "$work/fresh" "the sample in $page is not what the program writes (FIREDRILL_RENEW=1 renews it)"

# ---- all bundled plays: small, stable, beside the other formats ----
# One start each: what a page keeps of a result does not grow with its starts.
"$FIREDRILL" run scenarios --seed 1 --jobs 1 --html "$work/one.html" --format jsonl >"$work/lines" || true
results=$(wc -l <"$work/lines")
octets=$(stat -c %s "$work/one.html")
# The page of all bundled plays has at most 300,000 octets, all starts played; with one start each it is a hundredth shorter.
[ "$octets" -le 295000 ] || fail "$octets octets for $results results"
"$FIREDRILL" run scenarios --seed 1 --jobs 3 --html "$work/many.html" >"$work/out" || true
same "$work/one.html" "$work/many.html" "the page depends on the number of jobs"
says "skipped"
for jobs in 1 4; do exits 0 "$FIREDRILL" run scenarios/basics scenarios/change --jobs $jobs --html "$work/$jobs.html"; done
same "$work/1.html" "$work/4.html" "the page of sweeps and steps depends on the number of jobs"

# ---- whole or not at all ----
exits 3 "$FIREDRILL" run "${sample[@]}" --html /proc/none/report.html;    says "/proc/none/report.html"
mkdir "$work/folder"
exits 3 "$FIREDRILL" run "${sample[@]}" --html "$work/folder";            says "it is a folder"
cp "$work/sample.html" "$work/kept.html"
exits 2 "$FIREDRILL" run "$work/none.toml" --html "$work/kept.html"
same "$work/sample.html" "$work/kept.html" "a run that could not begin changed the page"
exits 0 "$FIREDRILL" run "${sample[@]}" --html "$work/new/deep/report.html"
same "$work/sample.html" "$work/new/deep/report.html" "the place of the page changes the page"
find "$work/new" -name '*.html.*' | grep -q . && fail "a temporary file was left behind"

# ---- nothing breaks out, nothing is asked for ----
printf 'title = "%s"\nabout = """%s"""\n[firewall]\nallow = [135]\n[[case]]\ntitle = "]]> %s"\n' \
    '</script><script>alert(1)</script><!--<script> &quot; \"quoted\"' 'x --> </SCRIPT > <img src=x onerror=alert(2)>' \
    "' onmouseover='alert(3) #1 # 2" >"$work/hostile.toml"
exits 0 "$FIREDRILL" run "$work/hostile.toml" --html "$work/hostile.html"
[ "$(grep -oi '<script' "$work/hostile.html" | wc -l)" -eq "$(grep -oi '<script' "$work/sample.html" | wc -l)" ] || fail "a scenario opened an element"
[ "$(grep -oi '</script' "$work/hostile.html" | wc -l)" -eq "$(grep -oi '</script' "$work/sample.html" | wc -l)" ] || fail "a scenario closed the element"
data "$work/hostile.html" | grep -q '<' && fail "a < stands in the data"
LC_ALL=C grep -qP '\xe2\x80[\xa8\xa9]' "$work/hostile.html" && fail "a line end of Unicode stands in the page"
grep -q "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" "$work/sample.html" || fail "no policy"
grep -q "unsafe" "$work/sample.html" && fail "the policy allows what has no hash"
grep -oE '(src|href)="?[a-z]+:|url\(|@import|fetch\(|XMLHttp|WebSocket|import\(' "$work/sample.html" && fail "the page asks for something"
finish
