"""Rooms include only the rooms below them, and nothing depends on a clock or a machine where results are made."""
import re
import unittest

from kadsim_cli import ROOT, CliTest

FORBIDDEN = re.compile(r"std::(random_device|mt19937|rand\b|uniform_\w+_distribution|normal_distribution|shuffle)|"
                       r"system_clock|steady_clock|high_resolution_clock|\bgetenv\b|\btime\(nullptr\)")
TOP = {"CMakeLists.txt", "sim", "core", "scenarios", "bench", "tests", "tools", "docs", "README.md", "LICENSE",
       "CONTRIBUTING.md", "CMakePresets.json", "build", "out"}


def sources(room):
    return [path for path in sorted((ROOT / room).rglob("*")) if path.suffix in (".hpp", ".cpp")]


def rooms_on_disk():
    """Folders below core, sim and tools with sources in them or below them."""
    return {f"{top}/{folder.name}" for top in ("core", "sim", "tools")
            for folder in (ROOT / top).iterdir() if folder.is_dir() and sources(folder)}


def house():
    """The table of rooms in docs/architecture.md, from the lowest room up: room -> the rooms that it is said to stand on."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w/]+)` \|([^|\n]*)\|$", text.partition("| room | stands on |")[2].partition("\n\n")[0], re.M)
    return {room: re.findall(r"`([\w/]+)`", below) for room, below in rows}


def reach(stands_on):
    """Room -> all rooms that it may include. Complete because a room stands below all that stand on it, which a test holds."""
    reached = {}
    for room, below in stands_on.items():
        reached[room] = {room}.union(*(reached[other] for other in below))
    return reached


def project_includes(path):
    return re.findall(r'#include "([^"]+)"', path.read_text(encoding="utf-8"))


class ArchitectureTest(CliTest):
    def test_the_table_of_rooms_has_every_room_and_no_circle(self):
        stands_on = house()
        self.assertEqual(set(stands_on), rooms_on_disk())
        seen = set()
        for room, below in stands_on.items():
            self.assertLessEqual(set(below), seen, f"{room} stands on a room that is not above it in the table")
            seen.add(room)

    def test_rooms_include_only_what_they_stand_on(self):
        for room, allowed in reach(house()).items():
            for path in sources(room):
                for include in project_includes(path):
                    target = "/".join(include.split("/")[:2])
                    self.assertIn(target, allowed, f"{path.relative_to(ROOT)} includes {include}")

    def test_every_room_has_a_page(self):
        for room in rooms_on_disk():
            page = ROOT / room / "README.md"
            self.assertTrue(page.is_file(), f"{room} has no README.md")
            text = page.read_text(encoding="utf-8")
            self.assertTrue(text.startswith(f"# {room}\n"), f"{page.relative_to(ROOT)} does not begin with the name of its room")
            self.assertGreater(len(text.splitlines()), 8, f"{page.relative_to(ROOT)} says next to nothing")

    def test_the_world_has_never_heard_of_scenarios_and_scenarios_take_only_options(self):
        for path in sources("sim/world") + sources("sim/workload"):
            self.assertNotRegex(path.read_text(encoding="utf-8"), r"nlohmann", path.name)
        for path in sources("sim/scenario"):
            for include in project_includes(path):
                if re.match(r"sim/(world|workload)/|core/client/", include):
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
