"""The arrows tools -> sim -> core do not turn round, and nothing depends on a clock or a machine where results are made."""
import re
import unittest

from kadsim_cli import ROOT, CliTest

ROOMS = {"core": {"core"}, "sim": {"core", "sim"}, "tools": {"core", "sim", "tools"}}
FORBIDDEN = re.compile(r"std::(random_device|mt19937|rand\b|uniform_\w+_distribution|normal_distribution|shuffle)|"
                       r"system_clock|steady_clock|high_resolution_clock|\bgetenv\b|\btime\(nullptr\)")
TOP = {"CMakeLists.txt", "sim", "core", "scenarios", "bench", "tests", "tools", "docs", "README.md", "LICENSE",
       "CONTRIBUTING.md", "CMakePresets.json", "build", "out"}


def sources(room):
    return [path for path in sorted((ROOT / room).rglob("*")) if path.suffix in (".hpp", ".cpp")]


class ArchitectureTest(CliTest):
    def test_includes_follow_the_arrows(self):
        for room, allowed in ROOMS.items():
            for path in sources(room):
                for target in re.findall(r'#include "(\w+)/', path.read_text(encoding="utf-8")):
                    self.assertIn(target, allowed, f"{path.relative_to(ROOT)} includes {target}/")

    def test_the_world_has_never_heard_of_scenarios_nor_scenarios_of_the_world(self):
        for path in sources("sim/world") + sources("sim/workload"):
            self.assertNotRegex(path.read_text(encoding="utf-8"), r'#include "sim/(scenario|run)/|nlohmann', path.name)
        for path in sources("sim/scenario"):
            for include in re.findall(r'#include "(sim/(?:world|workload|run)/[^"]+)"', path.read_text(encoding="utf-8")):
                self.assertRegex(include, r"_options\.hpp$", path.name)

    def test_no_clock_and_no_platform_randomness_where_results_are_made(self):
        for path in sources("core") + sources("sim"):
            self.assertNotRegex(path.read_text(encoding="utf-8"), FORBIDDEN, path.name)

    def test_nothing_else_at_the_top(self):
        for path in ROOT.iterdir():
            self.assertTrue(path.name.startswith(".") or path.name in TOP, path.name)

    def test_libraries_stay_in_the_sources(self):
        for path in sources("core") + sources("sim"):
            if path.suffix == ".hpp":
                self.assertNotRegex(path.read_text(encoding="utf-8"),
                                    r"#include <(boost|tbb|nlohmann|csv\.h|openssl|xxhash|Random123)", path.name)


if __name__ == "__main__":
    unittest.main()
