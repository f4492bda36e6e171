"""`kadsim bench`: py-dht's benchmarks, their export, and the comparison with an older one."""
import csv
import re
import subprocess
import unittest
from pathlib import Path

from kadsim_cli import BAD_DATA, CANNOT_WRITE, DONE, PROGRAM, UNREADABLE, USAGE, CliTest

NAMES = {
    "hashes": ["hash creation", "xor distance", "shared bits"],
    "routing": ["new discovered node", "closest to hash", "get routing table"],
    "network": ["n initialization", "bootstrap node", "bootstrap network", "fast bootstrap network",
                "fast threaded bootstrap network"],
}
FIGURES = ["rounds", "failed rounds", "prep time (s)", "avg (s)", "median (s)", "p90_duration (s)"]
COLUMNS = ["round", "start_time", "finish_time", "task_prep_time", "duration_s", "failed"]


class BenchTest(CliTest):
    def bench(self, *arguments):
        return self.kadsim("bench", *arguments, "-n", "60", "-i", "8")

    def test_figures_and_exports_of_every_benchmark(self):
        done = self.bench("all", "-t", "mine", "-o", "export", "-k", "8", "--threads", "2")
        self.assertEqual(done.returncode, DONE, done.stderr)
        for group, names in NAMES.items():
            for name in names:
                block = done.stdout.split(f"{group}: {name}\n")[1]
                for figure in FIGURES:
                    self.assertIn(figure, block)
                with open(self.folder / "export" / f"mine_{name.replace(' ', '_')}.csv", newline="",
                          encoding="utf-8") as file:
                    rows = list(csv.DictReader(file))
                self.assertEqual(list(rows[0]), COLUMNS)
                self.assertEqual([row["round"] for row in rows], [str(i) for i in range(8)])
                self.assertTrue(all(row["failed"] == "0" and float(row["duration_s"]) >= 0 for row in rows))

    def test_one_group_alone(self):
        done = self.bench("hashes")
        self.assertIn("hashes: xor distance", done.stdout)
        self.assertNotIn("network:", done.stdout)
        self.assertEqual(list(self.folder.iterdir()), [])

    def baseline(self, factor):
        """An export of now with every duration times `factor`."""
        self.assertEqual(self.bench("network", "-o", "old").returncode, DONE)
        for path in (self.folder / "old").iterdir():
            with open(path, newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            with open(path, "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, COLUMNS)
                writer.writeheader()
                for row in rows:
                    row["duration_s"] = float(row["duration_s"]) * factor
                    writer.writerow(row)
        return self.bench("network", "--baseline", "old").stdout

    def test_what_became_faster_or_slower(self):
        self.assertRegex(self.baseline(1000), r"bootstrap network +0\.0\d+ .*faster")
        self.assertRegex(self.baseline(0.001), r"bootstrap network +\d+\.\d+ .*slower")

    def test_bad_baselines(self):
        self.assert_fails(UNREADABLE, self.bench("hashes", "--baseline", "nowhere"), "nowhere")
        (self.folder / "old").mkdir()
        file = self.folder / "old" / "kadsim_xor_distance.csv"
        for content, words in (("round,start_time\n0,1\n", ["task_prep_time"]),
                               (",".join(COLUMNS) + "\n0,1,2,3,fast,0\n", [":2:", "fast"]),
                               (",".join(COLUMNS) + "\n0,1,2,3,nan,0\n", [":2:", "nan"]),
                               (",".join(COLUMNS) + "\n0,1,2,3,4,maybe\n", [":2:", "maybe"]),
                               (",".join(COLUMNS) + "\n0,1\n", ["xor_distance.csv"])):
            file.write_text(content)
            self.assert_fails(BAD_DATA, self.bench("hashes", "--baseline", "old"), *words)

    def test_bad_options(self):
        self.assert_fails(USAGE, self.kadsim("bench"), "hashes, routing, network, all")
        self.assert_fails(USAGE, self.kadsim("bench", "hashs"), "hashs", "did you mean 'hashes'?")
        for option, value in (("-i", "0"), ("-k", "0"), ("-n", "1"), ("-n", "-5"), ("--threads", "x"), ("-t", "a/b")):
            self.assert_fails(USAGE, self.kadsim("bench", "hashes", option, value), "want a")

    def test_an_export_that_can_not_be_written(self):
        self.write("taken", "a file")
        self.assert_fails(CANNOT_WRITE, self.bench("hashes", "-o", "taken"), "taken")

    def test_the_lookup_benchmark_plays_what_kadsim_run_plays(self):
        program = Path(PROGRAM).parent / "kadsim_bench"
        if not program.exists():
            self.skipTest("kadsim_bench is not built")
        done = subprocess.run([program, "--benchmark_filter=lookup_rpcs/10000/1000/py-dht", "--benchmark_format=csv"],
                              capture_output=True, text=True, check=False)
        fingerprint = re.search(r'"([0-9a-f]{32})"', done.stdout).group(1)
        text = (Path(__file__).parents[2] / "bench" / "lookup_scenario.hpp").read_text(encoding="utf-8")
        scenario = text.split('R"({{')[1].split('}}\n)"')[0]
        for value in ("10000", "0", "py-dht", "40000", "1000"):
            scenario = re.sub(r"(?<!\{)\{\}(?!\})", value, scenario, count=1)
        scenario = ("{{" + scenario + "}}").replace("{{", "{").replace("}}", "}")
        folder = self.run_scenario(scenario, "lookups")
        with open(folder / "runs.csv", newline="", encoding="utf-8") as file:
            self.assertEqual(next(csv.DictReader(file))["fingerprint"], fingerprint)


if __name__ == "__main__":
    unittest.main()
