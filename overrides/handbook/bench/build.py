"""How much CPU a clean build takes beside stock Material's, values and formulas remembered; the steadier of repeated runs."""

from __future__ import annotations

import sys

from handbook import config
from handbook.bench import Built, Row, stock
from handbook.pages import ROOT

RATIO = 1.3  # of a whole clean build of ours, checks and policies included


def both(times: int = 3) -> Built:
    """Build our site and stock Material's in turn, and keep the least CPU of each: noise only adds."""
    ours, other = ROOT / "site", stock.PLACE / "stock"
    command = [sys.executable, "-m", "handbook", "build"]
    stock.cpu_seconds(command)  # so that memory of values and formulas is warm
    pairs = [(stock.cpu_seconds(command), stock.build(stock.stock(other))) for _ in range(times)]
    return Built(
        site=ours,
        stock=other,
        cpu=min(mine for mine, _ in pairs),
        stock_cpu=min(theirs for _, theirs in pairs),
        site_url=str(config.load()["site_url"]),
    )


def run(built: Built) -> list[Row]:
    """CPU of a clean build."""
    return [Row("clean build, CPU", built.cpu, built.stock_cpu, f"≤ {RATIO} ×", "s")]
