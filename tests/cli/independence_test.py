"""A consumer that is added disturbs no other: what an operation meets depends on no other."""
import copy
import csv
import unittest

from kadsim_cli import CliTest


def rows(folder):
    with open(folder / "operations.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class IndependenceTest(CliTest):
    def open_loop(self, count, rate=20):
        scenario = self.small()
        scenario["workload"] = [{"op": "lookup", "count": count, "rate_per_s": rate}]
        return scenario

    def test_doubling_the_count_leaves_the_first_rows_as_they_were(self):
        few = rows(self.run_scenario(self.open_loop(50), "few"))
        many = rows(self.run_scenario(self.open_loop(100), "many"))
        self.assertEqual(few, many[:50])

    def test_adding_an_entry_changes_no_other_row(self):
        alone = rows(self.run_scenario(self.open_loop(50), "alone"))
        scenario = self.open_loop(50)
        scenario["workload"].append({"op": "provide", "count": 30, "rate_per_s": 30})
        together = rows(self.run_scenario(scenario, "together"))
        self.assertEqual(alone, together[:50])

    def test_a_random_stream_without_effect_changes_no_other_row(self):
        # Each draws from a stream of its own; neither what it draws nor that it draws makes a difference.
        self.write("alike.txt", "20 20 20\n" * 3)
        never, slowly = 1e-15, {"model": "uniform", "min": "1ms", "max": "5s"}
        unused = {
            "unreachable nodes": {"unreachable": never},
            "fast errors": {"link": {"fast_errors": {"rate": never}}},
            "delays of fast errors": {"link": {"fast_errors": {"rate": never, "delay": slowly}}},
            "slow errors": {"link": {"slow_errors": {"rate": never}}},
            "delays of slow errors": {"link": {"slow_errors": {"rate": never, "delay": slowly}}},
            "places of nodes": {"link": {"delay": {"model": "matrix", "file": "alike.txt"}}},
            "delays of pairs": {"link": {"delay": {"model": "uniform", "min": "20ms", "max": "20ms"}}},
            "delays of interactions": {"link": {"delay": {"model": "uniform", "min": "20ms", "max": "20ms"},
                                                "draw": "interaction"}},
        }
        scenario = self.small()
        scenario["network"] = {"nodes": 300, "link": {"delay": {"model": "constant", "value": "20ms"}}}
        alone = rows(self.run_scenario(scenario, "alone"))
        self.assertGreater(len({row["latency_ms"] for row in alone}), 2)
        for number, (stream, network) in enumerate(unused.items()):
            changed = copy.deepcopy(scenario)
            for key, value in network.items():
                if isinstance(value, dict):
                    changed["network"][key].update(value)
                else:
                    changed["network"][key] = value
            self.assertEqual(alone, rows(self.run_scenario(changed, f"with-{number}")), stream)

    def test_an_entry_in_front_changes_only_the_numbers(self):
        alone = rows(self.run_scenario(self.open_loop(50), "alone"))
        scenario = self.open_loop(50)
        scenario["workload"].insert(0, {"op": "provide", "count": 30, "rate_per_s": 30})
        behind = rows(self.run_scenario(scenario, "behind"))[30:]
        for row in alone + behind:
            del row["operation"]
        self.assertEqual(alone, behind)

    def test_another_rate_moves_arrivals_and_nothing_else(self):
        slow = rows(self.run_scenario(self.open_loop(50, 20), "slow"))
        fast = rows(self.run_scenario(self.open_loop(50, 200), "fast"))
        for row in slow + fast:
            del row["start_ns"], row["end_ns"]
        self.assertEqual(slow, fast)

    def test_a_higher_error_rate_only_adds_failures(self):
        def failed_at(rate):
            scenario = self.open_loop(60)
            scenario["network"]["link"] = {"dial": "never", "fast_errors": {"rate": rate}}
            scenario["client"] = {"k": 8, "alpha": 1, "lookup": {"strategy": "sliding-window"}}
            scenario["output"] = {"connections": True}
            with open(self.run_scenario(scenario, f"rate-{rate}") / "connections.csv", newline="",
                      encoding="utf-8") as file:
                return {(row["operation"], row["to"]): row["error"] for row in csv.DictReader(file)}

        low, high = failed_at(0.05), failed_at(0.2)
        both = low.keys() & high.keys()
        self.assertGreater(len(both), 300)
        for contact in both:
            if low[contact] != "None":
                self.assertEqual(low[contact], high[contact], contact)


if __name__ == "__main__":
    unittest.main()
