"""Random packets, aimed at the rules and at the flows that went before: conversations with right and wrong flags and
numbers, answers, errors that quote, fragments, strays at the edges of addresses and ports."""
import ipaddress

from packet import fragments, pattern
from rules import PORTS


class Talker:
    def __init__(self, rng, maker):
        self.rng, self.maker = rng, maker
        self.family, self.hosts, self.kind = maker.family, maker.hosts, maker.kind
        self.tcp, self.udp, self.echo, self.sent = [], [], [], []
        self.ident = rng.randint(1000, 60000)

    def maybe(self, p):
        return self.rng.random() < p

    # ---- where ----
    def side_of(self, address):
        a = ipaddress.ip_address(address)
        v4 = a.version == 4
        for name, net in (("eth0", "198.51.100.0/24" if v4 else "2001:db8:a::/64"), ("eth1", "10.1.0.0/16" if v4 else "2001:db8:b::/64"),
                          ("eth2", "172.16.5.0/24" if v4 else "2001:db8:c::/64")):
            if a in ipaddress.ip_network(net):
                return name
        return "eth0"

    def usable(self, address):
        a = ipaddress.ip_address(address)
        if a.is_multicast or a.is_loopback or a.is_unspecified or a.is_link_local or str(a) == "255.255.255.255":
            return False
        if a.version == 6:
            return a in ipaddress.ip_network("2000::/3") and not str(a).endswith("::")
        return int(a) >> 24 not in (0, 127) and int(a) >> 28 < 14 and str(a) not in (
            "198.51.100.0", "198.51.100.255", "10.1.0.0", "10.1.255.255", "172.16.5.0", "172.16.5.255")

    def host(self, own=0.12):
        if self.maybe(own):
            return self.rng.choice(self.hosts["own"])
        return self.rng.choice(self.hosts[self.rng.choice(["eth0", "eth1", "eth2"])])

    def pair(self):
        """Two ends that a packet can go between."""
        while True:
            a, b = self.host(0.0), self.host(0.15)
            if a != b and self.side_of(a) != self.side_of(b) or b in self.hosts["own"]:
                return a, b

    def origin(self, d):
        if d["src"] in self.hosts["own"]:
            return "local"
        if self.maybe(0.04):
            return self.rng.choice(["eth0", "eth1", "eth2"])
        return self.side_of(d["src"])

    def port(self):
        return self.rng.choice(PORTS) if self.maybe(0.7) else self.rng.randint(1024, 65535)

    # ---- at a rule ----
    def edge(self, value):
        networks, _ = value
        n = self.rng.choice(networks)
        first, last = int(n.network_address), int(n.broadcast_address)
        kind = ipaddress.IPv4Address if n.version == 4 else ipaddress.IPv6Address
        top = (1 << n.max_prefixlen) - 1
        at = self.rng.choice([first, last, (first + last) // 2, max(0, first - 1), min(top, last + 1), first + 1])
        address = str(kind(min(at, top)))
        return address if self.usable(address) else None

    def aimed(self):
        rules = [r for r in self.maker.rules if r.source or r.target or r.dport]
        src, dst = self.pair()
        d = {"src": src, "dst": dst, "proto": self.rng.choice(["tcp", "tcp", "udp"])}
        if rules:
            r = self.rng.choice(rules)
            if r.source and self.maybe(0.85):
                d["src"] = self.edge(r.source) or d["src"]
            if r.target and self.maybe(0.85):
                d["dst"] = self.edge(r.target) or d["dst"]
            if r.protocol and r.protocol[0] in ("tcp", "udp"):
                d["proto"] = r.protocol[0]
            d["dport"] = self.near(r.dport)
            d["sport"] = self.near(r.sport) if r.sport else self.port()
        if d["src"] == d["dst"] or (d["src"] in self.hosts["own"] and d["dst"] in self.hosts["own"]):
            d["src"] = self.rng.choice(self.hosts["eth0"])
            if d["src"] == d["dst"]:
                d["src"] = "203.0.113.99" if self.family == "ipv4" else "2001:db8:ffff::99"
        d.setdefault("sport", self.port())
        d.setdefault("dport", self.port())
        if d["proto"] == "tcp":
            d.update(flags=self.flags(), seq=self.rng.getrandbits(32), ack=self.rng.getrandbits(32), len=self.length())
            if "A" not in d["flags"]:
                d["ack"] = 0
        else:
            d["len"] = self.length()
        return d

    def near(self, ports):
        if ports is None:
            return self.port()
        low, high, _ = ports
        return min(65535, max(0, self.rng.choice([low, high, low - 1, high + 1, (low + high) // 2])))

    def flags(self):
        return self.rng.choice(["S"] * 6 + ["SA", "A", "A", "PA", "FA", "R", "RA", "F", "", "SF", "SR", "FPU", "SP", "SU", "AU",
                                            "SPA", "SEC", "FAU", "RPA"])

    def length(self):
        return self.rng.choice([0, 0, 0, 1, 8, 23, 100])

    # ---- conversations ----
    def tcp_step(self):
        rng = self.rng
        if not self.tcp or (len(self.tcp) < 4 and self.maybe(0.15)):
            a, b = self.pair()
            self.tcp.append({"ends": [(a, rng.randint(1024, 65535)), (b, self.port())], "next": [rng.getrandbits(32), rng.getrandbits(32)],
                             "acked": [0, 0], "phase": 0, "ws": rng.choice([None, None, 2, 7]), "past": []})
        c = rng.choice(self.tcp[-4:])
        side, flags, length = self.expected(c)
        if self.maybe(0.25):
            side, flags, length = rng.randint(0, 1), self.flags(), self.length()
        if c["past"] and self.maybe(0.1):
            return dict(rng.choice(c["past"]))  # sent again
        d = self.segment(c, side, flags, length)
        if self.maybe(0.12):
            self.spoil(d)
        else:
            self.advance(c, side, d)
        c["past"].append(d)
        return d

    def expected(self, c):
        phase = c["phase"]
        data = self.rng.choice([0, 1, 10, 100, 500])
        plan = [(0, "S", 0), (1, "SA", 0), (0, "A", 0), (0, "PA", data), (1, "PA", data), (0, "A", 0)]
        if phase < len(plan):
            return plan[phase]
        if self.maybe(0.6):
            return self.rng.randint(0, 1), self.rng.choice(["A", "PA"]), self.rng.choice([0, 1, 10, 300])
        return self.rng.randint(0, 1), self.rng.choice(["FA", "FA", "A", "RA", "R", "A"]), 0

    def segment(self, c, side, flags, length):
        (src, sport), (dst, dport) = c["ends"][side], c["ends"][1 - side]
        d = {"src": src, "dst": dst, "proto": "tcp", "sport": sport, "dport": dport, "flags": flags, "seq": c["next"][side],
             "ack": c["next"][1 - side] if "A" in flags else 0, "win": self.rng.choice([65535, 65535, 8192, 1000, 0 if self.maybe(0.2) else 4096])}
        if length:
            d["len"] = length
        if "S" in flags and c["ws"] is not None and self.maybe(0.9):
            d["opts"] = {"mss": 1460, "ws": c["ws"]}
            if self.maybe(0.5):
                d["opts"]["sackok"] = 1
        return d

    def advance(self, c, side, d):
        c["phase"] += 1
        if self.kind != "window" or self.maybe(0.85):
            c["next"][side] = (c["next"][side] + d.get("len", 0) + ("S" in d["flags"]) + ("F" in d["flags"])) & 0xFFFFFFFF
        if "R" in d["flags"]:
            c["phase"] = self.rng.choice([0, 6])
        if d["flags"] == "S":
            c["phase"] = 1

    def spoil(self, d):
        field = self.rng.choice(["seq", "seq", "ack", "ack", "badsum", "win"])
        if field == "badsum":
            d["badsum"] = True
        elif field == "win":
            d["win"] = self.rng.choice([0, 1, 65535])
        else:
            d[field] = (d[field] + self.rng.choice([1, -1, 100, -100, 1000, -1000, 65535, -65535, 65536, -66001, -66000, 70000, -70000,
                                                    1 << 20, -(1 << 20), 1 << 31])) & 0xFFFFFFFF

    def udp_step(self):
        if not self.udp or self.maybe(0.3):
            a, b = self.pair()
            self.udp.append([(a, self.port()), (b, self.port())])
        ends = self.rng.choice(self.udp[-4:])
        side = self.rng.randint(0, 1)
        d = {"src": ends[side][0], "dst": ends[1 - side][0], "proto": "udp", "sport": ends[side][1], "dport": ends[1 - side][1], "len": self.length()}
        if self.maybe(0.03):
            d["badsum"] = True
        return d

    def echo_step(self):
        v6 = self.family == "ipv6"
        pairs = [(128, 129), (139, 140)] if v6 else [(8, 0), (13, 14), (15, 16), (17, 18)]
        if not self.echo or self.maybe(0.4):
            a, b = self.pair()
            self.echo.append([a, b, self.rng.randint(1, 65535), pairs[0] if self.maybe(0.7) else self.rng.choice(pairs)])
        a, b, ident, kinds = self.rng.choice(self.echo[-4:])
        answer = self.maybe(0.45)
        d = {"src": b if answer else a, "dst": a if answer else b, "proto": "icmpv6" if v6 else "icmp",
             "type": kinds[1 if answer else 0], "code": 0 if self.maybe(0.9) else 1, "id": ident, "seq": self.rng.randint(1, 9), "len": 8}
        if self.maybe(0.05):
            d["type"] = self.rng.choice([130, 133, 135, 136, 141, 143, 150, 151, 152, 153] if v6 else [9, 10, 19, 30, 40])
        return d

    def error_step(self):
        whole = [d for d in self.sent if "frag" not in d and "inner" not in d and not d.get("badsum") and self.usable(d["src"])
                 and self.usable(d["dst"])]
        if not whole:
            return self.aimed()
        inner = dict(self.rng.choice(whole[-12:]))
        if self.maybe(0.1):
            inner["dst"] = self.host(0)
        v6 = self.family == "ipv6"
        kind, codes = self.rng.choice([(1, 5), (1, 5), (2, 1), (3, 2), (4, 3)] if v6 else [(3, 14), (3, 14), (11, 2), (4, 1), (5, 2), (12, 1)])
        to = inner["src"] if self.maybe(0.85) else self.host()
        src = inner["dst"] if self.maybe(0.5) else self.host(0)
        if src == to:
            src = self.rng.choice([h for h in self.hosts["eth0"] if h != to])
        if to in self.hosts["own"] and src in self.hosts["own"]:
            src = self.rng.choice(self.hosts["eth2"])
        inner["len"] = min(inner.get("len", 0), 60)
        return {"src": src, "dst": to, "proto": "icmpv6" if v6 else "icmp", "type": kind, "code": self.rng.randrange(codes), "inner": inner}

    def other_step(self):
        a, b = self.pair()
        if self.maybe(0.4):
            a, b = b, a
        if a in self.hosts["own"]:
            a = self.rng.choice(self.hosts["eth1"])
        number = self.rng.choice([47, 47, 47, 50, 51 if self.family == "ipv4" else 50, 89, 99, 132] if self.kind != "odd" else [33, 132, 136, 4, 41, 2, 103, 255, 47, 108])
        body = pattern(28)
        if number == 47:  # plain, or of version 1: PPTP, with the number of a call, and what that never carries
            body = bytes.fromhex(self.rng.choice(["00000800", "00000800", "3001880b", "3001880b", "20010800"]) + "0004"
                                 + self.rng.choice(["0000", "1111", "2222"])) + bytes(self.rng.choice([0, 12]))
        if number == 99:  # what the Internet checksum takes for right, and what not
            body = self.rng.choice([b"", bytes(1), bytes(8), pattern(8)])
        return {"src": a, "dst": b, "proto": number, "data": body.hex()}

    def to_itself(self):
        """Of the box to the box."""
        a, b = self.rng.sample(self.hosts["own"], 2)
        d = {"src": a, "dst": b, "proto": self.rng.choice(["tcp", "udp"]), "sport": self.port(), "dport": self.port(), "len": 0}
        if d["proto"] == "tcp":
            d.update(flags=self.rng.choice(["S", "S", "A", "SF"]), seq=self.rng.getrandbits(32), ack=0)
        return d

    def stray(self):
        """With addresses that routing has its own mind about."""
        v4 = self.family == "ipv4"
        d = self.aimed()
        while d["src"] in self.hosts["own"]:
            d = self.aimed()
        d["by"] = self.side_of(d["src"])
        if self.maybe(0.5):
            d["src"] = self.rng.choice(["127.0.0.1", "0.0.0.0", "0.0.0.9", "224.0.0.1", "255.255.255.255", "10.1.0.1", "198.51.100.1", "198.51.100.255"]
                                       if v4 else ["ff02::1", "::1", "::", "fe80::1"])
            d["by"] = "eth0"
        else:
            d["dst"] = self.rng.choice(["127.0.0.1", "0.0.0.0", "239.1.2.3", "224.0.0.1", "255.255.255.255", "10.1.255.255", "172.16.5.255"]
                                       if v4 else ["::1", "2001:db8:b::", "2001:db8:c::"])
        return d

    def in_fragments(self):
        """Several packets: the pieces of one, in some order, some of them lost or twice."""
        rng = self.rng
        d = self.aimed()
        d.pop("badsum", None)
        d["len"] = rng.choice([40, 64, 100, 200])
        if d["src"] in self.hosts["own"]:
            d["src"] = rng.choice(self.hosts["eth0"])
            if d["src"] == d["dst"]:
                return [d]
        self.ident = (self.ident + 1) & 0xFFFF
        first = 8 if self.maybe(0.1) else 24 if d["proto"] == "tcp" else 16
        cuts = sorted({first} | {8 * rng.randint(3, 12) for _ in range(rng.randint(0, 3))})
        pieces = fragments(d, cuts, self.ident)
        if self.maybe(0.4):
            rng.shuffle(pieces)
        if self.maybe(0.15):
            pieces.pop(rng.randrange(len(pieces)))
        if pieces and self.maybe(0.1):
            pieces.append(dict(rng.choice(pieces)))
        return pieces

    # ---- all ----
    def packets(self, count):
        weights = {
            "stateless": [(self.aimed, 12), (self.tcp_step, 3), (self.udp_step, 2), (self.echo_step, 2), (self.error_step, 2), (self.other_step, 1)],
            "stateful": [(self.aimed, 3), (self.tcp_step, 10), (self.udp_step, 3), (self.echo_step, 2), (self.error_step, 3), (self.other_step, 1)],
            "window": [(self.tcp_step, 20), (self.error_step, 1)],
            "frag": [(self.in_fragments, 6), (self.tcp_step, 2), (self.udp_step, 1), (self.error_step, 1), (self.aimed, 1)],
        }
        kind = {"reject": "stateful", "nat": "stateful", "odd": "stateful", "nft": "stateful" if self.maker.state else "stateless"}.get(self.kind, self.kind)
        chosen = weights[kind]
        if kind != "window":
            chosen += [(self.to_itself, 0.5), (self.stray, 0.7)]
        makers, odds = zip(*chosen)
        steps = []
        while len(steps) < count:
            made = self.rng.choices(makers, odds)[0]()
            made = [d for d in (made if isinstance(made, list) else [made]) if d["src"] != d["dst"]]
            origin = made[0].pop("by", None) or self.origin(made[0]) if made else None
            if len(made) == 1 and "frag" not in made[0] and self.maybe(0.04):
                made[0]["ttl"] = 1
            for d in made:  # all pieces of a datagram come the same way
                self.sent.append(d)
                steps.append((origin, d))
        return steps
