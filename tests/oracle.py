#!/usr/bin/env python3
"""Recomputes, from connections.csv alone, what operations.csv says of every operation.

    tests/oracle.py DIR    a folder of results, of a run with output.connections

It shares no code with the simulator, and is for runs that nothing cuts short (no stop.at, no client.lookup.timeout). Of
scenario.json it reads only the strategy and alpha, for py-dht's own
arithmetic. Prints how many operations agree; exits 1 at a difference.
"""
import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

CHECKED = ("attempts", "succeeded", "failed", "rpcs", "stores", "stores_failed", "latency_ns")


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def ns(milliseconds):
    """'1.234567' -> 1234567, without a float."""
    whole, _, decimals = milliseconds.partition(".")
    return int(whole) * 1_000_000 + int(decimals.ljust(6, "0"))


def event_latency(rows):
    """From the first thing sent to the last thing that was still waited for."""
    awaited = [int(row["end_ns"]) for row in rows if row["awaited"] == "1"]
    return max(awaited) - min(int(row["start_ns"]) for row in rows) if awaited else 0


def py_dht_latency(rows, alpha):
    """py-dht: outcomes are taken by their own delay as soon as alpha are pending, each into the least-loaded slot; what is
    pending at the end is thrown away. Stores run side by side after that, each a dial and a request."""
    slots = [0] * alpha
    pending = []
    for row in sorted((r for r in rows if r["phase"] == "lookup"), key=lambda r: int(r["attempt"])):
        pending.append((ns(row["total_delay"]), int(row["attempt"])))
        if len(pending) == alpha:
            fastest = min(pending)
            pending.remove(fastest)
            slots[slots.index(min(slots))] += fastest[0]
    stores = defaultdict(int)
    for row in rows:
        if row["phase"] == "store":
            stores[row["attempt"]] += ns(row["total_delay"])
    return max(slots) + max(stores.values(), default=0)


def recompute(rows, scenario):
    lookup = [row for row in rows if row["phase"] == "lookup"]
    store = [row for row in rows if row["phase"] == "store"]
    py_dht = scenario["client"]["lookup"]["strategy"] == "py-dht"
    ended = [row for row in lookup if row["awaited"] == "1"]
    return {
        "attempts": len({row["attempt"] for row in lookup}),
        "succeeded": sum(row["kind"] != "dial" and row["error"] == "None" for row in ended),
        "failed": sum(row["error"] != "None" for row in ended),
        "rpcs": sum(row["kind"] != "dial" for row in rows),
        "stores": sum(row["kind"] != "dial" and row["error"] == "None" for row in store if row["awaited"] == "1"),
        "stores_failed": sum(row["error"] != "None" for row in store if row["awaited"] == "1"),
        "latency_ns": py_dht_latency(rows, scenario["client"]["alpha"]) if py_dht else event_latency(rows),
    }


def differences(folder):
    """Yields a line for each figure that differs; returns nothing if all agree."""
    folder = Path(folder)
    scenario = json.loads((folder / "scenario.json").read_text(encoding="utf-8"))
    by_operation = defaultdict(list)
    for row in read_rows(folder / "connections.csv"):
        by_operation[row["operation"]].append(row)
    operations = read_rows(folder / "operations.csv")
    for operation in operations:
        expected = recompute(by_operation[operation["operation"]], scenario)
        said = {name: int(operation[name]) for name in CHECKED if name != "latency_ns"}
        said["latency_ns"] = int(operation["end_ns"]) - int(operation["start_ns"])
        if ns(operation["latency_ms"]) != said["latency_ns"]:
            yield f"operation {operation['operation']}: latency_ms is not end_ns - start_ns"
        for name in CHECKED:
            if expected[name] != said[name]:
                yield (f"operation {operation['operation']}: {name} is {said[name]}, "
                       f"connections.csv makes it {expected[name]}")


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = list(differences(sys.argv[1]))
    for line in wrong[:20]:
        print(line)
    count = len(read_rows(Path(sys.argv[1]) / "operations.csv"))
    print(f"{count} operations, {len(wrong)} differences")
    return 1 if wrong or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
