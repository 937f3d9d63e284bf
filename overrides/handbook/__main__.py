"""The command: `python -m handbook build | changes | check | dated | editions | figures | labs | mutants | plan | snapshot | serve | bench`. Each fixer is also the check: exit 1 when it changed something."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from handbook import (
    bench,
    changes,
    config,
    counts,
    dated,
    ids,
    labs,
    ledger,
    links,
    mutants,
    outputs,
    plan,
    plot,
    rules,
    site,
    snapshot,
    ways,
)
from handbook import math as formulas
from handbook.editions import Made, make, shelf
from handbook.errors import BookError, BookErrors
from handbook.grammar import LEVELS, ROLES
from handbook.pages import ROOT
from handbook.paper import offers, press
from handbook.plan import calendar

SITE = ROOT / "site"


def build(out: Path = SITE) -> list[Made]:
    """The site, strictly: built, finished, every link and anchor followed, every promised id present; returns the chapters' files."""
    environment = {**os.environ, "SITE_DIR": str(out), "NO_MKDOCS_2_WARNING": "1"}
    # Not --quiet: it silences warnings before --strict can count them.
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean", "--site-dir", str(out)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("INFO")]
    if done.returncode or said:
        raise BookError("", "\n".join([*said, "mkdocs build --strict failed"]))
    site_url = str(config.load()["site_url"])
    # Set before a page offers them, so that no page ever links to a file that isn't there.
    chapters = press.editions(out, site_url)
    count = site.finish(out, site_url, offers=offers.offers(chapters), calendars=calendar.write(out, site_url))
    made = shelf.of_chapters(chapters)
    shelf.fill(out, made)
    problems = links.broken(out, site_url)
    if problems:
        raise BookErrors([BookError("", problem) for problem in problems])
    gone, _ = ids.compare(ids.published(out), ids.listed())
    if gone:
        raise BookErrors(
            [
                BookError(
                    "tests/book/ids.txt", f"`{line}` was published and is gone; bring it back, or leave it as an alias"
                )
                for line in gone
            ]
        )
    print(
        f"built {count} pages and {len(made)} PDF files in {out.relative_to(ROOT) if out.is_relative_to(ROOT) else out}"
    )
    return made


def editions(out: Path = SITE) -> list[Made]:
    """The built site with all editions in it, each said with its pages and size as soon as it is made."""
    made = build(out)
    for one in make.everything(out, str(config.load()["site_url"])):
        made.append(one)
        print(f"{one.path}  {f'{one.pages} pages  ' if one.pages else ''}{one.size / 1e6:.1f} MB", flush=True)
        shelf.fill(out, made)
    return made


def check() -> list[str]:
    """Bring everything generated up to date, build, then judge the source; returns what was changed."""
    # First, since the build refuses what is stale: a prompt that moved, a formula without words.
    changed = ledger.refresh() + ways.refresh() + labs.refresh() + outputs.refresh() + plot.refresh() + formulas.speak()
    changed += plan.refresh() + counts.refresh()
    for name in changed:
        print(f"wrote {name}", flush=True)
    build()
    errors = rules.check()
    if errors:
        raise BookErrors(errors)
    _, new = ids.compare(ids.published(SITE), ids.listed())
    if new:
        ids.append(new)
        changed.append(f"tests/book/ids.txt ({len(new)} new)")
        print(f"wrote {changed[-1]}")
    return changed


def figures() -> list[str]:
    """Draw every figure, print every captured output and speak every formula again."""
    return outputs.refresh() + plot.refresh(everything=True) + formulas.speak()


def overdue() -> int:
    """Print the dated facts that somebody should check again; 1 when there are any."""
    today = datetime.now(tz=UTC).date()
    rows = dated.due(dated.facts(), today)
    if rows:
        print(dated.report(rows, today))
    return int(bool(rows))


def serve(port: int) -> int:
    """Build once, then serve with live reload; an edit builds its page only, and search is made from all that are built."""
    free = _free_port(port)
    if free != port:
        print(f"port {port} is taken, serving on {free}")
    print("the first build takes a moment; after that an edit shows in about a second")
    environment = {**os.environ, "HANDBOOK_SERVE": "1", "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "serve", "--dirty", "--dev-addr", f"127.0.0.1:{free}"]
    try:
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0


def _free_port(port: int) -> int:
    for candidate in [*range(port, port + 50), 0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise BookError("", f"no free port from {port} on")


def main() -> None:
    parser = argparse.ArgumentParser(prog="handbook", description=__doc__)
    parser.add_argument(
        "command",
        choices=[
            "build",
            "changes",
            "check",
            "dated",
            "editions",
            "figures",
            "labs",
            "mutants",
            "plan",
            "snapshot",
            "serve",
            "bench",
        ],
    )
    parser.add_argument(
        "names",
        nargs="*",
        help=f"for bench: which of {', '.join(bench.BENCHES)}; all when none is named",
    )
    parser.add_argument(
        "--port", type=int, default=8000, help="for serve: where to begin looking for a free port (8000)"
    )
    parser.add_argument("--role", choices=ROLES, default="mle", help="for plan: whose (mle)")
    parser.add_argument("--level", choices=LEVELS, default="mid", help="for plan: which prompts come first (mid)")
    parser.add_argument("--weeks", type=int, choices=(1, 2, 3, 4), default=4, help="for plan: how long (4)")
    parser.add_argument("--minutes", type=int, default=120, help="for plan: a day, at most (120)")
    parser.add_argument(
        "--since", metavar="TAG", help="for changes: the last release; without it, a first release's list"
    )
    parser.add_argument("--sample", type=int, default=400, help="for mutants: how many of all mutants to run (400)")
    arguments = parser.parse_args()
    try:
        if arguments.command == "serve":
            sys.exit(serve(arguments.port))
        if arguments.command == "plan":
            print(plan.text(arguments.role, arguments.weeks, arguments.minutes, arguments.level), end="")
            return
        if arguments.command == "changes":
            print(changes.report(arguments.since), end="")
            return
        if arguments.command == "dated":
            sys.exit(overdue())
        if arguments.command == "build":
            build()
            return
        if arguments.command == "editions":
            editions()
            return
        if arguments.command == "bench":
            bench.main(arguments.names)
            return
        if arguments.command == "mutants":
            changed = mutants.exhibit()
            print(mutants.score(arguments.sample) if arguments.sample else "")
            if changed:
                sys.exit(f"wrote {', '.join(changed)}: look at the diff and commit it")
            return
        if arguments.command == "snapshot":
            build()
            print(snapshot.write(SITE))
            return
        if arguments.command == "labs":
            changed = labs.refresh(everything=True)
        else:
            changed = check() if arguments.command == "check" else figures()
    except BookError as error:
        sys.exit(str(error))
    if arguments.command != "check":
        for name in changed:
            print(f"wrote {name}")
    elif changed:
        sys.exit("generated files were stale; they are written now: look at the diff and commit it")


if __name__ == "__main__":
    main()
