"""The scenarios about strategies and limits come to the same everywhere; window-vs-lockstep stands in the README."""
import re
import unittest

from kadsim_cli import DONE, ROOT, CliTest

FINGERPRINTS = {
    "strategies": "37d85e79b07499552ef03528822a32ab",
    "stream-burst": "9c98a5403dacc870ccf9d34eae0629a7",
    "window-vs-lockstep": "2ca6476d01082dcef998ac8ce0e51c56",
}


class ScenariosTest(CliTest):
    def test_scenarios_of_many_runs_give_their_fingerprints(self):
        for name, fingerprint in FINGERPRINTS.items():
            done = self.kadsim("run", ROOT / "scenarios" / f"{name}.json", "-o", self.folder / name)
            self.assertEqual(done.returncode, DONE, done.stderr)
            self.assertEqual(re.search(r"fingerprint ([0-9a-f]{32})", done.stdout).group(1), fingerprint, name)


if __name__ == "__main__":
    unittest.main()
