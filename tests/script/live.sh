# The server, the client and the prober as a person uses them, over real sockets on the loopback.
. tests/script/common.sh
. tests/script/live_common.sh

# ---- everything works ----
serve --reg scenarios/reg/static-with-attendant.reg --metrics 127.0.0.1:0
exits 0 "$FIREDRILL" connect 127.0.0.1 --mapper-port "$mapper" --do logon,check-name,admin,new-mail
says "logon works"; says "admin works"; says "new-mail works, notice after"
exits 0 "$FIREDRILL" connect localhost --mapper-port "$mapper" --format jsonl
says '"schema":"firedrill.connect/1"'; says '"type":"action","action":"logon","result":"works"'
exits 0 "$FIREDRILL" probe 127.0.0.1 --mapper-port "$mapper"
says "Querying Endpoint Mapper Database..."
says "UUID: f5cc5a18-4264-101a-8c59-08002b2f8426 MS Exchange Directory NSP Interface"
says "ncacn_ip_tcp:127.0.0.1[$(port_of DSAMAIN.EXE)]"
says "Total endpoints found: 10"
says "==== End of RPC Endpoint Mapper query response ===="
says "TCP port $(port_of STORE.EXE) (unknown service): LISTENING"

# ---- PortQry's exit codes; port 1 of the loopback has nobody ----
exits 0 "$FIREDRILL" probe 127.0.0.1 --mapper-port "$mapper" --ports "$(port_of STORE.EXE)"
exits 1 "$FIREDRILL" probe 127.0.0.1 --mapper-port "$mapper" --ports 1;              says "TCP port 1 (unknown service): NOT LISTENING"
exits 1 "$FIREDRILL" probe 127.0.0.1 --mapper-port "$mapper" --ports "$mapper,1"
exits 2 "$FIREDRILL" probe 127.0.0.1 --mapper-port "$mapper" --ports 70000;          says "--ports 70000"
exits 3 "$FIREDRILL" probe no-such-host.invalid;                                     says "no-such-host.invalid"

# ---- figures for Prometheus ----
metrics=$(sed -n 's/^metrics at //p' "$work/table")
exec 3<>"/dev/tcp/127.0.0.1/$(sed -nE 's/.*:([0-9]+)\/metrics/\1/p' <<<"$metrics")"
printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3
cat <&3 >"$work/out"; exec 3>&-
says "200 OK"; says 'firedrill_connections_accepted_total{service="endpoint mapper"}'; says "firedrill_held_bytes 0"

# ---- a packet filter in the path ----
printf 'allow tcp %s\nallow tcp %s\nreject tcp %s\n' "$mapper" "$(port_of DSAMAIN.EXE)" "$(port_of STORE.EXE)" >"$work/reject.rules"
exits 1 "$FIREDRILL" connect 127.0.0.1 --mapper-port "$mapper" --rules "$work/reject.rules"
says "logon fails at information-store"; says "the port refused the connection"; says "rejected. By rule 3 ($work/reject.rules:3)."
printf 'allow tcp %s\n' "$mapper" >"$work/drop.rules"
exits 1 "$FIREDRILL" connect 127.0.0.1 --mapper-port "$mapper" --rules "$work/drop.rules" --timeout 1
says "logon fails at directory"; says "nobody answered the connect attempt"
# A stateless set needs rules for the answers, too.
printf 'stateful no\nallow tcp from any to any port %s\n' "$mapper" >"$work/stateless.rules"
exits 1 "$FIREDRILL" connect 127.0.0.1 --mapper-port "$mapper" --rules "$work/stateless.rules" --timeout 1
says "logon fails at endpoint-mapper"; says "SYN-ACK"
printf '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m state --state ESTABLISHED -j ACCEPT\n-A FORWARD -p tcp -m multiport --dports %s,%s,%s -j ACCEPT\nCOMMIT\n' \
    "$mapper" "$(port_of DSAMAIN.EXE)" "$(port_of STORE.EXE)" >"$work/open.v4"
exits 0 "$FIREDRILL" connect 127.0.0.1 --mapper-port "$mapper" --rules "$work/open.v4"
exits 2 "$FIREDRILL" connect 127.0.0.1 --rules "$work/none.rules";                    says "there is no such file"

# ---- RPC inspection: a mapper on another port is not read ----
exits 1 "$FIREDRILL" connect 127.0.0.1 --mapper-port "$mapper" --rules "$work/drop.rules" --inspect dcerpc --timeout 1
says "logon fails at directory"
exits 2 "$FIREDRILL" connect 127.0.0.1 --inspect dcerpc

# ---- restart: connections dropped, new ports, the registry read again ----
stop_server
cp scenarios/reg/as-installed.reg "$work/server.reg"
serve --reg "$work/server.reg"
before=$(port_of STORE.EXE)
exec 3<>"/dev/tcp/127.0.0.1/$before"
cp scenarios/reg/static-5001-5002.reg "$work/server.reg"
printf 'REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeIS\\ParametersSystem]\n"TCP/IP port"=dword:%08x\n' \
    "$(( before == 4999 ? 4998 : 4999 ))" >"$work/server.reg"
kill -HUP "$server"
await "after the restart of the services" || fail "no restart"
await "its own ($work/server.reg:4)" || await "taken by another program" || fail "the registry was not read again"
cat <&3 >/dev/null 2>&1 && fail "the connection survived the restart" || true
exec 3>&-
# A file that cannot be used changes nothing.
echo nonsense >"$work/server.reg"
kill -HUP "$server"
await "no restart: a file cannot be used" "$work/log" || fail "a bad file is not told"
exits 0 "$FIREDRILL" probe 127.0.0.1 --mapper-port "$mapper" --ports "$mapper"

# ---- a mapper without its port; a clean end ----
exits 3 "$FIREDRILL" serve --mapper-port "$mapper"; says "cannot listen on 127.0.0.1:$mapper for the endpoint mapper"
exits 2 "$FIREDRILL" serve --reg "$work/none.reg"
exits 2 "$FIREDRILL" serve --listen nowhere;        says "--listen nowhere"
for signal in INT TERM; do
    [ -n "$server" ] || serve
    kill -$signal "$server"
    code=0; wait "$server" || code=$?
    server=
    [ "$code" -eq 0 ] || fail "exit $code after SIG$signal"
done
exits 1 "$FIREDRILL" connect 127.0.0.1 --mapper-port "$mapper" --timeout 5
says "logon fails at endpoint-mapper"; says "the port refused the connection"

# ---- and on 135 it is read, where this user may listen there ----
rm -f "$work/table"; touch "$work/table"
"$FIREDRILL" serve --listen 127.0.0.135 --mapper-port 135 >"$work/table" 2>"$work/log" </dev/null &
server=$!
if await ready; then
    echo 'allow tcp 135' >"$work/mapper.rules"
    exits 1 "$FIREDRILL" connect 127.0.0.135 --rules "$work/mapper.rules" --timeout 1
    exits 0 "$FIREDRILL" connect 127.0.0.135 --rules "$work/mapper.rules" --inspect dcerpc
    says "RPC inspection: pinhole 1 opened for 127.0.0.135:$(port_of DSAMAIN.EXE) (NSPI), expires in 2 min"
    says "pinhole 2 lets"
else
    echo "not tried on 135: $(tail -1 "$work/log")"
    server=
fi
finish
