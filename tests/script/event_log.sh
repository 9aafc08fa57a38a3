# Which service tells in the event log that it lost its port, and which keeps silent (Q180795, KB907783): [expect] has no
# clause for it, so the server's own view is asked.
. tests/script/common.sh
taken=scenarios/registry/taken-port.toml
# logs FILE CASE TEXT...: the log of that case (0 = the base) has exactly these lines, in this order.
logs() {
    local file=$1 number=$2; shift 2
    local select=(); [ "$number" = 0 ] || select=(--case "$number")
    exits 0 "$FIREDRILL" show "$file" "${select[@]}" --server
    # Entries are wrapped; one a line again, each up to its remarks in brackets.
    tr '\n' ' ' <"$work/out" | tr -s ' ' | grep -oE 'Application log[,:] [^(]*(\([^)]*\))?[^(]*' >"$work/log" || true
    [ "$(wc -l <"$work/log")" -eq $# ] || { fail "$file, case $number: not $# lines of log"; cat "$work/log"; }
    local line=0 text
    for text in "$@"; do
        line=$((line + 1))
        sed -n "${line}p" "$work/log" | grep -qE -- "$text" || { fail "$file, case $number: line $line is not /$text/"; cat "$work/log"; }
    done
}
logs $taken 0 "MSExchangeDS, event 1166.*1720.*3230203"
logs $taken 1 "nothing. IS lost its port"
logs $taken 4 "nothing. SA lost its port"
logs $taken 5 "MSExchangeMTA, event 9321.*ncacn_ip_tcp.*1720"
logs scenarios/registry/same-port.toml 1 "MSExchangeDS, event 1166"
logs scenarios/versions/exchange-2003.toml 3 "MSExchangeIS, event 9685"
logs scenarios/range/too-small.toml 1 "MSExchangeMTA, event 9321.*1721"
logs scenarios/range/bad-entry-voids-all.toml 0 "nothing. SA" "MSExchangeDS, event 1166.*1720" "nothing. IS" "MSExchangeMTA, event 9321.*1720"
logs scenarios/basics/02-static-ports-opened.toml 0
finish
