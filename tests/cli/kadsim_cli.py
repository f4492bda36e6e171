"""What the command-line tests share: the program, a scratch folder, and a small good scenario."""
import copy
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("KADSIM", str(ROOT / "build" / "release" / "bin" / "kadsim"))

DONE, CHECK_FAILED, USAGE, BAD_DATA, UNREADABLE, INTERNAL, CANNOT_WRITE = 0, 1, 2, 65, 66, 70, 73

SMALL = {
    "version": 1,
    "name": "small",
    "seed": 7,
    "network": {
        "nodes": 300,
        "link": {
            "delay": {"model": "uniform", "min": "10ms", "max": "90ms"},
            "fast_errors": {"rate": 0.1},
            "slow_errors": {"rate": 0.05, "delay": {"model": "constant", "value": "800ms"}},
        },
    },
    "client": {"k": 8, "alpha": 4},
    "workload": [
        {"op": "lookup", "count": 60, "in_flight": 6},
        {"op": "provide", "count": 10, "in_flight": 2},
        {"op": "retrieve", "count": 10, "targets": {"provided_by": "provide"}, "start": "60s"},
    ],
}


class CliTest(unittest.TestCase):
    def setUp(self):
        self._scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self._scratch.cleanup)
        self.folder = Path(self._scratch.name)

    def small(self):
        return copy.deepcopy(SMALL)

    def write(self, name, content):
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content, indent=2)
            path.write_text(text, encoding="utf-8")
        return path

    def kadsim(self, *arguments, **options):
        options.setdefault("timeout", 300)
        options.setdefault("cwd", self.folder)
        return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                              errors="replace", check=False, **options)

    def run_scenario(self, scenario, name="results", *arguments, **options):
        """Plays it; returns the folder of its results."""
        file = self.write(f"{name}.json", scenario)
        done = self.kadsim("run", file, "-o", self.folder / name, "--quiet", *arguments, **options)
        self.assertEqual(done.returncode, DONE, done.stderr)
        return self.folder / name

    def assert_fails(self, code, result, *words):
        self.assertEqual(result.returncode, code, result.stderr + result.stdout)
        for word in words:
            self.assertIn(word, result.stderr)
