"""The figures of every operation, recomputed by plain Python from connections.csv, with a seed that follows from the commit."""
import copy
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
    def setUp(self):
        super().setUp()
        self.scenario = self.small()

    def check(self, statuses=("complete", "stored", "found"), more_than=10, **changes):
        scenario = copy.deepcopy(self.scenario)
        scenario["seed"] = commit_seed()
        scenario["output"] = {"connections": True}
        scenario["network"]["unreachable"] = 0.1
        for part, values in changes.items():
            target = scenario
            for key in part.split("__"):
                target = target.setdefault(key, {})
            target.update(values)
        folder = self.run_scenario(scenario, "results", "--force")
        rows = oracle.read_rows(folder / "operations.csv")
        self.assertEqual(len(rows), 80)
        self.assertGreater(sum(int(row["failed"]) for row in rows), more_than)
        self.assertGreater(sum(int(row["stores"]) for row in rows), more_than)
        self.assertLessEqual(set(statuses), {row["status"] for row in rows}, f"seed {scenario['seed']}")
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

    def rounds(self, **more):
        return {"strategy": "synchronous-rounds", "concurrency": 4, "replication": 8, **more}

    def test_synchronous_rounds(self):
        for stop in ("closest", "any-of-closest"):
            for dial in ("never", "first", "every"):
                self.check(("complete", "stored", "not_found"), client={"lookup": self.rounds(stop=stop)},
                           network__link={"dial": dial})

    def test_lock_step_and_windows(self):
        for strategy in ("lock-step", "go-kademlia", "go-libp2p", "rust-libp2p", "adaptive"):
            self.check(client={"lookup": {"strategy": strategy}})
            self.check(client={"lookup": {"strategy": strategy}}, network__link={"dial": "never"})

    def test_rounds_of_py_libp2p_and_the_paper(self):
        for strategy in ("py-libp2p", "py-libp2p-window", "kademlia-2002"):
            self.check(client={"alpha": 4, "lookup": {"strategy": strategy}})

    def test_disjoint_paths(self):
        self.check(client={"alpha": 2, "lookup": {"strategy": "rust-libp2p-disjoint"}})

    def test_contacts_that_are_given_up(self):
        for strategy in ("py-libp2p", "py-libp2p-window", "kademlia-2002", "go-kademlia", "rust-libp2p"):
            self.check(("complete", "stored"), client={"lookup": {"strategy": strategy, "contact_timeout": "150ms"}})

    def test_contacts_that_a_path_gives_up_while_another_asks_them(self):
        disjoint = {"alpha": 8, "lookup": {"strategy": "rust-libp2p-disjoint", "contact_timeout": "150ms"}}
        self.check(("complete", "stored"), client=disjoint)
        # No node is near, and many answer after a second: lookups end when the last path has given up.
        slow = {"slow_errors": {"rate": 0.9, "delay": {"model": "uniform", "min": "300ms", "max": "900ms"}}}
        self.check(("exhausted",), -1, client=disjoint, network__link=slow)
        self.check(("exhausted", "unfinished"), -1, client=disjoint, network__link=slow, stop={"at": "60300ms"})

    def test_contacts_that_are_given_up_and_cut_off(self):
        slow = {"slow_errors": {"rate": 0.5, "delay": {"model": "uniform", "min": "300ms", "max": "900ms"}}}
        for strategy in ("py-libp2p", "go-kademlia", "rust-libp2p", "rust-libp2p-disjoint"):
            self.check(("unfinished",), -1, client={"alpha": 1, "lookup": {"strategy": strategy, "contact_timeout": "20ms"}},
                       network__link=slow, stop={"at": "60300ms"})

    def test_a_path_gives_up_only_after_its_patience(self):
        scenario = {"client": {"rpc_timeout": "10s", "lookup": {"strategy": "rust-libp2p-disjoint", "contact_timeout": "1us"}},
                    "stop": {"at": None}}
        rows = [{"attempt": attempt, "phase": "lookup", "start_ns": start, "end_ns": end}
                for attempt, start, end in (("0", "100", "250"), ("1", "100", "4000"))]

        def may_end(at):
            operation = {"op": "lookup", "start_ns": "100", "queued_ms": "0.000000", "end_ns": str(at)}
            return oracle.given_up_unseen(operation, rows, scenario)
        self.assertEqual([at for at in (1100, 1250, 2250, 3250, 2251, 2249, 4250) if may_end(at)], [1100, 1250, 2250, 3250])
        scenario["client"]["lookup"]["strategy"] = "rust-libp2p"
        self.assertFalse(may_end(1250))

    def test_operations_that_meet_their_time_limit(self):
        for lookup in ({"timeout": "600ms"}, self.rounds(timeout="500ms")):
            self.check(("complete", "timeout"), -1, client={"lookup": lookup})

    def test_operations_that_are_cut_off(self):
        # The retrieves start at 60 s.
        self.check(("complete", "stored", "found", "unfinished"), stop={"at": "60500ms"})
        self.check(("complete", "stored", "unfinished"), stop={"at": "60500ms"}, client={"lookup": self.rounds()})
        self.check(("complete", "stored", "unfinished"), stop={"at": "60200ms"},
                   client={"lookup": {"strategy": "py-dht"}}, network__link={"dial": "every", "draw": "connection"})

    def test_operations_that_are_cut_off_or_meet_their_time_limit(self):
        self.check(("timeout", "unfinished"), -1, stop={"at": "60300ms"}, client={"lookup": {"timeout": "400ms"}})

    def values(self):
        """As many operations as before, but puts, newer puts to the same keys, and gets."""
        return [{"op": "put", "count": 20, "in_flight": 4},
                {"op": "put", "name": "newer", "count": 20, "version": 2, "in_flight": 4,
                 "targets": {"put_by": "put"}, "start": "60s"},
                {"op": "get", "count": 40, "in_flight": 8, "targets": {"put_by": "newer"}, "start": "120s"}]

    def check_values(self, statuses=("stored", "found"), values=None, **changes):
        self.scenario = {**self.small(), "workload": self.values()}
        for style in ("py-libp2p", "go-libp2p"):
            self.check(statuses, -1, client__values={"style": style, **(values or {})}, **changes)

    def test_put_and_get(self):
        self.check_values()

    def test_put_and_get_with_a_quorum(self):
        for dial in ("never", "first", "every"):
            self.check_values(values={"quorum": 2}, network__link={"dial": dial})

    def test_put_and_get_that_are_cut_off(self):
        for stop in ("120300ms", "120700ms"):
            self.check_values(("stored", "unfinished"), stop={"at": stop})

    def test_put_and_get_that_meet_their_time_limit(self):
        self.check_values(("timeout",), client__lookup={"timeout": "300ms"})

    def test_operations_that_wait_for_their_turn(self):
        origins = self.write("origins.txt", "1\n2\n3\n")
        for queries in ({"concurrency": 1}, {"concurrency": 2, "timeout": "700ms"},
                        {"concurrency": 1, "timeout": "2s", "timeout_from": "arrival", "deadline": "at"}):
            self.scenario = self.small()
            for entry in self.scenario["workload"]:
                entry["origins"] = {"file": str(origins)}
            self.scenario["workload"][0]["in_flight"] = 20
            self.check(("complete", "timeout") if "timeout" in queries else ("complete",), -1,
                       client__queries=queries)
            waited = [row for row in oracle.read_rows(self.folder / "results" / "operations.csv")
                      if oracle.ns(row["queued_ms"]) > 0]
            self.assertGreater(len(waited), 10)

    def test_pools_of_py_dht_and_of_put_and_get(self):
        origins = self.write("origins.txt", "1\n2\n3\n")
        self.scenario = self.small()
        for workload in (self.small()["workload"], self.values()):
            for entry in workload:
                entry["origins"] = {"file": str(origins)}
            workload[0]["in_flight"] = 20
            self.scenario["workload"] = workload
            if workload[0]["op"] == "put":
                for style in ("py-libp2p", "go-libp2p"):
                    self.check(("stored",), -1, client={"queries": {"concurrency": 1}, "values": {"style": style}})
            else:
                self.check(("complete",), -1, client={"queries": {"concurrency": 1}, "lookup": {"strategy": "py-dht"}},
                           network__link={"dial": "every", "draw": "connection"})

    def test_limits_of_the_remote(self):
        self.check(client={"resources": {"service_time": "20ms"}})
        for on_limit in ("fail", "wait", {"wait_for": "40ms"}):
            self.scenario = self.small()
            resources = {"streams": {"inbound": 1}, "on_limit": on_limit, "service_time": "30ms"}
            self.check(("stored",), client={"resources": resources})
            self.check_values(("stored",), client={"resources": resources, "rpc_timeout": "90ms"})

    def refusal(self, folder):
        """What the oracle says to that folder, in one line for each reason."""
        done = subprocess.run([sys.executable, str(ROOT / "tests" / "oracle.py"), str(folder)], capture_output=True, text=True,
                              check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        return done.stderr

    def test_limits_of_the_asker_are_refused_by_name(self):
        for key, limits in (("streams.outbound", {"streams": {"outbound": 1}}), ("negotiations", {"negotiations": 5}),
                            ("manager", {"manager": {}}), ("go_libp2p", {"go_libp2p": {}})):
            scenario = {**self.small(), "output": {"connections": True}, "client": {"resources": limits}}
            folder = self.run_scenario(scenario, "results", "--force")
            said = self.refusal(folder)
            self.assertEqual(said.count("\n"), 1)
            self.assertIn(f"not covered: {folder}: client.resources.{key}: ", said)

    def test_what_is_no_run_that_it_knows_is_refused(self):
        scenario = {**self.small(), "output": {"connections": True}}
        many = self.run_scenario({**scenario, "replicas": 2}, "many")
        self.assertIn("many runs", self.refusal(many))
        self.assertEqual(list(oracle.differences(many / "runs" / "replica-1")), [])
        self.assertIn("there is no connections.csv", self.refusal(self.run_scenario(self.small(), "without")))
        self.assertIn("there is no scenario.json", self.refusal(self.folder / "nowhere"))
        folder = self.run_scenario(scenario)
        told = (folder / "scenario.json").read_text().replace('"sliding-window"', '"patient"')
        (folder / "scenario.json").write_text(told)
        self.assertIn('client.lookup.strategy: "patient" is not known here', self.refusal(folder))

    def test_every_strategy_of_the_program_is_known(self):
        listed = self.kadsim("list", "strategies").stdout.splitlines()
        self.assertEqual([line.split()[0] for line in listed], list(oracle.STRATEGIES))

    def after_changing(self, column, by, **scenario_more):
        """How many differences there are when one figure of the first operation is another."""
        scenario = self.small()
        scenario["output"] = {"connections": True}
        scenario.update(scenario_more)
        folder = self.run_scenario(scenario, "results", "--force")
        self.assertEqual(list(oracle.differences(folder)), [])
        lines = (folder / "operations.csv").read_text().splitlines()
        cells = lines[1].split(",")
        at = lines[0].split(",").index(column)
        cells[at] = str(int(cells[at]) + by)
        lines[1] = ",".join(cells)
        (folder / "operations.csv").write_text("\n".join(lines) + "\n")
        return len(list(oracle.differences(folder)))

    def test_a_wrong_figure_is_noticed(self):
        for column in ("attempts", "succeeded", "failed", "rpcs", "stores"):
            self.assertEqual(self.after_changing(column, 1), 1, column)

    def test_a_wrong_figure_of_an_operation_cut_off_is_noticed(self):
        cut = {"stop": {"at": "150ms"}, "workload": self.small()["workload"][:2]}
        self.assertEqual(self.after_changing("succeeded", 1, **cut), 1)
        self.assertEqual(self.after_changing("attempts", 5, **cut), 1)
        self.assertEqual(self.after_changing("end_ns", 1, **cut), 2)

    def test_rounds_out_of_step_are_noticed(self):
        step = {0: (0, 5), 1: (0, 7), 2: (7, 9)}
        self.assertEqual(list(oracle.out_of_step(step, 2)), [])
        self.assertEqual(len(list(oracle.out_of_step(step, 1))), 1)
        self.assertEqual(len(list(oracle.out_of_step({**step, 3: (8, 9)}, 2))), 1)

    def test_contacts_at_once_are_counted(self):
        self.assertEqual(oracle.most_at_once({0: (0, 5), 1: (0, 7), 2: (5, 9)}), 2)
        self.assertEqual(oracle.most_at_once({0: (0, 6), 1: (0, 7), 2: (5, 9)}), 3)


if __name__ == "__main__":
    unittest.main()
