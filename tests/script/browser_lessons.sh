# Lessons as pages in a real browser, by keyboard alone: see tests/browser. Pictures are left beside the program, in browser/.
. tests/script/common.sh
skip() { echo "SKIPPED: browser: $*"; exit 0; }
# The page is the same whatever the program was built with.
[ -z "${FIREDRILL_SANITIZERS:-}" ] || { echo "not with sanitizers: the build without them has opened these pages"; exit 0; }
command -v chromium >/dev/null || skip "there is no chromium"
command -v node >/dev/null || skip "there is no node"
[ -f tests/browser/node_modules/.installed ] || bash tests/browser/install.sh >"$work/npm" 2>&1 ||
    { tail -3 "$work/npm"; skip "playwright-core could not be installed"; }
shots=$(dirname "$FIREDRILL")/browser
mkdir -p "$shots" "$work/lessons"
for file in scenarios/lessons/*.toml; do
    exits 0 "$FIREDRILL" lesson "$file" --html "$work/lessons/$(basename "$file" .toml).html"
done
node tests/browser/lesson.mjs "$work/lessons" "$shots" || fail "the lessons in the browser"
finish
