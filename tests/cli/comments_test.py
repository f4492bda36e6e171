"""Names in the comments of headers are names of the code: parameters, functions, types, fields, keys of a scenario.

Two checks. The compiler holds commands like \\param against the declaration that they stand above (-Wdocumentation), and a
deliberate fault shows that it does. Comments here name things in backticks instead, which no compiler reads: so a word in
backticks that is spelt like a parameter or function has to be there.
  - Above a function: in its declaration; declared in its header as function, type, member or constant, but not as a parameter of
    another function; a function of two words or more in any header; or one of OTHERS.
  - Anywhere else: the same, or in a header that this one includes, or a key or value of scenarios, or a title of results, or, above a
    class, anywhere in its header.
So the old name of a renamed parameter is found in the comment above it, unless something in that header still has the name. Of the
parameters that comments named when this was written, that was so for one in six."""
import re
import shutil
import subprocess
import unittest

from kadsim_cli import ROOT, CliTest

TOPS = ("core", "sim", "tools")
NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
# Keys and values of scenarios and JSON, and functions of one word, that comments above functions name.
OTHERS = {"auto", "closest", "concurrency", "folder", "located", "model", "null", "output", "queries", "quorum", "replica", "replication",
          "results", "sweep", "version"}
OPENS_A_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|concept|extern)\b")


def headers():
    return [path for top in TOPS for path in sorted((ROOT / top).rglob("*.hpp"))]


def code_of(text):
    text = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)
    return re.sub(r"//[^\n]*", "", text)


def declared(code):
    """What stands outside of parameter lists, function bodies and initialisers: declarations, as text. A '(' stays where one opens."""
    kept, head, depth, skipped = [], "", 0, 0
    for character in code:
        if skipped:
            skipped += {"{": 1, "}": -1}.get(character, 0)
        elif character == "(":
            depth += 1
            kept.append("(" if depth == 1 else "")
        elif character == ")":
            depth -= 1
        elif depth:
            continue
        elif character == "{":
            if OPENS_A_SCOPE.search(head):
                kept.append(" ")
            else:
                skipped = 1
            head = ""
        else:
            kept.append(character)
            head = "" if character in ";}" else head + character
    return "".join(kept)


def words(text):
    return set(re.findall(r"\w+", text))


class Headers:
    """All headers, with what each declares and what each can see."""

    def __init__(self):
        self.texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in headers()}
        self.declared = {name: declared(code_of(text)) for name, text in self.texts.items()}
        self.functions = set(re.findall(r"\b(\w+)\(", "".join(self.declared.values())))

    def visible(self, name, seen=None):
        seen = set() if seen is None else seen
        if name in seen or name not in self.texts:
            return set()
        seen.add(name)
        return words(self.declared[name]).union(
            *(self.visible(other, seen) for other in re.findall(r'#include "([^"]+)"', self.texts[name])))


def comments(text):
    """(line, comment, declaration below it up to its first ';' or '{') for each run of /// lines, and each ///< with its own line."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        begin = at
        while at < len(lines) and lines[at].lstrip().startswith("///"):
            at += 1
        if at > begin:
            declaration = ""
            for line in lines[at:at + 12]:
                declaration += code_of(line) + " "
                if re.search(r"[;{]", code_of(line)):
                    break
            yield begin + 1, "\n".join(line.lstrip()[3:] for line in lines[begin:at]), declaration
        else:
            at += 1


class CommentsTest(CliTest):
    def names_of_scenarios(self):
        """Keys as sim/scenario describes them, names of strategies and operations as core has them, titles as sim/results has them."""
        sources = [*(ROOT / "sim/scenario").glob("*.cpp"), *(ROOT / "core").rglob("*.[ch]pp"), *(ROOT / "sim/results").glob("*.cpp")]
        return set(re.findall(r'"([a-z][a-z_]*)"', "".join(path.read_text(encoding="utf-8") for path in sources)))

    def unknown_names(self, text, above_functions, elsewhere=frozenset()):
        everywhere = words(code_of(text))
        for line, comment, declaration in comments(text):
            opens_a_scope = OPENS_A_SCOPE.search(declaration)
            known = words(declaration) | above_functions
            if opens_a_scope or "(" not in declaration:
                known |= elsewhere | (everywhere if opens_a_scope else set())
            for name in re.findall(r"`([^`\n]+)`", comment):
                if NAME.fullmatch(name) and name not in known:
                    yield line, name

    def test_names_in_backticks_are_there(self):
        all_headers = Headers()
        functions = {name for name in all_headers.functions if "_" in name} | OTHERS
        elsewhere = self.names_of_scenarios() | all_headers.functions
        missing = [f"{name}:{line}: `{word}`" for name, text in all_headers.texts.items()
                   for line, word in self.unknown_names(text, functions | words(all_headers.declared[name]),
                                                        elsewhere | all_headers.visible(name))]
        self.assertEqual(missing, [], "names in comments that nothing has")

    def test_a_name_that_is_not_there_is_found(self):
        text = "/// Adds `weight` to `sum`; see `weigh`.\nvoid add(int amount, int sum);\nvoid weigh(int weight) { weight = 1; }\n"
        self.assertEqual(list(self.unknown_names(text, words(declared(code_of(text))))), [(1, "weight")])

    def check_documentation(self, text):
        file = self.folder / "all.cpp"
        file.write_text(text, encoding="utf-8")
        return subprocess.run(["clang++", "-std=c++20", "-fsyntax-only", "-Wno-everything", "-Wdocumentation", "-Werror=documentation",
                               f"-I{ROOT}", str(file)], capture_output=True, text=True, check=False)

    @unittest.skipUnless(shutil.which("clang++"), "clang++ is not installed (tools/setup --dev)")
    def test_the_compiler_finds_every_parameter_that_a_comment_names(self):
        wrong = self.check_documentation("/// \\param weight of it.\nvoid add(int amount);\n")
        self.assertIn("parameter 'weight' not found", wrong.stderr)
        done = self.check_documentation("".join(f'#include "{path.relative_to(ROOT)}"\n' for path in headers()))
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
