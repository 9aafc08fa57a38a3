"""Records one case: loads rules into a fresh box, sends packets, and writes down what the kernel did with each, in the
words of the goldens (tests/firewall/goldens/README.md).

How it is seen: every packet is traced (-j TRACE in raw, to nfnetlink_log); rules without a target in mangle show its
label, for rule sets that track anyway; the connection table is read after each packet; and what leaves by a TUN device
is really read there. A recording that contradicts itself stops with an error instead of being compared.
"""
import shlex
import time

from box import Box, is_link_talk, run
from netlink import Connections, Log
from packet import build, describe, fragment_of, is_error, number_of, pattern

LABELS = ["INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED"]
SECONDS_MAX = 1.6  # UDP becomes a stream after two seconds
HOOKS = ("INPUT", "FORWARD", "OUTPUT")


class Contradiction(Exception):
    pass


class Unpredictable(Exception):
    """The kernel drew a port at random, and a packet of its own shows it."""


class Refused(Exception):
    """The real tool does not take these rules."""


def tool(family, name):
    return ("ip6tables" if family == "ipv6" else "iptables") + "-legacy-" + name


def targets_of(saved):
    """{chain: [target words of each rule]} of iptables-save text."""
    found = {}
    for line in saved.splitlines():
        if line.startswith(":"):
            found[line[1:].split()[0]] = []
        elif line.startswith("-A "):
            words = shlex.split(line)
            at = max((i for i, w in enumerate(words) if w in ("-j", "-g")), default=None)
            found[words[1]].append(words[at:] if at else [])
    return found


def table_text(saved):
    """Tables without remarks and counters."""
    lines = [l for l in saved.splitlines() if not l.startswith("#")]
    return "\n".join(l.rsplit(" [", 1)[0] + " [0:0]" if l.startswith(":") else l for l in lines) + "\n"


class Way:
    """One packet on its way, from the trace."""

    def __init__(self, octets):
        self.octets, self.hook, self.label = octets, None, None
        self.trace, self.verdict, self.words = [], None, []


class Recorder:
    def __init__(self, box_file, family, ruleset, sysctl, tracks):
        self.family, self.tracks = family, tracks
        self.box = Box(box_file, family)
        for key, value in sysctl.items():
            self.box.set("net/netfilter/" + key, value)
        self.connections = Connections()
        self.pieces = {}
        self.load(ruleset)

    def load(self, ruleset):
        family, tracks = self.family, self.tracks
        self.translates = "*nat" in ruleset
        self.log = Log()
        watch = "*raw\n-A PREROUTING -j TRACE\n-A OUTPUT -j TRACE\nCOMMIT\n*mangle\n"
        if tracks:
            watch += "".join(f"-A {c} -m conntrack --ctstate {l}\n" for c in ("PREROUTING", "OUTPUT") for l in LABELS)
        watch += "COMMIT\n"
        run([tool(family, "restore")], watch)
        try:
            run([tool(family, "restore")], ruleset)
        except RuntimeError as what:
            raise Refused(str(what)) from None
        self.saved = run([tool(family, "save"), "-t", "filter"])
        self.whole = self.saved + (run([tool(family, "save"), "-t", "nat"]) if self.translates else "")
        self.targets = targets_of(self.saved)
        self.policies = {l[1:].split()[0]: l.split()[1] for l in self.saved.splitlines() if l.startswith(":")}

    def ways(self):
        """The packets that were traced since the last call, in the order of their coming."""
        ways, before = [], None
        for table, chain, kind, number, octets in self.log.events():
            if is_link_talk(octets):
                continue  # comes when it likes, in the middle of others too
            again = before == ("raw", "PREROUTING", "rule")  # what comes back by lo is traced before the rule that traces
            before = table, chain, kind
            if table == "raw":
                if not again:
                    ways.append(Way(octets))
            elif not ways:
                raise Contradiction("a trace without a beginning")
            elif table == "mangle":
                if chain in HOOKS:
                    ways[-1].hook = chain
                if kind == "rule" and chain in ("PREROUTING", "OUTPUT") and number <= len(LABELS):
                    ways[-1].label = LABELS[number - 1]
            elif table == "filter":
                self.follow(ways, chain, kind, number)
        return ways

    def follow(self, ways, chain, kind, number):
        way = ways[-1]
        rules = self.targets[chain]
        if way.hook is None:
            raise Contradiction("a rule matched at no hook")
        if number <= len(rules):
            way.trace.append(f"{chain}:{number}")
            words = rules[number - 1]
            if words[:1] == ["-j"] and words[1] in ("ACCEPT", "DROP", "REJECT"):
                way.verdict, way.words = {"ACCEPT": "accept", "DROP": "drop", "REJECT": "reject"}[words[1]], words
        elif kind == "policy":
            way.trace.append(f"{chain}:policy")
            way.verdict = {"ACCEPT": "accept", "DROP": "drop"}[self.policies[chain]]
        else:
            way.trace.append(f"{chain}:end")

    # ---- the table ----
    def key(self, d):
        number = number_of(d["proto"])
        if number in (1, 58):
            if is_error(number, d["type"]):
                return self.key(d["inner"]) if "inner" in d else None
            return number, d["src"], d["dst"], d.get("id", 0), (d["type"], d.get("code", 0))
        if number == 51 and ":" in d["src"]:
            return int(d["data"][:2], 16), d["src"], d["dst"], 0, 0  # a header to walk over; here nothing follows it
        if number in (6, 17, 132, 136):
            ports = (d.get("sport"), d.get("dport"))
            if number in (132, 136) and "data" in d:
                raw = bytes.fromhex(d["data"])
                ports = int.from_bytes(raw[:2], "big"), int.from_bytes(raw[2:4], "big")
            return number, d["src"], d["dst"], *ports
        call = call_of(d) if number == 47 else 0
        return None if call is None else (number, d["src"], d["dst"], 0, call)

    def entry(self, d):
        key = self.key(d)
        return key and self.connections.table(self.family).get(key)

    # ---- a step ----
    def play(self, origin, d):
        """The step, and those that the box's own stack adds."""
        octets = build(d)
        if origin == "local":
            self.box.send(octets, d["dst"])
        else:
            self.box.arrive(origin, octets)
        ways, left = self.ways(), self.box.left()
        expect = {}
        if not ways:
            expect = {"hook": None, "verdict": "held" if "frag" in d else "none"}
            if left:
                raise Contradiction("a packet left without a trace")
            self.collect(d, False)
            return [{"origin": origin, "packet": d, "expect": expect}]
        way, rest = ways[0], ways[1:]
        whole = self.collect(d, way.hook is not None)
        if way.hook is None:
            expect = {"hook": None, "verdict": "held" if "frag" in d else "none"}
            # Later pieces may have completed the datagram in INPUT: then the last way has the hook.
        else:
            expect = self.expectation(way, rest, left, d)
        steps = [{"origin": origin, "packet": d, "expect": expect}]
        rest = self.tell_inside(expect, rest)
        if expect.get("verdict") == "reject" and rest:
            answer, rest = rest[0], rest[1:]
            if answer.verdict == "reject" and rest and rest[0].hook == "OUTPUT":
                # OUTPUT rejected the answer, with an answer of its own; that is not simulated, and not recorded.
                if rest[0].verdict == "accept":
                    self.take(left, rest[0].octets)
                rest = rest[1:]
        autos = []
        while rest:
            auto, rest = rest[0], rest[1:]
            if auto.hook != "OUTPUT":
                continue  # an answer to the box itself, on its way back in
            autos.append(auto)
            if self.translates and not answers(describe(auto.octets), d):
                raise Unpredictable()
            told = self.expectation(auto, rest, left, None)
            rest = self.tell_inside(told, rest)
            steps.append({"origin": "auto", "packet": describe(auto.octets), "expect": told})
            if told["verdict"] == "reject" and told["reply"] != "none":
                rest = rest[1:]
        if self.tracks:
            self.tell_entries(steps, whole, way, autos)
        if left:
            raise Contradiction(f"packets left that no rule let through: {origin} {d} {[describe(o) for _, o in left]} {[vars(w) for w in ways]}")
        return steps

    @staticmethod
    def tell_inside(expect, rest):
        """What INPUT says of a packet of the box to itself, which is the next way; the rest of the ways."""
        if (expect["hook"], expect["verdict"]) != ("OUTPUT", "accept") or expect.get("out"):
            return rest
        if not rest or rest[0].hook != "INPUT":
            return rest
        way = rest[0]
        expect["inside"] = {"hook": "INPUT", "verdict": way.verdict, "by": way.trace[-1], "trace": way.trace}
        return [] if way.verdict == "reject" else rest[1:]  # the answer to a reject stays inside too

    def tell_entries(self, steps, whole, way, autos):
        if autos or answers_in(steps[0]) == "auto":
            steps[0]["expect"]["entry_unknown"] = True
        elif way.hook is not None and whole is not None:
            entry = self.entry(whole)
            if entry:
                steps[0]["expect"]["entry"] = entry
        elif whole is None:
            steps[0]["expect"]["entry_unknown"] = True
        for i, auto in enumerate(autos):
            entry = self.entry(describe(auto.octets)) if i == len(autos) - 1 else None
            if i < len(autos) - 1:
                steps[1 + i]["expect"]["entry_unknown"] = True
            elif entry:
                steps[1 + i]["expect"]["entry"] = entry

    def collect(self, d, judged):
        """The packet whose entry a fragment's step shows: the whole datagram, when this fragment completed it."""
        if "frag" not in d:
            return d
        name = (d["src"], d["dst"], str(d["proto"]), d["frag"]["id"])
        known = self.pieces.setdefault(name, {})
        if d["frag"]["off"] == 0 and "sport" in d:
            known.update({k: d[k] for k in ("src", "dst", "proto", "sport", "dport")})
        return dict(known) if judged and "sport" in known else None

    def expectation(self, way, rest, left, d):
        expect = {"hook": way.hook, "verdict": way.verdict, "trace": way.trace, "by": way.trace[-1] if way.trace else None}
        if way.verdict is None:
            expect.update(verdict="drop", by=None, hotdrop=True)
        if self.tracks and way.label:
            expect["ct"] = way.label
        if way.verdict == "accept" and way.hook != "INPUT" and (self.translates or not self.box.is_own(way.octets)):
            expect["out"], went = self.take(left, way.octets)
            changed = changes(way.octets, went) if went and self.translates else {}
            if changed:
                expect["nat"] = changed
        if way.verdict == "reject":
            expect["with"] = self.reject_words(way)
            self.tell_answer(expect, rest, left)
        return expect

    @staticmethod
    def reject_words(way):
        return way.words[3]  # as saved; REJECT always has its kind there

    def tell_answer(self, expect, rest, left):
        if not rest:
            expect["reply"] = "none"
            return
        answer = rest[0]
        expect["reply_packet"] = describe(answer.octets)
        expect["reply_packet"].get("inner", {}).pop("data", None)  # an answer is told by the ends of what it is about
        expect["reply_trace"] = answer.trace
        if self.tracks and answer.label:
            expect["reply_ct"] = answer.label
        if answer.verdict != "accept":
            expect["reply"] = "blocked"
        elif answer.octets and describe(answer.octets)["dst"] in sum(self.box.addresses.values(), []):
            expect["reply"] = "local"
        else:
            expect["reply"] = "sent"
            expect["reply_out"], _ = self.take(left, answer.octets)

    def take(self, left, octets):
        """The interface by which an accepted packet went out, and the packet, taken off the list; one datagram may leave
        in pieces. With translation it may have other addresses by then."""
        wanted = not fragment_of(octets)
        source, target = ends(octets)
        alike = [lambda s, t: (s, t) == (source, target)]
        if self.translates:
            alike += [lambda s, t: t == target, lambda s, t: s == source, lambda s, t: True]
        for fits in alike:
            for i, (name, one) in enumerate(left):
                if fits(*ends(one)):
                    del left[i]
                    while wanted and fragment_of(one) and left and fragment_of(left[0][1]):
                        del left[0]
                    return name, one
        if self.translates:
            return None, None  # translation had no way to carry it
        raise Contradiction(f"an accepted packet did not leave: {describe(octets)} {left}")


def call_of(d):
    """The call of GRE version 1 (PPTP), 0 for other GRE; None when it carries no PPP, which nobody tracks."""
    raw = bytes.fromhex(d.get("data", ""))
    if len(raw) < 8 or raw[1] & 7 != 1:
        return 0
    return int.from_bytes(raw[6:8], "big") if raw[2:4] == b"\x88\x0b" else None


def answers(auto, d):
    """Whether the box's own packet speaks of the ports that the packet before had."""
    if "sport" not in d:
        return True
    if "inner" in auto:
        return auto["inner"].get("sport", d["sport"]) == d["sport"]
    return auto.get("dport", d["sport"]) == d["sport"]


def ends(octets):
    return (octets[8:24], octets[24:40]) if octets[0] >> 4 == 6 else (octets[12:16], octets[16:20])


def changes(before, after):
    """The addresses and ports that translation changed."""
    was, now = describe(before), describe(after)
    if fragment_of(before) or fragment_of(after):
        was, now = ({k: d[k] for k in ("src", "dst")} for d in (was, now))
    return {k: now[k] for k in ("src", "dst", "sport", "dport") if k in now and was.get(k) != now[k]}


def answers_in(step):
    return "auto" if step["origin"] == "auto" else ""


def record(box_file, family, ruleset, sysctl, tracks, packets, kind=None):
    """(recorder, steps)"""
    recorder = (kind or Recorder)(box_file, family, ruleset, sysctl, tracks)
    steps = []
    begun = time.monotonic()
    for origin, d in packets:
        try:
            made = recorder.play(origin, d)
        except Unpredictable:
            break
        if time.monotonic() - begun > SECONDS_MAX:
            break  # timers begin to show: on a slow machine a case is shorter, never different
        steps += made
    return recorder, steps
