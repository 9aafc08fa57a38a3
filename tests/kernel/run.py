"""Random rule sets and packets at the live kernel, as cases for `firedrill filter --box --cases --compare`.

    python3 run.py --box box.json --seed 1 --count 20 --out cases.jsonl [--kinds stateful,frag] [--rules rules.jsonl]

--rules also writes each rule set as a person would have typed it beside what iptables-save made of it, one JSON object
a line, for the importer's canonical form.
"""
import argparse
import json
import os
import random
import sys
import traceback

from nft import NftMaker, NftRecorder
from record import Contradiction, Refused, record, table_text
from rules import Maker
from talk import Talker

KINDS = ["stateless", "stateful", "stateful", "window", "reject", "frag"]


def one_case(options, seed, kind, family):
    rng = random.Random(seed)
    if kind == "nft":
        return nft_case(options, seed, family, rng)
    maker = Maker(rng, family, kind)
    typed = rng.random() < 0.5
    ruleset = maker.ruleset(typed)
    sysctl = {}
    if maker.state and rng.random() < 0.25:
        sysctl = rng.choice([{"nf_conntrack_tcp_loose": 0}, {"nf_conntrack_tcp_be_liberal": 1}])
    tracks = maker.state or kind == "nat"
    packets = Talker(rng, maker).packets(options.packets)
    try:
        recorder, steps = record(options.box, family, ruleset, sysctl, tracks, packets)
    except Refused as what:
        return None, {"family": family, "typed": ruleset, "refused": str(what)}
    case = {"id": f"{kind}-{family}-{seed}", "category": kind, "family": family, "sysctl": sysctl, "format": "iptables-save",
            "conntrack": tracks, "ruleset": ruleset, "steps": steps}
    return case, {"family": family, "typed": ruleset, "saved": table_text(recorder.whole)}


def nft_case(options, seed, family, rng):
    maker = NftMaker(rng, family)
    source = maker.ruleset()
    packets = Talker(rng, maker).packets(options.packets)
    try:
        recorder, steps = record(options.box, family, source, {}, maker.state, packets, NftRecorder)
    except Refused as what:
        return None, {"family": family, "source": source, "nft_refused": str(what)}
    return {"id": f"nft-{family}-{seed}", "category": "nft", "family": family, "sysctl": {}, "format": "nft-json", "conntrack": maker.state,
            "ruleset": recorder.saved, "source": source, "steps": steps}, None


def in_child(work):
    """The result of work(), done in a process of its own: a namespace of its own needs one."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        code = 1
        try:
            made = json.dumps(work())
            code = 0
        except Contradiction as what:
            made = json.dumps({"contradiction": str(what)})
            code = 0
        except Exception:
            made = traceback.format_exc()
        with os.fdopen(write, "w") as pipe:
            pipe.write(made)
        os._exit(code)
    os.close(write)
    with os.fdopen(read) as pipe:
        made = pipe.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError(made)
    return json.loads(made)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--box", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--packets", type=int, default=60)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--out", required=True)
    parser.add_argument("--rules")
    options = parser.parse_args()
    kinds = options.kinds.split(",")
    broken = 0
    with open(options.out, "w") as out, open(options.rules or os.devnull, "w") as rules:
        for i in range(options.count):
            seed = options.seed * 100000 + i
            kind = kinds[i % len(kinds)]
            family = "ipv6" if random.Random(seed).random() < 0.3 else "ipv4"
            made = in_child(lambda: one_case(options, seed, kind, family))
            if isinstance(made, dict):
                broken += 1
                print(f"seed {seed} {kind} {family}: the recording contradicts itself: {made['contradiction']}", file=sys.stderr)
                continue
            if made[0]:
                out.write(json.dumps(made[0]) + "\n")
            if made[1] and "typed" in made[1]:
                rules.write(json.dumps(made[1]) + "\n")
            elif made[1]:
                print(f"seed {seed}: nft refuses {made[1]['nft_refused']}", file=sys.stderr)
    return 1 if broken * 10 > options.count else 0


if __name__ == "__main__":
    sys.exit(main())
