"""What publishes the book may do little, is pinned, and names only what exists; the forms, owners and policies are whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from handbook import __main__ as command
from handbook import grammar, outside
from handbook.pages import ROOT

BIN = Path(sys.executable).parent
GITHUB = ROOT / ".github"
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
READ = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in WORKFLOWS}
OWN = "$/.github/workflows/"  # this repository, at the commit that runs

Job = dict[str, Any]


def jobs() -> Iterator[tuple[str, Job]]:
    for name, workflow in READ.items():
        for key, job in workflow["jobs"].items():
            yield f"{name}: {key}", job


def scripts(job: Job) -> str:
    return "\n".join(step.get("run", "") for step in job.get("steps", []))


def triggers(workflow: dict[Any, Any]) -> dict[str, Any]:
    return workflow[True]  # YAML 1.1 reads `on` as a yes


def said(*command: str) -> str:
    """What a linter complains about, or nothing."""
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr)[-4000:] or f"exit {done.returncode}" if done.returncode else ""


def test_zizmor_is_content() -> None:
    assert said("zizmor", "--offline", "--persona", "pedantic", "--quiet", "--no-progress", ".github") == ""


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", WORKFLOWS),
        ("dependabot", [GITHUB / "dependabot.yml"]),
        ("github-issue-forms", FORMS),
        ("github-issue-config", [GITHUB / "ISSUE_TEMPLATE" / "config.yml"]),
    ],
)
def test_the_schemas_are_kept(schema: str, files: list[Path]) -> None:
    assert said("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, files)) == ""


def test_what_the_issue_asks_for_is_there() -> None:
    assert {"pull_request", "workflow_call"} <= set(triggers(READ["test.yml"]))
    assert "pull_request" not in str([triggers(READ[name]) for name in READ if name != "test.yml"])
    assert ".ci/run" in scripts(READ["test.yml"]["jobs"]["test"])
    assert "make test-full" in scripts(READ["test-full.yml"]["jobs"]["test-full"])
    assert triggers(READ["pages.yml"])["push"] == {"branches": ["main"]}
    assert triggers(READ["release.yml"])["push"] == {"tags": ["v*"]}
    for name in ("pages.yml", "release.yml"):  # nothing goes out untested
        waits = READ[name]["jobs"]
        assert waits["test"]["uses"] == f"{OWN}test.yml"
        assert waits["build"]["needs"] == "test"
    assert READ["release.yml"]["jobs"]["test"]["needs"] == "version"
    for name in ("test-full.yml", "links.yml", "lock.yml", "dated-facts.yml"):
        assert set(triggers(READ[name])) == {"schedule", "workflow_dispatch"}


def test_every_action_is_pinned_by_commit_and_everywhere_the_same() -> None:
    pins: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for line in path.read_text(encoding="utf-8").splitlines():
            if not (used := re.match(r"\s*(?:- )?uses:\s*(.*)", line)):
                continue
            if used[1].startswith(OWN):
                assert (GITHUB / "workflows" / used[1].split()[0].removeprefix(OWN)).is_file(), line
                continue
            pinned = re.fullmatch(r"([\w-]+/[\w-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)", used[1])
            assert pinned, f"{path.name}: {line.strip()}"
            pins.setdefault(pinned[1], set()).add(f"{pinned[2]} {pinned[3]}")
    assert {name: len(versions) for name, versions in pins.items()} == dict.fromkeys(pins, 1)
    assert {name.split("/")[0] for name in pins} == {"actions", "astral-sh"}


@pytest.mark.parametrize("name", READ)
def test_a_workflow_begins_with_no_permission_and_does_not_pile_up(name: str) -> None:
    workflow = READ[name]
    assert workflow["permissions"] == {}
    assert set(workflow["concurrency"]) == {"group", "cancel-in-progress"}
    assert not {"pull_request_target", "workflow_run"} & set(triggers(workflow))


@pytest.mark.parametrize(("name", "job"), list(jobs()))
def test_a_job_says_what_it_may_and_how_long(name: str, job: Job) -> None:
    assert job["permissions"], name
    if "uses" not in job:
        assert 0 < job["timeout-minutes"] <= 120
    for step in job.get("steps", []):
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False
        assert "${{" not in step.get("run", ""), "a value goes into a script by `env`, or it is code"
    assert "secrets" not in str(job)


@pytest.mark.parametrize(("name", "job"), list(jobs()))
def test_a_job_that_may_write_runs_no_code_of_the_repository(name: str, job: Job) -> None:
    """What a dependency does while building then can't publish, release or push."""
    if "write" in job["permissions"].values():
        assert not re.search(r"\bmake\b|python|\.venv|\.ci/|npm|\./", scripts(job))
    else:
        assert set(job["permissions"].items()) == {("contents", "read")}


def test_only_deploying_has_the_right_to_deploy() -> None:
    may = {name: job["permissions"] for name, job in jobs() if {"pages", "id-token"} & set(job["permissions"])}
    assert may == {"pages.yml: deploy": {"pages": "write", "id-token": "write"}}
    assert READ["pages.yml"]["jobs"]["deploy"]["if"] == "github.ref == 'refs/heads/main'"


def test_what_is_published_is_built_without_a_cache() -> None:
    for name, job in jobs():
        for step in job.get("steps", []):
            cached = "actions/cache@" in step.get("uses", "") or "cache" in step.get("with", {})
            assert not cached or name == "test.yml: test", name


def test_workflows_call_what_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name, job in jobs():
        for target in re.findall(r"\bmake ([a-z-]+)", scripts(job)):
            assert re.search(rf"^{target}:", makefile, re.M), f"{name}: make {target}"
        for module in re.findall(r"-m (handbook\.[\w.]+)", scripts(job)):
            assert (ROOT / "overrides" / (module.replace(".", "/") + ".py")).is_file(), f"{name}: {module}"
        for word in re.findall(r"-m handbook ([\w-]+)", scripts(job)):
            assert f'"{word}",' in Path(command.__file__).read_text(encoding="utf-8"), f"{name}: {word}"
    for word in re.findall(r"handbook\.outside (\w+)", scripts(READ["links.yml"]["jobs"]["ask"])):
        assert f'case ["{word}"' in Path(outside.__file__).read_text(encoding="utf-8")


@pytest.mark.parametrize(("tag", "code"), [("v{}", 0), ("v{}.1", 1), ("{}", 1), ("v", 1)])
def test_a_release_has_the_version_that_its_pages_say(tag: str, code: int) -> None:
    script = scripts(READ["release.yml"]["jobs"]["version"])
    environment = {**os.environ, "TAG": tag.format(version("ml-interview-handbook"))}
    done = subprocess.run(
        ["bash", "-euc", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert bool(code) == ("pyproject.toml says " in done.stdout)


def test_dependabot_renews_what_the_monthly_lock_does_not() -> None:
    updates = yaml.safe_load((GITHUB / "dependabot.yml").read_text(encoding="utf-8"))["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "npm"}
    assert all(update["cooldown"]["default-days"] >= 7 for update in updates)
    assert "make lock" in scripts(READ["lock.yml"]["jobs"]["lock"])


def test_every_form_takes_page_and_prompt_and_has_a_label() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert {path.name for path in FORMS} == {"error.yml", "unclear.yml", "prompt.yml", "link.yml"}
    for path in FORMS:
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        fields = {field["id"]: field for field in form["body"] if "id" in field}
        assert [*fields][:2] == ["page", "prompt"], path.name
        assert all(fields[id_]["type"] == "input" for id_ in ("page", "prompt")), "only text is filled in from a link"
        assert form["labels"]
        assert not {"links", "dated"} & set(form["labels"]), "labels of the weekly jobs' one issue each"
        for label in form["labels"]:  # GitHub drops a label that the repository doesn't have, and says nothing
            assert re.search(rf"`for label in [^;]*\b{re.escape(label)}\b[^;]*; do gh label create", guide), label
    proposal = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / "prompt.yml").read_text(encoding="utf-8"))["body"]
    options = {field["id"]: field["attributes"].get("options") for field in proposal if "id" in field}
    assert (options["kind"], options["level"]) == (list(grammar.KINDS), list(grammar.LEVELS))


def test_owners_own_what_exists() -> None:
    teams = set()
    for line in (GITHUB / "CODEOWNERS").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern, *owners = line.split()
        teams.update(owners)
        assert pattern == "*" or list(ROOT.glob(pattern.strip("/"))), pattern
        assert owners
    # What the book says of itself, whatever REPO_URL says of this build.
    organization = re.search(
        r'^repo_url: .*"https://github\.com/([\w-]+)/', (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.M
    )
    assert organization
    assert teams == {f"@{organization[1]}/{team}" for team in ("editors", "engineers", "maintainers")}


def test_policies_say_who_how_and_when() -> None:
    conduct = (GITHUB / "CODE_OF_CONDUCT.md").read_text(encoding="utf-8")
    assert 250 <= len(conduct.split()) <= 400
    for text in (conduct, (GITHUB / "SECURITY.md").read_text(encoding="utf-8")):
        assert "/security/advisories/new" in text
        assert "@ml-interview-handbook/maintainers" in text
        assert re.search(r"within (five|seven|ten|thirty) days", text)
    assert "make check" in (GITHUB / "pull_request_template.md").read_text(encoding="utf-8")


def test_a_host_that_refuses_robots_has_a_reason() -> None:
    rows = yaml.safe_load(outside.ALLOWED.read_text(encoding="utf-8"))
    assert rows
    assert all(set(row) == {"host", "because"} and len(row["because"]) > 15 for row in rows)
    assert outside.allowed() == {row["host"] for row in rows}
