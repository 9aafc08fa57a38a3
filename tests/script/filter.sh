# firedrill filter and import by hand: packets in words, verdicts that name file and line, what is assumed, exit codes.
. tests/script/common.sh
rules=scenarios/firewall/branch.rules.v4

cat >"$work/packets" <<'EOF'
# a logon, seen from outside
tcp 198.51.100.7:3000 > 10.0.0.10:135 syn => accept
tcp 10.0.0.10:135 > 198.51.100.7:3000 syn ack => accept
tcp 198.51.100.7:3000 > 10.0.0.10:135 ack len 40
tcp 198.51.100.7:3001 > 10.0.0.10:4000 syn => drop
wait 6d
tcp 10.0.0.10:135 > 198.51.100.7:3000 ack len 1
{"origin":"server","packet":{"src":"10.0.0.10","dst":"192.0.2.50","proto":"udp","sport":1200,"dport":1100}}
EOF
exits 0 "$FIREDRILL" filter --rules $rules --packets "$work/packets"
says 'packets:2: TCP 198.51.100.7:3000 > 10.0.0.10:135 SYN seq 1000 win 65535, from the client: accepted. By FORWARD rule 2 (scenarios/firewall/branch.rules.v4:7). Connection state NEW.'
says 'packets:3: TCP 10.0.0.10:135 > 198.51.100.7:3000 SYN-ACK seq 500000 ack 1001 win 65535, from the server: accepted. By FORWARD rule 1'
says 'packets:5: TCP 198.51.100.7:3001 > 10.0.0.10:4000 SYN'; says 'dropped. No rule matched, so the default decided. Connection state NEW.'
says 'packets:7: TCP 10.0.0.10:135'; says 'packets:8: UDP 10.0.0.10:1200 > 192.0.2.50:1100 len 0, from the server: dropped.'
says 'firedrill: the filter stands between a client (client) and a server (server)'
[ "$(wc -l <"$work/out")" -eq 6 ] || fail "not one line a packet"
exits 0 "$FIREDRILL" filter --rules $rules --packets "$work/packets" --explain
says '  FORWARD rule 1 (scenarios/firewall/branch.rules.v4:6)'; says '    does not fit: connection state RELATED,ESTABLISHED: the packet has NEW'
exits 0 "$FIREDRILL" filter --rules $rules --packets "$work/packets" --format jsonl
says '"hook":"FORWARD","verdict":"accept","reason":"rule","rule":"FORWARD rule 2","place":"scenarios/firewall/branch.rules.v4:7","ct":"NEW","entry":"tcp SYN_SENT 120 unreplied"'

# What was expected, and is not; lines that are no packets; nothing to judge.
echo 'tcp 198.51.100.7:3001 > 10.0.0.10:4000 syn => accept' >"$work/wrong"
exits 1 "$FIREDRILL" filter --rules $rules --packets "$work/wrong"; says 'WRONG: accept was expected, drop is what happens'
printf 'tcp 1.2.3.4:1 > 5.6.7.8\ntcp 198.51.100.7:3000 > 10.0.0.10:135\n' >"$work/bad"
exits 2 "$FIREDRILL" filter --rules $rules --packets "$work/bad"
says 'bad:1:17: error: "5.6.7.8" needs a port: 10.0.0.10:135 [bad-packet]'; says '|                 ^~~~~~~'; says 'bad:2: TCP 198.51.100.7:3000'
echo '# nothing' >"$work/none"
exits 4 "$FIREDRILL" filter --rules $rules --packets "$work/none"; says "there is no packet in $work/none"
: >"$work/empty"
exits 4 "$FIREDRILL" filter --rules $rules --packets "$work/empty"; says "there is no packet in $work/empty"
exits 2 "$FIREDRILL" filter --rules - --packets - </dev/null; says 'stdin cannot be the rules and the packets at once'
exits 2 "$FIREDRILL" filter --rules "$work/nowhere" --packets "$work/none"; says 'there is no such file'
exits 2 "$FIREDRILL" filter --rules $rules --packets "$work/nowhere"; says 'there is no such file'
exits 2 "$FIREDRILL" filter --packets "$work/none"; says 'what shall judge the packets?'
exits 2 "$FIREDRILL" filter --cases "$work/none"; says '--box box.json'

# Packets as findings name them: at their word, and never mixed up with connections that were seen.
cat >"$work/witnesses" <<'EOF'
TCP 192.0.2.50:1030 > 10.0.0.10:150 SYN ESTABLISHED => accept
tcp 192.0.2.50:1030 > 10.0.0.10:150 syn => drop
TCP fragment 192.0.2.50 > 10.0.0.10 NEW => drop
ICMP 10.0.0.1 > 192.0.2.50 type 3 code 13 in eth0 => drop
UDP 10.0.0.10:1 > 192.0.2.50:2 from-server
protocol 47 192.0.2.50 > 10.0.0.10
EOF
exits 0 "$FIREDRILL" filter --rules $rules --packets "$work/witnesses"
says 'By FORWARD rule 1 (scenarios/firewall/branch.rules.v4:6). Connection state ESTABLISHED. Taken at its word: what came before does not count'
says 'witnesses:2: TCP 192.0.2.50:1030 > 10.0.0.10:150 SYN seq 1000'
exits 0 "$FIREDRILL" filter --rules $rules --packets "$work/witnesses" --format jsonl
says '"ct":"ESTABLISHED","at_its_word":true'

# The filter's own address: without it there is no verdict.
printf '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n' >"$work/masq"
echo 'tcp 10.0.0.10:1030 > 192.0.2.50:80 syn from server => accept' >"$work/out.packets"
sides='--client-side eth0 --server-side eth1'
exits 2 "$FIREDRILL" filter --rules "$work/masq" --packets "$work/out.packets" $sides
says 'masq:3:1: error: this translates to the address of the firewall on its side eth0, which nobody has told [nat-needs-address]'
says 'hint: --client-side-address ADDRESS'
exits 0 "$FIREDRILL" filter --rules "$work/masq" --packets "$work/out.packets" $sides --client-side-address 198.51.100.1 --explain
says 'its source 10.0.0.10:1030 becomes 198.51.100.1:1030'
exits 2 "$FIREDRILL" filter --rules "$work/masq" --packets "$work/out.packets" $sides --client-side-address 198.51.100
says '198.51.100 is no address'
exits 2 "$FIREDRILL" filter --rules "$work/masq" --packets "$work/out.packets" --box tests/firewall/goldens/box.json --client-side-address 198.51.100.1
says 'a box has its addresses in its file'

# Rules for IPv4 say nothing of IPv6, and the other way round.
echo 'tcp [2001:db8::2]:1 > [2001:db8::1]:135 syn => none' >"$work/v6"
exits 0 "$FIREDRILL" filter --rules $rules --packets "$work/v6"; says 'not judged. These rules are for IPv4, and IPv6 has rules of its own.'
exits 0 "$FIREDRILL" filter --rules $rules --packets "$work/v6" --format jsonl; says '"hook":null,"verdict":"none"'
exits 0 "$FIREDRILL" filter --rules scenarios/firewall/branch.acl --packets "$work/v6"; says 'not judged'
echo 'udp 10.0.0.10:1 > 192.0.2.50:2 => none' >"$work/v4"
printf '*filter\n:FORWARD DROP [0:0]\nCOMMIT\n' >"$work/v6.rules"
exits 0 "$FIREDRILL" filter --rules "$work/v6.rules" --family ipv6 --packets "$work/v4"; says 'for IPv6, and IPv4 has'

# On a box: interfaces by where the sender lies, rejects with their answers, rules that speak of two sides refused.
box=tests/firewall/goldens/box.json
printf '*filter\n:OUTPUT DROP [0:0]\n-A FORWARD -i eth0 -p tcp --dport 135 -j REJECT --reject-with tcp-reset\n-A FORWARD -i eth2 -j ACCEPT\n-A OUTPUT -p icmp -j ACCEPT\nCOMMIT\n' >"$work/box.rules"
printf 'tcp 203.0.113.5:1030 > 10.1.0.10:135\nudp 172.16.5.10:1 > 10.1.0.10:135\nudp 10.1.0.1:1 > 10.1.0.10:7\nicmp 10.1.0.1 > 10.1.0.10 on eth2\n' >"$work/box.packets"
exits 0 "$FIREDRILL" filter --rules "$work/box.rules" --packets "$work/box.packets" --box $box
says "from eth0: rejected with tcp-reset. By FORWARD rule 1"; says "The box's own OUTPUT rules hold back TCP 10.1.0.10:135 > 203.0.113.5:1030 RST-ACK"
says 'from eth2: accepted. By FORWARD rule 2'; says 'from the box itself: dropped. No rule matched'
exits 2 "$FIREDRILL" filter --rules scenarios/firewall/branch-static.rules --packets "$work/box.packets" --box $box
says 'which a box does not know'
exits 2 "$FIREDRILL" filter --rules "$work/box.rules" --packets "$work/box.packets"; says '"eth2" is no side'; says 'rules ask for interfaces'

# ---- import ----
exits 0 "$FIREDRILL" import scenarios/firewall/no-established.rules.v4
says 'allow tcp from any to 10.0.0.10 port 135 both  # scenarios/firewall/no-established.rules.v4:6'
cp "$work/out" "$work/native"
exits 1 "$FIREDRILL" filter --rules "$work/native" --packets "$work/packets"; says "By rule 1 ($work/native:4)"; says 'WRONG: accept was expected'
exits 0 "$FIREDRILL" import $rules
says 'no native form: it asks for the state of a connection'; says '(scenarios/firewall/branch.rules.v4:7 # RPC endpoint mapper)'
cp "$work/out" "$work/listing"
exits 2 "$FIREDRILL" filter --rules "$work/listing" --packets "$work/packets"  # no listing passes for rules
exits 0 "$FIREDRILL" import $rules --format jsonl
says '"place":"scenarios/firewall/branch.rules.v4:6"'; says '"no_native_form":"it asks for the state of a connection"'
exits 0 "$FIREDRILL" import $rules --canonical; says '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'
exits 0 "$FIREDRILL" import scenarios/firewall/branch.acl; says 'no native form: later fragments satisfy its ports'
printf '*filter\n-A FORWARD -m limit -j DROP\n-A FORWARD -j NOSUCH\nCOMMIT\n' >"$work/refused"
exits 2 "$FIREDRILL" import "$work/refused"
says 'refused:2:15: error: match module "limit" is not supported'; says 'refused:3:15: error: target "NOSUCH"'
[ -s "$work/out" ] && fail "a refused file prints something"
exits 2 "$FIREDRILL" import scenarios/firewall/branch-static.rules; says 'holds native rules already'
exits 2 "$FIREDRILL" import $rules --from cisco-ios; says 'this is no file of the format cisco-ios'
finish
