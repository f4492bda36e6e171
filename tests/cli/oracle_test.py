"""The figures of every operation, recomputed by plain Python from connections.csv, with a seed nobody chose: the commit's."""
import subprocess
import sys
import unittest

from kadsim_cli import ROOT, CliTest

sys.path.insert(0, str(ROOT / "tests"))
import oracle  # noqa: E402


def commit_seed():
    head = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True,
                          check=False).stdout.strip()
    return int(head[:15], 16) if head else 1


class OracleTest(CliTest):
    def check(self, **changes):
        scenario = self.small()
        scenario["seed"] = commit_seed()
        scenario["output"] = {"connections": True}
        scenario["network"]["unreachable"] = 0.1
        for part, values in changes.items():
            target = scenario
            for key in part.split("__"):
                target = target[key]
            target.update(values)
        folder = self.run_scenario(scenario)
        rows = oracle.read_rows(folder / "operations.csv")
        self.assertEqual(len(rows), 80)
        self.assertGreater(sum(int(row["failed"]) for row in rows), 10)
        self.assertGreater(sum(int(row["stores"]) for row in rows), 10)
        self.assertEqual(list(oracle.differences(folder)), [], f"seed {scenario['seed']}")

    def test_sliding_window(self):
        self.check()

    def test_sliding_window_without_dials(self):
        self.check(network__link={"dial": "never"})

    def test_sliding_window_with_a_dial_for_every_request_and_load(self):
        self.check(network__link={"dial": "every", "gamma": "300us"})

    def test_late_answers(self):
        self.check(client={"rpc_timeout": "60ms"})

    def test_py_dht(self):
        self.check(client={"lookup": {"strategy": "py-dht"}},
                   network__link={"dial": "every", "draw": "connection", "gamma": "125us",
                                  "gamma_mode": "cumulative"})

    def test_a_wrong_figure_is_noticed(self):
        scenario = self.small()
        scenario["output"] = {"connections": True}
        folder = self.run_scenario(scenario)
        lines = (folder / "operations.csv").read_text().splitlines()
        cells = lines[1].split(",")
        attempts = lines[0].split(",").index("attempts")
        cells[attempts] = str(int(cells[attempts]) + 1)
        lines[1] = ",".join(cells)
        (folder / "operations.csv").write_text("\n".join(lines) + "\n")
        self.assertEqual(len(list(oracle.differences(folder))), 1)


if __name__ == "__main__":
    unittest.main()
