"""kadsim diff: what differs between results, with intervals that are recomputed here."""
import csv
import hashlib
import json
import math
import shutil
import statistics
import unittest

from kadsim_cli import BAD_DATA, CANNOT_WRITE, DONE, UNREADABLE, USAGE, CliTest

T_975 = {1: 12.706205, 4: 2.776445, 8: 2.306004}  # of Student's t, by degrees of freedom


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class DiffTest(CliTest):
    def lookups(self, **more):
        scenario = self.small()
        scenario["workload"] = [{"op": "lookup", "count": 60, "in_flight": 6}]
        return dict(scenario, **more)

    def diff(self, a, b, *arguments):
        done = self.kadsim("diff", a, b, *arguments)
        self.assertEqual(done.returncode, DONE, done.stderr)
        return done.stdout

    def figures(self, a, b):
        """(point, op, of, figure) -> row of the CSV."""
        self.diff(a, b, "--csv", self.folder / "diff.csv")
        return {(row["point"], row["op"], row["of"], row["figure"]): row for row in rows(self.folder / "diff.csv")}

    def swept(self, replicas):
        return self.lookups(replicas=replicas, sweep={"client.alpha": [2, 5]})

    def points(self, replicas, name="swept"):
        folder = self.run_scenario(self.swept(replicas), name) / "runs"
        return folder / "0001-2", folder / "0002-5"

    def test_operations_of_one_network_are_paired_and_the_interval_is_students(self):
        a = self.run_scenario(self.lookups(), "a")
        b = self.run_scenario(self.lookups(), "b", "--set", "client.alpha=2")
        text = self.diff(a, b)
        self.assertRegex(text, r"client.alpha +4 +2\n")
        self.assertIn("Same networks, same operations: paired by number.", text)
        self.assertIn("lookups, in this network (seed 7, replica 0)", text)
        self.assertIn("No verdict on the setting: that takes 5 replicas on each side, here are 1 and 1.", text)
        self.assertNotIn("Verdict on the setting:", text)
        latencies = [[float(row["latency_ms"]) for row in rows(folder / "operations.csv")] for folder in (a, b)]
        differences = [y - x for x, y in zip(*latencies)]
        figures = self.figures(a, b)
        mean = figures["", "lookup", "network", "latency mean"]
        self.assertAlmostEqual(float(mean["difference"]), statistics.mean(differences), places=4)
        reach = 2.000995 * statistics.stdev(differences) / math.sqrt(60)  # t of 59 degrees
        self.assertAlmostEqual(float(mean["low"]), statistics.mean(differences) - reach, places=2)
        self.assertAlmostEqual(float(mean["high"]), statistics.mean(differences) + reach, places=2)
        median = figures["", "lookup", "network", "latency p50"]
        self.assertAlmostEqual(float(median["a"]), sorted(latencies[0])[29], places=4)
        self.assertLessEqual(float(median["low"]), float(median["difference"]))
        self.assertGreaterEqual(float(median["high"]), float(median["difference"]))
        # One of sixty lies beyond p99: too few for an interval.
        self.assertEqual(figures["", "lookup", "network", "latency p99"]["low"], "")
        self.assertIn("too little to tell at p99", text)
        faster = sum(difference < 0 for difference in differences)
        self.assertIn("of 60 pairs B is faster in %.1f %%" % (100 * faster / 60), text)
        correlation = statistics.correlation(*latencies)
        self.assertIn("latencies correlate at %.3f" % correlation, text)

    def test_a_verdict_on_the_setting_takes_the_replica_as_its_unit_and_needs_five(self):
        a, b = self.points(5)
        text = self.diff(a, b)
        self.assertIn("lookups, over 5 pairs of replicas", text)
        self.assertIn("Verdict on the setting: B against A:", text)
        self.assertNotIn("in this network", text)
        means = [[statistics.mean(float(row["latency_ms"]) for row in rows(point / f"replica-{r}" / "operations.csv"))
                  for r in range(5)] for point in (a, b)]
        differences = [y - x for x, y in zip(*means)]
        row = self.figures(a, b)["2", "lookup", "setting", "latency mean"]
        reach = T_975[4] * statistics.stdev(differences) / math.sqrt(5)
        self.assertAlmostEqual(float(row["low"]), statistics.mean(differences) - reach, places=3)
        self.assertAlmostEqual(float(row["high"]), statistics.mean(differences) + reach, places=3)
        self.assertEqual((row["paired"], row["n_a"], row["n_b"], row["replica_a"]), ("1", "5", "5", ""))
        self.assertIn("faster at the median", text)  # alpha 5 against 2

    def test_four_replicas_are_told_network_by_network_without_a_verdict(self):
        text = self.diff(*self.points(4))
        for replica in range(4):
            self.assertIn(f"lookups, in this network (seed 7, replica {replica})", text)
        self.assertIn("No verdict on the setting: that takes 5 replicas on each side, here are 4 and 4.", text)

    def test_other_networks_are_not_paired_and_it_says_so(self):
        a, b = self.points(5, "first")
        other = self.run_scenario(dict(self.swept(6), seed=8), "second") / "runs" / "0002-5"
        text = self.diff(a, other)
        self.assertIn("Not paired: the networks of replica 0 differ.", text)
        self.assertIn("lookups, over 5 and 6 replicas", text)
        self.assertNotIn("pairs", text)
        means = [[statistics.mean(float(row["latency_ms"]) for row in rows(run / "operations.csv"))
                  for run in sorted(point.iterdir())] for point in (a, other)]
        row = self.figures(a, other)["2", "lookup", "setting", "latency mean"]
        self.assertAlmostEqual(float(row["difference"]), statistics.mean(means[1]) - statistics.mean(means[0]), places=3)
        self.assertEqual((row["paired"], row["n_a"], row["n_b"]), ("0", "5", "6"))
        text = self.diff(a / "replica-0", other / "replica-0")
        self.assertIn("in these two networks (seed 7, replica 0; seed 8, replica 0)", text)
        self.assertNotIn("correlate", text)
        # The same network, but other work.
        work = self.lookups()
        work["workload"][0]["name"] = "others"
        text = self.diff(self.run_scenario(self.lookups(), "one"), self.run_scenario(work, "work"))
        self.assertIn("Not paired: the networks agree, but the operations of replica 0 are others.", text)

    def test_replicas_without_a_partner_are_left_out(self):
        a, _ = self.points(5, "first")
        _, b = self.points(7, "second")
        text = self.diff(a, b)
        self.assertIn("2 replicas are left out: only one side has them.", text)
        self.assertIn("over 5 pairs of replicas", text)

    def test_sweeps_are_compared_point_by_point(self):
        a = self.run_scenario(self.swept(1), "a")
        scenario = self.swept(1)
        scenario["sweep"]["client.alpha"] = [5, 2, 9]
        scenario["network"]["link"]["slow_errors"]["rate"] = 0.2
        b = self.run_scenario(scenario, "b")
        text = self.diff(a, b)
        self.assertIn("1 of 3 points of B have no partner and are left out.", text)
        self.assertIn("\npoint 2\n", text)
        self.assertIn("\npoint 5\n", text)
        self.assertEqual(text.count("network.link.slow_errors.rate"), 2)
        self.assertNotIn("client.alpha", text)

    def test_the_same_results_are_the_same(self):
        folder = self.run_scenario(self.small())
        text = self.diff(folder, folder)
        self.assertIn("The scenarios are the same.", text)
        for op in ("lookups", "provides", "retrieves"):
            self.assertIn(op + ", in this network", text)
        self.assertIn("the same at the median", text)
        self.assertIn("equal in 100.0 %", text)
        self.assertEqual(text, self.diff(folder, folder))

    def test_every_kind_of_operation_is_compared_by_itself(self):
        scenario = self.small()
        scenario["workload"] += [{"op": "put", "count": 8}, {"op": "get", "count": 8, "targets": {"put_by": "put"}, "start": "60s"}]
        a = self.run_scenario(scenario, "a")
        b = self.run_scenario(scenario, "b", "--set", "client.alpha=2")
        compared = {op: row for (_, op, _, figure), row in self.figures(a, b).items() if figure == "RPCs"}
        self.assertEqual(list(compared), ["lookup", "provide", "retrieve", "put", "get"])
        for op, row in compared.items():
            sent = [int(operation["rpcs"]) for operation in rows(b / "operations.csv") if operation["op"] == op]
            self.assertEqual(int(row["n_b"]), len(sent))
            self.assertAlmostEqual(float(row["b"]), statistics.mean(sent), places=5)

    def test_operations_that_were_cut_off_are_left_out_and_counted(self):
        whole = self.run_scenario(self.lookups(), "whole")
        cut = self.run_scenario(self.lookups(stop={"at": "1s"}), "cut")
        unfinished = sum(row["status"] == "unfinished" for row in rows(cut / "operations.csv") if row["measured"] == "1")
        self.assertGreater(unfinished, 0)
        self.assertIn(f"{unfinished} operations that a run cut off are left out", self.diff(whole, cut))

    def test_what_is_no_result_is_an_error(self):
        good = self.run_scenario(self.lookups(), "good")
        self.assert_fails(USAGE, self.kadsim("diff", good), "want two folders")
        self.assert_fails(USAGE, self.kadsim("diff", good, good, good), "too many arguments")
        self.assert_fails(USAGE, self.kadsim("diff", good, good, "--csv", ""), "--csv")
        self.assert_fails(UNREADABLE, self.kadsim("diff", good, "nowhere"), "nowhere: No such file or directory")
        self.assert_fails(UNREADABLE, self.kadsim("diff", good, good / "runs.csv"), "runs.csv: is not a folder")
        (self.folder / "empty").mkdir()
        self.assert_fails(UNREADABLE, self.kadsim("diff", good, "empty"), "empty: holds no manifest.json")
        self.assert_fails(CANNOT_WRITE, self.kadsim("diff", good, good, "--csv", "no/such/folder.csv"), "folder.csv")

    def spoilt(self, name, change):
        """A copy of good results with one file changed."""
        if not (self.folder / "good").exists():
            self.run_scenario(self.lookups(), "good")
        folder = self.folder / "spoilt"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "good", folder)
        path = folder / name
        if change is None:
            path.unlink()
        else:
            before = path.read_text()
            path.write_text(change(before))
            self.assertNotEqual(before, path.read_text())
        return self.kadsim("diff", self.folder / "good", folder)

    def test_damaged_results_are_refused(self):
        self.assert_fails(BAD_DATA, self.spoilt("operations.csv", lambda text: text.replace(",lookup,", ",provide,", 1)),
                          "operations.csv: damaged: its SHA-256")
        self.assert_fails(UNREADABLE, self.spoilt("operations.csv", None), "operations.csv: cannot read")
        self.assert_fails(BAD_DATA, self.spoilt("scenario.json", lambda text: text.replace('"k": 8', '"k": 9')),
                          "scenario.json: damaged: its SHA-256")
        self.assert_fails(UNREADABLE, self.spoilt("scenario.json", None), "scenario.json: No such file")
        self.assert_fails(BAD_DATA, self.spoilt("manifest.json", lambda text: text[:-20]), "manifest.json:", "error:")
        self.assert_fails(BAD_DATA, self.spoilt("manifest.json", lambda text: text.replace('"world"', '"word"')),
                          "manifest.json: damaged: it has no world")
        self.assert_fails(BAD_DATA, self.spoilt("manifest.json", lambda text: text.replace('"replica": 0', '"replica": -1')),
                          "replica is not a number: -1")
        self.assert_fails(BAD_DATA, self.spoilt("manifest.json", lambda text: text.replace('"kadsim": "', '"kadsim": "9')),
                          "written by kadsim 9", "want results of this version")

    def test_a_run_of_many_that_is_another_than_the_manifest_says_is_refused(self):
        folder = self.run_scenario(self.swept(2), "swept")
        shutil.rmtree(folder / "runs" / "0001-2" / "replica-1")
        shutil.copytree(folder / "runs" / "0001-2" / "replica-0", folder / "runs" / "0001-2" / "replica-1")
        self.assert_fails(BAD_DATA, self.kadsim("diff", folder, folder), "manifest.json: damaged", "replica-1")

    def test_rows_that_are_no_rows_are_errors_with_their_line(self):
        folder = self.run_scenario(self.lookups(), "good")
        for old, new, words in (("\n3,", "\n3,,", "Too many columns"), ("\n1,lookup,", "\n2,lookup,", ":3: operation '2'"),
                                ("\n0,lookup,", "\n0,look,", ":2: op 'look' (want one of: lookup, provide")):
            spoilt = self.folder / "spoilt"
            shutil.rmtree(spoilt, ignore_errors=True)
            shutil.copytree(folder, spoilt)
            text = (folder / "operations.csv").read_text()
            (spoilt / "operations.csv").write_text(text.replace(old, new, 1))
            manifest = json.loads((spoilt / "manifest.json").read_text())
            manifest["files"]["operations.csv"]["sha256"] = hashlib.sha256((spoilt / "operations.csv").read_bytes()).hexdigest()
            (spoilt / "manifest.json").write_text(json.dumps(manifest))
            result = self.kadsim("diff", folder, spoilt)
            self.assertEqual(result.returncode, BAD_DATA)
            self.assertIn(words.lower(), result.stderr.lower())

    def test_results_without_operations_and_without_common_work_are_refused(self):
        good = self.run_scenario(self.lookups(), "good")
        bare = self.run_scenario(self.lookups(output={"operations": False}), "bare")
        self.assert_fails(BAD_DATA, self.kadsim("diff", good, bare), "bare: holds no operations.csv", "output")
        provides = self.small()
        provides["workload"] = [{"op": "provide", "count": 5}]
        other = self.run_scenario(provides, "provides")
        self.assert_fails(BAD_DATA, self.kadsim("diff", good, other), "no kind of operation was measured in both")

    def test_sweeps_without_a_common_point_are_refused(self):
        a = self.run_scenario(self.swept(1), "a")
        scenario = self.swept(1)
        scenario["sweep"]["client.alpha"] = [7, 8]
        b = self.run_scenario(scenario, "b")
        self.assert_fails(BAD_DATA, self.kadsim("diff", a, b), "no point has the same name in both (2, 5; 7, 8)")


if __name__ == "__main__":
    unittest.main()
