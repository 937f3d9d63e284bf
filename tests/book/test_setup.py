"""What README promises about set-up is what the files say."""

from __future__ import annotations

import re
import subprocess

from handbook.pages import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_make_help_lists_every_target_in_a_line() -> None:
    targets = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.M)[1].split()) - {"setup"}  # type: ignore[index]
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert {line.split()[1] for line in said if line.startswith("  make ")} == targets | {"help"}
    assert all(len(line.split()) > 3 for line in said if line.startswith("  make "))


def test_ci_runs_what_everyone_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = [line for line in script.splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["exec make test"]


def test_readme_names_targets_that_exist() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / name).read_text(encoding="utf-8"), re.M):
            assert re.search(rf"^{target}:", MAKEFILE, re.M), f"{name}: make {target}"


def test_nothing_generated_and_nothing_binary_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    allowed = {".github/screenshot.png"}  # the README's picture
    binary = [
        name for name in listed if re.search(r"\.(png|jpe?g|gif|webp|pdf|woff2?|ttf|zip|gz|so|whl|min\.js|pyc)$", name)
    ]
    assert set(binary) <= allowed
    assert not [name for name in listed if name.startswith(("site/", "node_modules/", ".build/", ".cache/", ".venv/"))]


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    hosts = "|".join(("py" + "pi[.]org", "python" + "hosted", "npm" + "js[.](org|com)", "/ro" + "ot/", "/wo" + "rk/"))
    found = subprocess.run(["git", "grep", "-nIE", hosts], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert [line for line in found.splitlines() if not line.startswith("tests/book/test_source.py:")] == []
