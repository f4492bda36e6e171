"""Many runs of one scenario: replicas, sweeps and named points."""
import csv
import json
import math
import re
import signal
import subprocess
import time
import unittest

from kadsim_cli import BAD_DATA, CANNOT_WRITE, DONE, PROGRAM, CliTest

ALL = ["scenario.json", "runs.csv", "operations.csv", "fingerprints.csv", "manifest.json"]


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def contents(folder):
    """Path -> bytes of everything below a folder that follows from the scenario alone."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.name == "timing.json":
            continue
        content = path.read_bytes()
        if path.name == "manifest.json":
            manifest = json.loads(content)
            del manifest["build"]
            content = json.dumps(manifest).encode()
        found[str(path.relative_to(folder))] = content
    return found


def quantile(values, numerator, denominator):
    """Nearest rank."""
    return sorted(values)[max(1, math.ceil(len(values) * numerator / denominator)) - 1]


class SweepTest(CliTest):
    def swept(self):
        scenario = self.small()
        scenario["replica"] = 3
        scenario["replicas"] = 2
        scenario["sweep"] = {"network.link.slow_errors.rate": [0, 0.2],
                             "client.lookup.strategy": ["sliding-window", "py-dht"]}
        return scenario

    def test_the_bytes_are_the_same_for_any_number_of_threads(self):
        one = contents(self.run_scenario(self.swept(), "one", "--threads", "1"))
        self.assertEqual(len([name for name in one if name.endswith("operations.csv")]), 8)
        for threads in ("2", "8"):
            self.assertEqual(one, contents(self.run_scenario(self.swept(), "some" + threads, "--threads", threads)))

    def test_a_sweep_over_a_group_has_its_figures(self):
        scenario = self.small()
        scenario["network"]["groups"] = [{"name": "g", "share": 0.5}]
        scenario["sweep"] = {"network.groups.0.share": [0.25, 0.75], "network.groups.0.client.alpha": [1, 6]}
        folder = self.run_scenario(scenario)
        table = rows(folder / "runs.csv")
        self.assertEqual([row["network.groups.0.client.alpha"] for row in table], ["1", "6", "1", "6"])
        columns = list(table[0])
        self.assertLess(columns.index("fingerprint"), columns.index("from_g_lookup_operations"))
        for row, run in zip(table, sorted((folder / "runs").glob("*/*"))):
            operations = rows(run / "operations.csv")
            for prefix, group in (("from_g_", "g"), ("ungrouped_", "")):
                own = [each for each in operations if each["origin_group"] == group and each["op"] == "lookup"]
                self.assertEqual(int(row[prefix + "lookup_operations"]), len(own))
                self.assertEqual(int(row[prefix + "lookup_rpcs"]), sum(int(each["rpcs"]) for each in own))
                self.assertGreater(len(own), 0)
            self.assertEqual(int(row["lookup_operations"]),
                             int(row["from_g_lookup_operations"]) + int(row["ungrouped_lookup_operations"]))

    def test_points_may_have_different_groups(self):
        scenario = self.small()
        scenario["points"] = [{"name": "none"},
                              {"name": "one", "set": {"network.groups": [{"name": "a", "share": 0.5}]}},
                              {"name": "other", "set": {"network.groups": [{"name": "b", "share": 0.5}]}}]
        for threads in ("1", "3"):
            table = rows(self.run_scenario(scenario, "some" + threads, "--threads", threads) / "runs.csv")
            for name, told in (("from_a_lookup_rpcs", [False, True, False]), ("from_b_lookup_rpcs", [False, False, True]),
                               ("ungrouped_lookup_rpcs", [False, True, True]), ("lookup_rpcs", [True] * 3)):
                self.assertEqual([row[name] != "" for row in table], told, name)

    def test_each_run_writes_what_it_writes_alone(self):
        folder = self.run_scenario(self.swept())
        whole = rows(folder / "runs.csv")
        expected = [(point, str(replica)) for point in ("0-sliding-window", "0-py-dht", "0.2-sliding-window", "0.2-py-dht")
                    for replica in (3, 4)]
        self.assertEqual([(row["point"], row["replica"]) for row in whole], expected)
        total = 0
        for number, (row, (point, replica)) in enumerate(zip(whole, expected)):
            run = folder / "runs" / f"{number // 2 + 1:04}-{point}" / f"replica-{replica}"
            alone = self.run_scenario((run / "scenario.json").read_text(), f"alone{number}")
            for name in ALL[:-1]:
                self.assertEqual((run / name).read_bytes(), (alone / name).read_bytes(), name)
            [own] = rows(run / "runs.csv")
            self.assertEqual({key: row[key] for key in own}, own)
            rate, strategy = point.split("-", 1)
            self.assertEqual((row["network.link.slow_errors.rate"], row["client.lookup.strategy"]), (rate, strategy))
            self.assertEqual(row["strategy"], strategy)
            total += int(row["fingerprint"], 16)
        manifest = json.loads((folder / "manifest.json").read_text())
        self.assertEqual(int(manifest["fingerprint"], 16), total % 2**128)
        self.assertEqual([run["fingerprint"] for run in manifest["runs"]], [row["fingerprint"] for row in whole])
        self.assertEqual((manifest["points"], manifest["replicas"], manifest["replica"]), (4, 2, 3))

    def test_the_scenario_that_is_written_gives_the_same_runs(self):
        first = self.run_scenario(self.swept(), "first", "--set", "client.alpha=2")
        second = self.run_scenario((first / "scenario.json").read_text(), "second")
        self.assertEqual(contents(first), contents(second))
        printed = self.kadsim("check", "--print", self.folder / "second.json").stdout
        self.assertEqual(printed, (first / "scenario.json").read_text())

    def test_replicas_alone_have_no_points(self):
        scenario = dict(self.small(), replicas=3)
        folder = self.run_scenario(scenario)
        self.assertEqual(sorted(path.name for path in (folder / "runs").iterdir()), ["replica-0", "replica-1", "replica-2"])
        table = rows(folder / "runs.csv")
        self.assertEqual([row["replica"] for row in table], ["0", "1", "2"])
        self.assertNotIn("point", table[0])
        self.assertEqual(len({row["fingerprint"] for row in table}), 3)
        self.assertEqual(len({row["world"] for row in table}), 3)

    def test_points_that_ask_the_same_of_the_same_network_share_world_and_workload(self):
        table = rows(self.run_scenario(self.swept()) / "runs.csv")
        for replica in ("3", "4"):
            of_replica = [row for row in table if row["replica"] == replica]
            self.assertEqual(len({(row["world"], row["workload"]) for row in of_replica}), 1)
            self.assertEqual(len({row["fingerprint"] for row in of_replica}), 4)

    def test_the_table_pools_replicas_and_compares_along_the_last_axis(self):
        scenario = self.swept()
        scenario["workload"] = [{"op": "lookup", "count": 50}]
        file = self.write("swept.json", scenario)
        done = self.kadsim("run", file, "-o", self.folder / "out")
        self.assertEqual(done.returncode, DONE, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[1], "  4 points of 2 replicas: 8 runs")
        head = next(i for i, line in enumerate(lines) if "slow_errors.rate" in line)
        self.assertEqual(lines[head].split(), "slow_errors.rate lookup.strategy operations success RPCs p50 ms p99 ms "
                                              "heard gain p50 gain p99".split())
        before = None
        for number, line in enumerate(lines[head + 1:head + 5]):
            operations = [row for path in sorted((self.folder / "out" / "runs").glob(f"{number + 1:04}-*/*/operations.csv"))
                          for row in rows(path)]
            self.assertEqual(len(operations), 100)
            latencies = [float(row["latency_ms"]) for row in operations]
            p50, p99 = quantile(latencies, 1, 2), quantile(latencies, 99, 100)
            cells = line.replace(" %", "%").split()[-8:]
            self.assertEqual(cells[0], "100")
            self.assertEqual(cells[1], "%.1f%%" % (sum(row["status"] == "complete" for row in operations)))
            self.assertAlmostEqual(float(cells[2]), sum(int(row["rpcs"]) for row in operations) / 100, delta=0.005)
            self.assertAlmostEqual(float(cells[3]), p50, delta=0.05 + p50 / 512)
            self.assertAlmostEqual(float(cells[4]), p99, delta=0.05 + p99 / 512)
            if number % 2 == 0:
                self.assertEqual(cells[6:], ["-", "-"])
                before = p50, p99
            else:
                for cell, now, then in zip(cells[6:], (p50, p99), before):
                    self.assertAlmostEqual(float(cell[:-1]), 100 * (then - now) / then, delta=1)

    def test_a_bad_point_is_found_before_anything_runs(self):
        scenario = self.swept()
        scenario["sweep"]["client.k"] = [4, 0]
        file = self.write("swept.json", scenario)
        for command in (("run", file, "-o", self.folder / "out"), ("check", file)):
            self.assert_fails(BAD_DATA, self.kadsim(*command), "client.k: 0 is out of range", "at the point 0-sliding-window-0")
        self.assertFalse((self.folder / "out").exists())

    def test_a_bad_data_file_of_one_point_is_found_before_anything_runs(self):
        self.write("good.txt", "1 2\n2 1\n")
        self.write("bad.txt", "1 nan\n2 1\n")
        scenario = dict(self.small(), sweep={"network.link.delay.file": ["good.txt", "bad.txt"]})
        scenario["network"]["link"]["delay"] = {"model": "matrix"}
        file = self.write("swept.json", scenario)
        self.assert_fails(BAD_DATA, self.kadsim("run", file, "-o", self.folder / "out"), "bad.txt:1:3: error:")
        self.assertFalse((self.folder / "out").exists())

    def test_a_point_that_can_not_be_played_leaves_nothing_and_is_told(self):
        scenario = dict(self.small(), sweep={"network.unreachable": [0, 0.999999]})
        file = self.write("swept.json", scenario)
        result = self.kadsim("run", file, "-o", self.folder / "out")
        self.assert_fails(BAD_DATA, result, "network.unreachable: no node can be an origin", "swept.json:")
        self.assertFalse((self.folder / "out").exists())

    def test_results_of_one_run_and_of_many_take_turns_only_by_force(self):
        folder = self.run_scenario(self.swept(), "out")
        one = self.write("one.json", self.small())
        self.assert_fails(CANNOT_WRITE, self.kadsim("run", one, "-o", folder), "--force")
        self.assertTrue((folder / "runs").exists())
        self.run_scenario(self.small(), "out", "--force")
        self.assertFalse((folder / "runs").exists())
        self.run_scenario(self.swept(), "out", "--force")
        self.assertFalse((folder / "operations.csv").exists())

    def interrupt(self, scenario, number, code):
        file = self.write("long.json", scenario)
        with subprocess.Popen([PROGRAM, "run", file, "-o", self.folder / "long"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            for _ in range(600):
                if list((self.folder / "long").glob("runs.part/*/*/*.part")):
                    break
                time.sleep(0.05)
            process.send_signal(number)
            _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, code, errors)
        self.assertIn("interrupted", errors)
        self.assertFalse((self.folder / "long").exists())

    def test_an_interrupt_leaves_nothing(self):
        scenario = self.swept()
        scenario["workload"] = [{"op": "lookup", "count": 3000000, "in_flight": 50}]
        scenario["output"] = {"connections": True}
        self.interrupt(scenario, signal.SIGINT, 130)

    def test_an_interrupt_while_networks_are_built_leaves_nothing(self):
        scenario = {"version": 1, "network": {"nodes": 2_000_000}, "client": {"k": 8}, "output": {"connections": True},
                    "workload": [{"op": "lookup", "count": 1}], "sweep": {"client.alpha": [1, 2]}}
        self.interrupt(scenario, signal.SIGTERM, 143)

    def test_check_says_how_many_runs_there_are(self):
        done = self.kadsim("check", self.write("swept.json", self.swept()))
        self.assertRegex(done.stdout, re.compile(r"good; 8 runs; a run takes about \d+ MB of memory"))


if __name__ == "__main__":
    unittest.main()
