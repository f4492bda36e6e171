"""Counts the instructions of each hot path with callgrind and compares them with the stored figures.

More than 10 % above the stored figure fails. After a change that is meant to cost so much, tools/approve takes the new figures,
and the commit says why. More than 10 % below asks for the same, so that what was gained is held. Another compiler needs
figures of its own: without them the test is skipped and says so.
"""
import csv
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = os.environ["KADSIM_HOT_PATHS"]
COMPILER = os.environ["KADSIM_COMPILER"]
STORED = Path(__file__).with_name("instructions.csv")
MARGIN = 0.10
SKIPPED = 77


def count(path):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--collect-atstart=no", f"--callgrind-out-file={folder}/out", PROGRAM, path],
            capture_output=True, text=True, check=False)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or collected is None or int(collected[1]) == 0:
        sys.exit(f"callgrind counted nothing for {path}:\n{done.stderr}")
    return int(collected[1])


def main():
    names = subprocess.run([PROGRAM], capture_output=True, text=True, check=True).stdout.split()
    with STORED.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    stored = {row["hot_path"]: int(row["instructions"]) for row in rows if row["compiler"] == COMPILER}
    if not stored and not os.environ.get("KADSIM_NEW_COMPILER"):
        print(f"skipped: {STORED.name} has no figures for {COMPILER}; KADSIM_NEW_COMPILER=1 makes some to approve")
        sys.exit(SKIPPED)
    counted = {name: count(name) for name in names}
    moved = False
    print(f"{'hot path':24}{'stored':>14}{'counted':>14}")
    for name, now in counted.items():
        before = stored.get(name)
        change = None if before is None else now / before - 1
        bad = change is None or abs(change) > MARGIN
        moved |= bad
        told = "new" if change is None else f"{100 * change:+.1f} %"
        print(f"{name:24}{before or '-':>14}{now:>14}  {told}{'  <--' if bad else ''}")
    moved |= any(name not in counted for name in stored)
    if not moved:
        return
    others = [row for row in rows if row["compiler"] != COMPILER]
    actual = others + [{"compiler": COMPILER, "hot_path": n, "instructions": c} for n, c in counted.items()]
    with STORED.with_name(STORED.name + ".actual").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["compiler", "hot_path", "instructions"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(actual, key=lambda row: (row["compiler"], row["hot_path"])))
    sys.exit("beyond 10 %: tools/approve takes the new figures, if that is meant")


if __name__ == "__main__":
    main()
