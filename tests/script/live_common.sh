# Sourced behind common.sh by the scripts that need a running server: a mapper port that is free, waiting without
# timing, and an end in order.
server=
stop_server() { [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; server=; }; }
trap 'stop_server; rm -rf "$work"' EXIT

# serve ARGUMENTS...: starts a server; its mapper's port is then $mapper. The table is in $work/table, the log in $work/log.
serve() {
    local attempt
    for attempt in $(seq 50); do
        mapper=$((10000 + RANDOM % 20000))
        rm -f "$work/table"  # or an earlier server's table would be taken for this one's
        touch "$work/table"
        "$FIREDRILL" serve --mapper-port "$mapper" "$@" >"$work/table" 2>"$work/log" </dev/null &
        server=$!
        await ready && return 0
        wait "$server" || true
        server=
        grep -q 'already in use' "$work/log" || break  # only a taken port is a reason to try another
    done
    fail "the server does not start: $(tail -3 "$work/log")"
    finish
    exit 1
}
# await TEXT [FILE]: until the text is in the server's table; false when the server is gone before.
await() {
    local i
    for i in $(seq 600); do
        grep -qF -- "$1" "${2:-$work/table}" && return 0
        kill -0 "$server" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}
# port_of PROGRAM: the port in the last table that names it.
port_of() { grep -F " $1 " "$work/table" | tail -1 | sed -nE 's/^ *[0-9.]+:([0-9]+) .*/\1/p'; }
