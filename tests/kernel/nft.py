"""Random nft rule sets, and how a box with them is watched: nf_tables traces every packet (meta nftrace), a table of its
own marks where a packet begins, at which hook it is and which label it has, and logs the box's own packets whole."""
import json

from netlink import Log, NftTrace
from packet import build, text
from record import LABELS, Contradiction, Recorder, Refused, Way
from box import is_link_talk, run
from rules import Maker, Rule

VERDICTS = {1: "accept", 0: "drop"}


class NftMaker(Maker):
    """Rules in nft's own language; `rules` are kept for what aims at them."""

    def __init__(self, rng, family):
        super().__init__(rng, family, "nft")
        self.state = rng.random() < 0.6
        self.ip = "ip6" if family == "ipv6" else "ip"
        self.named = rng.random() < 0.4

    def some(self, values):
        """One value, or a set of them; nft refuses overlaps, so they are spread out."""
        values = list(dict.fromkeys(values))
        return values[0] if len(values) == 1 else "{ " + ", ".join(values) + " }"

    def ports(self):
        if self.named and self.maybe(0.2):
            return "@ports"
        if self.maybe(0.5):
            low, high = self.port_range()
            return str(low) if low == high else f"{low}-{high}"
        return self.some([str(p) for p in self.rng.sample([135, 80, 443, 25, 5001, 1025, 65535, 53], self.rng.randint(1, 4))])

    def addresses(self, r, end):
        network = self.network()
        setattr(r, end, ([network], False))
        kind = {"source": "saddr", "target": "daddr"}[end]
        sign = "!= " if self.maybe(0.15) else ""
        if self.maybe(0.15):
            return f"{self.ip} {kind} {sign}{network.network_address}-{network.broadcast_address}"
        more = [str(network)]
        if self.maybe(0.25):
            other = self.network()
            if not other.overlaps(network):
                more.append(str(other))
        return f"{self.ip} {kind} {sign}{self.some(more)}"

    def transport(self, r):
        rng = self.rng
        sign = "!= " if self.maybe(0.12) else ""
        kind = rng.choice(["tcp"] * 5 + ["udp"] * 3 + ["icmp"] * 2 + ["th", "l4proto", "flags"])
        if kind in ("tcp", "udp", "th"):
            low, high = self.port_range()
            r.protocol, r.dport = ("udp" if kind == "udp" else "tcp", False), (low, high, False)
            ports = self.ports() if self.maybe(0.6) else (str(low) if low == high else f"{low}-{high}")
            start = "meta l4proto { tcp, udp } " if kind == "th" else ""
            if kind == "th":
                r.protocol = ("any", False)
            return f"{start}{kind} {rng.choice(['dport', 'dport', 'dport', 'sport'])} {sign}{ports}"
        if kind in ("icmp", "l4proto"):
            r.protocol = ("another", False)
        if kind == "icmp":
            if self.family == "ipv6":
                return "icmpv6 type " + sign + self.some(rng.sample(["echo-request", "echo-reply", "destination-unreachable", "packet-too-big", "nd-neighbor-solicit"], rng.randint(1, 2)))
            if self.maybe(0.25):
                return f"icmp type destination-unreachable icmp code {rng.choice([3, 13, 1])}"
            return "icmp type " + sign + self.some(rng.sample(["echo-request", "echo-reply", "destination-unreachable", "time-exceeded", "timestamp-request"], rng.randint(1, 2)))
        if kind == "flags":
            r.protocol = ("tcp", False)
            return "tcp flags " + rng.choice(["syn", "!= syn", "& (fin|syn|rst|ack) == syn", "& (syn|ack) == syn|ack", "& (fin|psh|urg) == 0",
                                              "& rst != 0", "{ syn, ack }", "== ack"])
        if self.family == "ipv4" and self.maybe(0.3):
            return "ip protocol " + sign + rng.choice(["tcp", "udp", "icmp", "47"])
        return "meta l4proto " + sign + rng.choice(["tcp", "udp", "47", "{ tcp, udp }", "{ 1, 58 }"])

    def state_match(self):
        names = self.rng.sample(["new", "established", "related", "invalid"], self.rng.choice([1, 1, 2, 2]))
        if self.maybe(0.1):
            return "ct direction " + self.rng.choice(["original", "reply"])
        if self.maybe(0.3):
            return "ct state { " + ", ".join(names) + " }"
        return "ct state " + ("!= " if self.maybe(0.1) else "") + ",".join(names)

    def end(self, chain, depth, r):
        rng = self.rng
        later = self.users[depth:]
        if self.maybe(0.08) and r.protocol in (None, ("tcp", False)):
            verdicts = ["accept", "drop", "continue", "return"] + [f"jump {c}" for c in later]
            keys = rng.sample([135, 80, 443, 5001, 1025, 53], rng.randint(1, 3))
            if self.state and self.maybe(0.4):
                return "ct state vmap { " + ", ".join(f"{s} : {rng.choice(verdicts)}" for s in rng.sample(["new", "established", "related", "invalid"], 2)) + " }"
            return "tcp dport vmap { " + ", ".join(f"{k} : {rng.choice(verdicts)}" for k in keys) + " }"
        if later and self.maybe(0.15):
            return rng.choice(["jump ", "jump ", "goto "]) + rng.choice(later)
        if self.maybe(0.15):
            v6 = self.family == "ipv6"
            kinds = ["reject", "reject with icmpx type port-unreachable", "reject with icmpx type admin-prohibited", "reject with icmpx type host-unreachable",
                     "reject with icmpx type no-route"]
            kinds += ["reject with icmpv6 type " + c for c in ("no-route", "admin-prohibited", "addr-unreachable")] if v6 else [
                "reject with icmp type " + c for c in ("port-unreachable", "host-prohibited", "net-unreachable", "admin-prohibited", "prot-unreachable")]
            if r.protocol == ("tcp", False):
                kinds += ["reject with tcp reset"] * 4
            return rng.choice(kinds)
        return rng.choice(["accept"] * 8 + ["drop"] * 5 + ["return", "continue", 'log prefix "r1 "', ""])

    def nft_rule(self, chain, depth):
        r = Rule(chain)
        parts = []
        if self.maybe(0.35):
            parts.append(self.addresses(r, "source"))
        if self.maybe(0.45):
            parts.append(self.addresses(r, "target"))
        if chain not in ("output",) and self.maybe(0.12):
            parts.append("iifname " + self.rng.choice(['"eth0"', '!= "eth1"', '"eth*"', '{ "eth1", "eth2" }']))
        if chain not in ("input",) and chain in ("forward", "output") and self.maybe(0.12):
            parts.append("oifname " + self.rng.choice(['"eth0"', '!= "eth1"', '"eth*"', '{ "eth1", "eth2" }', '"lo"']))
        if self.maybe(0.7):
            parts.append(self.transport(r))
        if self.state and self.maybe(0.4):
            parts.append(self.state_match())
        if self.maybe(0.3):
            parts.append("counter")
        end = self.end(chain, depth, r)
        if end:
            parts.append(end)
        r.text = " ".join(parts) or "counter"
        return r

    def ruleset(self):
        rng = self.rng
        self.rules = []
        lines = ["table inet filter {"]
        if self.named:
            lines.append("  set ports { type inet_service; flags interval; elements = { 135, 5000-5002, 49152-65535 }; }")
        chains = {c: [self.nft_rule(c, i + 1) for _ in range(rng.randint(0, 3))] for i, c in enumerate(self.users)}
        for name in reversed(self.users):
            lines += [f"  chain {name} {{"] + ["    " + r.text for r in chains[name]] + ["  }"]
        for hook, most in (("input", 4), ("forward", 9), ("output", 3)):
            chains[hook] = [self.nft_rule(hook, 0) for _ in range(rng.randint(0 if hook != "forward" else 4, most))]
            policy = rng.choice(["accept", "drop"])
            lines += [f"  chain {hook} {{", f"    type filter hook {hook} priority 0; policy {policy};"] + ["    " + r.text for r in chains[hook]] + ["  }"]
        self.rules = [r for rules in chains.values() for r in rules]
        self.state = any(f" {r.text}".find(" ct ") >= 0 for r in self.rules)
        return "\n".join(lines + ["}"]) + "\n"


def watch_table(tracks):
    labels = "\n".join(f"ct state {l.lower()}" for l in LABELS) if tracks else ""
    lines = ["table inet watch {",
             "chain pre { type filter hook prerouting priority -350; meta nftrace set 1; }",
             "chain out { type filter hook output priority -350; meta nftrace set 1; log group 0 snaplen 65535; }"]
    for hook, name in (("prerouting", "label_pre"), ("output", "label_out")):
        lines.append(f"chain {name} {{ type filter hook {hook} priority -150;\n{labels}\n}}")
    lines += [f"chain at_{hook} {{ type filter hook {hook} priority -140; }}" for hook in ("input", "forward", "output")]
    return "\n".join(lines + ["}"]) + "\n"


class OwnPackets(Log):
    """The box's own packets, whole, in the order in which they met OUTPUT."""

    def packets(self):
        return [found.get(9, b"") for _, _, found in self.messages()]


class NftRecorder(Recorder):
    def load(self, ruleset):
        self.translates = False
        try:
            run(["nft", "-f", "-"], ruleset)
        except RuntimeError as what:
            raise Refused(str(what)) from None
        self.saved = run(["nft", "-j", "list", "ruleset"])
        self.numbers, self.rejects, self.base, count = {}, {}, set(), {}
        for one in json.loads(self.saved)["nftables"]:
            if "chain" in one and "hook" in one["chain"]:
                self.base.add(one["chain"]["name"])
            if "rule" not in one:
                continue
            rule = one["rule"]
            count[rule["chain"]] = count.get(rule["chain"], 0) + 1
            self.numbers[rule["handle"]] = count[rule["chain"]]
            reject = [e["reject"] for e in rule["expr"] if "reject" in e]
            if reject:
                self.rejects[rule["handle"]] = reject[0]
        self.trace = NftTrace()
        self.log = OwnPackets()
        run(["nft", "-f", "-"], watch_table(self.tracks))
        self.labels = {}
        for one in json.loads(run(["nft", "-j", "list", "table", "inet", "watch"]))["nftables"]:
            if "rule" in one and one["rule"]["chain"].startswith("label"):
                key = one["rule"]["chain"]
                self.labels[one["rule"]["handle"]] = LABELS[len([h for h, (c, _) in self.labels.items() if c == key])], key
                self.labels[one["rule"]["handle"]] = (key, self.labels[one["rule"]["handle"]][0])

    def ways(self):
        ways, by_id = [], {}
        for event in self.trace.events():
            if event["table"] == "watch":
                self.follow_watch(event, ways, by_id)
            elif event["id"] in by_id:
                self.follow_rules(event, by_id[event["id"]])
        own = [o for o in self.log.packets() if not is_link_talk(o)]
        for way in ways:
            if way.outgoing:
                way.octets = own.pop(0)
        return ways

    def follow_watch(self, event, ways, by_id):
        chain = event["chain"]
        if chain in ("pre", "out") and event["kind"] == "rule" and event["handle"] is not None:
            octets = event["network"] + event["transport"]
            if octets and not is_link_talk(octets):
                way = Way(octets)
                way.outgoing = chain == "out"
                ways.append(way)
                by_id[event["id"]] = way
            return
        way = by_id.get(event["id"])
        if way is None:
            return
        if chain.startswith("at_"):
            way.hook = chain[3:].upper()
        elif event["kind"] == "rule" and event["handle"] in self.labels:
            way.label = self.labels[event["handle"]][1]

    def follow_rules(self, event, way):
        chain, handle = event["chain"], event["handle"]
        if handle in self.numbers:
            way.trace.append(f"{chain}:{self.numbers[handle]}")
            if event["verdict"] in VERDICTS:
                way.verdict = VERDICTS[event["verdict"]]
                if handle in self.rejects:
                    way.verdict, way.words = "reject", self.rejects[handle]
        elif event["kind"] == "policy":
            way.trace.append(f"{chain}:policy")
            way.verdict = VERDICTS[event["policy"]]
        elif chain not in self.base:
            way.trace.append(f"{chain}:end")

    def reject_words(self, way):
        if not way.words:
            return "icmpx port-unreachable"  # what `reject` alone means in an inet table
        return way.words["type"] + (" " + way.words["expr"] if "expr" in way.words else "")
