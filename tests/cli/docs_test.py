"""The documents say what is: the README's commands are run, and what it shows is what they print."""
import json
import re
import shlex
import shutil
import subprocess
import unittest
from pathlib import Path

from kadsim_cli import DONE, PROGRAM, ROOT, CliTest

# What differs from run to run and from machine to machine.
VARYING = [(r"built in [\d.]+ s, played in [\d.]+ s: [\d,]+ events/s", "built in _ s, played in _ s: _ events/s"),
           (r"events in [\d.]+ s, \d+ runs? side by side", "events in _ s, _ runs side by side")]


def settled(text):
    for pattern, replacement in VARYING:
        text = re.sub(pattern, replacement, text)
    return text.rstrip("\n")


def console_blocks(path):
    """(command, output) of every line `$ command` in a console block."""
    for block in re.findall(r"```console\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


class DocsTest(CliTest):
    def test_the_commands_of_the_readme_print_what_it_shows(self):
        shutil.copytree(ROOT / "scenarios", self.folder / "scenarios")
        (self.folder / "build" / "release" / "bin").mkdir(parents=True)
        (self.folder / "build" / "release" / "bin" / "kadsim").symlink_to(Path(PROGRAM).resolve())
        (self.folder / "tools").mkdir()
        shutil.copy(ROOT / "tools" / "run", self.folder / "tools" / "run")
        readme = ROOT / "README.md"
        ran = 0
        actual = readme.read_text(encoding="utf-8")
        moved = []
        for command, output in console_blocks(readme):
            words = shlex.split(command)
            if words[0] not in ("tools/run", "build/release/bin/kadsim"):
                continue
            done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, DONE, command + "\n" + done.stderr)
            if settled(done.stdout) != settled(output):
                moved.append(command)
                actual = actual.replace(output, done.stdout, 1)
            ran += 1
        self.assertGreaterEqual(ran, 3)
        if moved:
            readme.with_name("README.md.actual").write_text(actual, encoding="utf-8")
        self.assertEqual(moved, [], "other output than shown; tools/approve takes the new one from README.md.actual")

    def test_the_keys_in_the_documents_are_those_of_the_program(self):
        keys = self.kadsim("list", "keys").stdout
        self.assertIn(keys.rstrip("\n"), (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8"),
                      "docs/scenario.md: replace the block by the output of `kadsim list keys`")

    def test_every_scenario_that_is_shipped_or_shown_is_good(self):
        shown = re.findall(r"```json\n(\{.*?)```", (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8"), re.DOTALL)
        self.assertTrue(shown)
        for number, text in enumerate(shown):
            self.assertEqual(self.kadsim("check", self.write(f"shown{number}.json", text)).returncode, DONE)
        for path in sorted((ROOT / "scenarios").glob("*.json")):
            self.assertEqual(self.kadsim("check", path).returncode, DONE, path.name)

    def test_the_columns_in_the_documents_are_those_of_the_files(self):
        scenario = self.small()
        scenario["output"] = {"connections": True}
        folder = self.run_scenario(scenario)
        page = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
        for name in ("operations.csv", "connections.csv", "fingerprints.csv"):
            section = page.split(f"## {name}")[1].split("\n## ")[0]
            documented = set(re.findall(r"`(\w+)`", section))
            for column in (folder / name).read_text().splitlines()[0].split(","):
                self.assertIn(column, documented, f"{name}: {column} is not in docs/output.md")

    def test_the_schema_knows_every_key_of_the_effective_scenario(self):
        schema = self.kadsim("schema").stdout
        json.loads(schema)
        printed = self.kadsim("check", "--print", ROOT / "scenarios" / "ipfs-lookup.json").stdout
        for key in set(re.findall(r'"(\w+)":', printed)):
            self.assertIn(f'"{key}"', schema)

    def test_links_between_documents_lead_somewhere(self):
        for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]:
            for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
                if not target.startswith("http"):
                    self.assertTrue((path.parent / target).exists(), f"{path.name}: {target}")


if __name__ == "__main__":
    unittest.main()
