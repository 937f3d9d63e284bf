"""How much CPU a clean build takes beside stock Material's, values and formulas remembered; the steadier of repeated runs."""

from __future__ import annotations

import sys

from handbook import config
from handbook.bench import Built, Row, stock
from handbook.pages import ROOT

RATIO = 1.3  # of the pages; what else `make build` does, stock Material does not do at all


def both(times: int = 3) -> Built:
    """Build our site and stock Material's in turn, and keep the least CPU of each: noise only adds."""
    ours, other = ROOT / "site", stock.PLACE / "stock"
    command = [sys.executable, "-m", "handbook", "build"]
    stock.cpu_seconds(command)  # so that memory of values and formulas is warm
    alone = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--clean", "--site-dir", str(stock.PLACE / "alone")]
    runs = [
        (stock.build(stock.stock(other)), stock.cpu_seconds(alone), stock.cpu_seconds(command)) for _ in range(times)
    ]
    least = [min(run[i] for run in runs) for i in range(3)]
    return Built(
        site=ours,
        stock=other,
        cpu=least[2],
        site_cpu=least[1],
        stock_cpu=least[0],
        site_url=str(config.load()["site_url"]),
    )


def run(built: Built) -> list[Row]:
    """CPU of a clean build: the pages, and all that `make build` does with them."""
    return [
        Row("clean build of the pages, CPU", built.site_cpu, built.stock_cpu, f"≤ {RATIO} ×", "s"),
        Row("clean build, links and ids checked, PDF editions, CPU", built.cpu, built.stock_cpu, "", "s"),
    ]
