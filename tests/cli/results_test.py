"""What a run writes, and when it must not."""
import csv
import hashlib
import json
import os
import resource
import signal
import subprocess
import time
import unittest

from kadsim_cli import CANNOT_WRITE, DONE, PROGRAM, CliTest

SAME = ["scenario.json", "runs.csv", "operations.csv", "connections.csv", "fingerprints.csv"]


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class ResultsTest(CliTest):
    def with_connections(self):
        scenario = self.small()
        scenario["output"] = {"connections": True}
        return scenario

    def test_files_are_the_same_bytes_on_any_number_of_threads_locale_and_time_zone(self):
        first = self.run_scenario(self.with_connections(), "one", "--threads", "1")
        odd = dict(os.environ, LC_ALL="de_DE.UTF-8", LANG="tr_TR.UTF-8", TZ="Asia/Kathmandu")
        second = self.run_scenario(self.with_connections(), "eight", "--threads", "8", env=odd)
        for name in SAME:
            self.assertEqual((first / name).read_bytes(), (second / name).read_bytes(), name)
        manifests = [json.loads((folder / "manifest.json").read_text()) for folder in (first, second)]
        for manifest in manifests:
            del manifest["build"]
        self.assertEqual(*manifests)

    def test_the_manifest_knows_every_file(self):
        folder = self.run_scenario(self.with_connections())
        manifest = json.loads((folder / "manifest.json").read_text())
        self.assertEqual(sorted(manifest["files"]), sorted(SAME))
        for name, entry in manifest["files"].items():
            content = (folder / name).read_bytes()
            self.assertEqual(entry["sha256"], hashlib.sha256(content).hexdigest(), name)
            self.assertEqual(entry["bytes"], len(content), name)
        self.assertEqual(manifest["scenario"]["sha256"],
                         hashlib.sha256((folder / "scenario.json").read_bytes()).hexdigest())
        self.assertEqual(manifest["fingerprint"], rows(folder / "runs.csv")[0]["fingerprint"])
        timing = json.loads((folder / "timing.json").read_text())
        for key in ("wall_seconds", "cpu_seconds", "peak_memory_bytes", "events_per_second", "host"):
            self.assertIn(key, timing)

    def test_where_tables_are_kept_stands_in_timing_json_only(self):
        folders = {}
        for storage in ("precomputed", "derived", "auto"):
            scenario = self.small()
            scenario["network"].setdefault("tables", {})["storage"] = storage
            folders[storage] = folder = self.run_scenario(scenario, storage)
            kept = json.loads((folder / "timing.json").read_text())["table_storage"]
            self.assertEqual(kept, "precomputed" if storage == "auto" else storage)
            effective = json.loads((folder / "scenario.json").read_text())
            self.assertEqual(effective["network"]["tables"]["storage"], storage)
            for name in ("runs.csv", "operations.csv", "fingerprints.csv"):
                self.assertEqual((folder / name).read_bytes(), (folders["precomputed"] / name).read_bytes(), name)

    def test_the_effective_scenario_plays_to_the_same_fingerprint(self):
        first = self.run_scenario(self.small(), "first")
        second = self.run_scenario((first / "scenario.json").read_text(), "second")
        self.assertEqual((first / "runs.csv").read_bytes(), (second / "runs.csv").read_bytes())
        self.assertEqual((first / "scenario.json").read_bytes(), (second / "scenario.json").read_bytes())

    def test_operations_csv_has_a_row_an_operation_and_runs_csv_adds_them_up(self):
        folder = self.run_scenario(self.small())
        operations = rows(folder / "operations.csv")
        self.assertEqual([int(row["operation"]) for row in operations], list(range(80)))
        run = rows(folder / "runs.csv")
        self.assertEqual(len(run), 1)
        for op, count in (("lookup", 60), ("provide", 10), ("retrieve", 10)):
            of_kind = [row for row in operations if row["op"] == op]
            self.assertEqual(len(of_kind), count)
            self.assertEqual(int(run[0][f"{op}_operations"]), count)
            self.assertEqual(int(run[0][f"{op}_rpcs"]), sum(int(row["rpcs"]) for row in of_kind))
            attempts = sorted(int(row["attempts"]) for row in of_kind)
            self.assertEqual(int(run[0][f"{op}_attempts_p50"]), attempts[(count + 1) // 2 - 1])
            self.assertEqual(int(run[0][f"{op}_attempts_max"]), attempts[-1])

    def test_segments_that_were_provided_are_found(self):
        retrieves = [row for row in rows(self.run_scenario(self.small()) / "operations.csv")
                     if row["op"] == "retrieve"]
        found = [row for row in retrieves if row["status"] == "found"]
        self.assertGreaterEqual(len(found), 9)
        for row in found:
            self.assertEqual(row["recall_heard"], "")

    def test_put_and_get_have_columns_that_are_empty_for_others(self):
        own = ("version", "values", "stale", "repaired", "corrected", "quorum_met")
        scenario = self.small()
        scenario["client"]["values"] = {"style": "py-libp2p"}
        scenario["workload"] += [
            {"op": "put", "count": 5, "version": 3},
            {"op": "put", "name": "older", "count": 5, "version": 2, "targets": {"put_by": "put"}, "start": "60s"},
            {"op": "get", "count": 10, "targets": {"put_by": "put"}, "start": "120s"}]
        folder = self.run_scenario(scenario)
        operations = rows(folder / "operations.csv")
        by_op = {op: [row for row in operations if row["op"] == op] for op in ("lookup", "provide", "retrieve", "put", "get")}
        for op in ("lookup", "provide", "retrieve"):
            self.assertEqual({row[column] for row in by_op[op] for column in own}, {""}, op)
        self.assertEqual([row["version"] for row in by_op["put"]], ["3"] * 5 + ["2"] * 5)
        self.assertEqual({row[column] for row in by_op["put"] for column in own[1:]}, {""})
        for get in by_op["get"]:
            self.assertEqual(get["version"] == "", get["status"] == "not_found")
            self.assertEqual(get["quorum_met"], "")  # none was asked for
            self.assertEqual(int(get["repaired"]) + int(get["corrected"]), int(get["stores"]))
        run = rows(folder / "runs.csv")[0]
        self.assertEqual(int(run["put_operations"]), 10)
        self.assertEqual(int(run["get_operations"]), 10)
        for column in own[1:5]:
            self.assertEqual(int(run[f"get_{column}"]), sum(int(get[column]) for get in by_op["get"]))
        self.assertNotIn("lookup_refused", run)

    def test_groups_add_a_column_and_nothing_else(self):
        plain = dict(self.small(), output={"connections": True})
        grouped = dict(plain, network=dict(plain["network"], groups=[{"name": "half", "share": 0.5}]))
        folders = [self.run_scenario(scenario, name) for scenario, name in ((plain, "plain"), (grouped, "grouped"))]
        for name in ("operations.csv", "connections.csv"):
            without, with_groups = [(folder / name).read_text().splitlines() for folder in folders]
            cells = [line.rpartition(",") for line in with_groups]
            self.assertEqual([cell[0] for cell in cells], without, name)
            self.assertEqual(cells[0][2], "origin_group")
            self.assertEqual({cell[2] for cell in cells[1:]}, {"", "half"})
        report = self.kadsim("run", self.folder / "grouped.json", "-o", self.folder / "again").stdout
        self.assertIn("from half", report)
        self.assertIn("from no group", report)

    def test_only_what_arrives_within_measure_counts_in_the_summary(self):
        scenario = self.small()
        # Four chains start at 0, 250, 500 and 750 ms: on the edges of the window.
        scenario["workload"] = [{"op": "lookup", "count": 4, "in_flight": 4}]
        scenario["measure"] = {"from": "250ms", "until": "750ms"}
        folder = self.run_scenario(scenario)
        measured = {int(row["start_ns"]) // 1_000_000: row["measured"] for row in rows(folder / "operations.csv")}
        self.assertEqual(measured, {0: "0", 250: "1", 500: "1", 750: "0"})
        self.assertEqual(rows(folder / "runs.csv")[0]["lookup_operations"], "2")

    def test_a_run_that_is_cut_off_keeps_a_row_for_every_operation(self):
        scenario = self.small()
        scenario["workload"][2]["start"] = "500ms"
        scenario["stop"] = {"at": "1s"}
        operations = rows(self.run_scenario(scenario) / "operations.csv")
        self.assertEqual(len(operations), 80)
        unfinished = [row for row in operations if row["status"] == "unfinished"]
        self.assertGreater(len(unfinished), 10)
        for row in unfinished:
            self.assertIn(row["end_ns"], ("", "1000000000"))

    def test_another_scenarios_results_are_not_overwritten_without_force(self):
        folder = self.run_scenario(self.small())
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        other = self.write("other.json", dict(self.small(), seed=8, name="other"))
        self.assert_fails(CANNOT_WRITE, self.kadsim("run", other, "-o", folder), "small", "--force")
        self.assertEqual(before, {path.name: path.read_bytes() for path in folder.iterdir()})
        self.assertEqual(self.kadsim("run", other, "-o", folder, "--force").returncode, DONE)
        self.assertEqual(rows(folder / "runs.csv")[0]["seed"], "8")

    def test_the_same_scenario_may_be_run_again_and_stale_files_go(self):
        folder = self.run_scenario(self.small())
        self.run_scenario(self.small())
        changed = self.small()
        changed["output"] = {"operations": False}
        self.run_scenario(changed, "results", "--force")
        self.assertFalse((folder / "operations.csv").exists())

    def test_an_unwritable_folder_is_refused_before_the_run(self):
        file = self.write("small.json", self.small())
        self.write("taken", "a file, not a folder")
        self.assert_fails(CANNOT_WRITE, self.kadsim("run", file, "-o", self.folder / "taken"), "taken")

    def test_a_full_disk_is_an_error_and_leaves_nothing(self):
        file = self.write("small.json", self.with_connections())

        def small_files_only():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        result = self.kadsim("run", file, "-o", self.folder / "results", preexec_fn=small_files_only)
        self.assert_fails(CANNOT_WRITE, result, "connections.csv")
        self.assertFalse((self.folder / "results").exists())

    def test_output_that_can_not_be_printed_is_an_error(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "schema"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, CANNOT_WRITE)
        self.assertIn("standard output", done.stderr)

    def interrupt(self, number, code):
        scenario = self.small()
        scenario["workload"] = [{"op": "lookup", "count": 3000000, "in_flight": 50}]
        scenario["output"] = {"connections": True}
        file = self.write("long.json", scenario)
        with subprocess.Popen([PROGRAM, "run", file, "-o", self.folder / "long"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            part = self.folder / "long" / "connections.csv.part"
            for _ in range(600):
                if part.exists() and part.stat().st_size > 0:
                    break
                time.sleep(0.05)
            process.send_signal(number)
            _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, code, errors)
        self.assertIn("interrupted", errors)
        self.assertFalse((self.folder / "long").exists())

    def test_an_interrupt_leaves_nothing(self):
        self.interrupt(signal.SIGINT, 130)

    def test_a_termination_leaves_nothing(self):
        self.interrupt(signal.SIGTERM, 143)

    def test_a_terminal_that_goes_away_leaves_nothing(self):
        self.interrupt(signal.SIGHUP, 129)

    def interrupt_building(self, number, code, out):
        scenario = {"version": 1, "network": {"nodes": 1_000_000}, "client": {"k": 8},
                    "workload": [{"op": "lookup", "count": 1}], "output": {"connections": True}}
        file = self.write("large.json", scenario)
        part = out / "connections.csv.part"
        with subprocess.Popen([PROGRAM, "run", file, "-o", out], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as process:
            for _ in range(6000):
                if part.exists():
                    break
                time.sleep(0.005)
            time.sleep(0.2)
            process.send_signal(number)
            _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, code, errors)
        # Said only by what cuts the building short.
        self.assertIn("interrupted while the network was built", errors)
        self.assertFalse(part.exists())

    def test_an_interrupt_while_the_network_is_built_leaves_nothing(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            self.interrupt_building(number, code, self.folder / "out" / "of" / "large")
            self.assertFalse((self.folder / "out").exists())

    def test_an_interrupt_while_the_network_is_built_leaves_what_was_there(self):
        (self.folder / "mine").mkdir()
        self.write("mine/notes.txt", "mine")
        self.interrupt_building(signal.SIGTERM, 143, self.folder / "mine")
        self.assertEqual([path.name for path in (self.folder / "mine").iterdir()], ["notes.txt"])

    def test_a_report_without_a_reader_is_an_error_and_the_results_are_whole(self):
        file = self.write("small.json", self.small())
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "w") as closed:
            done = subprocess.run([PROGRAM, "run", file, "-o", self.folder / "results"], stdout=closed,
                                  stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, CANNOT_WRITE)
        self.assertIn("standard output: Broken pipe", done.stderr)
        self.assertTrue((self.folder / "results" / "manifest.json").exists())

    def test_nohup_is_respected(self):
        scenario = self.small()
        scenario["workload"] = [{"op": "lookup", "count": 30000, "in_flight": 50}]
        scenario["output"] = {"connections": True}
        with subprocess.Popen([PROGRAM, "run", self.write("small.json", scenario), "-o", self.folder / "results"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) as process:
            while not (self.folder / "results" / "connections.csv.part").exists() and process.poll() is None:
                time.sleep(0.005)
            process.send_signal(signal.SIGHUP)
            _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, DONE, errors)


if __name__ == "__main__":
    unittest.main()
