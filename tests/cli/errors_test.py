"""Every error of the command line and of scenario files: one clear message, the right exit code, and nothing written."""
import json
import os
import subprocess
import unittest

from kadsim_cli import BAD_DATA, DONE, PROGRAM, UNREADABLE, USAGE, CliTest


def scenario_text(**replaced):
    """A scenario on lines of its own, so that a test knows where things stand."""
    parts = {
        "version": "1", "seed": "3", "nodes": "50", "unreachable": "0.1", "fill": '"random"',
        "delay": '{ "model": "constant", "value": "20ms" }', "rate": "0.1", "k": "8", "timeout": '"5s"',
        "workload": '[ { "op": "lookup", "count": 5 } ]', "more": "",
    }
    parts.update(replaced)
    return """{{
  "version": {version},
  "seed": {seed},
  "network": {{
    "nodes": {nodes},
    "unreachable": {unreachable},
    "tables": {{ "fill": {fill} }},
    "link": {{
      "delay": {delay},
      "fast_errors": {{ "rate": {rate} }}
    }}
  }},
  "client": {{
    "k": {k},
    "rpc_timeout": {timeout}
  }},{more}
  "workload": {workload}
}}
""".format(**parts)


class CommandLineTest(CliTest):
    def test_no_command(self):
        self.assert_fails(USAGE, self.kadsim(), "no command", "run, check, diff, schema, list, bench")

    def test_an_unknown_command(self):
        self.assert_fails(USAGE, self.kadsim("rnu"), "unknown command 'rnu'", "did you mean 'run'?")

    def test_an_unknown_option(self):
        for command in ("run", "check", "diff", "schema", "list", "bench"):
            self.assert_fails(USAGE, self.kadsim(command, "--sede", "5"), "unknown option '--sede'")

    def test_an_abbreviated_option_is_not_guessed(self):
        file = self.write("good.json", scenario_text())
        self.assert_fails(USAGE, self.kadsim("run", file, "--thr", "1"), "unknown option '--thr'")

    def test_numbers_on_the_command_line(self):
        file = self.write("good.json", scenario_text())
        for seed in ("-5", "3.7", "1e3", "", "five", "18446744073709551616", " 5", "+5"):
            self.assert_fails(USAGE, self.kadsim("run", file, "--seed", seed), "--seed", "0 to 18446744073709551615")
        for threads in ("0", "-1", "1025", "two"):
            self.assert_fails(USAGE, self.kadsim("run", file, "--threads", threads), "--threads", "1 to 1024")
        self.assert_fails(USAGE, self.kadsim("run", file, "--seed"), "--seed")
        self.assertFalse((self.folder / "out").exists())

    def test_missing_and_too_many_files(self):
        self.assert_fails(USAGE, self.kadsim("run"), "no scenario file")
        self.assert_fails(USAGE, self.kadsim("run", "a", "b"), "too many arguments")
        self.assert_fails(USAGE, self.kadsim("check"), "no scenario file")
        self.assert_fails(USAGE, self.kadsim("list"), "strategies, fills, delay-models, metrics")
        self.assert_fails(USAGE, self.kadsim("list", "animals"), "animals")

    def test_unreadable_input(self):
        self.assert_fails(UNREADABLE, self.kadsim("run", "missing.json"), "missing.json", "No such file")
        self.assert_fails(UNREADABLE, self.kadsim("run", self.folder), "directory")

    def test_what_is_no_regular_file_is_refused_at_once(self):
        os.mkfifo(self.folder / "pipe")
        for special in ("/dev/zero", "pipe", self.folder):
            for command in ("run", "check"):
                done = self.kadsim(command, special, timeout=20)
                self.assert_fails(UNREADABLE, done, f"{special}: is ", "not a regular file")
        self.assertFalse((self.folder / "out").exists())

    def test_a_scenario_may_come_through_a_pipe(self):
        done = self.kadsim("check", "/dev/stdin", input=scenario_text())
        self.assertEqual(done.returncode, DONE, done.stderr)
        done = self.kadsim("check", "/dev/stdin", input=scenario_text(k="0"))
        self.assert_fails(BAD_DATA, done, "/dev/stdin:14:10: error: client.k: 0")
        with open("/dev/zero", "rb") as endless:
            done = self.kadsim("check", "/dev/stdin", stdin=endless, timeout=20)
        self.assert_fails(UNREADABLE, done, "/dev/stdin: is not a regular file")

    def test_help_everywhere(self):
        for command in ((), ("run",), ("check",), ("schema",), ("list",), ("bench",)):
            done = self.kadsim(*command, "--help")
            self.assertEqual(done.returncode, DONE)
            self.assertIn("usage: kadsim", done.stdout)

    def test_version(self):
        self.assertRegex(self.kadsim("--version").stdout, r"^kadsim \d+\.\d+\.\d+ \(\S+\), ")

    def test_version_takes_nothing_else(self):
        for more in ("x", "--help"):
            self.assert_fails(USAGE, self.kadsim("--version", more), "--version", f"'{more}'")

    def test_check_reports_every_file_and_the_worst_code(self):
        good = self.write("good.json", scenario_text())
        bad = self.write("bad.json", scenario_text(k="0"))
        done = self.kadsim("check", good, bad, "missing.json")
        self.assertEqual(done.returncode, UNREADABLE)
        self.assertIn("good.json: good", done.stdout)
        self.assertIn("bad.json:14:10", done.stderr)
        self.assertIn("missing.json", done.stderr)


class ScenarioErrorTest(CliTest):
    def refused(self, where, what, *words, text=None, **replaced):
        file = self.write("bad.json", scenario_text(**replaced) if text is None else text)
        for command in (("check", file), ("run", file)):
            done = self.kadsim(*command)
            self.assert_fails(BAD_DATA, done, f"bad.json:{where}: error:", what, *words)
            self.assertEqual(done.stdout, "")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["bad.json"])
        return done.stderr

    def test_the_good_one_is_good(self):
        self.assertEqual(self.kadsim("check", self.write("good.json", scenario_text())).returncode, DONE)

    def test_out_of_range(self):
        self.refused("14:10", "client.k: 0", "from 1 to 1000", k="0")
        self.refused("14:10", "client.k: 1001", "from 1 to 1000", k="1001")
        self.refused("5:14", "network.nodes: 0", "from 1 to", nodes="0")
        self.refused("5:14", "network.nodes: -1", "from 1 to", nodes="-1")
        self.refused("5:14", "1e400", "from 1 to", nodes="1e400")
        self.refused("5:14", "99999999999999999999", "from 1 to", nodes="99999999999999999999")
        self.refused("3:11", "seed: -1", "from 0 to 18446744073709551615", seed="-1")
        self.refused("6:20", "network.unreachable: 1.5", "from 0 to 1", unreachable="1.5")
        self.refused("6:20", "network.unreachable: -0.1", "from 0 to 1", unreachable="-0.1")
        self.refused("10:32", "network.link.fast_errors.rate: 1.0001", "from 0 to 1", rate="1.0001")
        self.refused("2:14", "version", "1", version="2")

    def test_wrong_types(self):
        self.refused("5:14", "3.7 is not a whole number", nodes="3.7")
        self.refused("14:10", "client.k", "whole number", k='"8"')
        self.refused("14:10", "client.k", "whole number", k="true")
        self.refused("14:10", "client.k", "whole number", k="null")
        self.refused("14:10", "client.k", "whole number", k="[8]")
        self.refused("9:16", "network.link.delay", delay='"20ms"')
        self.refused("17:15", "workload", workload="{}")
        self.refused("1:1", "", text="[]")

    def test_durations(self):
        self.refused("15:20", "no unit", timeout='"5"')
        self.refused("15:20", "parsecs", timeout='"5 parsecs"')
        self.refused("15:20", "rpc_timeout", timeout='"-1s"')
        self.refused("15:20", "rpc_timeout", timeout='"0s"')
        self.refused("15:20", "rpc_timeout", timeout='"99999999999999999999h"')
        self.refused("15:20", "rpc_timeout", timeout="5")

    def test_unknown_and_duplicate_names(self):
        self.refused("17:11", "clint: unknown key", 'did you mean "client"?', more='\n          "clint": {},')
        self.refused("17:3", 'duplicate key "seed"', "line 3", more='\n  "seed": 4,')
        self.refused("7:25", '"randm"', 'did you mean "random"?', fill='"randm"')
        self.refused("9:27", '"constnt"', 'did you mean "constant"?', delay='{ "model": "constnt", "value": "20ms" }')

    def test_delay_models(self):
        self.refused("9:60", "max", delay='{ "model": "uniform", "min": "20ms", "max": "10ms" }')
        self.refused("9:66", "sigma", "2", delay='{ "model": "lognormal", "median": "1ms", "sigma": 3 }')

    def test_a_missing_data_file(self):
        text = self.refused("9:44", "nowhere.txt", "No such file",
                            delay='{ "model": "matrix", "file":"nowhere.txt" }')
        self.assertIn("^", text)

    def test_workload(self):
        self.refused("17:15", "workload", workload="[]")
        text = scenario_text()
        self.refused("1:1", "workload", text=text[:text.index('  "workload"')].rstrip().rstrip(",") + "\n}\n")
        self.refused("17:70", "provided_by", workload='[ { "op":"retrieve","count":1,"targets":{"provided_by":"x"} } ]')
        self.refused("17:57", "rate_per_s", "in_flight",
                     workload='[ { "op":"lookup","count":1,"in_flight":1,"rate_per_s":2 } ]')

    def test_syntax(self):
        self.refused("1:1", "", text="")
        self.refused("1:2", "", text="{")
        self.refused("2:1", "", text='{"version": 1,\n}')
        self.refused("1:13", "01", text='{"version": 01}')
        self.refused("1:13", "", text='{"version": NaN}')
        self.refused("1:1", "", text="// a comment\n{}")

    def test_lone_surrogates(self):
        self.refused("1:10", "surrogate", text='{"name":"\\ud800"}')
        self.refused("1:10", "surrogate", text='{"name":"\\udc00x"}')

    def test_the_offending_line_and_a_caret(self):
        text = self.refused("14:10", "client.k", k="0")
        lines = text.splitlines()
        self.assertIn('"k": 0,', lines[1])
        self.assertEqual(lines[1][lines[2].index("^")], "0")

    def test_all_errors_at_once_in_order_at_most_20(self):
        text = self.refused("5:14", "network.nodes", nodes="0", k="0", timeout='"5"', rate="2")
        places = [line.split(": error:")[0] for line in text.splitlines() if ": error:" in line]
        self.assertEqual([place.split("bad.json:")[1] for place in places], ["5:14", "10:32", "14:10", "15:20"])
        many = "[" + ", ".join('{ "op": "lookup", "count": 0 }' for _ in range(50)) + "]"
        text = self.kadsim("check", self.write("bad.json", scenario_text(workload=many))).stderr
        self.assertEqual(text.count(": error:"), 20)
        self.assertIn("more", text.splitlines()[-1])

    def test_a_run_that_does_not_fit_into_memory_says_so_and_writes_nothing(self):
        file = self.write("good.json", scenario_text())
        done = self.kadsim("run", file, "--set", "network.nodes=4000000000", "--set", "client.k=1000")
        self.assert_fails(BAD_DATA, done, "good.json", "memory", "TB", "network.tables.storage=derived", "fewer nodes")
        self.assertFalse((self.folder / "out").exists())
        done = self.kadsim("check", file, "--set", "network.nodes=1000000", "--set", "client.k=20")
        self.assertEqual(done.returncode, DONE)
        self.assertIn("good.json: good; a run takes about 1.5 GB of memory", done.stdout)

    def test_a_run_near_the_end_of_virtual_time(self):
        self.refused("17:42", "workload.0.count", "1752000h", "from 1 to 3153", "stop.at",
                     workload='[ { "op":"lookup", "count":20000, "rate_per_s":1e-6, "start":"876000h" } ]')
        # How long chains take shows only when they run: these find no node, and wait a day for each.
        file = self.write("bad.json", {
            "version": 1, "network": {"nodes": 40, "unreachable": 0.9},
            "client": {"alpha": 1, "rpc_timeout": "24h", "table_updates": "none"},
            "workload": [{"op": "lookup", "count": 20000, "in_flight": 1}]})
        self.assertEqual(self.kadsim("check", file).returncode, DONE)
        done = self.kadsim("run", file, "--quiet")
        self.assert_fails(BAD_DATA, done, "bad.json:1:1: error: stop.at: the run has not ended after 2190000h",
                          "want a time at which it is cut off")
        done = self.kadsim("run", file, "--quiet", "--force", "--set", "stop.at=876000h")
        self.assertEqual(done.returncode, DONE, done.stderr)

    def test_overrides(self):
        file = self.write("good.json", scenario_text())
        for setting, words in (("client.k=0", ["--set client.k=0", "from 1 to 1000"]),
                               ("clint.k=4", ["clint", 'did you mean "client"?']),
                               ("client.k", ["--set client.k"]),
                               ("workload.7.count=2", ["workload"]),
                               ("client..k=2", ["--set client..k=2"])):
            self.assert_fails(BAD_DATA, self.kadsim("check", file, "--set", setting), *words)
        done = self.kadsim("check", "--print", file, "--set", "client.k=11", "--set", "workload.0.count=9",
                           "--set", "network.link.delay.value=7ms")
        printed = json.loads(done.stdout)
        self.assertEqual((printed["client"]["k"], printed["workload"][0]["count"]), (11, 9))
        self.assertEqual(printed["network"]["link"]["delay"]["value"], "7ms")


    def test_another_model_leaves_the_keys_of_the_old_one_behind(self):
        file = self.write("good.json", scenario_text())
        model = "network.link.delay.model="

        def delay(*settings):
            sets = [word for setting in settings for word in ("--set", setting)]
            done = self.kadsim("check", "--print", file, *sets)
            self.assertEqual(done.returncode, DONE, done.stderr)
            return json.loads(done.stdout)["network"]["link"]["delay"]
        self.assertEqual(delay(model + "planetlab"), {"model": "planetlab"})
        self.assertEqual(delay(model + "uniform", "network.link.delay.max=30ms"),
                         {"model": "uniform", "min": "10ms", "max": "30ms"})
        # The value of the file is the constant's; it comes back with it.
        self.assertEqual(delay(model + "uniform", model + "constant"), {"model": "constant", "value": "20ms"})
        for settings, what in (((model + "uniform", "network.link.delay.value=30ms"), 'it goes with "model": "constant"'),
                               ((model + "uniform", "network.link.delay.mix=30ms"), 'did you mean "min"'),
                               (('network.link.delay={"model":"uniform","value":"3ms"}',), 'it goes with "model"')):
            sets = [word for setting in settings for word in ("--set", setting)]
            self.assert_fails(BAD_DATA, self.kadsim("check", file, *sets), "unknown key", what)
        file.unlink()
        self.refused("9:46", "network.link.delay.value: unknown key", 'it goes with "model": "constant"',
                     delay='{ "model": "uniform",         "value": "20ms" }')


class DataFileTest(CliTest):
    def refused(self, content, place, what, *words, model="matrix", more=""):
        """Both commands say the same: heading, the line, a caret under the column, and what would be right."""
        self.write("delays.txt", content)
        text = scenario_text(delay=f'{{ "model": "{model}", "file": "delays.txt"{more} }}')
        said = set()
        for command in ("check", "run"):
            done = self.kadsim(command, self.write("scenario.json", text))
            self.assert_fails(BAD_DATA, done, f"delays.txt:{place}: error: {what}", *words)
            said.add(done.stderr)
        self.assertFalse((self.folder / "out").exists())
        self.assertEqual(len(said), 1)
        lines = done.stderr.splitlines()
        column = int(place.split(":")[1])
        self.assertEqual(lines[2], " " * (column + 1) + "^")
        self.assertTrue(lines[3].startswith("  want "), lines[3])
        return done.stderr

    def test_matrices(self):
        self.refused("1 2\n3\n", "2:2", "1 number", "want 2, as in the first row")
        self.refused("1 2\n3 4 5\n", "2:5", "3 numbers", "want 2, as in the first row")
        self.refused("0 5\nnan 0\n", "2:1", '"nan" is not a finite number', "from 0 to 3600000")
        self.refused("0 -5\n5 0\n", "1:3", '"-5" is negative')
        self.refused("0 5\n5 0\n1 1\n", "3:1", "3 rows of 2 numbers", "square")
        self.refused("0 5 6\n5 0 6\n", "3:1", "2 rows of 3 numbers", "square")
        self.refused("0 five\n5 0\n", "1:3", '"five" is not a finite number')
        self.refused("0 inf\n5 0\n", "1:3", '"inf" is not a finite number')
        self.refused("0,,5\n5,0,1\n5,0,1\n", "1:3", "this value is missing")
        self.refused("\n\n", "3:1", "no numbers")
        self.refused("", "1:1", "no numbers")
        self.refused("0 1e300\n5 0\n", "1:3", '"1e300" is too large', "from 0 to 3600000,")
        self.refused("0 3601\n5 0\n", "1:3", '"3601" is too large', "from 0 to 3600,", more=', "unit": "1s"')

    def test_quantiles(self):
        def refused(content, *words):
            self.refused(content, *words, model="quantiles")
        refused("p,delay\n0,1\n1,2\n", "1:1", "this is not the header", "want probability,delay_ms")
        refused("probability,delay_ms\n0.1,1\n1,2\n", "2:1", "the first probability is not 0")
        refused("probability,delay_ms\n0,1\n0.5,2\n", "3:1", "the last probability is not 1")
        refused("probability,delay_ms\n0,1\n0,2\n1,2\n", "3:1", "the probability does not increase")
        refused("probability,delay_ms\n0,5\n1,2\n", "3:3", "the delay decreases", "want at least 5")
        refused("probability,delay_ms\n0,x\n1,2\n", "2:3", '"x" is not a finite number')
        refused("", "1:1", "no header")

    def test_all_that_is_wrong_in_order_at_most_20(self):
        text = self.refused("0 nan\n-1 0\n1 2 3\n", "1:3", '"nan" is not a finite number')
        self.assertEqual([line.split(": error:")[0].rpartition("delays.txt:")[2] for line in text.splitlines()
                          if ": error:" in line], ["1:3", "2:1", "3:1", "3:5"])
        text = self.refused("nan " * 50 + "\n", "1:1", '"nan" is not a finite number')
        self.assertEqual(text.count(": error:"), 20)
        self.assertEqual(text.splitlines()[-1], "... and 31 more")

    def test_what_is_no_text_is_not_printed_raw(self):
        self.write("delays.txt", b"0 \x1b[31m\xff\x00\r\n" + b"x" * 5000 + b" 0\n")
        file = self.write("scenario.json", scenario_text(delay='{ "model": "matrix", "file": "delays.txt" }'))
        done = subprocess.run([PROGRAM, "check", file], capture_output=True, check=False)
        self.assertEqual(done.returncode, BAD_DATA)
        self.assertFalse(set(done.stderr) - {ord("\n")} & set(range(32)), done.stderr)
        done.stderr.decode("utf-8")
        self.assertLess(max(map(len, done.stderr.splitlines())), 300)

    def test_what_is_no_regular_file_is_refused_at_once(self):
        os.mkfifo(self.folder / "pipe")
        (self.folder / "folder").mkdir()
        for special in ("/dev/zero", "pipe", "folder"):
            entry = f'[ {{ "op": "lookup", "count": 5, "KEY": {{ "file": "{special}" }} }} ]'
            for text in (scenario_text(delay=f'{{ "model": "matrix", "file": "{special}" }}'),
                         scenario_text(delay=f'{{ "model": "quantiles", "file": "{special}" }}'),
                         scenario_text(workload=entry.replace("KEY", "origins")),
                         scenario_text(workload=entry.replace("KEY", "targets"))):
                file = self.write("scenario.json", text)
                for command in ("run", "check"):
                    done = self.kadsim(command, file, timeout=20)
                    self.assert_fails(UNREADABLE, done, f"{special}: is ", "not a regular file")
        self.assertFalse((self.folder / "out").exists())

    def test_good_ones(self):
        self.write("delays.txt", "0 30.5\n30.5 0\n")
        text = scenario_text(delay='{ "model": "matrix", "file": "delays.txt" }')
        self.assertEqual(self.kadsim("run", self.write("scenario.json", text)).returncode, DONE)

    def test_origins_and_targets(self):
        def entry(key):
            return scenario_text(workload=f'[ {{ "op": "lookup", "count": 5, "{key}": {{ "file": "list.txt" }} }} ]')
        self.write("list.txt", "# nodes\n3\n  77\n-1\n49\nfive\n")
        for command in ("check", "run"):
            done = self.kadsim(command, self.write("scenario.json", entry("origins")))
            self.assert_fails(BAD_DATA, done, 'list.txt:3:3: error: "77" is not a node\n    77\n    ^\n  want',
                              "from 0 to 49", 'list.txt:4:1: error: "-1"', 'list.txt:6:1: error: "five"')
        self.write("list.txt", "# none\n")
        for key in ("origins", "targets"):
            done = self.kadsim("check", self.write("scenario.json", entry(key)))
            self.assert_fails(BAD_DATA, done, "list.txt:2:1: error: the list is empty\n  \n  ^\n  want")

    def test_a_provide_can_not_take_its_keys_from_another(self):
        entries = [f'{{ "op": "provide", "name": "{name}", "count": 2, "targets": {{ "provided_by": "{other}" }} }}'
                   for name, other in (("a", "b"), ("b", "a"))]
        file = self.write("cycle.json", scenario_text(workload="[ " + ", ".join(entries) + " ]"))
        self.assert_fails(BAD_DATA, self.kadsim("check", file), "provided_by", "uniform")

    def test_a_rate_of_next_to_nothing(self):
        file = self.write("slow.json", scenario_text(workload='[ { "op": "lookup", "count": 2, "rate_per_s": 1e-300 } ]'))
        self.assert_fails(BAD_DATA, self.kadsim("check", file), "rate_per_s", "1e-06")

    def test_py_dht_has_no_time_limit(self):
        file = self.write("limit.json", scenario_text())
        self.assert_fails(BAD_DATA, self.kadsim("check", file, "--set", "client.lookup.strategy=py-dht", "--set",
                                                "client.lookup.timeout=1s"), "timeout", "py-dht")

    def test_no_node_can_be_an_origin(self):
        file = self.write("scenario.json", scenario_text(unreachable="1"))
        for command in ("run", "check"):
            self.assert_fails(BAD_DATA, self.kadsim(command, file), "scenario.json:6:20: error: network.unreachable: 1 ")

    def test_no_node_can_be_an_origin_by_draw(self):
        file = self.write("scenario.json", scenario_text(unreachable="0.999999999", nodes="2"))
        what = "network.unreachable: no node can be an origin of workload.0, since none is reachable\n"
        self.assert_fails(BAD_DATA, self.kadsim("run", file), "scenario.json:6:20: error: " + what,
                          '    "unreachable": 0.999999999,\n' + " " * 21 + "^\n  want fewer")
        done = self.kadsim("run", "/dev/stdin", "--set", "network.unreachable=0.99999999",
                           input=file.read_text(encoding="utf-8"))
        self.assert_fails(BAD_DATA, done, "--set network.unreachable=0.99999999: error: " + what)
        self.assertFalse((self.folder / "out").exists())


class HostileTest(CliTest):
    def assert_survives(self, content):
        done = subprocess.run([PROGRAM, "check", self.write("hostile.json", content)], capture_output=True,
                              timeout=120, check=False)
        self.assertIn(done.returncode, (DONE, BAD_DATA), done.stderr[-500:])
        self.assertLess(len(done.stderr), 50_000)
        return done.returncode

    def test_a_good_file_cut_at_every_byte(self):
        content = scenario_text().encode()
        for end in range(len(content) - 2):
            self.assertEqual(self.assert_survives(content[:end]), BAD_DATA, end)

    def test_deep_nesting(self):
        for opening in (b"[", b'{"a":'):
            self.assertEqual(self.assert_survives(opening * 200_000), BAD_DATA)
        self.assertEqual(self.assert_survives(b"[" * 100_000 + b"]" * 100_000), BAD_DATA)

    def test_a_string_of_100_mb(self):
        self.assertEqual(self.assert_survives(b'{"version": 1, "name": "' + b"x" * 100_000_000 + b'"}'), BAD_DATA)

    def test_bytes_that_are_no_text(self):
        for content in (b"\x00" * 1000, bytes(range(256)), b"\xff\xfe{\x00}\x00", b'{"name": "\xc3\x28"}', b"\xef\xbb\xbf",
                        b'{"na\x00me": 1}', b'"' + b"\\" * 99_999):
            self.assertEqual(self.assert_survives(content), BAD_DATA)

    def test_many_keys_and_many_errors(self):
        keys = ", ".join(f'"k{i}": {i}' for i in range(100_000))
        self.assertEqual(self.assert_survives(("{" + keys + "}").encode()), BAD_DATA)


if __name__ == "__main__":
    unittest.main()
