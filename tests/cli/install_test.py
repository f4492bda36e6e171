"""`cmake --install`, and a program outside the project that links the exported package."""
import os
import subprocess
import unittest

from kadsim_cli import ROOT, CliTest


class InstallTest(CliTest):
    def command(self, *arguments):
        done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_an_installed_package_can_be_linked(self):
        build = os.environ.get("KADSIM_BUILD", str(ROOT / "build" / "release"))
        prefix = self.folder / "prefix"
        self.command("cmake", "--install", build, "--prefix", prefix)
        self.command("cmake", "-S", ROOT / "tests" / "install", "-B", self.folder / "user", "-G", "Ninja",
                     f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_FLAGS={os.environ.get('KADSIM_FLAGS', '')}")
        self.command("cmake", "--build", self.folder / "user")
        printed = self.command(self.folder / "user" / "kadsim_user")
        self.assertRegex(printed, r"^100 lookups, [1-9]\d{2,} attempts\n$")
        version = self.command(prefix / "bin" / "kadsim", "--version")
        self.assertTrue(version.startswith("kadsim "), version)


if __name__ == "__main__":
    unittest.main()
