#!/usr/bin/env python3
"""Recomputes, from connections.csv alone, what operations.csv says of every operation.

    tests/oracle.py DIR    a folder of results, of a run with output.connections

It covers one run, of any workload, link, client.queries and stop.at, with the strategies of STRATEGIES. Of client.resources it covers
service_time and streams.inbound, whose refusals and waits stand in connections.csv. What it does not cover it refuses by name, exit code 2:
- streams.outbound, negotiations, manager and go_libp2p of client.resources: what a node's own limits refuse was never sent and has no
  row, what they delay was waited for before its row begins, and a negotiation is a row but no request;
- a strategy that it does not know, as how many contacts that asks at once is not known either;
- a folder of many runs (it takes that of one of them), and one without connections.csv or operations.csv.

It shares no code with the simulator. Of scenario.json it reads the strategy, what bounds the contacts asked at once (alpha, k,
results, concurrency), and contact_timeout; for runs that something cuts short, stop.at, client.lookup.timeout, client.queries, and how
many requests an operation has under way at most; for put and get, client.values.style.

What it recomputes: attempts, succeeded, failed, rpcs, stores, stores_failed and the latency of every operation. An operation with
the status `timeout` took exactly as long as its time limit, one that is `unfinished` lasted until stop.at; whatever was still waited
for when it ended lies within that time. No strategy waits for more contacts at once than it may. The rounds of strategies that go in
rounds are in lock step: the next begins when the last contact of the one before has ended, or was given up. A strategy that gives contacts
up may also end at the instant at which it does, and one of disjoint paths when a path gives up a contact that another path asks. A put or
get of py-libp2p makes no lookup: never more than alpha at once. A get of go-libp2p is over before its repairs, which count as its stores
all the same.

What it can't: a request that is under way at stop.at has no row, so of an operation that may have had some, attempts and rpcs are held
between what has a row and that plus all that may be under way. Hops, recall and the status itself follow from which contact named which
and from the whole network, which connections.csv does not tell.

Prints how many operations there are and how many figures differ; exits 1 at a difference, 2 if it can't tell.
"""
import csv
import json
import re
import sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

CHECKED = ("attempts", "succeeded", "failed", "rpcs", "stores", "stores_failed", "latency_ns")


STRATEGIES = ("adaptive", "go-kademlia", "go-libp2p", "kademlia-2002", "lock-step", "py-dht", "py-libp2p", "py-libp2p-window",
              "rust-libp2p", "rust-libp2p-disjoint", "sliding-window", "synchronous-rounds")


class NotCovered(Exception):
    """These results can't be recomputed here; says why."""


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def ns(milliseconds):
    """'1.234567' -> 1234567, without a float."""
    whole, _, decimals = milliseconds.partition(".")
    return int(whole) * 1_000_000 + int(decimals.ljust(6, "0"))


UNITS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


def duration_ns(text):
    """'1.5s' -> 1500000000; None stays None."""
    if text is None:
        return None
    number, unit = re.fullmatch(r"([0-9.]+)([a-z]+)", text).groups()
    return int(Fraction(number) * UNITS[unit])


def windowed(operation, scenario):
    """Does it walk a window over the contacts of its own table?"""
    return operation["op"] in ("put", "get") and scenario["client"]["values"]["style"] == "py-libp2p"


def in_the_background(row, operation, scenario):
    """Is it a repair for which the operation does not wait?"""
    return row["phase"] == "repair" and not windowed(operation, scenario)


def event_latency(operation, rows, scenario):
    """From its turn, when the first thing is sent, to the last thing that was still waited for."""
    rows = [row for row in rows if not in_the_background(row, operation, scenario)]
    begun = int(operation["start_ns"]) + ns(operation["queued_ms"])
    return max((int(row["end_ns"]) for row in rows if row["awaited"] == "1"), default=begun) - begun


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


def time_limits(client, queued):
    """When an operation that waited so long in line would meet each of its time limits, from its arrival on."""
    if client["lookup"]["timeout"] is not None:
        yield queued + duration_ns(client["lookup"]["timeout"])
    queries = client["queries"]
    if queries["timeout"] is not None:
        tick = 1 if queries["deadline"] == "after" else 0
        yield (queued if queries["timeout_from"] == "start" else 0) + duration_ns(queries["timeout"]) + tick


def latency(operation, rows, scenario):
    client = scenario["client"]
    queued = ns(operation["queued_ms"])
    if operation["status"] == "timeout":
        return min(time_limits(client, queued))
    if operation["status"] == "unfinished":
        return duration_ns(scenario["stop"]["at"]) - int(operation["start_ns"])
    if client["lookup"]["strategy"] == "py-dht" and not windowed(operation, scenario):
        return queued + py_dht_latency(rows, client["alpha"])
    return queued + event_latency(operation, rows, scenario)


def recompute(operation, rows, scenario):
    lookup = [row for row in rows if row["phase"] == "lookup"]
    store = [row for row in rows if row["phase"] != "lookup"]
    ended = [row for row in lookup if row["awaited"] == "1"]
    return {
        "attempts": len({row["attempt"] for row in lookup}),
        "succeeded": sum(row["kind"] != "dial" and row["error"] == "None" for row in ended),
        "failed": sum(row["error"] != "None" for row in ended),
        "rpcs": sum(row["kind"] != "dial" for row in rows),
        "stores": sum(row["kind"] != "dial" and row["error"] == "None" for row in store if row["awaited"] == "1"),
        "stores_failed": sum(row["error"] != "None" for row in store if row["awaited"] == "1"),
        "latency_ns": latency(operation, rows, scenario),
    }


def asked_at_once(operation, scenario):
    """How many contacts a lookup waits for at most."""
    client = scenario["client"]
    if windowed(operation, scenario):
        return client["alpha"]
    alpha, results, strategy = client["alpha"], client["results"], client["lookup"]["strategy"]
    if strategy == "synchronous-rounds":
        return client["lookup"]["concurrency"]
    return {
        "adaptive": max(alpha, client["k"]),
        "kademlia-2002": max(alpha, client["k"]),
        "go-libp2p": alpha + results,
        "rust-libp2p": max(alpha, results),
        "rust-libp2p-disjoint": alpha * max(alpha, results),
    }.get(strategy, alpha)


GOES_IN_ROUNDS = ("synchronous-rounds", "lock-step", "py-libp2p", "kademlia-2002")


# How an operation may end at the instant at which its lookup gives a contact up: a put that found no node has failed, and a get may
# have found a record at home, or been told of one before.
GIVES_UP = ("complete", "exhausted", "not_found", "failed", "found")


def patience_ns(scenario):
    """How long a lookup waits for a contact that it asks; None for as long as it takes."""
    lookup = scenario["client"]["lookup"]
    patience = duration_ns(lookup.get("contact_timeout"))
    if patience is not None and lookup["strategy"] == "go-kademlia":
        patience += 1  # strictly after the deadline
    return patience


def whole_attempts(rows):
    """When each contact was asked, and when that had ended: {attempt: (begin, end)}."""
    attempts = {}
    for row in rows:
        begin, end = attempts.get(row["attempt"], (int(row["start_ns"]), 0))
        attempts[row["attempt"]] = (min(begin, int(row["start_ns"])), max(end, int(row["end_ns"])))
    return attempts


def attempts_of(rows, scenario):
    """When each contact was asked, and until when the lookup waited for it: {attempt: (begin, end)}."""
    patience = patience_ns(scenario)
    attempts = whole_attempts(rows)
    if patience is None:
        return attempts
    return {attempt: (begin, min(end, begin + patience)) for attempt, (begin, end) in attempts.items()}


def given_up_unseen(operation, rows, scenario):
    """May an operation end by giving a contact up that its rows do not show as given up then? A path of rust-libp2p-disjoint waits for a
    contact that another path asks as for one of its own, from when it came to it. And a contact that it gave up before may still be under
    way at stop.at, and so have no row. It came to each of them when the lookup began, when something ended, or when it gave one up."""
    lookup = scenario["client"]["lookup"]
    patience = patience_ns(scenario)
    rows = [row for row in rows if row["phase"] == "lookup"]
    at = int(operation["end_ns"])
    asked = lookup["strategy"] == "rust-libp2p-disjoint" and any(begin < at <= end for begin, end in whole_attempts(rows).values())
    if not asked and not without_a_row(operation, scenario):
        return False
    instants = {int(operation["start_ns"]) + ns(operation["queued_ms"])}
    instants |= {int(row[column]) for row in rows for column in ("start_ns", "end_ns")}
    return any(instant < at and (at - instant) % patience == 0 for instant in instants)


def most_at_once(attempts):
    now = most = 0
    for _, change in sorted([(begin, 1) for begin, _ in attempts.values()] + [(end, -1) for _, end in attempts.values()]):
        now += change
        most = max(most, now)
    return most


def without_a_row(operation, scenario):
    """How many attempts and rpcs of an operation may have been under way at stop.at, and so have no row."""
    stop = duration_ns(scenario["stop"]["at"])
    # What is sent last may be a request behind a dial behind the end: a repair.
    if stop is None or int(operation["end_ns"]) + 3 * duration_ns(scenario["client"]["rpc_timeout"]) < stop:
        return {}  # all that it sent has met its deadline
    stores = {"provide": scenario["client"]["replication"], "put": scenario["client"]["replication"],
              "get": max(scenario["client"]["replication"], scenario["client"]["results"])}.get(operation["op"], 0)
    at_once = asked_at_once(operation, scenario)
    if patience_ns(scenario) is not None:  # others may have been asked since, again and again
        at_once *= 1 + 2 * duration_ns(scenario["client"]["rpc_timeout"]) // patience_ns(scenario)
    return {"attempts": at_once, "rpcs": at_once + stores}


def out_of_step(attempts, concurrency):
    """What contradicts rounds in lock step: contacts of one round are asked at one instant, and have all ended before the next."""
    rounds = defaultdict(list)
    for begin, end in attempts.values():
        rounds[begin].append(end)
    over = 0
    for start, ends in sorted(rounds.items()):
        if start < over:
            yield f"a round begins at {start}, the one before ends at {over}"
        if len(ends) > concurrency:
            yield f"a round asks {len(ends)} contacts"
        over = max(ends)


def out_of_window(rows, alpha):
    """What contradicts a window: more than alpha contacts at once in a phase other than the repairs, which are not bounded."""
    for phase in ("lookup", "store"):
        contacts = {}
        for row in rows:
            if row["phase"] == phase:
                start, end = contacts.get(row["attempt"], (int(row["start_ns"]), 0))
                contacts[row["attempt"]] = (min(start, int(row["start_ns"])), max(end, int(row["end_ns"])))
        for begun, _ in contacts.values():
            at_once = sum(start <= begun < end for start, end in contacts.values())
            if at_once > alpha:
                yield f"{at_once} contacts at once at {begun}"


def faults(operation, rows, scenario):
    """A text for each thing of one operation that is not as connections.csv makes it."""
    if operation["start_ns"] == "":
        if rows or operation["status"] != "unfinished":
            yield "it has never arrived, and yet did something"
        return
    expected = recompute(operation, rows, scenario)
    said = {name: int(operation[name]) for name in CHECKED if name != "latency_ns"}
    said["latency_ns"] = int(operation["end_ns"]) - int(operation["start_ns"])
    if ns(operation["latency_ms"]) != said["latency_ns"]:
        yield "latency_ms is not end_ns - start_ns"
    lookup = scenario["client"]["lookup"]
    attempts = attempts_of([row for row in rows if row["phase"] == "lookup"], scenario)
    if lookup.get("contact_timeout") is not None and operation["status"] in GIVES_UP:
        begun = int(operation["start_ns"])
        given_up = {end - begun for _, end in attempts.values()}
        if said["latency_ns"] > expected["latency_ns"] and (
                said["latency_ns"] in given_up or given_up_unseen(operation, rows, scenario)):
            expected["latency_ns"] = said["latency_ns"]
    slack = without_a_row(operation, scenario)
    for name in CHECKED:
        if not expected[name] <= said[name] <= expected[name] + slack.get(name, 0):
            yield f"{name} is {said[name]}, connections.csv makes it {expected[name]}"
    if operation["op"] == "get" and int(operation["repaired"]) + int(operation["corrected"]) != said["stores"]:
        yield f"of {said['stores']} stores, {operation['repaired']} repaired and {operation['corrected']} corrected a record"
    if lookup["strategy"] != "py-dht":
        if most_at_once(attempts) > asked_at_once(operation, scenario):
            yield f"it waits for {most_at_once(attempts)} contacts at once"
        late = [row for row in rows if row["awaited"] == "1" and int(row["end_ns"]) > int(operation["end_ns"])
                and not in_the_background(row, operation, scenario)]
        if late:
            yield f"it waited for {len(late)} requests that ended after it"
    if windowed(operation, scenario):
        yield from out_of_window(rows, scenario["client"]["alpha"])
    elif lookup["strategy"] in GOES_IN_ROUNDS:
        yield from out_of_step(attempts, asked_at_once(operation, scenario))


def out_of_line(operations, queries):
    """What contradicts the pool of one node: more running than may, an idle place while an operation waits, or overtaking."""
    arrived = [(int(op["start_ns"]), int(op["start_ns"]) + ns(op["queued_ms"]), int(op["end_ns"]), op["operation"])
               for op in operations if op["start_ns"] != ""]
    for _, begun, ended, number in arrived:
        running = sum(other_begun <= begun < other_ended for _, other_begun, other_ended, _ in arrived)
        if begun < ended and running > queries["concurrency"]:
            yield f"operation {number}: it is one of {running} at once"
    for arrival, begun, ended, number in arrived:
        if begun == arrival or begun == ended:
            continue
        if not any(other_ended == begun for _, _, other_ended, _ in arrived):
            yield f"operation {number}: it starts when nothing has ended"
        if any(arrival < other < begun and other_begun < begun for other, other_begun, _, _ in arrived):
            yield f"operation {number}: it is overtaken"


def not_covered(client):
    """What of a client is beyond this program: a text for each, beginning with the key."""
    limits = client["resources"]
    own = {"streams.outbound": limits["streams"]["outbound"], "negotiations": limits["negotiations"],
           "manager": limits["manager"], "go_libp2p": limits["go_libp2p"]}
    for key, value in own.items():
        if value is not None:
            yield f"client.resources.{key}: what a node's own limits refuse or delay does not stand in connections.csv"
    strategy = client["lookup"]["strategy"]
    if strategy not in STRATEGIES:
        yield f"client.lookup.strategy: \"{strategy}\" is not known here, want one of {', '.join(STRATEGIES)}"


def read_scenario(folder):
    """That of the run whose results these are. Raises NotCovered."""
    if (folder / "runs").is_dir():
        raise NotCovered(f"{folder}: many runs, want the folder of one of them, below runs/")
    for name in ("scenario.json", "operations.csv", "connections.csv"):
        if not (folder / name).is_file():
            raise NotCovered(f"{folder}: there is no {name}, want results of a run with output.operations and output.connections")
    scenario = json.loads((folder / "scenario.json").read_text(encoding="utf-8"))
    reasons = list(not_covered(scenario["client"]))
    if reasons:
        raise NotCovered("\n".join(f"{folder}: {reason}" for reason in reasons))
    return scenario


def differences(folder):
    """Yields a line for each figure that differs; returns nothing if all agree. Raises NotCovered."""
    folder = Path(folder)
    scenario = read_scenario(folder)
    by_operation = defaultdict(list)
    by_origin = defaultdict(list)
    for row in read_rows(folder / "connections.csv"):
        by_operation[row["operation"]].append(row)
    for operation in read_rows(folder / "operations.csv"):
        by_origin[operation["origin"]].append(operation)
        for fault in faults(operation, by_operation[operation["operation"]], scenario):
            yield f"operation {operation['operation']}: {fault}"
    if scenario["client"]["queries"]["concurrency"] is not None:
        for operations in by_origin.values():
            yield from out_of_line(operations, scenario["client"]["queries"])


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        wrong = list(differences(sys.argv[1]))
    except NotCovered as reason:
        print(f"not covered: {reason}", file=sys.stderr)
        return 2
    for line in wrong[:20]:
        print(line)
    count = len(read_rows(Path(sys.argv[1]) / "operations.csv"))
    print(f"{count} operations, {len(wrong)} differences")
    return 1 if wrong or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
