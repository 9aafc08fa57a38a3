"""Makes a case that disagrees small: leaves out packets, and then rules, as long as the disagreement stays.

    FIREDRILL=build/firedrill python3 shrink.py --box box.json --cases cases.jsonl --case ID --out small.jsonl
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

from run import in_child
from record import record


def recorded(box, case, ruleset, packets):
    def work():
        _, steps = record(box, case["family"], ruleset, case["sysctl"], case["conntrack"], packets)
        return dict(case, ruleset=ruleset, steps=steps)
    try:
        made = in_child(work)
    except RuntimeError:
        return None
    return None if "contradiction" in made else made


def disagrees(box, case):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write(json.dumps(case) + "\n")
        file.flush()
        done = subprocess.run([os.environ["FIREDRILL"], "filter", "--box", box, "--cases", file.name, "--compare", "--format", "jsonl"],
                              capture_output=True, text=True)
    return done.returncode == 1 and json.loads(done.stdout)["disagreements"] > 0


def shrunk(box, case):
    packets = [(s["origin"], s["packet"]) for s in case["steps"] if s["origin"] != "auto"]
    ruleset = case["ruleset"]
    best = recorded(box, case, ruleset, packets)
    if best is None or not disagrees(box, best):
        return None
    size = max(1, len(packets) // 2)
    while size:
        at = 0
        while at < len(packets):
            fewer = packets[:at] + packets[at + size:]
            made = recorded(box, case, ruleset, fewer) if fewer else None
            if made and disagrees(box, made):
                packets, best = fewer, made
            else:
                at += size
        size //= 2
    lines = ruleset.split("\n")
    for line in [l for l in lines if l.startswith("-A") or l.startswith("--append")]:
        fewer = "\n".join(l for l in lines if l is not line)
        made = recorded(box, case, fewer, packets)
        if made and disagrees(box, made):
            lines, ruleset, best = fewer.split("\n"), fewer, made
    return best


def main():
    parser = argparse.ArgumentParser()
    for name in ("--box", "--cases", "--case", "--out"):
        parser.add_argument(name, required=True)
    options = parser.parse_args()
    with open(options.cases) as file:
        case = next(c for c in map(json.loads, file) if c["id"] == options.case)
    best = shrunk(options.box, case)
    if best is None:
        print("it does not disagree when it is recorded again", file=sys.stderr)
        return 1
    with open(options.out, "w") as file:
        file.write(json.dumps(best) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
