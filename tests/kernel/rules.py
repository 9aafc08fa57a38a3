"""Random rule sets, small and aimed: few addresses and ports, so that rules and packets meet, and edges everywhere."""
import ipaddress

HOSTS = {
    "ipv4": {
        "eth0": ["198.51.100.7", "198.51.100.77", "198.51.100.200", "203.0.113.5", "203.0.113.130", "192.0.2.33"],
        "eth1": ["10.1.0.10", "10.1.0.11", "10.1.2.3", "10.1.255.9"],
        "eth2": ["172.16.5.10", "172.16.5.25", "172.16.5.53"],
        "own": ["198.51.100.1", "10.1.0.1", "172.16.5.1"],
    },
    "ipv6": {
        "eth0": ["2001:db8:a::7", "2001:db8:a::77", "2001:db8:ffff::5", "2001:db8:ffff:1::130"],
        "eth1": ["2001:db8:b::10", "2001:db8:b::11", "2001:db8:b:0:1::3"],
        "eth2": ["2001:db8:c::10", "2001:db8:c::25", "2001:db8:c::53"],
        "own": ["2001:db8:a::1", "2001:db8:b::1", "2001:db8:c::1"],
    },
}
PORTS = [135, 135, 135, 5000, 5001, 5002, 1024, 1025, 1026, 80, 443, 25, 53, 110, 139, 445, 389, 593, 49152, 65535, 0, 1]
NAMES = {135: "epmap", 80: "http", 25: "smtp", 53: "domain", 443: "https", 110: "pop3", 389: "ldap", 139: "netbios-ssn"}
FLAG_NAMES = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"]
ICMP = {"ipv4": ["8", "0", "3", "3/3", "3/13", "11", "11/0", "5/1", "13", "any", "echo-request", "port-unreachable"],
        "ipv6": ["128", "129", "1", "1/4", "1/1", "2", "3", "135", "136", "echo-request", "port-unreachable"]}
REJECTS = {"ipv4": ["icmp-net-unreachable", "icmp-host-unreachable", "icmp-port-unreachable", "icmp-proto-unreachable",
                    "icmp-net-prohibited", "icmp-host-prohibited", "icmp-admin-prohibited"],
           "ipv6": ["icmp6-no-route", "icmp6-adm-prohibited", "icmp6-addr-unreachable", "icmp6-port-unreachable"]}
STATES = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"]


class Rule:
    def __init__(self, chain):
        self.chain = chain
        self.source = self.target = None  # (list of networks, inverted)
        self.protocol = None              # (name, inverted)
        self.sport = self.dport = None    # (low, high, inverted)
        self.options = []                 # texts of the rest, in order; modules first
        self.jump = []


class Maker:
    def __init__(self, rng, family, kind):
        self.rng, self.family, self.kind = rng, family, kind
        self.hosts = HOSTS[family]
        self.all = [h for side in ("eth0", "eth1", "eth2", "own") for h in self.hosts[side]]
        self.state = kind in ("stateful", "window", "reject", "frag", "nat", "odd") and rng.random() < (1 if kind != "frag" else 0.5)
        if kind == "reject" and rng.random() < 0.4:
            self.state = False
        self.users = ["LAN", "chk_1", "BLOCK"][: rng.choice([0, 1, 2, 3])]

    def network(self):
        host = ipaddress.ip_address(self.rng.choice(self.all))
        width = host.max_prefixlen
        if self.rng.random() < 0.35:
            length = width
        elif self.rng.random() < 0.6:
            length = width - self.rng.randint(1, 8 if width == 32 else 16)
        else:
            length = self.rng.choice([0, 1, 8, 12, 16, 24] if width == 32 else [0, 1, 32, 48, 56, 64])
        return ipaddress.ip_network((int(host), length), strict=False)

    def port(self):
        return self.rng.choice(PORTS)

    def port_range(self):
        a = self.port()
        if self.rng.random() < 0.55:
            return a, a
        b = self.rng.choice([self.port(), min(65535, a + self.rng.randint(1, 3)), 65535])
        return min(a, b), max(a, b)

    def maybe(self, p):
        return self.rng.random() < p

    def rule(self, chain, depth):
        rng, r = self.rng, Rule(chain)
        if self.maybe(0.4):
            r.source = ([self.network()], self.maybe(0.15))
        if self.maybe(0.5):
            r.target = ([self.network()], self.maybe(0.15))
        self.interfaces(r)
        if self.maybe(0.75):
            icmp = "icmp" if self.family == "ipv4" else "icmpv6"
            r.protocol = (rng.choice(["tcp"] * 6 + ["udp"] * 3 + [icmp] * 2 + ["47", "132"]), self.maybe(0.06))
        self.protocol_options(r)
        if self.maybe(0.12):
            self.range(r)
        if self.state and self.maybe(0.45):
            self.connection(r)
        if self.family == "ipv4" and self.maybe(0.25 if self.kind == "frag" else 0.02):
            r.options.append(rng.choice(["-f", "! -f"]))
        if self.maybe(0.08):
            r.options.append("-m comment --comment " + rng.choice(['"a -j DROP b"', "plain", '"it\\\'s fine"', '"say \\"x\\""']))
        r.jump = self.verdict(r, depth)
        return r

    def interfaces(self, r):
        rng = self.rng
        built_in = r.chain in ("INPUT", "FORWARD", "OUTPUT")
        if r.chain != "OUTPUT" and self.maybe(0.15):
            r.options.append(("! " if self.maybe(0.2) else "") + "-i " + rng.choice(["eth0", "eth1", "eth2", "eth+", "lo"]))
        if r.chain != "INPUT" and built_in and self.maybe(0.35 if r.chain == "OUTPUT" else 0.12):
            r.options.append(("! " if self.maybe(0.2) else "") + "-o " + rng.choice(["eth0", "eth1", "eth2", "eth+", "lo"]))

    def protocol_options(self, r):
        if r.protocol is None or r.protocol[1]:
            return
        name = r.protocol[0]
        rng = self.rng
        if name in ("tcp", "udp"):
            if self.maybe(0.2):
                r.options.append(self.multiport())
            else:
                if self.maybe(0.7):
                    r.dport = (*self.port_range(), self.maybe(0.12))
                if self.maybe(0.15):
                    r.sport = (*self.port_range(), self.maybe(0.12))
            if name == "tcp" and self.maybe(0.3 if self.kind != "frag" else 0.1):
                r.options.append(self.flags())
        if name in ("icmp", "icmpv6") and self.maybe(0.7):
            option = "--icmp-type " if name == "icmp" else "--icmpv6-type "
            r.options.append(("! " if self.maybe(0.15) else "") + option + rng.choice(ICMP[self.family]))

    def multiport(self):
        items = []
        for _ in range(self.rng.randint(1, 4)):
            low, high = self.port_range()
            items.append(str(low) if low == high else f"{low}:{high}")
        return "-m multiport --" + self.rng.choice(["dports", "dports", "sports", "ports"]) + " " + ",".join(items)

    def flags(self):
        if self.maybe(0.5):
            return self.rng.choice(["--syn", "! --syn"])
        mask = self.rng.sample(FLAG_NAMES, self.rng.randint(1, 6))
        value = [f for f in mask if self.maybe(0.4)]
        return ("! " if self.maybe(0.15) else "") + "--tcp-flags " + ",".join(mask) + " " + (",".join(value) or "NONE")

    def range(self, r):
        low = ipaddress.ip_address(self.rng.choice(self.all))
        high = low + self.rng.choice([0, 1, 5, 60])
        if self.maybe(0.05):
            low, high = high, low
        r.options.append("-m iprange " + ("! " if self.maybe(0.15) else "")
                         + self.rng.choice(["--src-range ", "--dst-range "]) + f"{low}-{high}")

    def connection(self, r):
        states = self.rng.sample(STATES[:4], self.rng.choice([1, 1, 2, 2, 3]))
        if self.maybe(0.05):
            states = ["UNTRACKED"]
        if self.maybe(0.25):
            r.options.append("-m state " + ("! " if self.maybe(0.1) else "") + "--state " + ",".join(states))
            return
        text = "-m conntrack"
        if self.maybe(0.92):
            text += (" !" if self.maybe(0.1) else "") + " --ctstate " + ",".join(states)
        if not text.endswith(tuple(STATES)) or self.maybe(0.12):
            text += (" !" if self.maybe(0.1) else "") + " --ctdir " + self.rng.choice(["ORIGINAL", "REPLY"])
        r.options.append(text)

    def verdict(self, r, depth):
        rng = self.rng
        roll = rng.random()
        reject = 0.35 if self.kind == "reject" else 0.12
        if roll < reject:
            kinds = list(REJECTS[self.family])
            if r.protocol == ("tcp", False):
                kinds += ["tcp-reset"] * 4
            return ["-j", "REJECT", "--reject-with", rng.choice(kinds)]
        later = self.users[depth:]
        if later and roll < reject + 0.15:
            return [rng.choice(["-j", "-j", "-j", "-g"]), rng.choice(later)]
        return rng.choice([["-j", "ACCEPT"]] * 9 + [["-j", "DROP"]] * 6 + [["-j", "RETURN"]] * 2
                          + [["-j", "LOG", "--log-prefix", f'"r{rng.randint(1, 999)} "'], []])

    def table(self):
        """(policies, rules) in the order of the chains"""
        rng = self.rng
        policies = {c: rng.choice(["ACCEPT", "DROP"]) for c in ("INPUT", "FORWARD", "OUTPUT")}
        rules = []
        if self.state and self.maybe(0.6):
            r = Rule("FORWARD")
            r.options.append("-m conntrack --ctstate RELATED,ESTABLISHED")
            r.jump = ["-j", "ACCEPT"]
            rules.append(r)
        for chain, most in (("INPUT", 4), ("FORWARD", 10), ("OUTPUT", 3)):
            rules += [self.rule(chain, 0) for _ in range(rng.randint(0 if chain != "FORWARD" else 4, most))]
        for depth, chain in enumerate(self.users):
            rules += [self.rule(chain, depth + 1) for _ in range(rng.randint(0, 4))]
        if self.state and not any("ctstate" in o or "--state" in o or "ctdir" in o for r in rules for o in r.options):
            self.state = False
        return policies, rules

    def ruleset(self, typed):
        self.policies, self.rules = self.table()
        lines = self.nat_lines() if self.kind == "nat" else []
        lines.append("*filter")
        lines += [f":{c} {p} [0:0]" for c, p in self.policies.items()] + [f":{c} - [0:0]" for c in self.users]
        lines += [typed_line(self.rng, r) if typed else line(r) for r in self.rules]
        return "\n".join(lines + ["COMMIT"]) + "\n"

    def nat_lines(self):
        rng, v6 = self.rng, self.family == "ipv6"
        inside = rng.choice(self.hosts["eth1"] + self.hosts["eth2"])
        own = self.hosts["own"][0]
        pre, post, out = [], [], []
        for _ in range(rng.randint(1, 3)):
            proto = rng.choice(["tcp", "tcp", "udp"])
            low, high = self.port_range()
            where = f"-p {proto} --dport {low}:{high}" if self.maybe(0.8) else f"-p {proto}"
            to = f"[{inside}]" if v6 else inside
            pre.append(rng.choice([
                f"-A PREROUTING -d {own} {where} -j DNAT --to-destination " + (to + f":{self.port()}" if self.maybe(0.4) else inside),
                f"-A PREROUTING -i eth0 {where} -j REDIRECT --to-ports {self.port()}"]))
        if self.maybe(0.3):
            low, high = self.port_range()
            out.append(f"-A OUTPUT -p {rng.choice(['tcp', 'udp'])} --dport {low}:{high} -j " + rng.choice([f"DNAT --to-destination {inside}", "REDIRECT"]))
        if self.maybe(0.7):
            post.append(rng.choice(["-A POSTROUTING -o eth0 -j MASQUERADE", "-A POSTROUTING -o eth0 -j MASQUERADE --random", f"-A POSTROUTING -s {inside} -o eth0 -j SNAT --to-source {own}"]))
        chains = [":PREROUTING ACCEPT [0:0]", ":INPUT ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]", ":POSTROUTING ACCEPT [0:0]"]
        return ["*nat"] + chains + pre + out + post + ["COMMIT"]


def port_text(low, high):
    return str(low) if low == high else f"{low}:{high}"


def line(r):
    parts = [f"-A {r.chain}"]
    for option, value in (("-s", r.source), ("-d", r.target)):
        if value:
            parts.append(("! " if value[1] else "") + option + " " + ",".join(str(n) for n in value[0]))
    if r.protocol:
        parts.append(("! " if r.protocol[1] else "") + "-p " + r.protocol[0])
    for option, value in (("--sport", r.sport), ("--dport", r.dport)):
        if value:
            parts.append(("! " if value[2] else "") + f"{option} {port_text(*value[:2])}")
    return " ".join(parts + r.options + r.jump)


LONG = {"-s": "--source", "-d": "--destination", "-i": "--in-interface", "-o": "--out-interface", "-p": "--protocol",
        "-j": "--jump", "-g": "--goto", "-f": "--fragment", "--dport": "--destination-port", "--sport": "--source-port",
        "--dports": "--destination-ports", "--sports": "--source-ports", "-m": "--match", "-A": "--append"}


# Beginnings of long names, clear whatever modules a rule has loaded.
SHORTENED = {"-s": "--src", "-d": "--dst", "-i": "--in-i", "-o": "--out", "-p": "--proto", "-j": "--ju", "-g": "--go", "-f": "--frag",
             "--dport": "--dp", "--sport": "--sp", "-m": "--mat", "-A": "--app"}


def typed_line(rng, r):
    """The same rule as a person might type it: long names, masks, names of services, another order."""
    def option(name):
        if name in SHORTENED and rng.random() < 0.1:
            return SHORTENED[name]
        return LONG[name] if name in LONG and rng.random() < 0.25 else name

    def network(n):
        if rng.random() < 0.3 and n.prefixlen == n.max_prefixlen:
            return str(n.network_address)
        if rng.random() < 0.2 and n.version == 4:
            return f"{n.network_address}/{n.netmask}"
        if rng.random() < 0.2 and n.version == 4 and n.prefixlen < 32:
            return f"{n.network_address + 1}/{n.prefixlen}"  # host bits that the tool clears
        return str(n)

    def port(p):
        if rng.random() < 0.15:
            # The tool reads octal and hexadecimal; its udp match alone reads decimal.
            return rng.choice([f"0{p}", f"+{p}"] if r.protocol[0] == "udp" else [f"0{p:o}", f"00{p:o}", f"0x{p:x}", f"+{p}"])
        return NAMES[p] if p in NAMES and rng.random() < 0.3 else str(p)

    free, bound = [], []
    for name, value in (("-s", r.source), ("-d", r.target)):
        if value:
            free.append(("! " if value[1] else "") + option(name) + " " + ",".join(network(n) for n in value[0]))
    if r.protocol:
        name = r.protocol[0].upper() if rng.random() < 0.1 and r.protocol[0] in ("tcp", "udp") else r.protocol[0]
        if rng.random() < 0.1:
            name = {"tcp": rng.choice(["6", "06", "0x6"]), "udp": rng.choice(["17", "021", "0x11"])}.get(r.protocol[0], name)
        bound.append(("! " if r.protocol[1] else "") + option("-p") + " " + name)
    for name, value in (("--sport", r.sport), ("--dport", r.dport)):
        if value:
            low, high, inverted = value
            text = port(low) if low == high else rng.choice([f"{port(low)}:{port(high)}", f"{low}:{high}"])
            if high == 65535 and low != high and rng.random() < 0.3:
                text = f"{low}:"
            if low == 0 and low != high and rng.random() < 0.3:
                text = f":{high}"
            bound.append(("! " if inverted else "") + option(name) + rng.choice([" ", " ", "="] if name != option(name) else [" "]) + text)
    for one in r.options:
        words = one.split(" ")
        words = [LONG[w] if w in LONG and rng.random() < 0.2 else w for w in words] if "comment" not in one else words
        one = " ".join(words)
        (free if words[0] in ("-i", "-o", "--in-interface", "--out-interface") or words[:1] == ["!"] and words[1] in
         ("-i", "-o", "-f", "--in-interface", "--out-interface", "--fragment") else bound).append(one)
    command = f"{option('-A')} {r.chain}"
    if rng.random() < 0.08 and r.chain in ("INPUT", "FORWARD", "OUTPUT"):
        # One by one, so that a list of addresses comes to stand in reverse.
        command = f"-I {r.chain}" + rng.choice(["", " 1", " 01"])
        if r.source and not r.source[1] and not r.target and len(r.source[0]) == 1:
            n = r.source[0][0]
            others = [o for o in (n.network_address + 1, n.network_address + 2) if o not in n]
            free[0] = f"-s {','.join([network(n)] + [str(o) for o in others])}"
    # What is free may stand anywhere; the rest keeps its order, for it leans on -p.
    for one in free:
        bound.insert(rng.randint(0, len(bound)), one)
    return " ".join([command] + bound + r.jump)
